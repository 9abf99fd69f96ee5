"""Limits on gradients, and parameters as one vector, beside PyTorch's."""

from __future__ import annotations

import numpy as np
import pytest

import tinygrad_scratch as tg
from nn import utils

torch = pytest.importorskip("torch", reason="needs PyTorch: pip install -e .[peers]")

INF = float("inf")


def both(dtype: type = np.float32) -> tuple[list[tg.Tensor], list[torch.Tensor]]:
    """Parameters here and there, with the same gradients, one of them without."""
    random = np.random.default_rng(0)
    mine, other = [], []
    for shape in ((3, 4), (), (5,)):
        value, gradient = (np.asarray(random.standard_normal(shape)).astype(dtype) for _ in range(2))
        mine.append(tg.tensor(value, requires_grad=True))
        other.append(torch.tensor(value, requires_grad=True))
        mine[-1].grad, other[-1].grad = tg.tensor(gradient), torch.tensor(gradient)
    mine[1].grad = other[1].grad = None
    return mine, other


def compare_gradients(mine: list[tg.Tensor], other: list[torch.Tensor], rtol: float) -> None:
    for a, b in zip(mine, other, strict=True):
        assert (a.grad is None) == (b.grad is None)
        if a.grad is not None:
            np.testing.assert_allclose(a.grad.numpy(), b.grad.numpy(), rtol=rtol)


@pytest.mark.parametrize("norm_type", [2.0, 1.0, 3.0, 0.5, 0.0, INF, -INF])
@pytest.mark.parametrize("max_norm", [0.1, 1.0, 100.0])
@pytest.mark.parametrize(("dtype", "rtol"), [(np.float32, 1e-6), (np.float64, 1e-14)])
def test_clip_grad_norm(norm_type: float, max_norm: float, dtype: type, rtol: float) -> None:
    mine, other = both(dtype)
    norm = utils.clip_grad_norm_(mine, max_norm, norm_type)
    other_norm = torch.nn.utils.clip_grad_norm_(other, max_norm, norm_type)
    np.testing.assert_allclose(norm.numpy(), other_norm.numpy(), rtol=rtol)
    assert norm.dtype == dtype
    compare_gradients(mine, other, rtol)


@pytest.mark.parametrize("clip_value", [0.1, 1.0, 100.0])
def test_clip_grad_value(clip_value: float) -> None:
    mine, other = both()
    utils.clip_grad_value_(mine, clip_value)
    torch.nn.utils.clip_grad_value_(other, clip_value)
    compare_gradients(mine, other, rtol=0)


@pytest.mark.parametrize("bad", [INF, float("nan")])
def test_gradients_that_are_not_finite(bad: float) -> None:
    mine, other = both()
    mine[0].grad.data[0, 0] = other[0].grad[0, 0] = bad
    with np.errstate(invalid="ignore"):  # infinity · 0
        utils.clip_grad_norm_(mine, 1.0)
    torch.nn.utils.clip_grad_norm_(other, 1.0)
    compare_gradients(mine, other, rtol=1e-6)
    for package, parameters in ((utils, mine), (torch.nn.utils, other)):
        with pytest.raises(RuntimeError, match="error_if_nonfinite=False"):
            package.clip_grad_norm_(parameters, 1.0, error_if_nonfinite=True)


def test_vectors() -> None:
    mine, other = both()
    vector, other_vector = utils.parameters_to_vector(mine), torch.nn.utils.parameters_to_vector(other)
    np.testing.assert_array_equal(vector.detach().numpy(), other_vector.detach().numpy())
    utils.vector_to_parameters(vector * 2, mine)
    torch.nn.utils.vector_to_parameters(other_vector * 2, other)
    for a, b in zip(mine, other, strict=True):
        np.testing.assert_array_equal(a.detach().numpy(), b.detach().numpy())
