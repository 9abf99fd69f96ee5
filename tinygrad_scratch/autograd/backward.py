"""Reverse-mode differentiation: a walk over the graph, from results back to leaves.

`backward` adds the gradients that it finds to the leaves' ``grad``; `grad` returns those that it is asked for. The walk
is `_gradients`: it visits the nodes in topological order, so that the gradient of each is complete, summed over all the
ways it was used, before the node's rules pass it on to its inputs.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from contextlib import nullcontext
from operator import add, iadd
from typing import Any

import numpy as np

from tinygrad_scratch.dtypes import float16, float32, float64
from tinygrad_scratch.ops.reduce.pairwise import pairwise_sum
from tinygrad_scratch.ops.reduce.reduction import sum_over
from tinygrad_scratch.record import writes
from tinygrad_scratch.record.mode import OBSERVERS, Observer, no_grad, observed_by, told
from tinygrad_scratch.record.node import Node, Output, topological_order
from tinygrad_scratch.record.operation import method
from tinygrad_scratch.record.primitive import OUTPUT
from tinygrad_scratch.record.quiet import quietly, quietly_after, try_quietly
from tinygrad_scratch.record.tensor import Leaf, Tensor, make_tensor, to_array

Tensors = Tensor | Sequence[Tensor]

_ONE = {dtype: np.ones((), dtype) for dtype in (float16, float32, float64)}


def backward(
    tensors: Tensors,
    grad_tensors: Any = None,
    retain_graph: bool | None = None,
    create_graph: bool = False,
    inputs: Tensors | None = None,
) -> None:
    """Add to the ``grad`` of the leaves that ``tensors`` were computed from the gradients of (the sum of) ``tensors``.

    ``grad_tensors`` are the gradients to start from, each of its tensor's shape; a tensor with one value needs none
    (it is 1). ``retain_graph`` keeps what a second pass would need; by default it is freed. ``create_graph`` records
    the pass itself, for gradients of gradients. ``inputs`` names the only tensors whose ``grad`` to add to.

    Raises RuntimeError if a tensor has no graph, has several values but no gradient to start from, if the graph was
    freed by an earlier pass, or if a value that is needed has been written to since; ValueError for a starting gradient
    of the wrong shape.

    >>> x = tg.tensor([1.0, 2.0], requires_grad=True)
    >>> tg.autograd.backward((x * x).sum())
    >>> x.grad
    tensor([2., 4.])
    """
    start = _starting_gradients(_as_tuple(tensors), grad_tensors, create_graph)
    _backward_from(start, retain_graph, create_graph, inputs)


def backward_of_one(
    self: Tensor,
    gradient: Any = None,
    retain_graph: bool | None = None,
    create_graph: bool = False,
    inputs: Tensors | None = None,
) -> None:
    """Add the gradients of this tensor to the ``grad`` of the leaves it was computed from: see `autograd.backward`."""
    start = {_node_of(self, "backward"): _starting_gradient(self, gradient, create_graph)}
    _backward_from(start, retain_graph, create_graph, inputs)


method(backward_of_one, "backward")


def grad(
    outputs: Tensors,
    inputs: Tensors,
    grad_outputs: Any = None,
    retain_graph: bool | None = None,
    create_graph: bool = False,
    only_inputs: bool = True,
    allow_unused: bool | None = None,
    materialize_grads: bool = False,
) -> tuple[Any, ...]:
    """The gradients of (the sum of) ``outputs`` with respect to ``inputs``, leaves or not; no ``grad`` is touched.

    An input that the outputs do not depend on is a RuntimeError, unless ``allow_unused`` (its gradient is then None) or
    ``materialize_grads`` (it is then zeros). ``only_inputs`` is always so: False is a ValueError, and only old scripts
    say anything. The rest is as in `backward`.

    >>> x = tg.tensor([3.0], requires_grad=True)
    >>> (first,) = tg.autograd.grad(x**3, x, create_graph=True)
    >>> (second,) = tg.autograd.grad(first, x)
    >>> first.item(), second.item()
    (27.0, 18.0)
    """
    if not only_inputs:
        raise ValueError("grad: only_inputs=False is not known; backward() adds to the grad of all leaves")
    inputs = _as_tuple(inputs)
    start = _starting_gradients(_as_tuple(outputs), grad_outputs, create_graph)
    nodes = [_node_of(tensor, "grad") for tensor in inputs]
    found = _gradients(start, set(nodes), retain_graph, create_graph, OBSERVERS.get())
    gradients = [_as_tensor(found[node]) if node in found else None for node in nodes]
    if materialize_grads:
        return tuple(
            make_tensor(np.zeros(n.shape, n.dtype)) if g is None else g for g, n in zip(gradients, nodes, strict=True)
        )
    if None in gradients and not allow_unused:
        place = gradients.index(None)
        raise RuntimeError(
            f"grad: the outputs do not depend on inputs[{place}], of shape {inputs[place].shape}; "
            "allow_unused=True returns None for it, materialize_grads=True zeros"
        )
    return tuple(gradients)


def _gradients(
    start: Mapping[Node, Any],
    wanted: set[Node] | None,
    retain_graph: bool | None,
    on_tensors: bool,
    observers: Sequence[Observer],
) -> dict[Node, Any]:
    """The gradients of the ``wanted`` nodes (None: of all leaves), from those of the results in ``start``.

    They are arrays, or Tensors if the rules are to run ``on_tensors``, so that what they do is recorded, or watched.
    """
    retain_graph = on_tensors if retain_graph is None else retain_graph
    if observers and not on_tensors and any(observer.watches_rules for observer in observers):
        with no_grad(), observed_by(observer for observer in observers if observer.watches_rules):
            return _gradients(start, wanted, retain_graph, True, observers)
    # In one piece, as this loop is what a small model's backward pass costs beside its rules: each call more is felt.
    order = topological_order(start)
    on_path = None if wanted is None else _on_path_to(wanted, order)
    pending = {node: _as_tensor(gradient) for node, gradient in start.items()} if on_tensors else dict(start)
    borrowed = set(start)  # the nodes whose pending gradient shares memory with something else
    found = {}
    for node in order:
        gradient = pending.pop(node, None)
        if gradient is None:
            continue
        if node.hooks is not None:
            gradient = _after_hooks(node, _copied(gradient) if node in borrowed else gradient, on_tensors)
            borrowed.add(node)
        for observer in observers:
            observer.completed(node, gradient)
        plan = node.plan
        if plan is None if wanted is None else node in wanted:
            found[node] = _copied(gradient) if node in borrowed else gradient
        if plan is None:
            if isinstance(node, Output):
                _pass_to_operation(node, gradient, pending)
            continue
        if isinstance(gradient, list) and not plan.primitive.is_joint:
            gradient = _without_gaps(node, gradient, on_tensors)
        saved = _saved_tensors(node) if on_tensors else _saved(node)
        run_rule = _call if on_tensors or not plan.primitive.rules else try_quietly
        for position, pull in plan.pulls:
            source: Any = node.edges[position]
            if on_path is not None and source not in on_path:
                continue
            try:
                try:
                    contribution = run_rule(pull, gradient, saved)
                    if contribution.shape != source.shape or contribution.dtype is not source.dtype:
                        contribution = run_rule(_unbroadcast, contribution, source)
                except RuntimeError as error:
                    contribution = quietly_after(error, _contribution, pull, gradient, saved, source)
            except Exception as error:
                what = f"the gradient of {node.name}{told(node.scope)} for an input of shape {source.shape}"
                error.add_note(f"in the backward pass, at {what}")
                raise
            for observer in observers:
                observer.pulled(node, position, contribution)
            if source in pending:
                _add_up(pending, borrowed, source, contribution)
            else:
                pending[source] = contribution
                if contribution is gradient or (contribution._data if on_tensors else contribution).base is not None:
                    borrowed.add(source)
        if plan.saved_arrays and not retain_graph:
            node.saved = None
    return found


def _call(rule: Callable[..., Any], *arguments: Any) -> Any:
    """How something runs that is made of operations on Tensors, which see to warnings themselves."""
    return rule(*arguments)


def _contribution(pull: Callable[..., Any], gradient: Any, saved: tuple[Any, ...], source: Node) -> Any:
    return _unbroadcast(pull(gradient, saved), source)


def _pass_to_operation(output: Output, gradient: Any, pending: dict[Any, Any]) -> None:
    """Add the gradient of one of several results to those of the operation."""
    operation: Any = output.edges[0]
    gradients = pending.setdefault(operation, [None] * len(operation.shape))
    # With create_graph, the rule's own use of a result has another node for it.
    earlier = gradients[output.index]
    gradients[output.index] = gradient if earlier is None else _sum(earlier, gradient)


def _without_gaps(node: Node, gradients: list[Any], on_tensors: bool) -> list[Any]:
    """The gradients of several results, with zeros for those that were not used."""
    zeros = (np.zeros(shape, dtype) for shape, dtype in zip(node.shape, node.dtype, strict=True))
    complete = [zero if gradient is None else gradient for gradient, zero in zip(gradients, zeros, strict=True)]
    return [_as_tensor(gradient) for gradient in complete] if on_tensors else complete


def _on_path_to(wanted: set[Node], order: Sequence[Node]) -> set[Node]:
    """The nodes in ``order`` through which a gradient reaches a wanted one, the wanted ones included."""
    on_path: set[Any] = set()
    for node in reversed(order):
        if node in wanted or not on_path.isdisjoint(node.edges):
            on_path.add(node)
    return on_path


def _unbroadcast(gradient: Any, source: Node) -> Any:
    """``gradient`` in the shape of ``source``, summed over the dimensions that were broadcast, and in its dtype."""
    shape = source.shape
    if gradient.shape != shape:
        new = gradient.ndim - len(shape)
        sum_up = sum_over if isinstance(gradient, Tensor) else pairwise_sum  # what sum_over runs, but sooner
        if gradient.shape[new:] == shape:
            gradient = sum_up(gradient, dim=tuple(range(new)), keepdim=False)
        else:
            wide = enumerate(gradient.shape)
            summed = tuple([dim for dim, size in wide if dim < new or size != shape[dim - new]])
            gradient = sum_up(gradient, dim=summed, keepdim=False).reshape(shape)
    return gradient if gradient.dtype is source.dtype else gradient.astype(source.dtype, copy=False)


def _add_up(pending: dict[Any, Any], borrowed: set[Any], source: Node, contribution: Any) -> None:
    """Add to a pending gradient, in its own memory if nothing else uses that."""
    if source in borrowed or isinstance(contribution, Tensor):
        pending[source] = _sum(pending[source], contribution)
        borrowed.discard(source)
    else:
        pending[source] = quietly(iadd, pending[source], contribution)


def _sum(gradient: Any, other: Any) -> Any:
    return gradient + other if isinstance(other, Tensor) else quietly(add, gradient, other)


def _saved(node: Node) -> tuple[Any, ...]:
    """What the node saved, if it is still there and still what it was."""
    if node.saved is None:
        raise RuntimeError(
            f"backward through {node.name}{told(node.scope)} a second time: what it had saved was freed by the first "
            "pass; if you need both, call the first with retain_graph=True"
        )
    if writes.latest_time > node.time:
        _check_not_overwritten(node, node.saved)
    return node.saved


def _check_not_overwritten(node: Node, saved: tuple[Any, ...]) -> None:
    assert node.plan is not None
    for place, position in node.plan.saved_arrays:
        arrays = saved[place] if isinstance(saved[place], tuple) else (saved[place],)
        found = [writes.write_since(array, node.time) for array in arrays if isinstance(array, np.ndarray)]
        write = next(filter(None, found), None)
        if write is not None:
            what = "its result" if position == OUTPUT else f"its input {position}"
            raise RuntimeError(
                f"the gradient of {node.name}{told(node.scope)} needs {what}, of shape {np.shape(arrays[0])}, "
                f"but {write.operation} has written to that in place since; give one of the two a clone()"
            )


def _saved_tensors(node: Node) -> tuple[Any, ...]:
    """What the node saved, the arrays as the Tensors that they were: each with its place in the graph."""
    saved = list(_saved(node))
    assert node.plan is not None
    for place, position in node.plan.saved_arrays:
        if isinstance(saved[place], tuple):
            saved[place] = tuple(
                make_tensor(part, Output(node, i, part.shape, part.dtype)) for i, part in enumerate(saved[place])
            )
        elif isinstance(saved[place], np.ndarray | np.generic):
            saved[place] = make_tensor(saved[place], node if position == OUTPUT else node.edges[position])
    return tuple(saved)


def _after_hooks(node: Node, gradient: Any, on_tensors: bool) -> Any:
    """The gradient once the node's hooks have seen it; each may return another to take its place."""
    assert node.hooks is not None
    tensor = _as_tensor(gradient)
    with nullcontext() if on_tensors else no_grad():
        for hook in list(node.hooks.values()):
            replacement = hook(tensor)
            if replacement is not None:
                _check_replacement(replacement, tensor)
                tensor = replacement
    return tensor if on_tensors else tensor._data


def _check_replacement(replacement: Any, gradient: Tensor) -> None:
    if not isinstance(replacement, Tensor):
        raise TypeError(f"a hook returns the gradient to use, a Tensor, or None, not {type(replacement).__name__}")
    if replacement.shape != gradient.shape or replacement.dtype != gradient.dtype:
        raise ValueError(
            f"a hook returned a gradient of {replacement.dtype} {replacement.shape} in place of one of "
            f"{gradient.dtype} {gradient.shape}"
        )


def _backward_from(
    start: Mapping[Node, Any], retain_graph: bool | None, create_graph: bool, inputs: Tensors | None
) -> None:
    observers = OBSERVERS.get()
    if inputs is None:
        found = _gradients(start, None, retain_graph, create_graph, observers)
        targets: list[tuple[Node, Tensor | None]] = [(leaf, leaf.tensor()) for leaf in found if isinstance(leaf, Leaf)]
    else:
        targets = [(_node_of(tensor, "backward"), tensor) for tensor in _as_tuple(inputs)]
        found = _gradients(start, {node for node, _ in targets}, retain_graph, create_graph, observers)
    for node, tensor in targets:
        if tensor is not None and node in found:
            _add_to_grad(tensor, found[node], create_graph)
            for observer in observers:
                observer.accumulated(tensor, _as_tensor(found[node]))
            if isinstance(node, Leaf) and node.after_accumulation is not None:
                for hook in list(node.after_accumulation.values()):
                    hook(tensor)


def _add_to_grad(tensor: Tensor, gradient: Any, create_graph: bool) -> None:
    if tensor._grad is None:
        tensor._grad = _as_tensor(gradient)
    elif create_graph:
        tensor._grad = tensor._grad + gradient
    else:
        total = tensor._grad._data
        quietly(np.add, total, gradient._data if isinstance(gradient, Tensor) else gradient, out=total)
        writes.note_write(total, "backward")


def _starting_gradients(tensors: Sequence[Tensor], gradients: Any, create_graph: bool) -> dict[Node, Any]:
    gradients = (None,) * len(tensors) if gradients is None else _as_tuple(gradients)
    if len(gradients) != len(tensors):
        raise ValueError(f"backward: {len(tensors)} tensors, but {len(gradients)} gradients to start from")
    start: dict[Node, Any] = {}
    for tensor, gradient in zip(tensors, gradients, strict=True):
        node = _node_of(tensor, "backward")
        value = _starting_gradient(tensor, gradient, create_graph)
        start[node] = _sum(start[node], value) if node in start else value
    return start


def _starting_gradient(tensor: Tensor, gradient: Any, create_graph: bool) -> Any:
    if gradient is None:
        if tensor._data.size != 1:
            raise RuntimeError(
                f"backward: only a tensor with one value needs no gradient to start from, and this one's shape is "
                f"{tensor.shape}; reduce it, with sum() or mean(), or pass a gradient of that shape"
            )
        one = _ONE[tensor._data.dtype].reshape(tensor._data.shape)
        return make_tensor(one, None) if create_graph else one
    if not isinstance(gradient, Tensor):
        gradient = make_tensor(to_array(gradient))
    if gradient.shape != tensor.shape:
        raise ValueError(f"backward: a gradient of shape {gradient.shape} for a tensor of shape {tensor.shape}")
    if gradient.dtype != tensor.dtype:
        gradient = gradient.to(tensor.dtype)
    return gradient if create_graph else gradient._data


def _node_of(tensor: Tensor, caller: str) -> Node:
    if not isinstance(tensor, Tensor):
        raise TypeError(f"{caller}: expected a Tensor, got {type(tensor).__name__}")
    node = tensor.node
    if node is None:
        raise RuntimeError(
            f"{caller}: this tensor of shape {tensor.shape} has no graph to go back through: it was not computed from "
            "tensors that require grad, or while nothing was recorded (no_grad, detach)"
        )
    return node


def _as_tuple(tensors: Any) -> tuple[Any, ...]:
    return tuple(tensors) if isinstance(tensors, list | tuple) else (tensors,)


def _as_tensor(gradient: Any) -> Tensor:
    return gradient if isinstance(gradient, Tensor) else make_tensor(gradient, None)


def _copied(gradient: Any) -> Any:
    return gradient.clone() if isinstance(gradient, Tensor) else gradient.copy()
