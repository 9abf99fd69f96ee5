"""Activations."""

from __future__ import annotations

from tests.samples.sample import array, away_from_kinks, away_from_zero, more, normal, unary, unit

unary("relu", "np.maximum(x, 0)", away_from_zero)
for name, expected in {
    "elu": "np.where(x > 0, x, np.expm1(x))",
    "selu": "1.0507009873554805 * np.where(x > 0, x, 1.6732632423543772 * np.expm1(x))",
    "celu": "np.where(x > 0, x, np.expm1(x))",
    "leaky_relu": "np.where(x > 0, x, 0.01 * x)",
    "gelu": "x * special.ndtr(x)",
    "silu": "x * special.expit(x)",
    "mish": "x * np.tanh(np.logaddexp(x, 0))",
    "softplus": "np.logaddexp(x, 0)",
    "logsigmoid": "-np.logaddexp(-x, 0)",
    "softsign": "x / (1 + abs(x))",
    "tanhshrink": "x - np.tanh(x)",
    "relu6": "np.clip(x, 0, 6)",
    "hardtanh": "np.clip(x, -1, 1)",
    "hardsigmoid": "np.clip(x + 3, 0, 6) / 6",
    "hardswish": "x * np.clip(x + 3, 0, 6) / 6",
    "softshrink": "np.sign(x) * np.maximum(abs(x) - 0.5, 0)",
    "hardshrink": "np.where(abs(x) > 0.5, x, 0)",
}.items():
    unary(name, expected, away_from_kinks)
INPLACE = {
    "relu", "relu6", "elu", "selu", "celu", "leaky_relu", "silu", "mish", "hardtanh", "hardsigmoid", "hardswish"
}  # fmt: skip
for name in sorted(INPLACE):
    more(name, f"T.{name}(x * 2, inplace=True)", x=array(away_from_kinks, 2, 3))
for name in ("relu_", "elu_", "selu_", "celu_", "leaky_relu_", "hardtanh_", "rrelu_"):
    more(name, f"T.{name}(x * 2)", x=array(away_from_kinks, 2, 3))
more("elu", "T.elu(x * 2, 2.0, True)", "T.elu(x, alpha=2.0)", "T.celu(x, 2.0)", x=array(normal, 2, 3))
more("leaky_relu", "T.leaky_relu(x, negative_slope=0.3)", "T.rrelu(x, 0.1, 0.3)", x=array(normal, 2, 3))
more("gelu", "T.gelu(x, approximate='tanh')", x=array(normal, 2, 3))
more("softplus", "T.softplus(x, beta=2, threshold=1.0)", "T.softplus(x * 100)", x=array(away_from_kinks, 2, 3))
more("softshrink", "T.softshrink(x, 0.2)", "T.hardshrink(x, 0.2)", x=array(away_from_kinks, 2, 3))
more("hardtanh", "T.hardtanh(x, -2.0, 0.2)", x=array(away_from_kinks, 2, 3))
more("threshold", "T.threshold(x, 0.1, 5.0) -> np.where(x > 0.1, x, 5)", x=array(away_from_kinks, 2, 3))
more(
    "threshold_", "T.threshold_(x * 2, 0.1, 5.0)", "T.threshold(x * 2, 0.1, 5.0, True)", x=array(away_from_kinks, 2, 3)
)
more("rrelu", "T.rrelu(x * 2, 0.1, 0.3, False, True)", x=array(away_from_kinks, 2, 3))
more("rrelu", "T.rrelu(x) -> np.where(x > 0, x, x * (1 / 8 + 1 / 3) / 2)", x=array(away_from_kinks, 2, 3))
more("prelu", "T.prelu(x, w)", "T.prelu(x, w[:1])", x=array(away_from_kinks, 2, 3, 2), w=array(unit, 3))
more("prelu", "T.prelu(x, w)", x=array(away_from_kinks, 3), w=array(unit, 1))
more("glu", "T.glu(x)", "T.glu(x, dim=0)", "T.glu(x, 1)", x=array(normal, 2, 4))
