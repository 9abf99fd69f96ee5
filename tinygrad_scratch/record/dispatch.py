"""How an operation runs: on arrays it is just its forward function; on Tensors it is that, and one more node.

`apply` says it for every case; `shortcut` is a quicker way to say the same for the commonest.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np

from tinygrad_scratch.record.mode import GRAD_ENABLED, OBSERVERS
from tinygrad_scratch.record.node import Node, Output
from tinygrad_scratch.record.primitive import Plan, Primitive
from tinygrad_scratch.record.tensor import Tensor, View, make_tensor
from tinygrad_scratch.record.writes import owner

# What may stand among the inputs beside Tensors and arrays. NumPy lets a Python number take on an array's dtype.
_PLAIN = (float, int, bool, type(None))


def apply(primitive: Primitive, inputs: Sequence[Any], settings: Mapping[str, Any]) -> Any:
    """Run ``primitive`` on ``inputs``: Tensors, arrays, and numbers or None where its forward function takes them.

    With no Tensor among them, the result is what the forward function returns. Otherwise it is a Tensor, with a node
    if recording is on and a rule carries the gradient on to an input that wants one.
    """
    arrays: list[Any] = []
    edges: list[Node | None] = []
    has_tensor = False
    for value in inputs:
        if isinstance(value, Tensor):
            has_tensor = True
            arrays.append(value._data)
            edges.append(value._node if value._view is None else value.node)
        else:
            arrays.append(value if type(value) in _PLAIN else _as_input(value, primitive.name))
            edges.append(None)
    if not has_tensor:
        return primitive.forward(*inputs, **settings)
    try:
        if primitive.prepare is not None:
            arrays = primitive.prepare(arrays)
        data = primitive.forward(*arrays, **settings)
    except Exception as error:
        raise explained(error, primitive.name, arrays) from error
    if isinstance(data, tuple):
        return _results(primitive, inputs, arrays, data, settings, tuple(edges))
    result = make_tensor(data, record(primitive, arrays, data, settings, tuple(edges)))
    if primitive.is_view and owner(data) is owner(arrays[0]):
        result._view = View(inputs[0], (primitive, settings))
    for observer in OBSERVERS.get():
        observer.ran(primitive, inputs, settings, result)
    return result


def record(
    primitive: Primitive, arrays: Sequence[Any], data: Any, settings: Mapping[str, Any], edges: tuple[Node | None, ...]
) -> Node | None:
    """A node for ``data``, the result of ``primitive``; None if nothing is recorded or no rule passes a gradient on."""
    if edges.count(None) == len(edges) or not GRAD_ENABLED.get():
        return None
    wanted = sum((edge is not None) << i for i, edge in enumerate(edges))
    return node_of(primitive.plans[1 << len(edges) | wanted], settings, edges, arrays, data)


def node_of(
    plan: Plan, settings: Mapping[str, Any], edges: tuple[Node | None, ...], arrays: Sequence[Any], data: Any
) -> Node | None:
    if not plan.pulls:
        return None
    if isinstance(data, tuple):
        shapes, dtypes = [part.shape for part in data], [part.dtype for part in data]
        return Node(plan, settings, edges, plan.save(arrays, data, settings), shapes, dtypes)
    if data.dtype.kind != "f":
        return None
    return Node(plan, settings, edges, plan.save(arrays, data, settings), data.shape, data.dtype)


def _results(
    primitive: Primitive,
    inputs: Sequence[Any],
    arrays: Sequence[Any],
    data: tuple[Any, ...],
    settings: Mapping[str, Any],
    edges: tuple[Node | None, ...],
) -> tuple[Tensor, ...]:
    """The Tensors for a primitive that has several results: each has a node of its own in front of the primitive's."""
    data = tuple(np.asarray(part) for part in data)
    parent = record(primitive, arrays, data, settings, edges)
    nodes = [parent and Output(parent, i, part.shape, part.dtype) for i, part in enumerate(data)]
    results = tuple(make_tensor(part, node) for part, node in zip(data, nodes, strict=True))
    for observer in OBSERVERS.get():
        observer.ran(primitive, inputs, settings, results)
    return results


# The short ways, for Tensors of one floating point dtype: the same three times over, for one, two and three inputs,
# since a loop over them would take longer than all the rest. What does not fit, errors included, is left to `apply`.
# Without a preparation, any dtypes fit.


def shortcut(primitive: Primitive) -> Callable[..., Any]:
    """The function that runs ``primitive``: `apply`, behind a short way for the commonest case if it has one."""
    makers = {1: _of_one, 2: _of_two, 3: _of_three}
    is_simple = not (primitive.is_variadic or primitive.is_view or primitive.is_multiple)
    if is_simple and len(primitive.inputs) in makers:
        return makers[len(primitive.inputs)](primitive)

    def run(*inputs: Any, **settings: Any) -> Any:
        return apply(primitive, inputs, settings)

    return run


def _of_one(primitive: Primitive) -> Callable[..., Any]:
    forward, plans, needs_float = primitive.forward, primitive.plans, primitive.prepare is not None

    def run(input: Any, **settings: Any) -> Any:
        if type(input) is np.ndarray:
            return forward(input, **settings)
        if not isinstance(input, Tensor) or OBSERVERS.get():
            return apply(primitive, (input,), settings)
        a = input._data
        if needs_float and a.dtype.kind != "f":
            return apply(primitive, (input,), settings)
        try:
            y = forward(a, **settings)
        except Exception:
            return apply(primitive, (input,), settings)
        node = input._node if input._view is None else input.node
        if node is None or not GRAD_ENABLED.get():
            return make_tensor(y, None)
        plan = plans[0b11]
        return make_tensor(y, node_of(plan, settings, (node,), (a,), y))

    return run


def _of_two(primitive: Primitive) -> Callable[..., Any]:
    forward, plans, needs_float = primitive.forward, primitive.plans, primitive.prepare is not None

    def run(input: Any, other: Any, **settings: Any) -> Any:
        if not (isinstance(input, Tensor) and isinstance(other, Tensor)) or OBSERVERS.get():
            return apply(primitive, (input, other), settings)
        a, b = input._data, other._data
        if needs_float and (a.dtype is not b.dtype or a.dtype.kind != "f"):
            return apply(primitive, (input, other), settings)
        try:
            y = forward(a, b, **settings)
        except Exception:
            return apply(primitive, (input, other), settings)
        first = input._node if input._view is None else input.node
        second = other._node if other._view is None else other.node
        if (first is None and second is None) or not GRAD_ENABLED.get():
            return make_tensor(y, None)
        plan = plans[0b100 | (first is not None) | (second is not None) << 1]
        return make_tensor(y, node_of(plan, settings, (first, second), (a, b), y))

    return run


def _of_three(primitive: Primitive) -> Callable[..., Any]:
    forward, plans, needs_float = primitive.forward, primitive.plans, primitive.prepare is not None

    def run(input: Any, other: Any, third: Any = None, **settings: Any) -> Any:
        if (
            not (isinstance(input, Tensor) and isinstance(other, Tensor) and isinstance(third, Tensor))
            or OBSERVERS.get()
        ):
            return apply(primitive, (input, other, third), settings)
        a, b, c = input._data, other._data, third._data
        if needs_float and (a.dtype is not b.dtype or a.dtype is not c.dtype or a.dtype.kind != "f"):
            return apply(primitive, (input, other, third), settings)
        try:
            y = forward(a, b, c, **settings)
        except Exception:
            return apply(primitive, (input, other, third), settings)
        first = input._node if input._view is None else input.node
        second = other._node if other._view is None else other.node
        last = third._node if third._view is None else third.node
        if (first is None and second is None and last is None) or not GRAD_ENABLED.get():
            return make_tensor(y, None)
        plan = plans[0b1000 | (first is not None) | (second is not None) << 1 | (last is not None) << 2]
        return make_tensor(y, node_of(plan, settings, (first, second, last), (a, b, c), y))

    return run


def _as_input(value: Any, name: str) -> Any:
    if isinstance(value, np.ndarray):
        return np.asarray(value)
    if isinstance(value, np.generic) and value.dtype.kind in "fiub":
        # As a Python number it leaves the dtype to the tensors; a NumPy float64 would turn float32 into float64.
        return value.item()
    raise TypeError(f"{name}: expected tensors, arrays or real numbers, but got {type(value).__name__}")


def explained(error: Exception, name: str, arrays: Sequence[Any]) -> Exception:
    """``error`` again, as a plain builtin exception that also names the operation and what it was given."""
    if isinstance(error, Warning):
        return error
    kinds = (IndexError, ValueError, TypeError, AttributeError, OverflowError, Exception)
    kind = next(kind for kind in kinds if isinstance(error, kind))
    given = ", ".join(_described(array) for array in arrays)
    return kind(f"{name}({given}): {error}")


def _described(value: Any) -> str:
    return f"{value.dtype} {value.shape}" if isinstance(value, np.ndarray) else repr(value)
