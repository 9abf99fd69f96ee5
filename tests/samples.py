"""Sample calls of every operation: what the registry-driven tests run, each in all the ways there are.

A sample is a call, written once for whichever package ``T`` stands for (this one or PyTorch), its operands as NumPy
arrays and, where NumPy or SciPy has the answer, the same call in their words. The gradients checked are those of the
floating point operands that are not written as capitals. An operation without samples fails the suite.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

Array = np.ndarray[Any, np.dtype[Any]]
Domain = Callable[[np.random.Generator, tuple[int, ...]], Array]

SAMPLES: list[Sample] = []


@dataclass(frozen=True)
class Sample:
    """``call`` is an expression in ``T`` and the operands, ``expected`` one in ``np``, ``special`` and the operands."""

    operation: str
    call: str
    operands: Mapping[str, Array]
    expected: str | None = None
    label: str = ""

    def __str__(self) -> str:
        return f"{self.call} {self.label}".strip()

    def run(self, package: Any, operands: Mapping[str, Any]) -> Any:
        return eval(self.call, {"T": package}, dict(operands))

    @property
    def differentiable(self) -> list[str]:
        return [name for name, array in self.operands.items() if array.dtype.kind == "f" and not name.isupper()]


# Where operands come from


def normal(random: np.random.Generator, shape: tuple[int, ...]) -> Array:
    return np.asarray(random.standard_normal(shape))


def between(low: float, high: float) -> Domain:
    return lambda random, shape: np.asarray(random.uniform(low, high, shape))


def away_from_zero(random: np.random.Generator, shape: tuple[int, ...]) -> Array:
    return np.asarray(random.uniform(0.5, 2.5, shape) * random.choice([-1.0, 1.0], shape))


def truth(random: np.random.Generator, shape: tuple[int, ...]) -> Array:
    return np.asarray(random.random(shape) < 0.5)


def distinct(random: np.random.Generator, shape: tuple[int, ...]) -> Array:
    """Values far enough from each other that a small step does not change their order."""
    return (random.permutation(int(np.prod(shape))).reshape(shape) - 2) / 2.0


positive = between(0.5, 2.5)
unit = between(0.1, 0.9)


def layouts(domain: Domain) -> Iterator[tuple[str, Array]]:
    """Arrays of ordinary and nasty shapes and memory layouts."""
    random = np.random.default_rng(0)
    for shape in ((2, 3), (), (1,), (0,), (2, 0, 3), (2, 1, 3)):
        yield str(shape), domain(random, shape)
    yield "transposed", domain(random, (3, 2)).T
    yield "strided", domain(random, (4, 3))[::2]
    yield "reversed", domain(random, (4,))[::-1]
    yield "repeated", np.broadcast_to(domain(random, (3,)), (2, 3))


def broadcasts() -> Iterator[tuple[tuple[int, ...], tuple[int, ...]]]:
    yield from (((2, 3), (2, 3)), ((2, 3), (3,)), ((3,), (2, 3)), ((2, 1), (1, 3)), ((), (2, 3)), ((2, 3), ()))
    yield from (((), ()), ((0, 3), (1, 3)), ((1,), (2, 2, 1)))


# How samples are noted down


def unary(operation: str, expected: str | None = None, domain: Domain = normal, *calls: str) -> None:
    for label, x in layouts(domain):
        SAMPLES.append(Sample(operation, f"T.{operation}(x)", {"x": x}, expected, label))
    more(operation, *calls, x=domain(np.random.default_rng(1), (2, 3)))


def binary(operation: str, expected: str | None, x: Domain, y: Domain, *calls: str) -> None:
    random = np.random.default_rng(0)
    for left, right in broadcasts():
        operands = {"x": x(random, left), "y": y(random, right)}
        SAMPLES.append(Sample(operation, f"T.{operation}(x, y)", operands, expected, f"{left} {right}"))
    more(operation, *calls, x=x(random, (3, 2)).T, y=y(random, (2, 3)))


def more(operation: str, *calls: str, **operands: Array) -> None:
    """Any calls on the same operands; ``"call -> expected"`` also gives the answer."""
    label = " ".join(f"{name}:{array.shape}" for name, array in operands.items())
    for text in calls:
        call, _, expected = text.partition(" -> ")
        SAMPLES.append(Sample(operation, call, operands, expected or None, label))


def array(domain: Domain, *shape: int, seed: int = 0) -> Array:
    return domain(np.random.default_rng(seed), shape)


# Arithmetic and functions of numbers

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

# Activations

unary("relu", "np.maximum(x, 0)", away_from_zero)
unary("sigmoid", "special.expit(x)")
more(
    "softmax",
    "T.softmax(x, dim=0) -> special.softmax(x, 0)",
    "T.softmax(x, -1) -> special.softmax(x, -1)",
    "T.softmax(x[0, 0, 0], 0)",
    x=array(normal, 2, 3, 2),
)
more(
    "log_softmax",
    "T.log_softmax(x, dim=1) -> special.log_softmax(x, 1)",
    "T.log_softmax(x, -1) -> special.log_softmax(x, -1)",
    x=array(normal, 2, 3, 2),
)
more("softmax", "T.softmax(x, 1)", "T.log_softmax(x, 0)", x=array(normal, 0, 3))

# Reductions

for x in (array(distinct, 2, 3, 4), array(distinct, 4, 3, 2).T, array(distinct, 2, 1, 3)):
    more("sum", "T.sum(x) -> x.sum()", "T.sum(x, dim=1) -> x.sum(1)", "x.sum((0, -1), keepdim=True)", "x.sum(-1)", x=x)
    more("mean", "T.mean(x) -> x.mean()", "x.mean(dim=(0, 2)) -> x.mean((0, 2))", "x.mean(1, keepdim=True)", x=x)
    more(
        "var", "T.var(x) -> x.var(ddof=1)", "x.var(dim=2, correction=0) -> x.var(2)", "x.var((0, 2), keepdim=True)", x=x
    )
    more(
        "std", "T.std(x) -> x.std(ddof=1)", "x.std(dim=2, correction=0) -> x.std(2)", "x.std((0, 2), keepdim=True)", x=x
    )
    more("amax", "T.amax(x, dim=1) -> x.max(1)", "x.amax((0, 2), keepdim=True)", "T.amax(x) -> x.max()", x=x)
    more("amin", "T.amin(x, dim=1) -> x.min(1)", "x.amin((0, 2), keepdim=True)", "T.amin(x) -> x.min()", x=x)
    more("max", "T.max(x) -> x.max()", "T.max(x, dim=1)", "x.max(-1, keepdim=True).values", "T.max(x, x.mean())", x=x)
    more("min", "T.min(x) -> x.min()", "T.min(x, dim=1)", "x.min(-1, keepdim=True).values", "T.min(x, x.mean())", x=x)
    more("argmax", "T.argmax(x) -> x.argmax()", "x.argmax(1) -> x.argmax(1)", "x.argmax(dim=-1, keepdim=True)", x=x)
    more("argmin", "T.argmin(x) -> x.argmin()", "x.argmin(1) -> x.argmin(1)", "x.argmin(dim=-1, keepdim=True)", x=x)
    more("logsumexp", "T.logsumexp(x, dim=1) -> special.logsumexp(x, 1)", "x.logsumexp((0, 2), keepdim=True)", x=x)
more(
    "all",
    "T.all(m)",
    "m.all(1)",
    "T.all(m, dim=0, keepdim=True)",
    "(x > 0).all()",
    m=array(truth, 2, 3),
    x=array(normal),
)
more(
    "any",
    "T.any(m)",
    "m.any(1)",
    "T.any(m, dim=0, keepdim=True)",
    "(x > 0).any()",
    m=array(truth, 2, 3),
    x=array(normal),
)
for x in (array(normal, 0, 3), array(normal)):
    more("sum", "T.sum(x)", "T.sum(x, 0)", "x.sum(-1, keepdim=True)", x=x)
more("mean", "T.mean(x)", "T.mean(x, 0)", x=array(normal))
more("amax", "T.amax(x, 0)", "T.max(x)", "T.max(x, 0).values", x=array(normal))

# Shape

for x in (array(normal, 2, 3, 4), array(normal, 4, 3, 2).T):
    more("reshape", "T.reshape(x, (4, 6))", "x.reshape(3, -1)", "x.reshape(2, 3, 2, 2)", "x.contiguous().view(-1)", x=x)
    more("flatten", "T.flatten(x) -> x.ravel()", "x.flatten(1)", "x.flatten(0, 1)", "T.flatten(x, 1, 1)", x=x)
    more("ravel", "T.ravel(x) -> x.ravel()", x=x)
    more("permute", "T.permute(x, (2, 0, 1))", "x.permute(1, -1, 0)", "x.permute(2, 1, 0) -> x.T", x=x)
    more(
        "transpose",
        "T.transpose(x, 0, 1) -> x.swapaxes(0, 1)",
        "x.transpose(-1, 0)",
        "x.mT -> x.mT",
        "x.swapaxes(1, 2)",
        x=x,
    )
    more("unsqueeze", "T.unsqueeze(x, 1) -> x[:, None]", "x.unsqueeze(-1) -> x[..., None]", "x.unsqueeze(0)", x=x)
    more("split", "T.split(x, 2, dim=1)", "x.split([1, 2], 1)[1]", "x.split(3)", "T.cat(x.split(1, -1)[::2], 0)", x=x)
    more("chunk", "T.chunk(x, 2, dim=2)[1]", "x.chunk(5)", "x.chunk(2, 1)", x=x)
more("t", "T.t(x) -> x.T", "x.t() * 2", "x.T -> x.T", x=array(normal, 2, 3))
more(
    "squeeze",
    "T.squeeze(x) -> x.squeeze()",
    "x.squeeze(0)",
    "x.squeeze((0, 2))",
    "x.squeeze(1)",
    x=array(normal, 1, 3, 1),
)
more(
    "broadcast_to",
    "T.broadcast_to(x, (2, 3, 4)) -> np.broadcast_to(x, (2, 3, 4))",
    "x.expand(3, 4) -> np.broadcast_to(x, (3, 4))",
    "x.expand(2, -1, 4)",
    "x.expand_as(T.zeros(3, 2))",
    x=array(normal, 3, 1),
)
more(
    "cat",
    "T.cat([x, y]) -> np.concatenate([x, y])",
    "T.cat((x, x[:, :1], y[:2]), dim=1)",
    "T.concat([x, y, x], 0) * T.cat([y, x, x], -2)",
    x=array(normal, 2, 3),
    y=array(normal, 4, 3),
)
more(
    "stack",
    "T.stack([x, y]) -> np.stack([x, y])",
    "T.stack((x, y, x), dim=-1)",
    x=array(normal, 2, 3),
    y=array(normal, 2, 3),
)

more("numel", "T.numel(x)", "x.numel()", "x.size(1)", "x.dim()", x=array(normal, 2, 3))

# Indexing

more(
    "gather",
    "T.gather(x, 1, i) -> np.take_along_axis(x, i, 1)",
    "x.gather(-1, i[:1, :2])",
    "x.gather(0, i % 2)",
    x=array(normal, 2, 3),
    i=np.array([[0, 2, 2], [1, 1, 0]]),
)
more(
    "__getitem__",
    "x[0] -> x[0]",
    "x[-1, 1:] -> x[-1, 1:]",
    "x[..., 0]",
    "x[:, None, 1]",
    "x[1:, ::2]",
    "x[:0]",
    "x[i] -> x[i]",
    "x[i, i]",
    "x[:, i]",
    "x[i][:, None, 1:]",
    "x[[0, 0, 1]] -> x[[0, 0, 1]]",
    "x[[[0, 1], [1, 1]], [[0], [2]]]",
    "x[m] -> x[m]",
    "x[x > 0] * 2",
    "x[m[:, 0], 1:]",
    "x[i[0], i]",
    "x[0, 0] * x[1, 1]",
    x=array(normal, 2, 3, 2),
    i=np.array([0, 1, 0]),
    m=array(truth, 2, 3),
)
more("one_hot", "T.one_hot(i)", "T.one_hot(i, 5)", "T.one_hot(i[0], num_classes=4)", i=np.array([[0, 2], [1, 1]]))

# Linear algebra

for left, right in (
    ((2, 3), (3, 4)),
    ((3,), (3,)),
    ((2, 3), (3,)),
    ((3,), (3, 2)),
    ((3,), (2, 3, 2)),
    ((4, 2, 3), (3,)),
):
    more(
        "matmul", "T.matmul(x, y) -> np.matmul(x, y)", "x @ y", x=array(normal, *left), y=array(normal, *right, seed=1)
    )
for left, right in (
    ((5, 2, 3), (5, 3, 2)),
    ((5, 1, 2, 3), (4, 3, 2)),
    ((2, 3), (4, 3, 2)),
    ((0, 3), (3, 2)),
    ((2, 0), (0, 2)),
):
    more("matmul", "x @ y -> np.matmul(x, y)", x=array(normal, *left), y=array(normal, *right, seed=1))
for shape in ((4, 3), (3,), (2, 4, 3), (0, 3)):
    x, w, b = array(normal, *shape), array(normal, 2, 3, seed=1), array(normal, 2, seed=2)
    more("linear", "T.linear(x, w, b) -> x @ w.T + b", "T.linear(x, w) -> x @ w.T", x=x, w=w, b=b)

# Losses

for x, y in ((array(unit, 2, 3), array(unit, 2, 3, seed=1)), (array(unit), array(unit, seed=1))):
    more("mse_loss", "T.mse_loss(x, y) -> np.mean((x - y) ** 2)", "T.mse_loss(x, y, reduction='sum')", x=x, y=y)
    more("mse_loss", "T.mse_loss(x, y, reduction='none')", x=x, y=y)
    more(
        "binary_cross_entropy",
        "T.binary_cross_entropy(x, y) -> np.mean(-special.xlogy(y, x) - special.xlog1py(1 - y, -x))",
        "T.binary_cross_entropy(x, y, reduction='none')",
        "T.binary_cross_entropy(x, y, weight=W, reduction='sum')",
        x=x,
        y=y,
        W=array(positive, *x.shape),
    )
    more(
        "binary_cross_entropy_with_logits",
        "T.binary_cross_entropy_with_logits(x, y) -> np.mean(np.logaddexp(0, x) - x * y)",
        "T.binary_cross_entropy_with_logits(x - 1, y, reduction='none')",
        "T.binary_cross_entropy_with_logits(x, y, W, reduction='sum')",
        "T.binary_cross_entropy_with_logits(x, y, pos_weight=W)",
        x=x,
        y=y,
        W=array(positive, *x.shape),
    )
for x, t in (
    (array(normal, 4, 3), np.array([0, 2, 1, 1])),
    (array(normal, 3), np.array(2)),
    (array(normal, 2, 3, 2), np.array([[0, 2], [1, 1]])),
):
    for call in (
        "(x, t)",
        "(x, t, reduction='sum')",
        "(x, t, reduction='none')",
        "(x, t, weight=W)",
        "(x, t, weight=W, reduction='sum')",
        "(x, t, ignore_index=1)" if t.ndim else "(x, t)",
    ):
        more("cross_entropy", f"T.cross_entropy{call}", x=x, t=t, W=array(positive, 3))
        more("nll_loss", f"T.nll_loss{call}", x=x, t=t, W=array(positive, 3))
    more("cross_entropy", "T.cross_entropy(x, t, label_smoothing=0.1)", x=x, t=t)
    more(
        "cross_entropy",
        "T.cross_entropy(x, t, W, ignore_index=2, label_smoothing=0.1, reduction='sum')",
        x=x,
        t=t,
        W=array(positive, 3),
    )
    more(
        "cross_entropy",
        "T.cross_entropy(x, p) ",
        "T.cross_entropy(x, p, weight=W, reduction='none')",
        "T.cross_entropy(x, p, label_smoothing=0.1, reduction='sum')",
        x=x,
        p=array(unit, *x.shape),
        W=array(positive, 3),
    )

# Writing in place, on a copy, since a leaf cannot be written to

for write in (
    "c.add_(y)",
    "c.mul_(y)",
    "c.exp_()",
    "c.copy_(y)",
    "c.zero_()",
    "c.clamp_(-0.5, 0.5)",
    "c.T.mul_(2)",
    "c[0].add_(y)",
    "c[:, 1:].mul_(y[1:])",
    "c.view(-1)[::2].copy_(y)",
    "c.__setitem__(0, y)",
    "c.__setitem__((slice(None), 1), y[0])",
    "c.__setitem__([0, 1], y + c)",
    "c.__setitem__(c > 0, 0.5)",
    "c[1].__setitem__(0, y.sum())",
    "c.__iadd__(y) * c.__imul__(2)",
):
    more(
        "in_place",
        f"[c := x * 2, v := c[0], {write}, c * c + v][-1]",
        x=array(normal, 2, 3),
        y=array(normal, 3, seed=1),
    )

# Conversion

more("clone", "T.clone(x) * 2", "x.clone()", x=array(normal, 2, 3))
more(
    "to", "x.to(T.float64)", "x.double() * 2", "x.type_as(x)", "x.to('cpu')", "x.contiguous()", x=array(normal, 3, 2).T
)
