"""Arithmetic and functions of numbers, applied to each element, with broadcasting.

In the tables each operation has its NumPy function, what it is, an example, and a rule for each input's gradient:
``g`` is the gradient of the result, ``y`` the result, and the other names are inputs.

Inputs of several dtypes are brought to their `result_type`. Where the mathematics leaves the integers (`exp`), integers
become the default floating point dtype.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Callable, Sequence
from functools import partial
from typing import Any, Protocol, cast, overload

import numpy as np

from tinygrad_scratch.dtypes import get_default_dtype, result_type
from tinygrad_scratch.record.operation import Binary, Function, Unary, primitive, public
from tinygrad_scratch.record.primitive import Preparation
from tinygrad_scratch.record.rows import written_in


def in_common_dtype(arrays: list[Any]) -> list[Any]:
    """The arrays in the dtype that arithmetic on them gives; Python numbers stay as they are."""
    dtypes = [array.dtype for array in arrays if isinstance(array, np.ndarray)]
    if dtypes[0].kind == "f" and dtypes.count(dtypes[0]) == len(dtypes):
        return arrays
    return _cast(arrays, result_type(*arrays))


def in_floating_dtype(arrays: list[Any]) -> list[Any]:
    """As `in_common_dtype`, but where that is an integer it is the default floating point dtype."""
    dtypes = [array.dtype for array in arrays if isinstance(array, np.ndarray)]
    if dtypes[0].kind == "f" and dtypes.count(dtypes[0]) == len(dtypes):
        return arrays
    common = result_type(*arrays)
    return _cast(arrays, common if common.kind == "f" else get_default_dtype())


def in_floating_arrays(arrays: list[Any]) -> list[Any]:
    """As `in_floating_dtype`, but Python numbers become arrays too."""
    arrays = in_floating_dtype(arrays)
    dtype = next(array.dtype for array in arrays if isinstance(array, np.ndarray))
    return [np.asarray(array, dtype) for array in arrays]


def for_whole_quotients(arrays: list[Any]) -> list[Any]:
    """As `in_common_dtype`; TypeError for bools, ZeroDivisionError for integers and a 0, for which NumPy gives 0."""
    arrays = in_common_dtype(arrays)
    kind = result_type(*arrays).kind
    if kind == "b":
        raise TypeError("bools have no whole quotients; make one of them integers")
    if kind != "f" and not np.all(arrays[1]):
        raise ZeroDivisionError("integers cannot be divided by 0")
    return arrays


def _cast(arrays: list[Any], dtype: np.dtype[Any]) -> list[Any]:
    return [array.astype(dtype, copy=False) if isinstance(array, np.ndarray) else array for array in arrays]


class _Elementwise(Protocol):
    """What makes a public elementwise primitive of a forward function, its documentation and its rules."""

    @overload
    def __call__(self, forward: Callable[[Any], Any], doc: str, **options: Any) -> Unary: ...
    @overload
    def __call__(self, forward: Callable[[Any, Any], Any], doc: str, **options: Any) -> Binary: ...


def _elementwise(
    forward: Function,
    doc: str,
    *,
    aliases: Sequence[str] = (),
    prepare: Preparation = in_common_dtype,
    is_method: bool = True,
    in_place: bool = False,
    namespace: str = "",
    **rules: Any,
) -> Any:
    """A public elementwise primitive whose result has the common dtype of its inputs.

    ``doc`` says what it computes, with an example as on paper: ``"x²: square([1, 2]) = [1, 4]"``.
    """
    what, name, example = _parsed(doc, namespace)
    operation = primitive(forward, name=name, doc=f"{what}, elementwise.\n\n{example}", prepare=prepare, **rules)
    written_in(sys._getframe(1), operation)
    in_place = is_method and not namespace and (in_place or bool(rules))
    return public(
        operation, is_method=is_method, aliases=aliases, in_place=in_place, numpy=(forward,), namespace=namespace
    )


elementwise = cast(_Elementwise, _elementwise)
# As `elementwise`, but the result is floating point.
floating = cast(_Elementwise, partial(_elementwise, prepare=in_floating_dtype))


def _parsed(doc: str, namespace: str) -> tuple[str, str, str]:
    """From ``"x²: square([1, 2]) = [1, 4]"`` what it is, the name, and the example as it would be typed."""
    match = re.fullmatch(r"(.*): (\w+)\((.*)\) = (.*)", doc)
    assert match, f"not of the form 'what: name(inputs) = result': {doc}"
    what, name, inputs, result = match.groups()
    inputs = re.sub(r"\[[^]]*\]", lambda values: f"tg.tensor({values[0]})", inputs)
    path = f"{namespace}.{name}" if namespace else name
    return what, name, f">>> tg.{path}({inputs})\ntensor({result})\n"


LN2, LN10 = float(np.log(2)), float(np.log(10))

# Arithmetic. What has options in PyTorch is private here and becomes public in `arithmetic`.

_add = primitive(np.add, prepare=in_common_dtype, a=lambda g: g, b=lambda g: g)
_subtract = primitive(np.subtract, prepare=in_common_dtype, a=lambda g: g, b=lambda g: -g)
_divide = primitive(np.divide, prepare=in_floating_dtype, a=lambda g, b: g / b, b=lambda g, a, b: -g * (a / b) / b)
multiply = elementwise(
    np.multiply,
    "a · b: multiply([1, 2], [3, 4]) = [3, 8]",
    a=lambda g, b: g * b,
    b=lambda g, a: g * a,
    aliases=("mul",),
)
floor_divide = elementwise(
    np.floor_divide,
    "⌊a / b⌋: floor_divide([7, -7], 2) = [ 3, -4]",
    prepare=for_whole_quotients,
    a=lambda g: np.zeros_like(g),
    b=lambda g: np.zeros_like(g),
)


@primitive(prepare=for_whole_quotients, a=lambda g: np.zeros_like(g), b=lambda g: np.zeros_like(g))
def _trunc_divide(a: Any, b: Any) -> Any:
    if result_type(a, b).kind == "f":
        return np.trunc(a / b)
    quotient, rest = np.divmod(a, b)
    return quotient + ((quotient < 0) & (rest != 0))


remainder = elementwise(
    np.remainder,
    "a - b ⌊a / b⌋: remainder([7, -7], 3) = [1, 2]",
    prepare=for_whole_quotients,
    a=lambda g: g,
    b=lambda g, a, b: -g * np.floor_divide(a, b),
)
fmod = elementwise(
    np.fmod,
    "a - b · trunc(a / b): fmod([7, -7], 3) = [ 1, -1]",
    prepare=for_whole_quotients,
    a=lambda g: g,
    b=lambda g, a, b: -g * np.trunc(a / b),
)
_power = primitive(
    np.power,
    name="pow",
    prepare=in_common_dtype,
    a=lambda g, a, b: g * b * np.where((b == 0) & ~(abs(a) > 0), 1, a) ** (b - 1),
    b=lambda g, a, b, y: g * y * np.log(np.where((a == 0) & (b >= 0), 1, a)),
)
_power_of_number = primitive(
    lambda x, number: x**number,
    name="pow",
    prepare=in_common_dtype,
    x=lambda g, x, number: g * (number * x ** (number - 1)) if number else np.zeros_like(g),
)
maximum = elementwise(
    np.maximum,
    "The larger; each gets half the gradient where they are equal: maximum([1, 5], [4, 2]) = [4, 5]",
    a=lambda g, a, b: np.where(a == b, g / 2, g * ~(a < b)),
    b=lambda g, a, b: np.where(a == b, g / 2, g * ~(b < a)),
)
minimum = elementwise(
    np.minimum,
    "The smaller; each gets half the gradient where they are equal: minimum([1, 5], [4, 2]) = [1, 2]",
    a=lambda g, a, b: np.where(a == b, g / 2, g * ~(a > b)),
    b=lambda g, a, b: np.where(a == b, g / 2, g * ~(b > a)),
)
fmax = elementwise(
    np.fmax,
    "The larger, or the one that is not NaN: fmax([1, 5], [4, 2]) = [4, 5]",
    a=lambda g, a, b: g * ((a >= b) | np.isnan(b)),
    b=lambda g, a, b: g * ~((a >= b) | np.isnan(b)),
)
fmin = elementwise(
    np.fmin,
    "The smaller, or the one that is not NaN: fmin([1, 5], [4, 2]) = [1, 2]",
    a=lambda g, a, b: g * ((a <= b) | np.isnan(b)),
    b=lambda g, a, b: g * ~((a <= b) | np.isnan(b)),
)
positive = elementwise(np.positive, "x: positive([1, -2]) = [ 1, -2]", x=lambda g: g)
negative = elementwise(np.negative, "-x: negative([1, -2]) = [-1,  2]", x=lambda g: -g, aliases=("neg",))
absolute = elementwise(np.absolute, "|x|: absolute([1, -2]) = [1, 2]", x=lambda g, x: g * np.sign(x), aliases=("abs",))
sign = elementwise(
    np.sign, "-1, 0 or 1: sign([-3, 0, 2]) = [-1,  0,  1]", x=lambda g: np.zeros_like(g), aliases=("sgn",)
)
square = elementwise(np.square, "x²: square([1, -2]) = [1, 4]", x=lambda g, x: 2 * g * x)
reciprocal = floating(np.reciprocal, "1 / x: reciprocal([2, 4]) = [0.5000, 0.2500]", x=lambda g, y: -g * y * y)
sqrt = floating(np.sqrt, "√x: sqrt([4, 9]) = [2., 3.]", x=lambda g, y: g / (2 * y))
rsqrt = floating(lambda x: 1 / np.sqrt(x), "1 / √x: rsqrt([1, 4]) = [1.0000, 0.5000]", x=lambda g, y: g * y**3 / -2)
hypot = floating(
    np.hypot,
    "√(a² + b²): hypot([3, 5], [4, 12]) = [ 5., 13.]",
    a=lambda g, a, y: g * a / y,
    b=lambda g, b, y: g * b / y,
)
copysign = floating(
    np.copysign,
    "|a| with the sign of b: copysign([1, 2], [-1, 1]) = [-1.,  2.]",
    a=lambda g, a, y: g * np.sign(a) * np.sign(y),
    b=lambda g: np.zeros_like(g),
)
heaviside = elementwise(
    lambda a, b: np.heaviside(a, b).astype(result_type(a, b), copy=False),
    "0 below 0, 1 above, b at 0: heaviside([-1., 0., 2.], [0.5]) = [0.0000, 0.5000, 1.0000]",
    in_place=True,
)
nextafter = floating(
    np.nextafter,
    "The next number after a towards b: nextafter([1.0], [2.0]) = [1.0000]",
    a=lambda g: g,
    b=lambda g: np.zeros_like(g),
)
gcd = elementwise(np.gcd, "The greatest common divisor: gcd([12, 7], [18, 5]) = [6, 1]", in_place=True)
lcm = elementwise(np.lcm, "The least common multiple: lcm([4, 7], [6, 5]) = [12, 35]", in_place=True)

# Rounding, which is flat wherever it does not jump

floor = elementwise(np.floor, "⌊x⌋: floor([-1.5, 1.5]) = [-2.,  1.]", x=lambda g: np.zeros_like(g))
ceil = elementwise(np.ceil, "⌈x⌉: ceil([-1.5, 1.5]) = [-1.,  2.]", x=lambda g: np.zeros_like(g))
trunc = elementwise(
    np.trunc, "x without its fraction: trunc([-1.5, 1.5]) = [-1.,  1.]", x=lambda g: np.zeros_like(g), aliases=("fix",)
)
_round = primitive(lambda x, *, decimals: np.round(x, decimals), name="round", x=lambda g: np.zeros_like(g))
frac = elementwise(
    lambda x: x - np.trunc(x), "The fraction of x: frac([-1.5, 1.5]) = [-0.5000,  0.5000]", x=lambda g: g
)

# Exponentials and logarithms

exp = floating(np.exp, "eˣ: exp([0, 1]) = [1.0000, 2.7183]", x=lambda g, y: g * y)
exp2 = floating(np.exp2, "2ˣ: exp2([0, 3]) = [1., 8.]", x=lambda g, y: g * y * LN2)
expm1 = floating(np.expm1, "eˣ - 1, precise near 0: expm1([0, 1]) = [0.0000, 1.7183]", x=lambda g, y: g * (y + 1))
log = floating(np.log, "ln x: log([1, 2]) = [0.0000, 0.6931]", x=lambda g, x: g / x)
log2 = floating(np.log2, "log₂ x: log2([1, 8]) = [0., 3.]", x=lambda g, x: g / (x * LN2))
log10 = floating(np.log10, "log₁₀ x: log10([1, 10]) = [0., 1.]", x=lambda g, x: g / (x * LN10))
log1p = floating(np.log1p, "ln(1 + x), precise near 0: log1p([0, 1]) = [0.0000, 0.6931]", x=lambda g, x: g / (1 + x))


def _difference(a: Any, b: Any) -> Any:
    """a - b, and 0 if both are the same infinity."""
    return np.where((a == b) & np.isinf(a), 0, a - b)


logaddexp = floating(
    np.logaddexp,
    "ln(eᵃ + eᵇ), without overflow: logaddexp([0, 100], [0, 0]) = [  0.6931, 100.0000]",
    a=lambda g, a, b: g * np.exp(-np.logaddexp(_difference(b, a), 0)),
    b=lambda g, a, b: g * np.exp(-np.logaddexp(_difference(a, b), 0)),
)
logaddexp2 = floating(
    np.logaddexp2,
    "log₂(2ᵃ + 2ᵇ), without overflow: logaddexp2([0, 1000], [0, 0]) = [   1., 1000.]",
    a=lambda g, a, b: g * np.exp2(-np.logaddexp2(_difference(b, a), 0)),
    b=lambda g, a, b: g * np.exp2(-np.logaddexp2(_difference(a, b), 0)),
)

# Trigonometric and hyperbolic functions, and their inverses

sin = floating(np.sin, "sin x: sin([0, 1]) = [0.0000, 0.8415]", x=lambda g, x: g * np.cos(x))
cos = floating(np.cos, "cos x: cos([0, 1]) = [1.0000, 0.5403]", x=lambda g, x: -g * np.sin(x))
tan = floating(np.tan, "tan x: tan([0, 1]) = [0.0000, 1.5574]", x=lambda g, y: g * (1 + y * y))
asin = floating(
    np.arcsin,
    "arcsin x: asin([0, 1]) = [0.0000, 1.5708]",
    x=lambda g, x: g / np.sqrt(1 - x * x),
    aliases=("arcsin",),
)
acos = floating(
    np.arccos,
    "arccos x: acos([0, 1]) = [1.5708, 0.0000]",
    x=lambda g, x: -g / np.sqrt(1 - x * x),
    aliases=("arccos",),
)
atan = floating(
    np.arctan, "arctan x: atan([0, 1]) = [0.0000, 0.7854]", x=lambda g, x: g / (1 + x * x), aliases=("arctan",)
)


def _square_of_distance(a: Any, b: Any) -> Any:
    """a² + b², or 1 at the origin, where the angle has gradient 0."""
    squares = a * a + b * b
    return np.where(squares == 0, 1, squares)


atan2 = floating(
    np.arctan2,
    "The angle of the point (b, a): atan2([0, 1], [1, 0]) = [0.0000, 1.5708]",
    a=lambda g, a, b: g * b / _square_of_distance(a, b),
    b=lambda g, a, b: -g * a / _square_of_distance(a, b),
    aliases=("arctan2",),
)
sinh = floating(np.sinh, "sinh x: sinh([0, 1]) = [0.0000, 1.1752]", x=lambda g, x: g * np.cosh(x))
cosh = floating(np.cosh, "cosh x: cosh([0, 1]) = [1.0000, 1.5431]", x=lambda g, x: g * np.sinh(x))
tanh = floating(np.tanh, "tanh x: tanh([0, 1]) = [0.0000, 0.7616]", x=lambda g, y: g * (1 - y * y))
asinh = floating(
    np.arcsinh,
    "arsinh x: asinh([0, 1]) = [0.0000, 0.8814]",
    x=lambda g, x: g / np.sqrt(x * x + 1),
    aliases=("arcsinh",),
)
acosh = floating(
    np.arccosh,
    "arcosh x: acosh([1, 2]) = [0.0000, 1.3170]",
    x=lambda g, x: g / np.sqrt(x * x - 1),
    aliases=("arccosh",),
)
atanh = floating(
    np.arctanh,
    "artanh x: atanh([0.0, 0.5]) = [0.0000, 0.5493]",
    x=lambda g, x: g / (1 - x * x),
    aliases=("arctanh",),
)
deg2rad = floating(
    np.deg2rad, "Degrees in radians: deg2rad([0, 180]) = [0.0000, 3.1416]", x=lambda g: g * (np.pi / 180)
)
rad2deg = floating(
    np.rad2deg, "Radians in degrees: rad2deg([0, 1]) = [ 0.0000, 57.2958]", x=lambda g: g * (180 / np.pi)
)

# Choosing


@primitive(is_multiple=True, shape_depends_on_values=True)
def _nonzero(x: Any) -> Any:
    return np.nonzero(np.atleast_1d(x))


def _with_bool_condition(arrays: list[Any]) -> list[Any]:
    condition, *values = arrays
    if not isinstance(condition, np.ndarray):
        raise TypeError(f"the condition must be a bool tensor, got {condition}")
    if not any(isinstance(value, np.ndarray) for value in values):
        values[0] = np.asarray(values[0], result_type(*values))
    return [condition, *in_common_dtype(values)]


@primitive(
    prepare=_with_bool_condition,
    a=lambda g, condition: np.where(condition, g, 0),
    b=lambda g, condition: np.where(condition, 0, g),
)
def _where(condition: Any, a: Any, b: Any) -> Any:
    if condition.dtype != bool:
        raise TypeError(f"the condition must be a bool tensor, got {condition.dtype}")
    return np.where(condition, a, b)


@primitive(prepare=in_common_dtype, x=lambda g, x, min, max: g * (np.clip(x, min, max) == x))
def _clamp(x: Any, min: float | None, max: float | None) -> Any:
    return np.clip(x, min, max)
