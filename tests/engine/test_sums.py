"""Sums keep their digits: over any dimension, dtype and layout, errors grow with the logarithm of the count."""

from __future__ import annotations

from collections.abc import Callable
from math import fsum, log2
from typing import Any

import numpy as np
import pytest

import tinygrad_scratch as tg
from tinygrad_scratch import nn
from tinygrad_scratch.nn import functional as F

MANY = 100_003  # a prime, so that it can be split nowhere without a rest
DTYPES = (np.float64, np.float32, np.float16)

# An array in some layout, given a source of values, and the dimensions to sum it over.
LAYOUTS: dict[str, Callable[[Any], tuple[Any, Any]]] = {
    "rows": lambda of: (of(MANY, 3), 0),
    "columns": lambda of: (of(3, MANY), 1),
    "rows of a transposed matrix": lambda of: (of(3, MANY).T, 0),
    "columns of a transposed matrix": lambda of: (of(MANY, 3).T, -1),
    "every other row and column": lambda of: (of(2 * MANY, 6)[::2, ::2], 0),
    "every other value": lambda of: (of(2 * MANY)[::2], 0),
    "backwards": lambda of: (of(MANY, 3)[::-1, ::-1], 0),
    "outer and inner": lambda of: (of(1501, 3, 101), (0, 2)),
    "outer and middle": lambda of: (of(1501, 101, 3), (0, 1)),
    "inner two": lambda of: (of(3, 1501, 101), (1, -1)),
    "middle": lambda of: (of(2, MANY, 3), 1),
    "all": lambda of: (of(MANY, 3), None),
    "all, permuted": lambda of: (of(151, 31, 37).transpose(1, 2, 0), None),
    "all of a part": lambda of: (of(MANY, 5)[:, 1:4], None),
    "a row, repeated": lambda of: (np.broadcast_to(of(3), (MANY, 3)), 0),
    "a column, repeated": lambda of: (np.broadcast_to(of(MANY, 1), (MANY, 3)), 0),
    "a number, repeated": lambda of: (np.broadcast_to(of(1, 1), (MANY, 3)), (0, 1)),
    "overlapping windows": lambda of: (np.lib.stride_tricks.sliding_window_view(of(MANY), 3), 0),
}


def source(dtype: Any) -> Callable[..., Any]:
    """Arrays of a few values, repeated, so that rounding errors do not cancel out."""
    some = np.random.default_rng(0).uniform(0.01, 0.13, 7).astype(dtype)
    return lambda *shape: np.resize(some, shape)


def bound(count: int, dtype: Any) -> float:
    """The relative error that is allowed to a sum of so many positive values."""
    return 2.5 * float(np.finfo(dtype).eps) * log2(count)


def exact_sum(array: Any, dim: Any) -> Any:
    dims = range(array.ndim) if dim is None else np.atleast_1d(dim) % array.ndim
    rows = np.moveaxis(array, list(dims), range(-len(dims), 0)).reshape(*np.delete(array.shape, list(dims)), -1)
    return np.apply_along_axis(lambda row: fsum(row.tolist()), -1, rows)


@pytest.mark.parametrize("layout", LAYOUTS)
@pytest.mark.parametrize("dtype", DTYPES, ids=lambda dtype: dtype.__name__)
def test_sums_and_means_are_those_of_exact_arithmetic(layout: str, dtype: Any) -> None:
    array, dim = LAYOUTS[layout](source(dtype))
    exact = exact_sum(array, dim)
    count = array.size // exact.size
    tensor = tg.from_numpy(array)
    total, mean = tensor.sum(dim), tensor.mean(dim)
    assert total.dtype == mean.dtype == dtype
    np.testing.assert_allclose(total.numpy(), exact, rtol=bound(count, dtype))
    np.testing.assert_allclose(mean.numpy(), exact / count, rtol=bound(count, dtype))


@pytest.mark.parametrize("dim", [0, 1])
@pytest.mark.parametrize("dtype", DTYPES, ids=lambda dtype: dtype.__name__)
def test_running_sums_are_those_of_exact_arithmetic(dim: int, dtype: Any) -> None:
    array = source(dtype)(20_011, 2) if dim == 0 else source(dtype)(2, 20_011)
    exact = np.cumsum(array, dim, np.longdouble)
    result = tg.from_numpy(array).cumsum(dim)
    assert result.dtype == dtype
    np.testing.assert_allclose(result.numpy(), exact, rtol=bound(20_011, dtype))


# Operations that add up along the first dimension of x, forward or in their gradient.
OPERATIONS: dict[str, Callable[[tg.Tensor], tg.Tensor]] = {
    "sum": lambda x: x.sum(0),
    "mean": lambda x: x.mean(0),
    "nanmean": lambda x: x.nanmean(0),
    "var": lambda x: x.var(0),
    "std": lambda x: x.std(0),
    "norm": lambda x: tg.linalg.vector_norm(x, 2, 0),
    "norm of order 3": lambda x: tg.linalg.vector_norm(x, 3, 0),
    "normalize": lambda x: F.normalize(x, dim=0),
    "cosine similarity": lambda x: F.cosine_similarity(x, x - 0.07, dim=0),
    "logsumexp": lambda x: x.logsumexp(0),
    "softmax": lambda x: x.softmax(0),
    "log_softmax": lambda x: x.log_softmax(0),
    "batch_norm": lambda x: F.batch_norm(x, None, None, training=True),
    "layer_norm": lambda x: F.layer_norm(x.T.reshape(2, -1, 4), (MANY // 4, 4)),
    "cross entropy": lambda x: F.cross_entropy(x, tg.arange(len(x)) % 2),
    "mean squared error": lambda x: F.mse_loss(x, x * x),
    "cumsum": lambda x: x.cumsum(0),
    "einsum": lambda x: tg.einsum("ij->j", x),
    "trapezoid": lambda x: tg.trapezoid(x, dim=0),
    "a bias": lambda x: x * (x[0] + x[0]),
    "a number": lambda x: x * x[0, 0],
}


@pytest.mark.parametrize("name", OPERATIONS)
def test_operations_and_gradients_in_float32_are_near_those_in_float64(name: str) -> None:
    count = MANY - 3
    array = source(np.float32)(count, 2)
    single, double = (results(OPERATIONS[name], array.astype(dtype)) for dtype in (np.float32, np.float64))
    for found, right in zip(single, double, strict=True):
        np.testing.assert_allclose(found, right, rtol=0, atol=2 * bound(count, np.float32) * np.abs(right).max())


def results(operation: Callable[[tg.Tensor], tg.Tensor], array: Any) -> list[Any]:
    """What the operation gives, and its gradient in an ordinary pass and in one that is recorded."""
    x = tg.tensor(array, requires_grad=True)
    y = operation(x)
    start = tg.linspace(0.5, 1.0, y.numel(), dtype=y.dtype).reshape(y.shape)
    (plain,) = tg.autograd.grad(y, x, start, retain_graph=True)
    (recorded,) = tg.autograd.grad(y, x, start, create_graph=True)
    assert y.dtype == plain.dtype == recorded.dtype == array.dtype
    return [tensor.detach().numpy() for tensor in (y, plain, recorded)]


def test_constant_columns_of_two_million_rows() -> None:
    row, few = tg.tensor([100.0, 0.1]), bound(2_000_000, np.float32)
    rows = row.expand(2_000_000, 2)
    assert ((rows.mean(0) - row).abs() <= row * few).all()
    assert rows.std(0).tolist() == [0, 0]


def test_gradient_of_a_bias_in_a_batch_of_a_million() -> None:
    layer = nn.Linear(1, 2)
    layer(tg.ones(1_000_000, 1)).backward(tg.full((1_000_000, 2), 0.1))
    assert layer.bias.grad is not None
    np.testing.assert_allclose(layer.bias.grad.numpy(), 1e5, rtol=1e-6)


def test_a_batch_of_a_million_moves_running_statistics_to_its_own() -> None:
    layer = nn.BatchNorm1d(1, momentum=1.0)
    layer(tg.tensor([[99.0], [101.0]]).repeat(500_000, 1))
    assert layer.running_mean is not None
    assert layer.running_var is not None
    np.testing.assert_allclose(layer.running_mean.numpy(), 100, rtol=1e-6)
    np.testing.assert_allclose(layer.running_var.numpy(), 1, rtol=1e-5)


# What float16 gives for 100,000 values of 300, whose sum and squares it cannot hold, and for their gradients.
HALF = {
    "mean": (lambda x: x.mean(), 300, 1e-5),
    "mean of rows": (lambda x: x.reshape(1000, 100).mean(0).max(), 300, None),
    "norm": (lambda x: (x[:1000] / 2).norm(), 300 / 2 * 1000**0.5, None),
    "norm of order 3": (lambda x: tg.linalg.vector_norm(x[:1000], 3), 3000, 0.01),
    "std": (lambda x: (x * x.new_tensor([1, -1]).repeat(50_000)).std(), 300, None),
    "logsumexp": (lambda x: x.logsumexp(0), 300 + np.log(1e5), None),
    "rms_norm": (lambda x: F.rms_norm(x, [100_000])[0], 1, None),
    "mse_loss": (lambda x: F.mse_loss(x, (x - 20).detach()), 400, 40e-5),
    "l1_loss": (lambda x: F.l1_loss(x, x * 0), 300, 1e-5),
    "cumsum": (lambda x: (x[:5000] / 300).cumsum(0)[-1], 5000, None),
}


@pytest.mark.parametrize("name", HALF)
def test_float16_is_summed_in_float32(name: str) -> None:
    operation, expected, expected_gradient = HALF[name]
    x = tg.full((100_000,), 300.0, dtype=tg.float16, requires_grad=True)
    y = operation(x)
    y.backward()
    assert x.grad is not None
    assert y.dtype == x.grad.dtype == tg.float16
    np.testing.assert_allclose(y.item(), expected, rtol=2e-3)
    assert x.grad.isfinite().all()
    if expected_gradient is not None:
        np.testing.assert_allclose(x.grad[0].item(), expected_gradient, rtol=5e-3)


def test_float16_is_multiplied_in_float32() -> None:
    x = tg.tensor([300.0, 300.0, 0.001, 0.001], dtype=tg.float16)
    np.testing.assert_allclose(x.prod().item(), 0.09, rtol=2e-3)
    products = tg.full((2000,), 1.0009765625, dtype=tg.float16).cumprod(0)  # that is 1 + 2⁻¹⁰
    np.testing.assert_allclose(products[-1].item(), 1.0009765625**2000, rtol=2e-3)


def test_what_is_added_at_one_place_is_added_in_float32() -> None:
    ones, nowhere = tg.ones(5000, dtype=tg.float16), tg.zeros(5000, dtype=tg.int64)
    table = tg.zeros(1, 1, dtype=tg.float16, requires_grad=True)
    F.embedding(nowhere, table).backward(ones[:, None])
    assert table.grad is not None
    assert table.grad.item() == 5000
    assert tg.zeros(1, dtype=tg.float16).scatter_add(0, nowhere, ones).item() == 5000
    assert tg.zeros(1, dtype=tg.float16).index_put([nowhere], ones, accumulate=True).item() == 5000


def test_clipping_float16_gradients_whose_squares_overflow() -> None:
    weight = tg.zeros(2, dtype=tg.float16, requires_grad=True)
    weight.grad = tg.tensor([300.0, 400.0], dtype=tg.float16)
    assert nn.utils.clip_grad_norm_(weight, max_norm=5.0).item() == 500
    np.testing.assert_allclose(weight.grad.numpy(), [3, 4], rtol=1e-3)


@pytest.mark.parametrize("normalize", [F.layer_norm, F.rms_norm])
def test_float16_is_normalized_where_its_squares_overflow(normalize: Callable[..., tg.Tensor]) -> None:
    array = np.random.default_rng(0).uniform(-3000, 3000, (2, 100)).astype(np.float16)
    half, double = (results(lambda x: normalize(x, [100]), array.astype(dtype)) for dtype in (np.float16, np.float64))
    for found, right in zip(half, double, strict=True):
        np.testing.assert_allclose(found, right, rtol=0, atol=4 * np.finfo(np.float16).eps * np.abs(right).max())


@pytest.mark.parametrize("dtype", ["bool", "int8", "uint8", "int32", "int64"])
def test_sums_of_integers_are_exact_in_int64(dtype: str) -> None:
    array = np.arange(300_000).reshape(3, 1000, 100).astype(dtype)
    total = tg.tensor(array).sum((0, 1))
    assert total.dtype == tg.int64
    np.testing.assert_array_equal(total.numpy(), array.sum((0, 1), np.int64))
    np.testing.assert_array_equal(tg.tensor(array).cumsum(1).numpy(), array.cumsum(1, np.int64))


def test_sums_of_nothing_and_of_one_value() -> None:
    assert tg.zeros(1000, 0, 5).sum(0).shape == (0, 5)
    assert tg.zeros(1000, 0, 5).sum(1).tolist() == [[0.0] * 5] * 1000
    assert tg.zeros(1000, 0, 5).sum((0, 1), keepdim=True).shape == (1, 1, 5)
    assert tg.zeros(1000, 0).cumsum(0).shape == (1000, 0)
    assert tg.tensor(2.0).sum().item() == tg.tensor(2.0).mean(0).item() == tg.tensor(2.0).cumsum(0).item() == 2


@pytest.mark.parametrize("spread", [tg.var, tg.std])
def test_spread_of_too_few_values_is_nan_and_so_is_its_gradient(spread: Callable[..., tg.Tensor]) -> None:
    x = tg.tensor([[1.0], [2.0]], requires_grad=True)
    for create_graph in (False, True):
        y = spread(x, dim=1)
        (gradient,) = tg.autograd.grad(y, x, tg.ones(2), create_graph=create_graph)
        assert y.isnan().all()
        assert gradient.isnan().all()
    nothing = tg.zeros(0, 3, requires_grad=True)
    assert spread(nothing, dim=0).isnan().tolist() == [True] * 3
    assert spread(nothing).isnan()
    assert spread(nothing, dim=1).shape == (0,)
    assert tg.autograd.grad(spread(nothing), nothing)[0].shape == (0, 3)
    assert spread(tg.tensor([1.0, 2.0]), correction=3).item() == np.inf  # as in PyTorch
