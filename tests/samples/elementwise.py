"""Arithmetic and functions of numbers."""

from __future__ import annotations

import numpy as np

from tests.samples.sample import (
    array,
    away_from_zero,
    between,
    binary,
    distinct,
    more,
    normal,
    positive,
    truth,
    unary,
    unit,
)

binary("add", "x + y", normal, normal, "x + y", "x + 1.5", "2 + x", "T.add(x, y, alpha=2) -> x + 2 * y")
binary("subtract", "x - y", normal, normal, "x - y", "x - 1.5", "2 - x", "T.sub(x, y, alpha=2) -> x - 2 * y")
binary("multiply", "x * y", normal, normal, "x * y", "x * 1.5", "2 * x", "T.mul(x, y)", "x * x", "x.mul(y)")
binary(
    "divide", "x / y", normal, away_from_zero, "x / y", "x / 2", "T.div(x, y, rounding_mode='trunc') -> np.trunc(x / y)"
)
more("divide", "2 / x", "T.div(x, 0.7, rounding_mode='floor') -> x // 0.7", x=array(away_from_zero, 2, 3))
binary("floor_divide", "x // y", normal, away_from_zero, "x // y", "x // 2")
binary("remainder", "np.remainder(x, y)", normal, away_from_zero, "x % y", "x % 2")
binary("fmod", "np.fmod(x, y)", normal, away_from_zero)
binary("pow", "x ** y", positive, normal, "x ** y", "x ** 3", "x ** 0.5", "2 ** y", "x ** -1", "x ** 1", "x ** 0")
binary("maximum", "np.maximum(x, y)", distinct, normal)
binary("minimum", "np.minimum(x, y)", distinct, normal)
unary("negative", "-x", normal, "-x", "T.neg(x)")
unary("absolute", "abs(x)", away_from_zero, "abs(x)", "x.abs()")
unary("sign", "np.sign(x)", away_from_zero)
unary("square", "x * x")
unary("reciprocal", "1 / x", away_from_zero)
unary("sqrt", "np.sqrt(x)", positive)
unary("rsqrt", "1 / np.sqrt(x)", positive)
unary("exp", "np.exp(x)")
unary("expm1", "np.expm1(x)")
unary("log", "np.log(x)", positive)
unary("log1p", "np.log1p(x)", positive)
unary("tanh", "np.tanh(x)")
unary("positive", "x")
unary("floor", "np.floor(x)")
unary("ceil", "np.ceil(x)")
unary("trunc", "np.trunc(x)")
unary("frac", "x - np.trunc(x)")
unary("exp2", "np.exp2(x)")
unary("log2", "np.log2(x)", positive)
unary("log10", "np.log10(x)", positive)
unary("sin", "np.sin(x)")
unary("cos", "np.cos(x)")
unary("tan", "np.tan(x)", unit)
unary("asin", "np.arcsin(x)", unit)
unary("acos", "np.arccos(x)", unit)
unary("atan", "np.arctan(x)")
unary("sinh", "np.sinh(x)")
unary("cosh", "np.cosh(x)")
unary("asinh", "np.arcsinh(x)")
unary("acosh", "np.arccosh(x)", between(1.5, 3))
unary("atanh", "np.arctanh(x)", unit)
unary("deg2rad", "np.deg2rad(x)")
unary("rad2deg", "np.rad2deg(x)")
binary("atan2", "np.arctan2(x, y)", away_from_zero, normal)
binary("hypot", "np.hypot(x, y)", away_from_zero, normal)
binary("copysign", "np.copysign(x, y)", away_from_zero, away_from_zero)
binary("heaviside", "np.heaviside(x, y)", away_from_zero, normal)
binary("logaddexp", "np.logaddexp(x, y)", normal, normal)
binary("logaddexp2", "np.logaddexp2(x, y)", normal, normal)
binary("fmax", "np.fmax(x, y)", distinct, normal)
binary("fmin", "np.fmin(x, y)", distinct, normal)
more(
    "where",
    "T.where(c, x, y) -> np.where(c, x, y)",
    "T.where(c, x, 0.0) -> np.where(c, x, 0)",
    "T.where(c, 1.0, y)",
    "T.where(x > y, x, y) -> np.maximum(x, y)",
    c=array(truth, 2, 3),
    x=array(normal, 2, 1),
    y=array(normal, 3, seed=1),
)
more(
    "clamp",
    "T.clamp(x, -0.5, 0.5) -> np.clip(x, -0.5, 0.5)",
    "T.clamp(x, min=0.0) -> np.maximum(x, 0)",
    "x.clamp(max=0.0) -> np.minimum(x, 0)",
    "T.clip(x, y, y + 1) -> np.clip(x, y, y + 1)",
    "T.clamp(x, max=y) -> np.minimum(x, y)",
    x=array(normal, 2, 3),
    y=array(normal, 3, seed=1),
)
for comparison in ("eq", "ne", "lt", "le", "gt", "ge"):
    binary(comparison, None, distinct, distinct, f"x.{comparison}(y)", f"T.{comparison}(x, 0.5)")

x, y = np.array([1.0, np.nan, np.inf, -np.inf, -0.0, 2.5]), np.array([1.0, 1.0, np.inf, np.nan, 0.0, 2.5 + 1e-7])
for predicate in ("isnan", "isinf", "isfinite", "isposinf", "isneginf", "signbit"):
    more(predicate, f"T.{predicate}(x) -> np.{predicate}(x)", x=x)
more("isclose", "T.isclose(x, y) -> np.isclose(x, y)", "T.isclose(x, y, equal_nan=True)", x=x, y=y)
more("allclose", "T.allclose(x, x + 1e-9)", "x.allclose(y)", x=array(normal, 2), y=array(normal, 2, seed=1))
more("equal", "T.equal(x, x + 0)", "x.equal(y)", x=array(normal, 2), y=array(normal, 2, seed=1))
for name in ("and", "or", "xor"):
    more(
        f"logical_{name}",
        f"T.logical_{name}(x, y)",
        f"T.logical_{name}(x > 0, y)",
        x=array(normal, 2, 3),
        y=array(normal, 3),
    )
    more(
        f"bitwise_{name}",
        f"T.bitwise_{name}(i, j)",
        f"T.bitwise_{name}(i, 3)",
        i=np.array([6, 5, -1]),
        j=np.array([3, 4, 7]),
    )
more(
    "bitwise_and",
    "i & j",
    "i | 3",
    "i ^ j",
    "m & ~m",
    "m | m",
    i=np.array([6, 5]),
    j=np.array([3, 4]),
    m=array(truth, 3),
)
more("logical_not", "T.logical_not(x)", x=np.array([0.0, 1.5]))
more("bitwise_not", "T.bitwise_not(i)", "~i", i=np.array([0, 5]))
more("bitwise_left_shift", "T.bitwise_left_shift(i, 2)", "i << i", i=np.array([0, 5]))
more("bitwise_right_shift", "T.bitwise_right_shift(i, 2)", "i >> 1", i=np.array([0, 5]))
more("round", "T.round(x) -> np.round(x)", "x.round(decimals=1) -> np.round(x, 1)", x=array(normal, 2, 3))
more(
    "float_power", "T.float_power(x, 2.5) -> x**2.5", "T.float_power(x, y)", x=array(positive, 2, 3), y=array(normal, 3)
)
more(
    "lerp",
    "T.lerp(x, y, 0.3) -> x + 0.3 * (y - x)",
    "T.lerp(x, y, z) -> x + z * (y - x)",
    x=array(normal, 2, 3),
    y=array(normal, 2, 3, seed=1),
    z=array(unit, 2, 3),
)
for name, sign in (("addcmul", "*"), ("addcdiv", "/")):
    more(
        name,
        f"T.{name}(x, y, z) -> x + y {sign} z",
        f"T.{name}(x, y, z, value=0.5) -> x + 0.5 * y {sign} z",
        x=array(normal, 2, 3),
        y=array(normal, 3, seed=1),
        z=array(positive, 2, 1),
    )
x = np.array([1.0, np.nan, np.inf, -np.inf])
more("nan_to_num", "T.nan_to_num(X) -> np.nan_to_num(X)", "T.nan_to_num(X, 1.0, 2.0, 3.0)", X=x)
more("nan_to_num", "T.nan_to_num(x) -> x", "T.nan_to_num(i)", x=array(normal, 2), i=np.array([1, 2]))
more("clamp_min", "T.clamp_min(x, 0.5) -> np.maximum(x, 0.5)", "T.clamp_max(x, x.mean())", x=array(normal, 2, 3))
more("clamp_max", "T.clamp_max(x, 0.5) -> np.minimum(x, 0.5)", x=array(normal, 2, 3))
more(
    "nextafter",
    "T.nextafter(x, y) -> np.nextafter(x, y)",
    "x.nextafter(y[0])",
    x=array(normal, 2, 3),
    y=array(normal, 2, 3, seed=1),
)
more(
    "gcd",
    "T.gcd(i, j) -> np.gcd(i, j)",
    "i.gcd(j[0])",
    "[c := i + 0, c.gcd_(j), c][-1]",
    i=np.array([[12, 0], [-8, 7]]),
    j=np.array([[18, 5], [12, 0]]),
)
more(
    "lcm",
    "T.lcm(i, j) -> np.lcm(i, j)",
    "i.lcm(j[0])",
    "[c := i + 0, c.lcm_(j), c][-1]",
    i=np.array([[12, 0], [-8, 7]]),
    j=np.array([[18, 5], [12, 0]]),
)
more(
    "heaviside",
    "T.heaviside(i, j)",
    "[c := i + 0, c.heaviside_(j), c][-1]",
    i=np.array([2, 0, -3]),
    j=np.array([5, 6, 7]),
)
more(
    "rsub",
    "T.rsub(x, y) -> y - x",
    "T.rsub(x, y, alpha=2)",
    "T.rsub(x, 5)",
    x=array(normal, 2, 3),
    y=array(normal, 3, seed=1),
)
more("ldexp", "T.ldexp(X, I) -> np.ldexp(X, I)", X=array(normal, 2), I=np.array([-2, 3]))
more(
    "ldexp",
    "T.ldexp(x, i) -> np.ldexp(x, i)",
    "x.ldexp(i[0])",
    "T.ldexp(i, i)",
    "T.ldexp(x, x)",
    "[c := x * 1, c.ldexp_(i), c * c][-1]",
    x=array(normal, 2, 3),
    i=np.array([[1, 0, 2], [3, 5, 1]]),
)
more("frexp", "T.frexp(x)", "x.frexp().mantissa * x", "T.frexp(X)", x=array(normal, 2, 3), X=np.array([0.0, 3.0, -8.0]))
more("logaddexp", "T.logaddexp(X, x)", x=array(normal, 1), X=np.array([-np.inf]))
more("isreal", "T.isreal(X)", "X.isreal()", X=np.array([1.0, np.nan]))
for _name in ("eq", "ne", "lt", "le", "gt", "ge", "less", "logical_and", "logical_or", "logical_xor"):
    more(
        _name,
        f"[c := X + 0, c.{_name}_(Y), c][-1]",
        f"[c := I + 0, c.{_name}_(1), c][-1]" if "logical" not in _name else f"[c := I + 0, c.{_name}_(I), c][-1]",
        X=array(distinct, 2, 3),
        Y=array(distinct, 3, seed=1),
        I=np.array([0, 1, 2]),
    )
more("logical_not", "[c := X + 0, c.logical_not_(), c][-1]", X=np.array([0.0, 2.0]))
more(
    "where",
    "x.where(x > 0, y)",
    "T.where(x > 0)",
    "x.where(x > 0, 1.5)",
    x=array(normal, 2, 3),
    y=array(normal, 3, seed=1),
)
