"""How an operation runs: on arrays it is just its forward function; on Tensors it is that, and one more node.

`apply` says it for every case; `shortcut` is a quicker way to say the same for the commonest.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import cache
from typing import Any

import numpy as np

from tinygrad_scratch.record.mode import GRAD_ENABLED, OBSERVERS, SCOPE, told
from tinygrad_scratch.record.node import Node, Output
from tinygrad_scratch.record.primitive import OUTPUT, Plan, Primitive
from tinygrad_scratch.record.quiet import quietly, try_quietly
from tinygrad_scratch.record.source import compiled
from tinygrad_scratch.record.tensor import Tensor, View, make_tensor, to_array
from tinygrad_scratch.record.writes import owner

# What may stand among the inputs beside Tensors and arrays. NumPy lets a Python number take on an array's dtype.
_NUMBERS = (float, int)
_PLAIN = (*_NUMBERS, bool, type(None))


def apply(primitive: Primitive, inputs: Sequence[Any], settings: Mapping[str, Any]) -> Any:
    """Run ``primitive`` on ``inputs``: Tensors, arrays, and numbers or None where its forward function takes them.

    With no Tensor among them, the result is what the forward function returns. Otherwise, and where there are no
    inputs at all, it is a Tensor, with a node if recording is on and a rule carries the gradient on to an input that
    wants one.
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
    if inputs and not has_tensor:
        return primitive.forward(*inputs, **settings)
    try:
        if primitive.prepare is not None:
            arrays = primitive.prepare(arrays)
        data = quietly(primitive.forward, *arrays, **settings)
    except Exception as error:
        # What checks the inputs of another operation is told its name.
        raise explained(error, settings.get("operation", primitive.name), arrays) from None
    if not inputs:
        data = to_array(data)  # which sees to the dtype, as no input did
    if isinstance(data, tuple):
        return _results(primitive, inputs, arrays, data, settings, tuple(edges))
    result = make_tensor(data)
    # What a node saves of its result is the very array, also where NumPy gave a number.
    result._node = record(primitive, inputs, arrays, result._data, settings, tuple(edges))
    if primitive.is_view and owner(data) is owner(arrays[0]):
        result._view = View(inputs[0], (primitive, settings))
    if OBSERVERS.get():
        _tell(primitive, inputs, arrays, settings, result)
    return result


def record(
    primitive: Primitive,
    inputs: Sequence[Any],
    arrays: Sequence[Any],
    data: Any,
    settings: Mapping[str, Any],
    edges: tuple[Node | None, ...],
) -> Node | None:
    """A node for ``data``, the result of ``primitive``; None if nothing is recorded or no rule passes a gradient on."""
    if edges.count(None) == len(edges) or not GRAD_ENABLED.get():
        return None
    wanted = sum((edge is not None) << i for i, edge in enumerate(edges))
    node = node_of(primitive.plans[1 << len(edges) | wanted], settings, edges, arrays, data)
    if node is not None:
        _own_saved_arrays(node, inputs)
    return node


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


def _own_saved_arrays(node: Node, inputs: Sequence[Any]) -> None:
    """Copy what the node saved of arrays that are not a Tensor's: a write to those would go unnoticed."""
    assert node.plan is not None
    assert node.saved is not None
    given = [
        place
        for place, position in node.plan.saved_arrays
        if position != OUTPUT
        and isinstance(inputs[position], np.ndarray)
        and np.may_share_memory(node.saved[place], inputs[position])
    ]
    if given:
        node.saved = tuple(value.copy() if place in given else value for place, value in enumerate(node.saved))


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
    parent = record(primitive, inputs, arrays, data, settings, edges)
    nodes = [parent and Output(parent, i, part.shape, part.dtype) for i, part in enumerate(data)]
    results = tuple(make_tensor(part, node) for part, node in zip(data, nodes, strict=True))
    if OBSERVERS.get():
        _tell(primitive, inputs, arrays, settings, results)
    return results


def _tell(
    primitive: Primitive, inputs: Sequence[Any], arrays: Sequence[Any], settings: Mapping[str, Any], result: Any
) -> None:
    """Tell observers what has run, and before it which inputs were converted for it."""
    converted = [
        (value, array)
        for value, array in zip(inputs, arrays, strict=True)
        if isinstance(value, Tensor | np.ndarray) and array is not (value._data if isinstance(value, Tensor) else value)
    ]
    for observer in OBSERVERS.get():
        for value, array in converted:
            observer.converted(value, array)
        observer.ran(primitive, inputs, settings, result)


def _apply_to_number(primitive: Primitive, first: Any, second: Any, settings: Mapping[str, Any]) -> Any:
    """`apply` for a Tensor and a number, in either order, while nobody observes."""
    is_first = isinstance(first, Tensor)
    tensor: Tensor = first if is_first else second
    arrays: list[Any] = [first._data, second] if is_first else [first, second._data]
    try:
        if primitive.prepare is not None:
            arrays = primitive.prepare(arrays)
        y = try_quietly(primitive.forward, *arrays, **settings)
    except Exception:
        return apply(primitive, (first, second), settings)
    node = tensor._node if tensor._view is None else tensor.node
    if node is None or not GRAD_ENABLED.get():
        return make_tensor(y, None)
    plan, edges = (primitive.plans[0b101], (node, None)) if is_first else (primitive.plans[0b110], (None, node))
    return make_tensor(y, node_of(plan, settings, edges, arrays, y))


# The short way, for Tensors of one floating point dtype (without a preparation: of any dtypes). It is the same text for
# one, two and three inputs, written out for each, since a loop over them would take longer than all the rest. What does
# not fit, errors included, is left to `apply`.
_SHORT_WAY = """\
def short_way(primitive, forward, plans, needs_float):
    def run({parameters}, **settings):
        if not ({are_tensors}) or OBSERVERS.get():
            if {are_arrays}:
                return forward({inputs}, **settings)
            if {is_with_number} and not OBSERVERS.get():
                return apply_to_number(primitive, {inputs}, settings)
            return apply(primitive, ({inputs},), settings)
        {arrays}, = {datas},
        if needs_float and ({do_not_fit}):
            return apply(primitive, ({inputs},), settings)
        try:
            y = try_quietly(forward, {arrays}, **settings)
        except Exception:
            return apply(primitive, ({inputs},), settings)
        {nodes}, = {found_nodes},
        if ({no_node}) or not GRAD_ENABLED.get():
            return make_tensor(y, None)
        plan = plans[{first_bit} | {wanted}]
        if not plan.pulls or y.dtype.kind != "f":
            return make_tensor(y, None)
        saved = plan.save(({arrays},), y, settings)
        return make_tensor(y, Node(plan, settings, ({nodes},), saved, y.shape, y.dtype))

    return run
"""
_NAMES = {
    "__name__": __name__,
    "GRAD_ENABLED": GRAD_ENABLED,
    "Node": Node,
    "OBSERVERS": OBSERVERS,
    "Tensor": Tensor,
    "NUMBERS": _NUMBERS,
    "apply": apply,
    "apply_to_number": _apply_to_number,
    "make_tensor": make_tensor,
    "ndarray": np.ndarray,
    "try_quietly": try_quietly,
}


@cache
def _short_way(count: int, last_is_optional: bool) -> Callable[..., Any]:
    """What makes the function that runs a primitive of ``count`` inputs."""
    numbers = range(count)
    names = ("input", "other", "third")[:count]
    found = [f"({name}._node if {name}._view is None else {name}.node)" for name in names]
    with_number = (
        "(type(other) in NUMBERS and isinstance(input, Tensor) or type(input) in NUMBERS and isinstance(other, Tensor))"
    )
    source = _SHORT_WAY.format(
        parameters=", ".join(names) + ("=None" if last_is_optional else ""),
        inputs=", ".join(names),
        are_tensors=" and ".join(f"isinstance({name}, Tensor)" for name in names),
        are_arrays=" and ".join(f"type({name}) is ndarray" for name in names),
        is_with_number=with_number if count == 2 else "False",
        arrays=", ".join(f"x{i}" for i in numbers),
        datas=", ".join(f"{name}._data" for name in names),
        do_not_fit=" or ".join(['x0.dtype.kind != "f"', *(f"x{i}.dtype is not x0.dtype" for i in numbers[1:])]),
        nodes=", ".join(f"node{i}" for i in numbers),
        found_nodes=", ".join(found),
        no_node=" and ".join(f"node{i} is None" for i in numbers),
        first_bit=1 << count,
        wanted=" | ".join(f"(node{i} is not None) << {i}" for i in numbers),
    )
    return compiled(source, f"the short way for {count} inputs", _NAMES)["short_way"]  # type: ignore[no-any-return]


def shortcut(primitive: Primitive) -> Callable[..., Any]:
    """The function that runs ``primitive``: `apply`, behind the short way for the commonest case if it has one."""
    is_simple = not (primitive.is_variadic or primitive.is_view or primitive.is_multiple)
    count = len(primitive.inputs)
    if is_simple and 1 <= count <= 3:
        make = _short_way(count, last_is_optional=count == 3)
        return make(primitive, primitive.forward, primitive.plans, primitive.prepare is not None)  # type: ignore[no-any-return]

    def run(*inputs: Any, **settings: Any) -> Any:
        return apply(primitive, inputs, settings)

    return run


def _as_input(value: Any, name: str) -> Any:
    if isinstance(value, np.ndarray):
        return np.asarray(value)
    if isinstance(value, np.generic) and value.dtype.kind in "fiub":
        # As a Python number it leaves the dtype to the tensors; a NumPy float64 would turn float32 into float64.
        return value.item()
    raise TypeError(f"{name}: expected tensors, arrays or real numbers, but got {type(value).__name__}")


# The errors by which NumPy and Python say that an input does not fit: they are said anew, with all there is to know.
_MISTAKES = (np.linalg.LinAlgError, IndexError, ValueError, TypeError, AttributeError, OverflowError)


def explained(error: Exception, name: str, arrays: Sequence[Any]) -> Exception:
    """``error``, to raise: it names the operation, what that was given and, if it ran in a module, which.

    A mistake in the inputs becomes one with a new message; any other error stays itself and gets a note.
    """
    given = ", ".join(_described(array) for array in arrays)
    call = f"{name}({given}){told(SCOPE.get())}"
    kind = next((kind for kind in _MISTAKES if isinstance(error, kind)), None)
    if kind is not None and (type(error) is kind or type(error).__module__.startswith("numpy.")):
        return kind(f"{call}: {error}")
    error.add_note(f"in {call}")
    return error


def _described(value: Any) -> str:
    return f"{value.dtype} {value.shape}" if isinstance(value, np.ndarray) else repr(value)
