"""Initial values: bounds, moments and structure, from a fixed seed, so that nothing here is left to chance."""

from __future__ import annotations

from collections.abc import Callable
from math import sqrt

import numpy as np
import pytest

import nn
import tinygrad_scratch as tg
from nn import init

Fill = Callable[[tg.Tensor], tg.Tensor]

# Of 200,000 numbers, mean and deviation are within this share of the deviation of what they are expected to be.
CLOSE = 0.01


@pytest.mark.parametrize(
    ("fill", "mean", "std", "low", "high"),
    [
        (init.uniform_, 0.5, sqrt(1 / 12), 0, 1),
        (lambda t: init.uniform_(t, -3, 1), -1, 4 * sqrt(1 / 12), -3, 1),
        (init.normal_, 0, 1, -np.inf, np.inf),
        (lambda t: init.normal_(t, 2, 0.5), 2, 0.5, -np.inf, np.inf),
        (init.xavier_uniform_, 0, sqrt(2 / 900), -sqrt(6 / 900), sqrt(6 / 900)),
        (lambda t: init.xavier_uniform_(t, 5 / 3), 0, 5 / 3 * sqrt(2 / 900), -0.15, 0.15),
        (init.xavier_normal_, 0, sqrt(2 / 900), -np.inf, np.inf),
        (init.kaiming_uniform_, 0, sqrt(2 / 500), -sqrt(6 / 500), sqrt(6 / 500)),
        (lambda t: init.kaiming_uniform_(t, a=sqrt(5)), 0, sqrt(1 / 1500), -sqrt(1 / 500), sqrt(1 / 500)),
        (lambda t: init.kaiming_uniform_(t, mode="fan_out", nonlinearity="relu"), 0, sqrt(2 / 400), -0.13, 0.13),
        (init.kaiming_normal_, 0, sqrt(2 / 500), -np.inf, np.inf),
        (lambda t: init.kaiming_normal_(t, mode="fan_out", nonlinearity="linear"), 0, 0.05, -np.inf, np.inf),
    ],
)
@pytest.mark.parametrize("dtype", [tg.float32, tg.float64])
def test_moments_and_bounds(fill: Fill, mean: float, std: float, low: float, high: float, dtype: np.dtype) -> None:
    weight = tg.empty(400, 500, dtype=dtype)
    assert fill(weight) is weight
    assert weight.dtype == dtype
    values = weight.numpy().astype(np.float64)
    assert abs(values.mean() - mean) < CLOSE * std
    assert abs(values.std() / std - 1) < CLOSE
    assert low <= values.min() < values.max() <= high


@pytest.mark.parametrize(
    ("mean", "std", "a", "b"),
    [(0, 1, -2, 2), (1, 2, 0, 10), (0, 1, 3, 4), (0, 1, 5, 1e6), (-3, 0.5, -1, 0), (0, 10, -0.1, 0.1)],
)
def test_truncated_normal_numbers_have_the_distribution_of_what_is_left(
    mean: float, std: float, a: float, b: float
) -> None:
    values = np.sort(init.trunc_normal_(tg.empty(100_000, dtype=tg.float64), mean, std, a, b).numpy())
    assert a <= values[0] < values[-1] <= b
    grid = np.linspace(a, min(b, max(a, mean) + 12 * std), 100_001)
    density = np.exp(-(((grid - mean) / std) ** 2) / 2 + max((a - mean) / std, 0) ** 2 / 2)
    share = np.cumsum(density) / density.sum()
    expected = np.interp(values, grid, share)
    assert np.abs(expected - np.linspace(0, 1, len(values))).max() < 0.006


def test_values_that_are_not_random() -> None:
    assert init.constant_(tg.empty(2), 3.5).tolist() == [3.5, 3.5]
    assert init.ones_(tg.empty(2, dtype=tg.int64)).tolist() == [1, 1]
    assert init.zeros_(tg.ones(2)).tolist() == [0, 0]
    assert init.eye_(tg.empty(2, 3)).tolist() == [[1, 0, 0], [0, 1, 0]]


@pytest.mark.parametrize("shape", [(5, 5), (3, 7), (7, 3), (4, 2, 3)])
def test_orthogonal_rows_or_columns(shape: tuple[int, ...]) -> None:
    matrix = init.orthogonal_(tg.empty(*shape, dtype=tg.float64), gain=2.0).numpy().reshape(shape[0], -1)
    smaller = matrix if matrix.shape[0] <= matrix.shape[1] else matrix.T
    np.testing.assert_allclose(smaller @ smaller.T, 4 * np.eye(len(smaller)), atol=1e-12)


def test_orthogonal_matrices_are_drawn_uniformly() -> None:
    """The entries of a uniform one have mean 0 and variance 1/n; without care for signs, the diagonal's have not."""
    draws = np.stack([init.orthogonal_(tg.empty(3, 3)).numpy() for _ in range(5000)])
    assert np.abs(draws.mean(axis=0)).max() < 0.03
    assert np.abs(draws.var(axis=0) - 1 / 3).max() < 0.02


def test_sparse_columns() -> None:
    weight = init.sparse_(tg.empty(10, 2000), sparsity=0.25, std=0.5)
    is_zero = weight.numpy() == 0
    assert (is_zero.sum(axis=0) == 3).all()
    assert np.abs(is_zero.mean(axis=1) - 0.3).max() < 0.04
    assert abs(weight.numpy()[~is_zero].std() - 0.5) < 0.01


def test_fans_count_what_is_inside_further_dimensions() -> None:
    bound = sqrt(6 / (3 * 4 + 2 * 4))
    values = init.xavier_uniform_(tg.empty(2, 3, 4)).numpy()
    assert 0.9 * bound < np.abs(values).max() <= bound


RANDOM: list[Fill] = [
    init.uniform_,
    init.normal_,
    init.trunc_normal_,
    init.xavier_uniform_,
    init.xavier_normal_,
    init.kaiming_uniform_,
    init.kaiming_normal_,
    init.orthogonal_,
    lambda t, **options: init.sparse_(t, 0.5, **options),
]


@pytest.mark.parametrize("fill", RANDOM)
def test_the_generator_decides(fill: Callable[..., tg.Tensor]) -> None:
    first, second = (fill(tg.empty(4, 3), generator=tg.Generator().manual_seed(1)) for _ in range(2))
    np.testing.assert_array_equal(first.numpy(), second.numpy())
    tg.manual_seed(1)
    np.testing.assert_array_equal(first.numpy(), fill(tg.empty(4, 3)).numpy())


@pytest.mark.parametrize("fill", [*RANDOM, init.zeros_, init.eye_])
def test_parameters_are_filled_unrecorded(fill: Fill) -> None:
    weight = nn.Parameter(tg.full((4, 3), 7.0))
    assert fill(weight) is weight
    assert weight.is_leaf
    assert not (weight == 7).any()


@pytest.mark.parametrize("fill", RANDOM)
@pytest.mark.parametrize("shape", [(0, 3), (3, 0), (0, 0)])
def test_empty_tensors(fill: Fill, shape: tuple[int, ...]) -> None:
    assert fill(tg.empty(*shape)).shape == shape


@pytest.mark.parametrize("fill", RANDOM)
def test_integers_are_refused(fill: Fill) -> None:
    with pytest.raises(TypeError, match=r"floating point.* int64"):
        fill(tg.zeros(4, 3, dtype=tg.int64))


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: init.calculate_gain("rule"), "calculate_gain: 'rule' is not one of linear, .*, leaky_relu"),
        (lambda: init.calculate_gain("leaky_relu", True), "the slope of leaky_relu must be a number, got True"),
        (lambda: init.eye_(tg.empty(3)), r"eye_: needs a matrix \(2 dimensions\), got shape \(3,\)"),
        (lambda: init.dirac_(tg.empty(3, 2)), r"dirac_: needs the weight of a convolution, of 3 to 5 dimensions, got"),
        (lambda: init.dirac_(tg.empty(3, 2, 1), 2), "dirac_: 3 output channels cannot be divided into 2 groups"),
        (lambda: init.xavier_normal_(tg.empty(3)), r"xavier_normal_: needs a matrix .*, got shape \(3,\)"),
        (lambda: init.orthogonal_(tg.empty(3)), "orthogonal_: needs a matrix"),
        (lambda: init.sparse_(tg.empty(3), 0.1), "sparse_: needs a matrix"),
        (lambda: init.sparse_(tg.empty(3, 3), 1.5), r"sparse_: sparsity must lie in \[0, 1\], got 1.5"),
        (lambda: init.kaiming_normal_(tg.empty(3, 3), mode="in"), "mode must be 'fan_in' or 'fan_out', not 'in'"),
        (lambda: init.trunc_normal_(tg.empty(3), a=1, b=0), "trunc_normal_: needs a < b and std > 0, got a=1, b=0"),
        (lambda: init.trunc_normal_(tg.empty(3), std=0), "trunc_normal_: needs a < b and std > 0"),
    ],
)
def test_what_is_refused(call: Callable[[], object], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        call()
