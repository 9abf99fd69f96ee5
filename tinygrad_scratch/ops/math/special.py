"""Special functions. `erf` and `erfc` are computed here; `erfinv` and the gamma functions are SciPy's.

SciPy is optional (``pip install 'tinygrad-scratch[special]'``); without it those functions say so.
"""

from __future__ import annotations

from functools import cache
from math import pi, sqrt
from typing import Any

import numpy as np
from numpy.polynomial.chebyshev import chebval

from tinygrad_scratch.ops.math.arithmetic import clamp
from tinygrad_scratch.ops.math.elementwise import (
    elementwise,
    floating,
    in_floating_arrays,
    in_floating_dtype,
)
from tinygrad_scratch.record.operation import Operation, Unary, method, primitive, public
from tinygrad_scratch.record.tensor import Tensor

# For float64, Chebyshev coefficients, computed with 40 digits by sampling at the Chebyshev nodes: of erf(x) / x as a
# function of 2 x² - 1 for |x| ≤ 1, and of ln(erfc(x) / t) + x² with t = 2 / (2 + x), as a function of 3 t - 1, for
# x ≥ 1. The second has the form of Numerical Recipes (Press et al., 2007, section 6.2.2). Errors: at most 2 units in
# the last place of erf, and 6e-16 of erfc, relative.
_ERF_NEAR_ZERO = (
    9.754769393826541e-1, -1.4226120510371365e-1, 1.0035582187599796e-2, -5.768764699767485e-4, 2.741993125219606e-5,
    -1.1043175507344507e-6, 3.8488755420345036e-8, -1.1808582533875466e-9, 3.2334215826050907e-11,
    -7.991015947004549e-13, 1.7990725113961456e-14, -3.718635487818693e-16, 7.103599003714253e-18,
)  # fmt: skip
_LOG_ERFC = (
    -8.715936894945394e-1, 4.125578578540687e-1, 1.715948121717183e-2, -1.8831910158454003e-3, -4.021475665823962e-4,
    1.1040527818911942e-5, 1.03890820849577e-5, 1.6556332888329293e-7, -3.056195401230843e-7, -1.2560882126825629e-8,
    1.0076908616496913e-8, 4.727947439244141e-10, -3.636939017854876e-10, -1.1472552050473852e-11,
    1.3832474975312072e-11, -5.947733609366037e-14, -5.243997146922256e-13, 3.162076007737252e-14,
    1.820809108745058e-14, -2.6592086231635925e-15, -4.799610853241498e-16, 1.5647777254053967e-16,
)  # fmt: skip
_LARGEST = 27.3  # beyond it erfc is 0 in float64
# For float32, a polynomial in x², its highest power first, that comes to artanh(erf(x)) / x: fitted up to x = 3.95,
# with errors counted by what they make of erf, which is 1 from there on. Errors: at most 3 units in the last place.
_ARTANH_OF_ERF = (
    5.421249671400119e-09, 2.758403461200487e-08, -4.794670076080365e-06, 8.459682430839166e-05,
    -6.148386746644974e-04, -1.952878519659862e-04, 1.027698665857315e-01, 1.128379225730896,
)  # fmt: skip


def _erf(x: Any) -> Any:
    if x.dtype != np.float64:
        return _erf_in_float32(x.astype(np.float32, copy=False)).astype(x.dtype, copy=False)
    near, far = _erf_parts(x)
    return np.where(np.abs(x) < 1, near, np.sign(x) * (1 - far))


def _erf_in_float32(x: Any) -> Any:
    square = x * x
    first, *others, last = _ARTANH_OF_ERF
    result = square * first
    for coefficient in others:
        result += coefficient
        result *= square
    result += last
    result *= x
    return np.tanh(result)


def _erfc(x: Any) -> Any:
    near, far = _erf_parts(x)
    return np.where(np.abs(x) < 1, 1 - near, np.where(x < 0, 2 - far, far)).astype(x.dtype)


def _erf_parts(x: Any) -> tuple[Any, Any]:
    """erf(x), right for |x| ≤ 1, and erfc(|x|), right for |x| ≥ 1; both in float64."""
    x = x.astype(np.float64)
    small = np.clip(x, -1, 1)
    near = small * chebval(2 * small * small - 1, _ERF_NEAR_ZERO)
    large = np.clip(np.abs(x), 1, _LARGEST)
    t = 2 / (2 + large)
    # x² with its digits beyond float64: that of x rounded to float32, which is exact, and the rest.
    rounded = large.astype(np.float32).astype(np.float64)
    rest = (rounded - large) * (rounded + large)
    return near, t * np.exp(-rounded * rounded) * np.exp(rest + chebval(3 * t - 1, _LOG_ERFC))


def _scipy(name: str, *arguments: Any) -> Any:
    """A function of SciPy, which has no float16 of its own, in the dtype of the last of its ``arguments``."""
    return _function_of_scipy(name)(*arguments).astype(arguments[-1].dtype, copy=False)


@cache
def _function_of_scipy(name: str) -> Any:
    try:
        from scipy import special
    except ImportError as error:
        raise ImportError(f"{name} needs SciPy: pip install 'tinygrad-scratch[special]'") from error
    return getattr(special, name)


_DENSITY = 2 / sqrt(pi)


def _bell(x: Any) -> Any:
    """e⁻ˣ²."""
    return np.exp(-x * x)


sigmoid = floating(
    lambda x: 1 / (1 + np.exp(-x)), "1 / (1 + e⁻ˣ): sigmoid([0, 1]) = [0.5000, 0.7311]", x=lambda g, y: g * y * (1 - y)
)

erf = floating(_erf, "2/√π ∫₀ˣ e⁻ᵗ² dt: erf([0, 1]) = [0.0000, 0.8427]", x=lambda g, x: g * _DENSITY * _bell(x))
erfc = floating(
    _erfc,
    "1 - erf x, precise for large x: erfc([0, 5]) = [1.0000e+00, 1.5375e-12]",
    x=lambda g, x: g * -_DENSITY * _bell(x),
)
erfinv = floating(
    lambda x: _scipy("erfinv", x),
    "The inverse of erf: erfinv([0.0, 0.5]) = [0.0000, 0.4769]",
    x=lambda g, y: g * np.exp(y * y) / _DENSITY,
)
lgamma = floating(
    lambda x: _scipy("gammaln", np.where(x == -np.inf, np.inf, x)),
    "ln |Γ(x)|: lgamma([1, 5]) = [0.0000, 3.1781]",
    x=lambda g, x: g * digamma(x),
)
digamma: Unary = floating(
    lambda x: _scipy("digamma", x),
    "The derivative of ln Γ: digamma([1, 2]) = [-0.5772,  0.4228]",
    x=lambda g, x: g * _polygamma(x, n=1),
)
_polygamma: Operation = primitive(
    lambda x, *, n: _scipy("polygamma", n, x),
    name="polygamma",
    prepare=in_floating_dtype,
    x=lambda g, x, n: g * _polygamma(x, n=n + 1),
)
xlogy = elementwise(
    lambda a, b: a * np.log(np.where((a == 0) & (b == b), 1, b)),
    "a ln b, and 0 where a is 0: xlogy([0, 2], [0, 1]) = [0., 0.]",
    prepare=in_floating_arrays,
    a=lambda g, a, b: g * np.log(np.where((a == 0) & (b <= 0), 1, b)),
    b=lambda g, a, b: g * a / b,
)
sinc = floating(
    lambda x: np.sinc(x).astype(x.dtype),
    "sin(πx) / πx, and 1 at 0: sinc([0.0, 0.5]) = [1.0000, 0.6366]",
    x=lambda g, x, y: g * np.where(x == 0, 0, (np.cos(pi * x) - y) / np.where(x == 0, 1, x)),
)


@public(is_method=False)
def polygamma(n: int, input: Tensor) -> Tensor:
    """The n-th derivative of `digamma`, elementwise. ValueError if ``n`` is negative.

    >>> tg.polygamma(1, tg.tensor([1.0]))
    tensor([1.6449])
    """
    if n < 0:
        raise ValueError(f"polygamma: n must not be negative, got {n}")
    return digamma(input) if n == 0 else _polygamma(input, n=n)


def _of_tensor(self: Tensor, n: int) -> Tensor:
    """The n-th derivative of `digamma`: see `tg.polygamma`."""
    return polygamma(n, self)


method(_of_tensor, "polygamma")


_logit = primitive(
    lambda x: np.log(x) - np.log1p(-x),
    name="logit",
    prepare=in_floating_dtype,
    x=lambda g, x: g / np.where((x < 0) | (x > 1), np.nan, abs(x) * (1 - x)),
)


@public(in_place=True)
def logit(input: Tensor, eps: float | None = None) -> Tensor:
    """ln(x / (1 - x)), the inverse of `sigmoid`, elementwise; with ``eps``, x is first brought into [eps, 1 - eps].

    >>> tg.logit(tg.tensor([0.5, 0.9]))
    tensor([0.0000, 2.1972])
    """
    return _logit(input if eps is None else clamp(input, eps, 1 - eps))


@public
def mvlgamma(input: Tensor, p: int) -> Tensor:
    """The logarithm of the multivariate gamma function of dimension ``p``, elementwise, of values above (p - 1) / 2.

    >>> tg.mvlgamma(tg.tensor([2.0]), 2)
    tensor([0.4516])
    """
    if p < 1:
        raise ValueError(f"mvlgamma: p must be at least 1, not {p}")
    total: Tensor = lgamma(input) + p * (p - 1) / 4 * float(np.log(pi))
    for i in range(1, p):
        total = total + lgamma(input - i / 2)
    return total


# The Bessel functions of imaginary argument; those with an e are scaled by e to the power of -|x|.


def _slope(x: Any, y: Any) -> Any:
    """y / x, of y = I₁(x), which goes to ½ at 0."""
    return np.where(x == 0, 0.5, y / np.where(x == 0, 1, x))


i0 = floating(
    lambda x: _scipy("i0", x), "The Bessel function I₀: i0([0, 1]) = [1.0000, 1.2661]", x=lambda g, x: g * i1(x)
)
i1: Unary = floating(
    lambda x: _scipy("i1", x),
    "The Bessel function I₁: i1([0, 1]) = [0.0000, 0.5652]",
    namespace="special",
    x=lambda g, x, y: g * (i0(x) - _slope(x, y)),
)
i0e = floating(
    lambda x: _scipy("i0e", x),
    "e⁻ˣ I₀(x), for |x|: i0e([0, 1]) = [1.0000, 0.4658]",
    namespace="special",
    x=lambda g, x, y: g * (i1e(x) - np.sign(x) * y),
)
i1e: Unary = floating(
    lambda x: _scipy("i1e", x),
    "e⁻ˣ I₁(x), for |x|: i1e([0, 1]) = [0.0000, 0.2079]",
    namespace="special",
    x=lambda g, x, y: g * (i0e(x) - np.sign(x) * y - _slope(x, y)),
)

# The normal distribution, and functions of statistics

entr = floating(
    lambda x: np.where(x < 0, -np.inf, 0 - x * np.log(np.where(x > 0, x, 1))),
    "-x ln x, 0 at 0 and -∞ below: entr([0.0, 0.5]) = [0.0000, 0.3466]",
    namespace="special",
    x=lambda g, x: g * (-np.log(x) - 1),
)
ndtr = floating(
    lambda x: _erfc(x * -sqrt(0.5)) / 2,
    "The part of the normal distribution below x: ndtr([0, 1]) = [0.5000, 0.8413]",
    namespace="special",
    x=lambda g, x: g * (_DENSITY / sqrt(8)) * _bell(x * sqrt(0.5)),
)
log_ndtr = floating(
    lambda x: _scipy("log_ndtr", x),
    "ln of `ndtr`, also where that vanishes: log_ndtr([0, -20]) = [  -0.6931, -203.9172]",
    namespace="special",
    x=lambda g, x, y: g * np.exp(-x * x / 2 - y) * (_DENSITY / sqrt(8)),
)
ndtri = floating(
    lambda x: _scipy("ndtri", x),
    "The inverse of `ndtr`: ndtri([0.5, 0.9]) = [0.0000, 1.2816]",
    namespace="special",
    x=lambda g, y: g * np.exp(y * y / 2) * sqrt(2 * pi),
)
erfcx = floating(
    lambda x: _scipy("erfcx", x),
    "eˣ² erfc x: erfcx([0, 10]) = [1.0000, 0.0561]",
    namespace="special",
    x=lambda g, x, y: g * (2 * x * y - _DENSITY),
)
xlog1py = elementwise(
    lambda a, b: a * np.log1p(np.where((a == 0) & (b == b), 0, b)),
    "a ln(1 + b), and 0 where a is 0: xlog1py([0, 2], [-1, 0]) = [0., 0.]",
    prepare=in_floating_arrays,
    namespace="special",
    a=lambda g, a, b: g * np.log1p(np.where((a == 0) & (b <= -1), 0, b)),
    b=lambda g, a, b: g * a / (1 + b),
)
