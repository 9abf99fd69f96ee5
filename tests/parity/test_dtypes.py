"""The dtype of a result, for every mixture of dtypes, numbers and 0-d tensors: as PyTorch has it."""

from __future__ import annotations

from itertools import product
from typing import Any

import numpy as np
import pytest

import tinygrad_scratch as tg

torch = pytest.importorskip("torch", reason="needs PyTorch: pip install -e .[peers]")

DTYPES = ("float16", "float32", "float64", "int8", "int16", "int32", "int64", "uint8", "bool")
BINARY = (
    "x + y", "x * y", "x / y", "x // y", "x % y", "x ** y", "T.maximum(x, y)", "T.atan2(x, y)", "x == y", "x < y",
    "T.where(T.tensor(True), x, y)", "T.logical_and(x, y)", "T.cat([x.reshape(-1), y.reshape(-1)])", "T.hypot(x, y)",
    "T.xlogy(x, y)", "T.fmod(x, y)", "T.copysign(x, y)", "T.stack([x.reshape(-1)[:1], y.reshape(-1)[:1]])",
)  # fmt: skip
UNARY = (
    "T.exp(x)", "T.sqrt(x)", "T.abs(x)", "T.sign(x)", "-x", "x.sum()", "x.prod()", "x.cumsum(0)", "x.mean()",
    "x.var()", "T.sigmoid(x)", "T.relu(x)", "T.floor(x)", "T.round(x)", "x.max()", "x.argmax()", "x.any()",
    "T.erf(x)", "x.float()", "T.softmax(x, 0)", "T.square(x)", "T.reciprocal(x)", "x ** 2", "x ** 2.0", "x ** 0.5",
    "2 ** x", "2.0 ** x", "T.isnan(x)",
    "x.logical_not()", "x.clamp(0, 1)", "x.clamp(0.5)", "T.count_nonzero(x)", "T.rsqrt(x)", "T.sin(x)", "T.trunc(x)",
    "T.median(x)", "T.nan_to_num(x)", "T.lerp(x, x, 0.5)", "T.logaddexp(x, x)", "T.deg2rad(x)",
    "T.tril(x.reshape(2, 1))", "T.ldexp(x, T.tensor([1, 2]))",
)  # fmt: skip


# Where NumPy's answer stands: PyTorch has no arithmetic on booleans to follow here.
DIFFERENT = {("x ** y", "bool", "int8"), ("T.square(x)", "int64", "int8"), ("x.any()", "uint8", "bool")}


def dtype_or_error(call: str, package: Any, **operands: Any) -> str:
    try:
        with np.errstate(all="ignore"):
            return str(eval(call, {"T": package}, operands).dtype).removeprefix("torch.")
    except (RuntimeError, TypeError, ValueError, IndexError, NotImplementedError):
        return "error"


def make(package: Any, dtype: str, shape: tuple[int, ...]) -> Any:
    return package.ones(shape, dtype=getattr(package, dtype))


@pytest.mark.parametrize("call", BINARY)
def test_two_operands(call: str) -> None:
    different = []
    numbers = [True, 2, 2.5]
    for left, right in product([*product(DTYPES, ((2,), ())), *numbers], repeat=2):
        has_number = left in numbers or right in numbers
        if (left in numbers and right in numbers) or (has_number and "reshape" in call):
            continue
        found = []
        for package in (tg, torch):
            x, y = (make(package, *one) if isinstance(one, tuple) else one for one in (left, right))
            found.append(dtype_or_error(call, package, x=x, y=y))
        if found[0] != found[1] and "error" not in found and (call, found[1], found[0]) not in DIFFERENT:
            different.append((left, right, *found))
    assert not different


@pytest.mark.parametrize("call", UNARY)
@pytest.mark.parametrize("dtype", DTYPES)
def test_one_operand(call: str, dtype: str) -> None:
    ours, theirs = (dtype_or_error(call, package, x=make(package, dtype, (2,))) for package in (tg, torch))
    if "error" not in (ours, theirs) and (call, theirs, ours) not in DIFFERENT:
        assert ours == theirs
