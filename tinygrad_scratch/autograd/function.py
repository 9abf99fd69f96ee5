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
from tinygrad_scratch.record.mode import GRAD_ENABLED, OBSERVERS, no_grad
from tinygrad_scratch.record.node import Node, Output
from tinygrad_scratch.record.primitive import OUTPUT, Plan, Primitive
from tinygrad_scratch.record.tensor import Tensor, make_tensor
from tinygrad_scratch.record.writes import note_write


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
        """Say that these inputs were written to in place; they must be returned as results."""
        self.dirty = tensors

    def set_materialize_grads(self, value: bool) -> None:
        """Accepted for PyTorch's sake: a result that was not used always gets a gradient of zeros in backward."""


class Function:
    """Subclass it with static ``forward(ctx, *args)`` and ``backward(ctx, *gradients)``, and call ``apply(*args)``.

    ``forward`` gets the arguments as they are, and nothing in it is recorded; it returns a tensor or a tuple of them.
    ``backward`` gets the gradient of each result and returns one for each argument of forward, None where there is
    none. If it is written in operations on tensors, it is itself differentiated with ``create_graph=True``. Instead of
    taking ``ctx``, forward may leave it to a static ``setup_context(ctx, inputs, output)``.

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
    _own_primitive: Primitive

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
        node = _Backward(cls, ctx, args, outputs).node(edges, outputs) if any(ctx.needs_input_grad) else None
        results = tuple(
            _result(cls, ctx, args, output, _own_node(node, i, outputs)) for i, output in enumerate(outputs)
        )
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
    def _primitive(cls) -> Primitive:
        """What stands for the function in the record: its name, on any number of arguments."""
        if "_own_primitive" not in vars(cls):
            cls._own_primitive = Primitive(cls.__name__, lambda *arguments: arguments, {})
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
        if tensor is None:
            self.saved.append(None)
        elif (position := _index(args, tensor)) is not None:
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
            returned = self.function.backward(self.ctx, *map(_as_tensor, given))
        self.ctx.saved_tensors = ()
        gradients = list(returned) if isinstance(returned, tuple) else [returned]
        expected = len(self.ctx.needs_input_grad)
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


def _result(cls: type[Function], ctx: Context, args: tuple[Any, ...], output: Tensor, node: Node | None) -> Tensor:
    if _index(ctx.non_differentiable, output) is not None or output.dtype.kind != "f":
        node = None
    if _index(ctx.dirty, output) is not None:
        note_write(output._data, cls.__name__)
        output._node = node
        return output
    is_new = _index(args, output) is None
    if not is_new:
        return make_tensor(output._data, node)
    output._node = node
    return output


def _own_node(node: Node | None, place: int, outputs: Sequence[Tensor]) -> Node | None:
    """The node of one of the results of the operation that ``node`` stands for."""
    if node is None or len(outputs) == 1:
        return node
    return Output(node, place, outputs[place].shape, outputs[place].dtype)


def _index(tensors: Sequence[Any], tensor: Tensor) -> int | None:
    return next((i for i, other in enumerate(tensors) if other is tensor), None)


def _as_tensor(value: Any) -> Any:
    return value if value is None or isinstance(value, Tensor) else make_tensor(value, None)
