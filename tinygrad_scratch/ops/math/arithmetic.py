"""Arithmetic with options, the operators, and what is composed of a few elementwise operations."""

from __future__ import annotations

from typing import Any, NamedTuple, overload

import numpy as np

from tinygrad_scratch.dtypes import float64, result_type
from tinygrad_scratch.ops.checks import floating_only
from tinygrad_scratch.ops.create.conversion import cast
from tinygrad_scratch.ops.math.elementwise import (
    _add,
    _clamp,
    _divide,
    _nonzero,
    _power,
    _power_of_number,
    _round,
    _subtract,
    _trunc_divide,
    _where,
    absolute,
    exp2,
    floor_divide,
    multiply,
    negative,
    positive,
    remainder,
)
from tinygrad_scratch.record.operation import Function, method, primitive, public
from tinygrad_scratch.record.tensor import Array, Operand, Tensor


@public(in_place=True, numpy=(np.add,))
def add(input: Operand, other: Operand, *, alpha: float = 1) -> Tensor:
    """input + alpha · other, elementwise.

    >>> tg.add(tg.tensor([1, 2]), tg.tensor([3, 4]), alpha=10)
    tensor([31, 42])
    """
    return _add(input, other if alpha == 1 else multiply(other, alpha))


@public(in_place=True, aliases=("sub",), numpy=(np.subtract,))
def subtract(input: Operand, other: Operand, *, alpha: float = 1) -> Tensor:
    """input - alpha · other, elementwise.

    >>> tg.subtract(tg.tensor([5, 6]), 1)
    tensor([4, 5])
    """
    return _subtract(input, other if alpha == 1 else multiply(other, alpha))


@public(is_method=False)
def rsub(input: Operand, other: Operand, *, alpha: float = 1) -> Tensor:
    """other - alpha · input, elementwise.

    >>> tg.rsub(tg.tensor([1, 2]), 5)
    tensor([4, 3])
    """
    return subtract(other, input, alpha=alpha)


@public(in_place=True, aliases=("div", "true_divide"), numpy=(np.divide,))
def divide(input: Operand, other: Operand, *, rounding_mode: str | None = None) -> Tensor:
    """input / other, elementwise; with ``rounding_mode`` "trunc" rounded towards 0, with "floor" down.

    The result is floating point, unless it is rounded and the inputs are integers; then ZeroDivisionError for a 0.

    >>> tg.divide(tg.tensor([7, -7]), 2), tg.divide(tg.tensor([7, -7]), 2, rounding_mode="floor")
    (tensor([ 3.5000, -3.5000]), tensor([ 3, -4]))
    """
    if rounding_mode is None:
        return _divide(input, other)
    if rounding_mode == "floor":
        return floor_divide(input, other)
    if rounding_mode == "trunc":
        return _trunc_divide(input, other)
    raise ValueError(f"divide: rounding_mode must be None, 'trunc' or 'floor', not {rounding_mode!r}")


@public(in_place=True, aliases=("power",), numpy=(np.power,))
def pow(input: Operand, exponent: Operand) -> Tensor:
    """input to the power of ``exponent``, elementwise.

    >>> tg.pow(tg.tensor([1, 2, 3]), 2)
    tensor([1, 4, 9])
    """
    if isinstance(exponent, int | float):
        # NumPy's operator, unlike np.power, knows shortcuts for numbers such as 2 and 0.5.
        return _power_of_number(input, exponent)
    if isinstance(input, int | float):
        input = np.asarray(input, result_type(exponent._data if isinstance(exponent, Tensor) else exponent, input))
    return _power(input, exponent)


@overload
def where(condition: Tensor) -> tuple[Tensor, ...]: ...


@overload
def where(condition: Tensor | Array, input: Operand, other: Operand) -> Tensor: ...


@public(is_method=False)
def where(condition: Any, input: Any = None, other: Any = None) -> Any:
    """``input`` where ``condition`` (a bool tensor) holds and ``other`` elsewhere, all broadcast together.

    With the condition alone, the places where it holds, a tensor for each dimension. TypeError if it is not bool.

    >>> tg.where(tg.tensor([True, False]), tg.tensor([1, 2]), 0)
    tensor([1, 0])
    """
    if input is None and other is None:
        return _nonzero(condition)
    return _where(condition, input, other)


def _chosen(self: Tensor, condition: Tensor, other: Operand) -> Tensor:
    """The tensor's values where ``condition`` holds and ``other`` elsewhere: see `tg.where`."""
    return _where(condition, self, other)


method(_chosen, "where")


@public(in_place=True, aliases=("clip",), numpy=(np.clip,))
def clamp(input: Tensor, min: Operand | None = None, max: Operand | None = None) -> Tensor:
    """``input``, or the nearer bound where it lies outside of [min, max]; a bound is a number, a tensor or None.

    The gradient goes to the input wherever it lies within, the bounds included. ValueError if there is no bound.

    >>> tg.clamp(tg.tensor([-1.0, 0.5, 2.0]), 0, 1)
    tensor([0.0000, 0.5000, 1.0000])
    """
    if min is None and max is None:
        raise ValueError("clamp: at least one of min and max must be given")
    if not isinstance(min, Tensor | np.ndarray) and not isinstance(max, Tensor | np.ndarray):
        return _clamp(input, min, max)
    # A bound that is NaN, and so differs from itself, makes the result NaN.
    result = input if min is None else _where((input < min) | (min != min), min, input)
    return result if max is None else _where((result > max) | (max != max), max, result)


@public(in_place=True)
def clamp_min(input: Tensor, min: Operand) -> Tensor:
    """`clamp` with only a lower bound.

    >>> tg.clamp_min(tg.tensor([1, 5]), 3)
    tensor([3, 5])
    """
    return clamp(input, min=min)


@public(in_place=True)
def clamp_max(input: Tensor, max: Operand) -> Tensor:
    """`clamp` with only an upper bound.

    >>> tg.clamp_max(tg.tensor([1, 5]), 3)
    tensor([1, 3])
    """
    return clamp(input, max=max)


@public(in_place=True, numpy=(np.round,))
def round(input: Tensor, *, decimals: int = 0) -> Tensor:
    """The nearest number with so many ``decimals``, of two equally near the even one; its gradient is 0.

    >>> tg.round(tg.tensor([0.5, 1.5, 2.6]))
    tensor([0., 2., 3.])
    """
    return _round(input, decimals=decimals)


@public(is_method=True, numpy=(np.float_power,))
def float_power(input: Operand, exponent: Operand) -> Tensor:
    """input to the power of ``exponent``, elementwise, in float64.

    >>> tg.float_power(tg.tensor([2]), 0.5)
    tensor([1.4142], dtype=float64)
    """
    return pow(*(_in_float64(value) for value in (input, exponent)))


def _in_float64(value: Any) -> Any:
    if isinstance(value, Tensor):
        return cast(value, float64)
    return np.asarray(value, float64) if isinstance(value, np.ndarray) else float(value)


@public(in_place=True, numpy=(np.ldexp,))
def ldexp(input: Tensor, other: Tensor) -> Tensor:
    """input · 2 to the power of ``other``, elementwise; floating point, in the dtype of ``input`` if it has one.

    >>> tg.ldexp(tg.tensor([1.0, 3.0]), tg.tensor([2, -1]))
    tensor([4.0000, 1.5000])
    """
    if input.dtype.kind == "f" and isinstance(other, Tensor) and other.dtype.kind != "f":
        other = cast(other, input.dtype)
    return input * exp2(other)


_exponent = primitive(lambda x: np.frexp(x)[1], name="exponent")
_mantissa = primitive(lambda x: np.frexp(x)[0], name="mantissa", x=lambda g, x: np.ldexp(g, -_exponent(x)))


class MantissaAndExponent(NamedTuple):
    """A number as mantissa · 2 to the power of the exponent."""

    mantissa: Tensor
    exponent: Tensor


@public(numpy=(np.frexp,))
def frexp(input: Tensor) -> MantissaAndExponent:
    """Each number as mantissa · 2 to the power of a whole exponent (int32), with ½ ≤ |mantissa| < 1, or 0.

    >>> tg.frexp(tg.tensor([3.0]))
    MantissaAndExponent(mantissa=tensor([0.7500]), exponent=tensor([2], dtype=int32))
    """
    floating_only(input, "frexp")
    return MantissaAndExponent(_mantissa(input), _exponent(input))


@public(in_place=True)
def lerp(input: Tensor, end: Tensor, weight: Operand) -> Tensor:
    """input + weight · (end - input): from ``input`` (weight 0) to ``end`` (weight 1), elementwise.

    >>> tg.lerp(tg.tensor([1.0, 2.0]), tg.tensor([3.0, 4.0]), 0.5)
    tensor([2., 3.])
    """
    return input + multiply(end - input, weight)


@public(in_place=True)
def addcmul(input: Tensor, tensor1: Tensor, tensor2: Tensor, *, value: float = 1) -> Tensor:
    """input + value · tensor1 · tensor2, elementwise.

    >>> tg.addcmul(tg.tensor([1.0]), tg.tensor([2.0]), tg.tensor([3.0]), value=10)
    tensor([61.])
    """
    return add(input, tensor1 * tensor2, alpha=value)


@public(in_place=True)
def addcdiv(input: Tensor, tensor1: Tensor, tensor2: Tensor, *, value: float = 1) -> Tensor:
    """input + value · tensor1 / tensor2, elementwise.

    >>> tg.addcdiv(tg.tensor([1.0]), tg.tensor([3.0]), tg.tensor([2.0]), value=10)
    tensor([16.])
    """
    return add(input, tensor1 / tensor2, alpha=value)


_nan_to_num = primitive(
    lambda x, *, nan, posinf, neginf: np.nan_to_num(x, nan=nan, posinf=posinf, neginf=neginf),
    name="nan_to_num",
    x=lambda g, x: np.where(np.isfinite(x), g, 0),
)


@public(in_place=True, numpy=(np.nan_to_num,))
def nan_to_num(input: Tensor, nan: float = 0.0, posinf: float | None = None, neginf: float | None = None) -> Tensor:
    """``input`` with numbers in place of NaN, ∞ and -∞: by default 0 and the largest and smallest numbers there are.

    >>> tg.nan_to_num(tg.tensor([float("nan"), 1.0]))
    tensor([0., 1.])
    """
    return _nan_to_num(input, nan=nan, posinf=posinf, neginf=neginf)


# Operators


def reflected(operation: Function) -> Function:
    """The method for ``other ∘ tensor``, of an operation ∘ whose left operand is not a Tensor."""

    def run(self: Tensor, other: Operand) -> Tensor:
        return operation(other, self)  # type: ignore[no-any-return]

    return run


_BINARY: dict[str, Function] = {
    "add": _add,
    "sub": _subtract,
    "mul": multiply,
    "truediv": _divide,
    "floordiv": floor_divide,
    "mod": remainder,
    "pow": pow,
}
for _name, _operation in _BINARY.items():
    method(_operation, f"__{_name}__")
    method(reflected(_operation), f"__r{_name}__")
for _name, _operation in {"neg": negative, "pos": positive, "abs": absolute}.items():
    method(_operation, f"__{_name}__")
