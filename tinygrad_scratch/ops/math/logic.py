"""Comparisons, predicates, logic and bits: questions, whose answers have no gradient."""

from __future__ import annotations

from typing import Any

import numpy as np

from tinygrad_scratch.ops.math.arithmetic import reflected
from tinygrad_scratch.ops.math.elementwise import elementwise
from tinygrad_scratch.record.operation import Function, Operation, method, primitive, public
from tinygrad_scratch.record.tensor import Operand, Tensor

eq = elementwise(np.equal, "a = b: eq([1, 2], [1, 3]) = [ True, False]", in_place=True)
ne = elementwise(np.not_equal, "a ≠ b: ne([1, 2], [1, 3]) = [False,  True]", aliases=("not_equal",), in_place=True)
lt = elementwise(np.less, "a < b: lt([1, 2], 2) = [ True, False]", aliases=("less",), in_place=True)
le = elementwise(np.less_equal, "a ≤ b: le([1, 2], 1) = [ True, False]", aliases=("less_equal",), in_place=True)
gt = elementwise(np.greater, "a > b: gt([1, 2], 1) = [False,  True]", aliases=("greater",), in_place=True)
ge = elementwise(np.greater_equal, "a ≥ b: ge([1, 2], 2) = [False,  True]", aliases=("greater_equal",), in_place=True)

isnan = elementwise(np.isnan, "Whether x is not a number: isnan([1.0, float('nan')]) = [False,  True]")
isinf = elementwise(np.isinf, "Whether x is ∞ or -∞: isinf([1.0, float('inf')]) = [False,  True]")
isfinite = elementwise(np.isfinite, "Whether x is a finite number: isfinite([1.0, float('inf')]) = [ True, False]")
isposinf = elementwise(lambda x: np.isposinf(x), "Whether x is ∞: isposinf([1.0, float('inf')]) = [False,  True]")
isneginf = elementwise(lambda x: np.isneginf(x), "Whether x is -∞: isneginf([1.0, float('inf')]) = [False, False]")
isreal = elementwise(
    lambda x: np.isreal(x), "Whether x is real, which all are: isreal([1.0, float('nan')]) = [ True,  True]"
)
signbit = elementwise(np.signbit, "Whether x is negative: signbit([-1.0, 1.0]) = [ True, False]")

logical_and = elementwise(np.logical_and, "Both nonzero: logical_and([0, 1], [1, 2]) = [False,  True]", in_place=True)
logical_or = elementwise(np.logical_or, "Any nonzero: logical_or([0, 1], [0, 2]) = [False,  True]", in_place=True)
logical_xor = elementwise(np.logical_xor, "One nonzero: logical_xor([0, 1], [1, 2]) = [ True, False]", in_place=True)
logical_not = elementwise(np.logical_not, "x is 0: logical_not([0, 1]) = [ True, False]", in_place=True)

bitwise_and = elementwise(np.bitwise_and, "The bits of both: bitwise_and([6, 5], [3, 4]) = [2, 4]", in_place=True)
bitwise_or = elementwise(np.bitwise_or, "The bits of any: bitwise_or([6, 5], [3, 4]) = [7, 5]", in_place=True)
bitwise_xor = elementwise(np.bitwise_xor, "The bits of one: bitwise_xor([6, 5], [3, 4]) = [5, 1]", in_place=True)
bitwise_not = elementwise(np.invert, "The bits not in x: bitwise_not([0, 5]) = [-1, -6]", in_place=True)
bitwise_left_shift = elementwise(np.left_shift, "a · 2ᵇ: bitwise_left_shift([1, 3], 2) = [ 4, 12]", in_place=True)
bitwise_right_shift = elementwise(np.right_shift, "⌊a / 2ᵇ⌋: bitwise_right_shift([4, 13], 2) = [1, 3]", in_place=True)


@public(numpy=(np.isclose,))
def isclose(
    input: Operand, other: Operand, rtol: float = 1e-05, atol: float = 1e-08, equal_nan: bool = False
) -> Tensor:
    """Whether |input - other| ≤ atol + rtol · |other|, elementwise. ValueError for a negative tolerance.

    >>> tg.isclose(tg.tensor([1.0, 2.0]), tg.tensor([1.0, 2.1]))
    tensor([ True, False])
    """
    if min(rtol, atol) < 0:
        raise ValueError(f"isclose: tolerances must not be negative, got rtol {rtol} and atol {atol}")
    return _isclose(input, other, rtol=rtol, atol=atol, equal_nan=equal_nan)


_isclose = primitive(
    lambda a, b, *, rtol, atol, equal_nan: np.isclose(a, b, rtol, atol, equal_nan),
    name="isclose",
)


@public(numpy=(np.allclose,))
def allclose(input: Operand, other: Operand, rtol: float = 1e-05, atol: float = 1e-08, equal_nan: bool = False) -> bool:
    """Whether `isclose` holds for all values.

    >>> tg.allclose(tg.tensor([1.0]), tg.tensor([1.0 + 1e-7]))
    True
    """
    return bool(isclose(input, other, rtol, atol, equal_nan).all())


@public(numpy=(np.array_equal,))
def equal(input: Operand, other: Operand) -> bool:
    """Whether both have the same shape and values.

    >>> tg.equal(tg.tensor([1, 2]), tg.tensor([1, 2]))
    True
    """
    shape, other_shape = (value.shape if isinstance(value, Tensor) else np.shape(value) for value in (input, other))
    return shape == other_shape and bool(eq(input, other).all())


_COMPARABLE = Tensor | np.ndarray | np.generic | int | float


def _equality(operation: Operation) -> Function:
    def compare(self: Tensor, other: object) -> Tensor:
        # Something that is not a number is not an error here: it is just not equal.
        return operation(self, other) if isinstance(other, _COMPARABLE) else NotImplemented

    return compare


@method
def __contains__(self: Tensor, value: Any) -> bool:
    # Without it Python would compare with each row, and ask whether a whole row is true.
    if not isinstance(value, _COMPARABLE):
        raise TypeError(f"in: a tensor holds numbers, not {type(value).__name__}")
    return bool((self == value).any())


method(_equality(eq), "__eq__")
method(_equality(ne), "__ne__")
for _name, _operation in {"lt": lt, "le": le, "gt": gt, "ge": ge, "invert": bitwise_not}.items():
    method(_operation, f"__{_name}__")
for _name, _operation in {
    "and": bitwise_and,
    "or": bitwise_or,
    "xor": bitwise_xor,
    "lshift": bitwise_left_shift,
    "rshift": bitwise_right_shift,
}.items():
    method(_operation, f"__{_name}__")
    method(reflected(_operation), f"__r{_name}__")
