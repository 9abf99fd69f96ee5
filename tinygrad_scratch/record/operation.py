"""How operations are made and made known.

`primitive` makes an operation from a forward function and its gradient rules. `public` gives any operation, primitive
or composed of others, its place as ``tg.name`` and as a method of Tensor.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from inspect import signature
from types import FunctionType
from typing import Any, Protocol, TypeVar, overload

from tinygrad_scratch.record.dispatch import shortcut
from tinygrad_scratch.record.primitive import Preparation, Primitive
from tinygrad_scratch.record.tensor import Operand, Tensor

Function = Callable[..., Any]
F = TypeVar("F", bound=Function)
M = TypeVar("M")


class Operation(Protocol):
    """What `primitive` makes: a function of Tensors (or, recording nothing, of arrays) that knows its primitive."""

    __name__: str
    primitive: Primitive

    def __call__(self, *inputs: Any, **settings: Any) -> Tensor: ...


class Unary(Operation, Protocol):
    """An operation of one tensor."""

    def __call__(self, input: Tensor) -> Tensor: ...


class Binary(Operation, Protocol):
    """An operation of two tensors, one of which may be an array or a number."""

    def __call__(self, input: Operand, other: Operand) -> Tensor: ...


# Their signatures, each made once: of a call without its ``self``.
_SIGNATURES = {1: signature(Unary.__call__.__get__(...)), 2: signature(Binary.__call__.__get__(...))}

_FACE = "tinygrad_scratch"  # the module that public operations say they are from

FUNCTIONS: dict[str, Function] = {}  # the public operations, by name
METHODS: dict[str, Any] = {}  # what the operation tables added to Tensor, by name
IN_PLACE: dict[str, Function] = {}  # for a method such as ``add_``, the operation whose result it writes
NUMPY: dict[Function, Function] = {}  # for a NumPy function, the operation that it is on Tensors


@overload
def primitive(
    forward: Function,
    *,
    name: str | None = None,
    doc: str | None = None,
    prepare: Preparation | None = None,
    is_view: bool = False,
    is_multiple: bool = False,
    shape_depends_on_values: bool = False,
    joint_rule: Function | None = None,
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
    shape_depends_on_values: bool = False,
    joint_rule: Function | None = None,
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
    shape_depends_on_values: bool = False,
    joint_rule: Function | None = None,
    **rules: Function,
) -> Any:
    """Make an operation of ``forward``, a function on arrays, with a gradient rule for each differentiable input.

    Without ``forward`` it is a decorator. How rules are written stands in `tinygrad_scratch.record.primitive`; an input
    without one gets no gradient. ``prepare``, given the list of arrays, checks them and brings them to the dtypes that
    ``forward`` wants; it may be skipped for arrays of one floating point dtype that ``forward`` accepts. ``is_view``
    says that the result may share memory with the first input, ``is_multiple`` that ``forward`` returns a tuple of
    several results; a rule's ``g`` is then the list of their gradients. ``shape_depends_on_values`` says that shapes,
    dtypes and settings may not tell the shape of the result. A ``joint_rule`` gives the gradients of all inputs
    at once, in place of a rule for each.

    >>> cube = primitive(lambda x: x**3, name="cube", x=lambda g, x: g * 3 * x**2)
    >>> x = Tensor([2.0], requires_grad=True)
    >>> cube(x).backward()
    >>> x.grad
    tensor([12.])
    """
    if forward is None:
        return partial(
            primitive,
            name=name,
            doc=doc,
            prepare=prepare,
            is_view=is_view,
            is_multiple=is_multiple,
            shape_depends_on_values=shape_depends_on_values,
            joint_rule=joint_rule,
            **rules,
        )
    kinds = (is_view, is_multiple, shape_depends_on_values, joint_rule)
    entry = Primitive(name or forward.__name__.lstrip("_"), forward, rules, prepare, *kinds)
    run = shortcut(entry)
    run.__name__ = run.__qualname__ = entry.name
    run.primitive = entry  # type: ignore[attr-defined]
    is_written_here = isinstance(forward, FunctionType)  # and not by NumPy, whose texts are about its own functions
    run.__doc__ = doc or (forward.__doc__ if is_written_here else None)
    if is_written_here:
        run.__module__, run.__wrapped__ = forward.__module__, forward  # type: ignore[attr-defined]
    if is_written_here and name is None:
        run.__qualname__ = forward.__qualname__
    elif not entry.settings and len(entry.inputs) in _SIGNATURES:
        run.__signature__ = _SIGNATURES[len(entry.inputs)]  # type: ignore[attr-defined]
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
    operation.__module__ = f"{_FACE}.{namespace}" if namespace else _FACE
    operation.__qualname__ = operation.__name__
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
    own_name: str = getattr(function, "__name__", "")
    name = name or own_name
    if isinstance(function, FunctionType) and function not in (FUNCTIONS.get(own_name), METHODS.get(own_name)):
        function.__module__, function.__qualname__ = _FACE, f"Tensor.{name}"
    METHODS[name] = function
    setattr(Tensor, name, function)
    return function
