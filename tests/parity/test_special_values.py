"""Values and gradients of every elementwise and activation function at ±∞, ±0, NaN and where numbers overflow."""

from __future__ import annotations

import re
from typing import Any

import numpy as np
import pytest

import tinygrad_scratch as tg
from tinygrad_scratch.ops.math import arithmetic, elementwise, special
from tinygrad_scratch.ops.neural import activation
from tinygrad_scratch.record.operation import FUNCTIONS

torch = pytest.importorskip("torch", reason="needs PyTorch: pip install -e .[peers]")
from tests.parity.test_operations import Torch  # noqa: E402, which without torch cannot be imported

SPECIAL = np.array([-np.inf, -1e30, -100, -1, -0.5, -0.0, 0.0, 0.5, 1, 100, 1e30, np.inf, np.nan])

NAMES = """absolute acos acosh asin asinh atan atanh ceil cos cosh deg2rad digamma erf erfc erfinv exp exp2 expm1 floor
    frac lgamma log log10 log1p log2 logit nan_to_num negative positive rad2deg reciprocal round rsqrt sigmoid sign sin
    sinc sinh sqrt square tan tanh trunc
    i0 special.entr special.erfcx special.i0e special.i1 special.i1e special.log_ndtr special.ndtr special.ndtri
    celu elu gelu hardshrink hardsigmoid hardswish hardtanh leaky_relu logsigmoid mish relu relu6 rrelu selu silu
    softplus softshrink softsign tanhshrink"""

CALLS = (
    [f"T.{name}(x)" for name in NAMES.split()]
    + """\
1 - x
1 / x
x * 2
x / 2
x % 3
x ** 2
2 ** x
0 ** x
T.pow(x, -2)
T.pow(x, -1)
T.pow(x, 0)
T.pow(x, 0.5)
T.pow(x, 1)
T.pow(x, 2.5)
T.pow(x, 3)
T.float_power(x, 2)
T.fmod(x, 3)
T.frexp(x).mantissa
T.ldexp(x, T.tensor(1.0))
T.lerp(x, 2 * x, 0.5)
T.addcmul(x, x, x)
T.addcdiv(x, x, x)
T.where(x > 0, x, 0.0)
T.clamp(x, -1.0, 1.0)
T.clamp(x, min=0.0)
T.clamp(x, max=0.0)
T.logit(x, eps=1e-3)
T.mvlgamma(x, 2)
T.polygamma(1, x)
T.polygamma(2, x)
T.celu(x, alpha=2.0)
T.elu(x, alpha=2.0)
T.gelu(x, approximate='tanh')
T.hardshrink(x, 0.0)
T.leaky_relu(x, -0.5)
T.prelu(x.reshape(1, -1), w)
T.softplus(x, beta=2.0)
T.softshrink(x, 0.0)
T.threshold(x, 0.0, 1.0)
T.softmax(T.stack([x, 0 * w]), dim=0)
T.log_softmax(T.stack([x, 0 * w]), dim=0)
T.softmin(T.stack([x, 0 * w]), dim=0)
T.glu(T.cat([x, w]))
T.glu(T.cat([w, x]))
T.add(x, y)
T.subtract(x, y)
T.multiply(x, y)
T.divide(x, y)
T.pow(x, y)
T.remainder(x, y)
T.fmod(x, y)
T.maximum(x, y)
T.minimum(x, y)
T.fmax(x, y)
T.fmin(x, y)
T.hypot(x, y)
T.copysign(x, y)
T.nextafter(x, y)
T.atan2(x, y)
T.logaddexp(x, y)
T.logaddexp2(x, y)
T.xlogy(x, y)
T.special.xlog1py(x, y)
T.where(x > y, x, y)
T.lerp(x, y, 0.3)
T.clamp(x, min=y)
T.clamp(x, max=y)
T.clamp(x, y, y + 1)""".splitlines()
)

# Where not to compare, and why.
DIFFERENT = {
    "T.sign(x)": ("isnan(x)", "a NaN stays one, as in NumPy; in PyTorch its sign is 0"),
    "T.absolute(x)": ("isnan(x)", "as for sign"),
    "T.digamma(x)": ("x < 0", "PyTorch is not infinite at the poles"),
    "T.polygamma(1, x)": ("(x < 0) | (x == inf)", "PyTorch is not infinite at the poles, nor 0 at ∞"),
    "T.polygamma(2, x)": ("x == inf", "PyTorch is not 0 at ∞"),
    "T.mvlgamma(x, 2)": ("x <= 0.5", "is not defined there"),
    "T.special.i1(x)": ("isnan(x)", "PyTorch takes a NaN for a 0"),
    "T.special.i1e(x)": ("isnan(x) | (abs(x) == 1e30)", "as for i1; and it rounds"),
    "T.special.i0e(x)": ("abs(x) == 1e30", "PyTorch rounds"),
    "T.special.erfcx(x)": ("abs(x) >= 100", "what cancels out in the gradient is rounded differently"),
    "T.pow(x, 0.5)": ("(x == -inf) | (signbit(x) & (x == 0))", "PyTorch's gradient is that of sqrt there"),
    "T.copysign(x, y)": ("isinf(x)", "PyTorch divides infinity by itself"),
    "T.logaddexp(x, y)": ("isinf(x) & (x == y)", "both infinite get half of the gradient, in PyTorch NaN"),
    "T.logaddexp2(x, y)": ("(x == y) & (isinf(x) | (x == -1))", "as for logaddexp; and it rounds"),
    "T.clamp(x, min=y)": ("isnan(x) | isnan(y)", "the NaN gets the gradient, as in maximum; in PyTorch none does"),
    "T.clamp(x, max=y)": ("isnan(x) | isnan(y)", "as for min"),
    "T.clamp(x, y, y + 1)": ("isnan(x) | (y + 1 == y) | isnan(y)", "as for min; and if the bounds are equal"),
    "T.sinc(x)": ("abs(x) == 1e30", "what is a whole number there depends on rounding"),
    "T.nextafter(x, y)": ("x == y", "PyTorch gives no gradient to equal numbers"),
    "T.gelu(x)": ("x == inf", "PyTorch multiplies infinity by 0"),
    "T.hardsigmoid(x)": ("~(abs(x) > 1)", "PyTorch's gradient has the digits of float32, and is 0 for a NaN"),
    "T.hardswish(x)": ("isnan(x)", "PyTorch takes a NaN for a large number"),
    "T.softsign(x)": ("abs(x) >= 1e30", "PyTorch's gradient is NaN at infinity, and rounds"),
}


# Not in the table: for integers, without a gradient in PyTorch, or another spelling of what stands there.
LEFT_OUT = {"gcd", "lcm", "floor_divide", "heaviside", "clamp_max", "clamp_min", "rsub"}


def test_every_function_of_numbers_stands_in_the_table() -> None:
    named = {function.__name__: function for function in FUNCTIONS.values()}
    modules = (elementwise, arithmetic, special, activation)
    functions = {name for name in named if any(getattr(module, name, None) is named[name] for module in modules)}
    called = set(re.findall(r"(\w+)\(", "\n".join(CALLS)))
    assert {name for name in functions - called if not name.endswith("_")} == LEFT_OUT


def outcome(call: str, package: Any, operands: dict[str, Any]) -> list[Any]:
    """The value, and a gradient for each operand."""
    T = Torch() if package is torch else package  # noqa: N806
    tensors = {name: package.tensor(array, requires_grad=True) for name, array in operands.items()}
    value = eval(call, {"T": T}, tensors)
    value.sum().backward()
    return [value.detach().numpy(), *(tensor.grad.numpy() for tensor in tensors.values() if tensor.grad is not None)]


@pytest.mark.parametrize("dtype", [np.float32, np.float64], ids=["float32", "float64"])
@pytest.mark.parametrize("call", CALLS)
def test_values_and_gradients_at_special_values(call: str, dtype: Any) -> None:
    x, y = (values.ravel() for values in np.meshgrid(SPECIAL, SPECIAL)) if "y" in call else (SPECIAL, SPECIAL)
    condition, _ = DIFFERENT.get(call, ("isnan(x) & False", ""))
    compared = ~eval(condition, vars(np), {"x": x, "y": y})
    operands = {"x": x[compared].astype(dtype), "w": np.full(compared.sum(), 0.25, dtype)}
    if "y" in call:
        operands = {"x": operands["x"], "y": y[compared].astype(dtype)}
    found, expected = outcome(call, tg, operands), outcome(call, torch, operands)
    assert len(found) == len(expected)
    tolerance = {"rtol": 1e-4, "atol": 1e-37} if dtype == np.float32 else {"rtol": 1e-9, "atol": 1e-300}
    for mine, other in zip(found, expected, strict=True):
        np.testing.assert_allclose(mine, other, **tolerance)
