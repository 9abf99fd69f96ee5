"""The documented gradients at kinks, jumps and ties; and finite results of extreme inputs, without a warning."""

from __future__ import annotations

import numpy as np
import pytest

import tinygrad_scratch as tg

# Calls on x, the points, and the gradient of the sum there.
KINKS = {
    "tg.relu(x)": ([-1.0, 0.0, 1.0], [0, 0, 1]),
    "abs(x)": ([-1.0, 0.0, 1.0], [-1, 0, 1]),
    "tg.clamp(x, -1, 1)": ([-2.0, -1.0, 1.0, 2.0], [0, 1, 1, 0]),
    "tg.clamp(x, max=tg.tensor(1.0))": ([1.0, 2.0], [1, 0]),
    "tg.hardtanh(x)": ([-1.0, 0.0, 1.0], [0, 1, 0]),
    "tg.relu6(x)": ([0.0, 6.0], [0, 0]),
    "tg.leaky_relu(x, 0.1)": ([0.0], [0.1]),
    "tg.elu(x)": ([0.0], [1]),
    "tg.softshrink(x, 1)": ([-1.0, 1.0, 2.0], [0, 0, 1]),
    "tg.hardshrink(x, 1)": ([-1.0, 1.0, 2.0], [0, 0, 1]),
    "tg.threshold(x, 1, 5)": ([1.0, 2.0], [0, 1]),
    "tg.maximum(x, tg.tensor([1.0, 1.0, 1.0]))": ([0.0, 1.0, 2.0], [0, 0.5, 1]),
    "tg.minimum(x, tg.tensor([1.0, 1.0, 1.0]))": ([0.0, 1.0, 2.0], [1, 0.5, 0]),
    "x.amax()": ([3.0, 1.0, 3.0], [0.5, 0, 0.5]),
    "x.max()": ([3.0, 1.0, 3.0], [0.5, 0, 0.5]),
    "x.min()": ([1.0, 1.0, 3.0], [0.5, 0.5, 0]),
    "x.max(0).values": ([3.0, 1.0, 3.0], [1, 0, 0]),
    "x.amax() + tg.minimum(x, tg.tensor(0.0))": ([float("nan"), -1.0, float("nan")], [2.5, 1, 2.5]),
    "x.amin(0) + x.median()": ([float("nan"), 1.0], [2, 0]),
    "tg.index_fill(tg.zeros(3), 0, tg.tensor([0, 0, 1]), x.sum())": ([5.0], [2]),
    "tg.quantile(tg.tensor([1.0, 5.0, 6.0]).double(), x)": ([0.25, 0.75], [8, 2]),
    "x.median()": ([1.0, 2.0, 2.0, 3.0], [0, 0.5, 0.5, 0]),
    "x.sort().values * tg.tensor([1.0, 2.0, 3.0])": ([2.0, 1.0, 2.0], [2, 1, 3]),
    "x.norm()": ([0.0, 0.0], [0, 0]),
    "tg.linalg.vector_norm(x, 3)": ([0.0, 0.0], [0, 0]),
    "tg.cdist(x.reshape(1, 2), x.reshape(1, 2))": ([1.0, 2.0], [0, 0]),
    "x.std()": ([2.0, 2.0], [0, 0]),
    "tg.floor(x) + tg.ceil(x) + tg.round(x) + tg.trunc(x) + tg.sign(x)": ([0.0, 0.5, 1.0], [0, 0, 0]),
    "tg.sinc(x)": ([0.0], [0]),
    "x.prod()": ([0.0, 2.0, 3.0], [6, 0, 0]),
    "x.cumprod(0)": ([0.0, 2.0, 0.0], [1 + 2 + 0, 0, 0]),
    "tg.logaddexp(x, tg.tensor(float('-inf'))).exp()": ([float("-inf"), 0.0], [0, 1]),
    "tg.logaddexp2(x, tg.tensor(float('-inf'))).exp2()": ([float("-inf"), 0.0], [0, np.log(2)]),
    "x.logcumsumexp(0).exp()": ([float("-inf"), 0.0], [0, 1]),
    "x.nanmedian()": ([1.0, float("nan"), 1.0, 3.0], [0.5, 0, 0.5, 0]),
    "tg.scatter_reduce(tg.zeros(1).double(), 0, tg.tensor([0, 0, 0]), x, 'amax')": ([1.0, 2.0, 2.0], [0, 0.5, 0.5]),
    "tg.renorm(x.reshape(1, -1), 2, 0, 1.0)": ([0.0, 0.0], [1, 1]),
    "x ** 0": ([0.0, 2.0], [0, 0]),
    "x ** tg.tensor(2.0)": ([0.0, 2.0], [0, 4]),
    "tg.tensor(0.0) ** x": ([0.0, 2.0], [0, 0]),
    "tg.where(x > 0, x, 0 * x).sqrt() + (x == 0)": ([1.0], [0.5]),
    "tg.fmax(x, tg.tensor(float('nan')))": ([1.0], [1]),
}


@pytest.mark.parametrize("call", KINKS)
def test_subgradient(call: str) -> None:
    points, expected = KINKS[call]
    x = tg.tensor(points, dtype=tg.float64, requires_grad=True)
    result = eval(call, {"tg": tg, "x": x})
    result.sum().backward()
    np.testing.assert_allclose(x.grad.numpy(), expected, atol=1e-12)


@pytest.mark.parametrize("dtype", [np.float16, np.float32, np.float64])
@pytest.mark.parametrize("size", [20.0, 88.0, 100.0, 1e4])
@pytest.mark.parametrize(
    "call",
    [
        "tg.sigmoid(x)",
        "tg.tanh(x)",
        "tg.softmax(x, 0)",
        "tg.log_softmax(x, 0)",
        "tg.logsumexp(x, 0)",
        "tg.softplus(x)",
        "tg.logsigmoid(x)",
        "tg.logaddexp(x, -x)",
        "tg.silu(x)",
        "tg.gelu(x)",
        "tg.mish(x)",
        "tg.elu(x)",
        "tg.celu(x, 2.0)",
        "tg.erf(x)",
        "tg.binary_cross_entropy_with_logits(x, (x > 0).to(x.dtype), reduction='none')",
        "tg.binary_cross_entropy_with_logits(x, (x < 0).to(x.dtype), reduction='none')",
        "tg.cross_entropy(x.reshape(1, -1), tg.tensor([0]))",
        "tg.cross_entropy(x.reshape(1, -1), tg.tensor([2]), label_smoothing=0.1)",
    ],
)
def test_extreme_inputs_with_finite_results_give_no_warning_and_no_nan(call: str, size: float, dtype: type) -> None:
    """Warnings are errors here."""
    x = tg.tensor([-size, 0.0, size], dtype=dtype, requires_grad=True)
    result = eval(call, {"tg": tg, "x": x})
    assert np.isfinite(result.detach().numpy()).all()
    result.sum().backward()
    assert np.isfinite(x.grad.numpy()).all()
    assert x.grad.dtype == dtype


def test_probabilities_of_exactly_0_and_1() -> None:
    p = tg.tensor([0.0, 0.0, 1.0, 1.0], requires_grad=True)
    loss = tg.binary_cross_entropy(p, tg.tensor([0.0, 1.0, 0.0, 1.0]), reduction="none")
    assert loss.tolist() == [0, 100, 100, 0]
    loss.sum().backward()
    assert np.isfinite(p.grad.numpy()).all()
