"""Parametrized weights: once in a block, what they refuse, and what an optimizer makes of them."""

from __future__ import annotations

import pickle
from copy import deepcopy
from typing import Any

import numpy as np
import pytest

import nn
import tinygrad_scratch as tg
from nn.utils import parametrizations, parametrize


class Cut(nn.Module):
    def forward(self, x: tg.Tensor) -> tg.Tensor:
        return x[:1]


class Counting(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.count = 0

    def forward(self, x: tg.Tensor) -> tg.Tensor:
        self.count += 1
        return x.tanh()


def test_a_weight_is_computed_once_in_a_block() -> None:
    counting = Counting()
    layer = parametrize.register_parametrization(nn.Linear(2, 2), "weight", counting)
    counting.count = 0
    with parametrize.cached():
        with parametrize.cached():
            layer(layer(tg.ones(1, 2)))
        layer(tg.ones(1, 2)).sum().backward()
    assert counting.count == 1
    layer(tg.ones(1, 2))
    layer(tg.ones(1, 2))
    assert counting.count == 3


def test_a_buffer_may_be_parametrized() -> None:
    layer = nn.BatchNorm1d(3)
    parametrize.register_parametrization(layer, "running_mean", Counting())
    assert "parametrizations.running_mean.original" in layer.state_dict()
    assert "running_mean" not in layer.state_dict()
    parametrize.remove_parametrizations(layer, "running_mean")
    assert sorted(layer.state_dict()) == sorted(nn.BatchNorm1d(3).state_dict())


def test_an_optimizer_learns_what_the_weight_is_computed_from() -> None:
    layer = parametrizations.orthogonal(nn.Linear(4, 4))
    optimizer = tg.optim.SGD(layer.parameters(), lr=0.5)
    before = layer.weight.detach().clone()
    layer(tg.rand(8, 4)).square().mean().backward()
    optimizer.step()
    weight = layer.weight.detach()
    assert ((weight - before).abs() > 1e-3).any()
    np.testing.assert_allclose((weight @ weight.mT).numpy(), np.eye(4), atol=1e-5)


@pytest.mark.parametrize(
    ("call", "error", "message"),
    [
        (
            "P.register_parametrization(layer, 'other', nn.Tanh())",
            ValueError,
            "Linear has no parameter or buffer 'other'",
        ),
        ("P.register_parametrization(layer, 'weight', cut)", ValueError, r"forward must return float32 \(2, 3\), not"),
        ("P.remove_parametrizations(layer, 'weight')", ValueError, "Linear has no parametrized 'weight'"),
        ("P.remove_parametrizations(W.weight_norm(layer), 'weight', False)", ValueError, "several originals and must"),
        ("setattr(P.register_parametrization(layer, 'bias', nn.Tanh()), 'bias', x)", RuntimeError, "no right_inverse"),
        ("W.spectral_norm(layer, dim=2)", IndexError, "spectral_norm: dim 2 is out of range for a weight of 2"),
        ("W.spectral_norm(layer, n_power_iterations=0)", ValueError, "n_power_iterations must be positive, not 0"),
        ("W.orthogonal(layer, 'bias')", ValueError, r"orthogonal: needs a matrix or a batch of matrices, not shape"),
        ("W.orthogonal(layer, orthogonal_map='qr')", ValueError, "'cayley', 'householder', not 'qr'"),
        ("W.orthogonal(layer, 'other')", ValueError, "orthogonal: Linear has no parameter or buffer 'other'"),
        ("pickle.dumps(W.weight_norm(layer))", RuntimeError, "a parametrized module cannot be pickled"),
        ("W.weight_norm(layer).other", AttributeError, "'ParametrizedLinear' object has no attribute 'other'"),
        ("U.weight_norm(U.weight_norm(layer))", RuntimeError, "Linear.weight has been normalized so already"),
        ("U.remove_weight_norm(layer)", ValueError, "Linear.weight has not been normalized so"),
        ("U.spectral_norm(layer, 'bias2')", ValueError, "Linear.bias2 is no parameter, and cannot be normalized"),
    ],
)
def test_what_does_not_fit(call: str, error: type[Exception], message: str) -> None:
    names: dict[str, Any] = {"P": parametrize, "W": parametrizations, "U": nn.utils, "nn": nn, "pickle": pickle}
    with pytest.raises(error, match=message):
        eval(call, names, {"layer": nn.Linear(3, 2), "cut": Cut(), "x": tg.ones(2)})


def test_a_copy_made_before_the_first_call_of_a_hooked_layer() -> None:
    layer = nn.utils.weight_norm(nn.Linear(3, 2))
    copy = deepcopy(layer)
    x = tg.rand(4, 3)
    np.testing.assert_array_equal(layer(x).detach().numpy(), copy(x).detach().numpy())
    copy(x).sum().backward()
    assert layer.weight_g.grad is None
