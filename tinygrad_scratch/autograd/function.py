"""`Function`: an operation with a hand-written backward, the way PyTorch scripts write it.

For most operations a rule-table primitive (`tinygrad_scratch.primitive`) is shorter, and differentiable to any order by
itself. A Function is for a forward or backward that wants more freedom: control flow, several results, state.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import nullcontext
from functools import partial, wraps
from typing import Any

import numpy as np

from tinygrad_scratch.ops.dims import broadcasts
from tinygrad_scratch.ops.in_place import _overwrite, check_writable
from tinygrad_scratch.record.mode import GRAD_ENABLED, OBSERVERS, no_grad
from tinygrad_scratch.record.node import Node, Output
from tinygrad_scratch.record.primitive import OUTPUT, Plan, Primitive
from tinygrad_scratch.record.tensor import Tensor, View, make_tensor
from tinygrad_scratch.record.writes import note_write, owner


class FunctionPrimitive(Primitive):
    """What stands for a `Function` in the record: its name, on any number of arguments.

    It has no forward function of its own: what was done is in the record before it, operation by operation.
    """

    __slots__ = ()

    def __init__(self, name: str) -> None:
        super().__init__(name, lambda *arguments: arguments, {})


class Context:
    """What a Function's forward leaves for its backward: saved tensors, and any attributes."""

    def __init__(self, needs_input_grad: tuple[bool, ...]) -> None:
        self.needs_input_grad = needs_input_grad
        self.saved_tensors: tuple[Tensor, ...] = ()
        self.non_differentiable: tuple[Tensor, ...] = ()
        self.dirty: tuple[Tensor, ...] = ()

    def save_for_backward(self, *tensors: Tensor | None) -> None:
        """Keep inputs, results or other tensors, to be found in ``saved_tensors``; a write to them is noticed."""
        for tensor in tensors:
            if not isinstance(tensor, Tensor | None):
                raise TypeError(
                    f"save_for_backward: keeps tensors, not {type(tensor).__name__}; make it an attribute of ctx"
                )
        self.saved_tensors = tensors  # type: ignore[assignment]

    def mark_non_differentiable(self, *tensors: Tensor) -> None:
        """Say that these results have no gradient."""
        self.non_differentiable = tensors

    def mark_dirty(self, *tensors: Tensor) -> None:
        """Say that these inputs were written to in place; they must be returned as results.

        If one is a view, it is its base that gets the new history, which all other views of it follow.
        """
        self.dirty = tensors

    def set_materialize_grads(self, value: bool) -> None:
        """Accepted for PyTorch's sake: a result that was not used always gets a gradient of zeros in backward."""


class Function:
    """Subclass it with static ``forward(ctx, *args)`` and ``backward(ctx, *gradients)``, and call ``apply(*args)``.

    ``forward`` gets the arguments as they are, and nothing in it is recorded; it returns a tensor or a tuple of them.
    ``backward`` gets the gradient of each result and returns one for each argument of forward, None where there is
    none. If it is written in operations on tensors, it is itself differentiated with ``create_graph=True``. The
    gradients that it gets are read-only, since others get them as well: what is to be written to is their ``clone()``.
    Instead of taking ``ctx``, forward may leave it to a static ``setup_context(ctx, inputs, output)``.

    If forward writes to an input, it calls ``ctx.mark_dirty`` with it and returns it. A result that shares the memory
    of an input otherwise, as ``x.view(-1)`` does, cannot be differentiated once one of the two was written in place.

    >>> class Exp(Function):
    ...     @staticmethod
    ...     def forward(ctx, x):
    ...         y = x.exp()
    ...         ctx.save_for_backward(y)
    ...         return y
    ...     @staticmethod
    ...     def backward(ctx, g):
    ...         (y,) = ctx.saved_tensors
    ...         return g * y
    >>> x = Tensor([0.0], requires_grad=True)
    >>> Exp.apply(x).backward()
    >>> x.grad
    tensor([1.])
    """

    setup_context: Callable[..., None] | None = None
    _own_primitive: FunctionPrimitive

    @staticmethod
    def forward(*args: Any) -> Any:
        """What the function computes."""
        raise NotImplementedError("a Function needs a static forward(ctx, …)")

    @staticmethod
    def backward(ctx: Any, *gradients: Any) -> Any:
        """The gradients of the arguments."""
        raise NotImplementedError("a Function needs a static backward(ctx, …)")

    @classmethod
    def apply(cls, *args: Any) -> Any:
        """Run forward, recorded as one operation."""
        edges = tuple(arg.node if isinstance(arg, Tensor) else None for arg in args)
        is_recorded = GRAD_ENABLED.get()
        ctx = Context(tuple(edge is not None and is_recorded for edge in edges))
        with no_grad():
            returned = cls._run_forward(ctx, args)
        outputs = returned if isinstance(returned, tuple) else (returned,)
        for output in outputs:
            if not isinstance(output, Tensor):
                raise TypeError(f"{cls.__name__}: forward must return tensors, not {type(output).__name__}")
        _note_writes(cls.__name__, ctx, args, outputs)
        results = outputs
        if any(ctx.needs_input_grad):
            node = _Backward(cls, ctx, args, outputs).node(edges, outputs)
            results = tuple(_recorded(cls.__name__, ctx, args, outputs, i, node) for i in range(len(outputs)))
        for observer in OBSERVERS.get():
            observer.ran(cls._primitive(), args, {}, results if isinstance(returned, tuple) else results[0])
        return results if isinstance(returned, tuple) else results[0]

    @classmethod
    def _run_forward(cls, ctx: Context, args: tuple[Any, ...]) -> Any:
        if cls.setup_context is None:
            return cls.forward(ctx, *args)
        output = cls.forward(*args)
        cls.setup_context(ctx, args, output)
        return output

    @classmethod
    def _primitive(cls) -> FunctionPrimitive:
        if "_own_primitive" not in vars(cls):
            cls._own_primitive = FunctionPrimitive(cls.__name__)
        return cls._own_primitive


class _Backward:
    """What the node of one application does in a backward pass: call the Function's backward, once for all inputs.

    Saved tensors are saved by the node as arrays, like those of any operation, so that results form no cycle with their
    node, and writes to them are noticed. Of several results, the node keeps all and the place of the one that was
    saved.
    """

    def __init__(self, function: type[Function], ctx: Context, args: tuple[Any, ...], outputs: tuple[Any, ...]) -> None:
        self.function = function
        self.ctx = ctx
        self.saved: list[Any] = []
        self.places: list[Any] = []
        self.positions: list[tuple[int, int]] = []
        for tensor in ctx.saved_tensors:
            self._keep(tensor, args, outputs)
        ctx.saved_tensors = ()
        self.latest: tuple[Any, Any] = (None, None)
        self.input_shapes: list[Any] = []

    def _keep(self, tensor: Tensor | None, args: tuple[Any, ...], outputs: tuple[Any, ...]) -> None:
        place = None
        position = None if _is_in(self.ctx.dirty, tensor) else _index(args, tensor)
        if tensor is None:
            self.saved.append(None)
        elif position is not None:
            self.positions.append((len(self.saved), position))
            self.saved.append(tensor._data)
        elif (place := _index(outputs, tensor)) is not None:
            self.positions.append((len(self.saved), OUTPUT))
            self.saved.append(tensor._data if len(outputs) == 1 else tuple(output._data for output in outputs))
        else:
            self.saved.append(tensor._data)
        self.places.append(place)

    def node(self, edges: tuple[Node | None, ...], outputs: tuple[Tensor, ...]) -> Node:
        pulls = tuple((i, partial(self._pull, i)) for i, edge in enumerate(edges) if edge is not None)
        plan = Plan(self.function._primitive(), lambda *_: (), pulls, tuple(self.positions))
        self.input_shapes = [None if edge is None else edge.shape for edge in edges]
        shapes, dtypes = [output.shape for output in outputs], [output.dtype for output in outputs]
        is_one = len(outputs) == 1
        return Node(
            plan, {}, edges, tuple(self.saved), shapes[0] if is_one else shapes, dtypes[0] if is_one else dtypes
        )

    def _pull(self, position: int, g: Any, saved: tuple[Any, ...]) -> Any:
        if self.latest[0] is not g:
            self.latest = (g, self._gradients(g, saved))
        gradient = self.latest[1][position]
        if position == max(i for i, needed in enumerate(self.ctx.needs_input_grad) if needed):
            self.latest = (None, None)
        return gradient

    def _gradients(self, g: Any, saved: tuple[Any, ...]) -> list[Any]:
        """What backward returns, with zeros for None, as arrays or (with create_graph) Tensors like ``g``."""
        given = g if isinstance(g, list) else [g]
        is_recorded = isinstance(given[0], Tensor)
        tensors = [
            value[place] if isinstance(value, tuple) else value for value, place in zip(saved, self.places, strict=True)
        ]
        self.ctx.saved_tensors = tuple(_as_tensor(value) for value in tensors)
        with nullcontext() if is_recorded else no_grad():
            returned = self.function.backward(self.ctx, *map(_read_only, given))
        self.ctx.saved_tensors = ()
        gradients = list(returned) if isinstance(returned, tuple) else [returned]
        expected = len(self.ctx.needs_input_grad)
        while len(gradients) > expected and gradients[-1] is None:
            gradients.pop()
        if len(gradients) != expected:
            raise RuntimeError(
                f"{self.function.__name__}: backward returned {len(gradients)} gradients, "
                f"but forward has {expected} arguments"
            )
        pairs = zip(gradients, self.input_shapes, strict=True)
        found = [None if shape is None else self._checked(gradient, shape) for gradient, shape in pairs]
        return [one if is_recorded or one is None else one._data for one in found]

    def _checked(self, gradient: Any, shape: tuple[int, ...]) -> Tensor:
        """``gradient``, with zeros for None, as a view: its memory may be the user's, or that of another gradient."""
        name = self.function.__name__
        if gradient is None:
            return make_tensor(np.zeros(shape, np.float32), None)
        if not isinstance(gradient, Tensor):
            raise TypeError(f"{name}: backward must return tensors or None, not {type(gradient).__name__}")
        if not broadcasts(shape, gradient.shape):
            raise ValueError(
                f"{name}: backward returned a gradient of shape {gradient.shape} for an argument of shape {shape}"
            )
        return make_tensor(gradient._data.view(), gradient.node)


def once_differentiable(backward: Callable[..., Any]) -> Callable[..., Any]:
    """A decorator for a backward that is not itself written in operations: what it returns has no gradient."""

    @wraps(backward)
    def run(ctx: Context, *gradients: Any) -> Any:
        with no_grad():
            return backward(ctx, *gradients)

    return run


def _note_writes(name: str, ctx: Context, args: tuple[Any, ...], outputs: tuple[Tensor, ...]) -> None:
    """Note that forward has written to what is marked dirty; RuntimeError if that is not allowed, or not returned."""
    for tensor in ctx.dirty:
        if not _is_in(args, tensor) or not _is_in(outputs, tensor):
            what = "not returned" if _is_in(args, tensor) else "not an input"
            raise RuntimeError(
                f"{name}: mark_dirty is for inputs that were written to, which must be returned as results, "
                f"but this tensor of shape {tensor.shape} is {what}"
            )
        base = tensor if tensor._view is None else tensor._view.base
        check_writable(tensor, base, any(ctx.needs_input_grad), name)
        note_write(tensor._data, name)


def _recorded(
    name: str, ctx: Context, args: tuple[Any, ...], outputs: tuple[Tensor, ...], place: int, parent: Node
) -> Tensor:
    """One of the results, with its place in the graph: ``parent``, or behind it if there are several."""
    output = outputs[place]
    node: Node | None = parent if len(outputs) == 1 else Output(parent, place, output.shape, output.dtype)
    if _is_in(ctx.non_differentiable, output) or output.dtype.kind != "f":
        node = None
    if _is_in(ctx.dirty, output):
        _give_history(output, node)
        return output
    memory = owner(output._data)
    earlier = (value for value in (*args, *outputs[:place]) if isinstance(value, Tensor))
    source = next((tensor for tensor in earlier if owner(tensor._data) is memory), None)
    if source is None:
        output._node, output._view = node, None
        return output
    result = make_tensor(output._data, node)
    if node is not None:
        result._view = View(source, (_LOST, {"name": name}))
    return result


def _give_history(tensor: Tensor, node: Node | None) -> None:
    """Have ``tensor``, which forward has written to, go back to ``node``; if it is a view, by way of its base."""
    view = tensor._view
    if view is None:
        tensor._node = node
    else:
        written = make_tensor(tensor._data, node)
        view.base._node = _overwrite(view.base, written, steps=view.steps, index=()).node


def _no_history(_: Any, *, name: str) -> Any:
    raise RuntimeError(
        f"{name}: its forward returned a tensor that shares the memory of another; one of them was written in place, "
        "so that the gradient which backward gives is no longer that of its values; return a clone()"
    )


# The step from a tensor to a result of a Function that is part of the same memory: no operation that could be recorded.
_LOST = Primitive("shared", _no_history, {})


def _read_only(gradient: Any) -> Tensor:
    """A gradient as backward gets it: others get the same memory, so that to write to it is an error."""
    tensor = gradient if isinstance(gradient, Tensor) else make_tensor(gradient)
    return make_tensor(np.asarray(memoryview(tensor._data).toreadonly()), tensor.node)  # type: ignore[arg-type]


def _index(tensors: Sequence[Any], tensor: Any) -> int | None:
    return next((i for i, other in enumerate(tensors) if other is tensor), None)


def _is_in(tensors: Sequence[Any], tensor: Any) -> bool:
    return any(other is tensor for other in tensors)


def _as_tensor(value: Any) -> Any:
    return value if value is None or isinstance(value, Tensor) else make_tensor(value, None)
