"""How an operation runs: on arrays it is just its forward function; on Tensors it is that, and one more node.

`primitive` makes an operation from a forward function and its gradient rules. `public` gives any operation, primitive
or composed of others, its place as ``tg.name`` and as a method of Tensor.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import Any, Protocol, TypeVar, overload

import numpy as np

from tinygrad_scratch.record.mode import GRAD_ENABLED, OBSERVERS
from tinygrad_scratch.record.node import Node, Output
from tinygrad_scratch.record.primitive import Preparation, Primitive
from tinygrad_scratch.record.tensor import Tensor, View, make_tensor
from tinygrad_scratch.record.writes import owner

Function = Callable[..., Any]
F = TypeVar("F", bound=Function)
M = TypeVar("M")


class Operation(Protocol):
    """What `primitive` makes: a function of Tensors (or, recording nothing, of arrays) that knows its primitive."""

    __name__: str
    primitive: Primitive

    def __call__(self, *inputs: Any, **settings: Any) -> Tensor: ...


FUNCTIONS: dict[str, Function] = {}  # the public operations, by name
METHODS: dict[str, Any] = {}  # what the operation tables added to Tensor, by name
IN_PLACE: dict[str, Function] = {}  # for a method such as ``add_``, the operation whose result it writes
NUMPY: dict[Function, Function] = {}  # for a NumPy function, the operation that it is on Tensors

# What may stand among the inputs beside Tensors and arrays. NumPy lets a Python number take on an array's dtype.
_PLAIN = (float, int, bool, type(None))


@overload
def primitive(
    forward: Function,
    *,
    name: str | None = None,
    doc: str | None = None,
    prepare: Preparation | None = None,
    is_view: bool = False,
    is_multiple: bool = False,
    **rules: Function,
) -> Operation: ...


@overload
def primitive(
    forward: None = None,
    *,
    name: str | None = None,
    doc: str | None = None,
    prepare: Preparation | None = None,
    is_view: bool = False,
    is_multiple: bool = False,
    **rules: Function,
) -> Callable[[Function], Operation]: ...


def primitive(
    forward: Function | None = None,
    *,
    name: str | None = None,
    doc: str | None = None,
    prepare: Preparation | None = None,
    is_view: bool = False,
    is_multiple: bool = False,
    **rules: Function,
) -> Any:
    """Make an operation of ``forward``, a function on arrays, with a gradient rule for each differentiable input.

    Without ``forward`` it is a decorator. How rules are written stands in `tinygrad_scratch.record.primitive`; an input
    without one gets no gradient. ``prepare``, given the list of arrays, checks them and brings them to the dtypes that
    ``forward`` wants. ``is_view`` says that the result may share memory with the first input, ``is_multiple`` that
    ``forward`` returns a tuple of several results; a rule's ``g`` is then the list of their gradients.

    >>> cube = primitive(lambda x: x**3, name="cube", x=lambda g, x: g * 3 * x**2)
    >>> x = Tensor(2.0, requires_grad=True)
    >>> cube(x).backward()
    >>> x.grad
    tensor(12.)
    """
    if forward is None:
        return partial(
            primitive, name=name, doc=doc, prepare=prepare, is_view=is_view, is_multiple=is_multiple, **rules
        )
    entry = Primitive(name or forward.__name__.lstrip("_"), forward, rules, prepare, is_view)
    shortcut = (
        None if entry.settings or entry.is_variadic or is_multiple else {1: _unary, 2: _binary}.get(len(entry.inputs))
    )
    run = (shortcut or _general)(entry)
    run.__name__ = run.__qualname__ = entry.name
    run.__doc__ = doc or forward.__doc__
    run.primitive = entry  # type: ignore[attr-defined]
    entry.operation = run
    return run


@overload
def public(
    operation: F,
    *,
    is_method: bool = True,
    in_place: bool = False,
    aliases: Sequence[str] = (),
    numpy: Sequence[Any] = (),
    namespace: str = "",
) -> F: ...


@overload
def public(
    operation: None = None,
    *,
    is_method: bool = True,
    in_place: bool = False,
    aliases: Sequence[str] = (),
    numpy: Sequence[Any] = (),
    namespace: str = "",
) -> Callable[[F], F]: ...


def public(
    operation: Function | None = None,
    *,
    is_method: bool = True,
    in_place: bool = False,
    aliases: Sequence[str] = (),
    numpy: Sequence[Any] = (),
    namespace: str = "",
) -> Any:
    """Make ``operation`` public under its name and ``aliases``: in the package and, if ``is_method``, on Tensor.

    ``in_place`` gives it a method with an underscore that writes the result into the tensor. ``numpy`` lists the NumPy
    functions that, called on a Tensor, are this operation. ``namespace`` is the module inside the package, such as
    "linalg", in which it stands instead. Without ``operation`` it is a decorator.
    """
    if operation is None:
        options = {"is_method": is_method, "in_place": in_place, "aliases": aliases, "numpy": numpy}
        return partial(public, namespace=namespace, **options)
    for name in (operation.__name__, *aliases):
        FUNCTIONS[f"{namespace}.{name}" if namespace else name] = operation
        if is_method and not namespace:
            method(operation, name)
        if in_place:
            IN_PLACE[f"{name}_"] = operation
    for function in numpy:
        NUMPY[function] = operation
    return operation


def method(function: M, name: str | None = None) -> M:
    """Make ``function``, or a property, a method of Tensor: how the files above this one add to Tensor."""
    name = name or function.__name__  # type: ignore[attr-defined]
    METHODS[name] = function
    setattr(Tensor, name, function)
    return function


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
        result._view = _view(primitive, inputs[0], settings)
    for observer in OBSERVERS.get():
        observer.ran(primitive, inputs, settings, result)
    return result


def record(
    primitive: Primitive, arrays: Sequence[Any], data: Any, settings: Mapping[str, Any], edges: tuple[Node | None, ...]
) -> Node | None:
    """A node for ``data``, the result of ``primitive``; None if nothing is recorded or no rule passes a gradient on."""
    if edges.count(None) == len(edges) or not GRAD_ENABLED.get():
        return None
    plan = primitive.plan(edges)
    if not plan.pulls:
        return None
    if isinstance(data, tuple):
        shapes, dtypes = [part.shape for part in data], [part.dtype for part in data]
        return Node(plan, settings, edges, plan.keep(arrays, data, settings), shapes, dtypes)
    if data.dtype.kind != "f":
        return None
    return Node(plan, settings, edges, plan.keep(arrays, data, settings), data.shape, data.dtype)


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


def _unary(primitive: Primitive) -> Function:
    """What runs a primitive of one input: `apply`, with a shortcut for a floating point Tensor.

    Errors, too, are left to `apply`, which explains them.
    """
    forward = primitive.forward

    def run(input: Any, **settings: Any) -> Any:
        if not isinstance(input, Tensor) or settings or input._view or OBSERVERS.get():
            return apply(primitive, (input,), settings)
        array = input._data
        if array.dtype.kind != "f":
            return apply(primitive, (input,), settings)
        try:
            data = forward(array)
        except Exception:
            return apply(primitive, (input,), settings)
        return make_tensor(data, record(primitive, (array,), data, settings, (input._node,)))

    return run


def _binary(primitive: Primitive) -> Function:
    """What runs a primitive of two inputs: `apply`, with a shortcut for two Tensors of one floating point dtype."""
    forward = primitive.forward

    def run(input: Any, other: Any, **settings: Any) -> Any:
        if not (isinstance(input, Tensor) and isinstance(other, Tensor)) or settings or OBSERVERS.get():
            return apply(primitive, (input, other), settings)
        if input._view or other._view:
            return apply(primitive, (input, other), settings)
        a, b = input._data, other._data
        if a.dtype is not b.dtype or a.dtype.kind != "f":
            return apply(primitive, (input, other), settings)
        try:
            data = forward(a, b)
        except Exception:
            return apply(primitive, (input, other), settings)
        return make_tensor(data, record(primitive, (a, b), data, settings, (input._node, other._node)))

    return run


def _general(primitive: Primitive) -> Function:
    def run(*inputs: Any, **settings: Any) -> Any:
        return apply(primitive, inputs, settings)

    return run


def _view(primitive: Primitive, source: Tensor, settings: Mapping[str, Any]) -> View:
    if source._view is None:
        return View(source, ((primitive, settings),))
    return View(source._view.base, (*source._view.steps, (primitive, settings)))


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
    kind = next(kind for kind in (IndexError, ValueError, TypeError, Exception) if isinstance(error, kind))
    given = ", ".join(_described(array) for array in arrays)
    return kind(f"{name}({given}): {error}")


def _described(value: Any) -> str:
    return f"{value.dtype} {value.shape}" if isinstance(value, np.ndarray) else repr(value)
