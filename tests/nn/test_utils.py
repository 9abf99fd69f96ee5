"""Limits on gradients, and parameters as one vector."""

from __future__ import annotations

import numpy as np
import pytest

import nn
import tinygrad_scratch as tg
from nn import utils


def with_gradient(*values: float) -> tg.Tensor:
    weight = tg.zeros(len(values), requires_grad=True)
    weight.grad = tg.tensor(list(values))
    return weight


def test_gradients_within_the_limit_stay_as_they_are() -> None:
    weight = with_gradient(3.0, 4.0)
    assert utils.clip_grad_norm_([weight], 6.0).item() == 5
    assert weight.grad.tolist() == [3, 4]


def test_parameters_without_gradients_are_passed_over() -> None:
    weight, other = with_gradient(3.0, -4.0), tg.zeros(2, requires_grad=True)
    utils.clip_grad_value_([other, weight], 3.5)
    assert weight.grad.tolist() == [3, -3.5]
    assert utils.clip_grad_norm_([other], 1.0).item() == 0
    assert other.grad is None


@pytest.mark.parametrize("bad", [float("inf"), float("nan")])
def test_a_norm_that_is_not_finite(bad: float) -> None:
    weight = with_gradient(1.0, bad)
    with pytest.raises(RuntimeError, match=r"norm of order 2\.0 is (inf|nan), so they cannot be clipped"):
        utils.clip_grad_norm_(weight, 1.0, error_if_nonfinite=True)
    assert weight.grad[0].item() == 1
    with np.errstate(invalid="ignore"):  # infinity · 0
        assert not np.isfinite(utils.clip_grad_norm_([weight], 1.0).item())


def test_a_gradient_keeps_its_dtype() -> None:
    single, double = with_gradient(3.0), tg.zeros(1, dtype=tg.float64, requires_grad=True)
    double.grad = tg.tensor([4.0], dtype=tg.float64)
    assert utils.clip_grad_norm_([single, double], 1.0).dtype == tg.float64
    assert [single.grad.dtype, double.grad.dtype] == [tg.float32, tg.float64]
    np.testing.assert_allclose([single.grad.item(), double.grad.item()], [0.6, 0.8], rtol=1e-6)


def test_a_generator_that_is_used_up_is_noticed() -> None:
    model = nn.Linear(2, 1)
    parameters = (parameter for parameter in model.parameters())
    list(parameters)
    with pytest.warns(UserWarning, match="clip_grad_norm_: got a generator that gives nothing"):
        utils.clip_grad_norm_(parameters, 1.0)


def test_parameters_as_a_vector_and_back() -> None:
    model, other = nn.MLP(3, [4], 2), nn.MLP(3, [4], 2)
    vector = utils.parameters_to_vector(model.parameters())
    assert vector.shape == (26,)
    utils.vector_to_parameters(vector, other.parameters())
    for (name, a), b in zip(model.named_parameters(), other.parameters(), strict=True):
        np.testing.assert_array_equal(a.detach(), b.detach(), err_msg=name)
        assert b.is_leaf
        assert b.requires_grad
    vector.square().sum().backward()
    np.testing.assert_allclose(model.layers[0].weight.grad.numpy(), 2 * model.layers[0].weight.detach().numpy())


def test_vectors_of_another_size_are_refused_and_nothing_changed() -> None:
    weight = tg.ones(3)
    for size in (2, 4):
        with pytest.raises(ValueError, match=rf"have 3 values, but the vector has shape \({size},\)"):
            utils.vector_to_parameters(tg.zeros(size), [weight])
    with pytest.raises(TypeError, match="expected a tensor, got list"):
        utils.vector_to_parameters([1.0, 2.0, 3.0], [weight])
    assert weight.tolist() == [1, 1, 1]
