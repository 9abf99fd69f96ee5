"""`grad` and `value_and_grad`: from a function the function that computes its gradient.

Inside, the chosen arguments get new places in the graph, so that the gradient is with respect to just this use of them.
An argument that already requires grad, because this is itself inside another transform, stays connected to where it
came from: that is how ``grad(grad(f))`` works. The pass that computes the gradient is recorded whenever anything else
could want a gradient of it.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import wraps
from typing import Any

from tinygrad_scratch.autograd.backward import grad as gradients_of
from tinygrad_scratch.func.tree import leaves, mapped
from tinygrad_scratch.record.mode import enable_grad
from tinygrad_scratch.record.node import topological_order
from tinygrad_scratch.record.tensor import Leaf, Tensor

Function = Callable[..., Any]
Positions = int | Sequence[int]


def value_and_grad(func: Function, argnums: Positions = 0, has_aux: bool = False) -> Function:
    """The function that returns both the value of ``func``, a tensor with one value, and its gradient.

    ``argnums`` says with respect to which arguments: one, whose gradient has its form (a tensor or a tree of tensors),
    or several, for a tuple. With ``has_aux`` ``func`` returns a pair, of which only the first is differentiated.

    >>> import tinygrad_scratch as tg
    >>> value_and_grad(lambda x: (x * x).sum())(tg.tensor([1.0, 2.0]))
    (tensor(5.), tensor([2., 4.]))
    """

    @wraps(func)
    def run(*args: Any, **kwargs: Any) -> Any:
        with enable_grad():
            chosen = tuple(anew(args[i]) for i in _positions(argnums, len(args)))
            arguments = list(args)
            for position, value in zip(_positions(argnums, len(args)), chosen, strict=True):
                arguments[position] = value
            result = func(*arguments, **kwargs)
        output, aux = result if has_aux else (result, None)
        if not isinstance(output, Tensor) or output.numel() != 1:
            raise ValueError(f"grad: the function must return a tensor with one value, not {_described(output)}")
        gradient = pulled_back(output, None, chosen)
        gradient = gradient[0] if isinstance(argnums, int) else gradient
        value = output if depends_on_more(output, chosen) else output.detach()
        return ((value, aux), gradient) if has_aux else (value, gradient)

    return run


def grad(func: Function, argnums: Positions = 0, has_aux: bool = False) -> Function:
    """The function that computes the gradient of ``func``: `value_and_grad` without the value.

    >>> import tinygrad_scratch as tg
    >>> second = grad(grad(tg.sin))
    >>> second(tg.tensor(1.0))
    tensor(-0.8415)
    """

    @wraps(func)
    def run(*args: Any, **kwargs: Any) -> Any:
        value, gradient = value_and_grad(func, argnums, has_aux)(*args, **kwargs)
        return (gradient, value[1]) if has_aux else gradient

    return run


def grad_and_value(func: Function, argnums: Positions = 0, has_aux: bool = False) -> Function:
    """`value_and_grad` with the gradient first, as PyTorch has it."""

    @wraps(func)
    def run(*args: Any, **kwargs: Any) -> Any:
        value, gradient = value_and_grad(func, argnums, has_aux)(*args, **kwargs)
        return gradient, value

    return run


# What the transforms share


def anew(tree: Any) -> Any:
    """The tensors in a tree, at new places in the graph; those that are not floating point stay what they are."""
    return mapped(_anew, tree)


def _anew(value: Any) -> Any:
    if not isinstance(value, Tensor) or value.dtype.kind != "f":
        return value
    return value.reshape(value.shape) if value.requires_grad else value.detach().requires_grad_()


def pulled_back(outputs: Any, cotangents: Any, inputs: Any) -> Any:
    """The gradients of the tree ``outputs``, starting from ``cotangents``, in the form of ``inputs``."""
    wanted = [leaf for leaf in leaves(inputs) if isinstance(leaf, Tensor) and leaf.requires_grad]
    pairs = list(zip(leaves(outputs), leaves(outputs) if cotangents is None else leaves(cotangents), strict=True))
    used = [(output, start) for output, start in pairs if isinstance(output, Tensor) and output.requires_grad]
    starts = None if cotangents is None else [start for _, start in used]
    if not used:
        return mapped(lambda leaf: leaf.detach() * 0 if isinstance(leaf, Tensor) else None, inputs)
    is_recorded = depends_on_more(outputs, inputs) or any(start.requires_grad for start in starts or ())
    found = gradients_of(
        [output for output, _ in used],
        wanted,
        starts,
        retain_graph=True,
        create_graph=is_recorded,
        materialize_grads=True,
    )
    by_id = {id(leaf): gradient for leaf, gradient in zip(wanted, found, strict=True)}
    return mapped(lambda leaf: by_id.get(id(leaf)), inputs)


def depends_on_more(outputs: Any, inputs: Any) -> bool:
    """Whether ``outputs`` could have gradients with respect to other tensors than ``inputs``."""
    own = {leaf.node for leaf in leaves(inputs) if isinstance(leaf, Tensor)}
    roots = [output.node for output in leaves(outputs) if isinstance(output, Tensor) and output.node is not None]
    return any(isinstance(node, Leaf) and node not in own for node in topological_order(roots))


def _positions(argnums: Positions, count: int) -> tuple[int, ...]:
    positions = (argnums,) if isinstance(argnums, int) else tuple(argnums)
    for position in positions:
        if not -count <= position < count:
            raise IndexError(f"grad: argnums {argnums}, but the function was called with {count} arguments")
    return tuple(position % count for position in positions)


def _described(value: Any) -> str:
    return f"one of shape {value.shape}" if isinstance(value, Tensor) else type(value).__name__
