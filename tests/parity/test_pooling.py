"""Pooling in PyTorch too: values, indices, first and second gradients, over options, odd sizes and memory orders."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np
import pytest

import tinygrad_scratch as tg
from tests.parity.beside import check_function, check_module

pytest.importorskip("torch", reason="needs PyTorch: pip install -e .[peers]")

SIZES = {1: (9,), 2: (9, 7), 3: (5, 4, 6)}  # by the number of spatial dimensions


def inputs(dims: int) -> Iterator[Any]:
    """With and without samples, none of them, in other memory orders, and with equal values."""
    random = np.random.default_rng(0)
    sizes = SIZES[dims]
    yield random.standard_normal((2, 3, *sizes))
    yield random.standard_normal((3, *sizes))
    yield np.zeros((0, 3, *sizes))
    yield np.moveaxis(random.standard_normal((3, *sizes, 2)), -1, 0)
    yield random.standard_normal((4, 3, *sizes))[::2, ::-1]
    yield random.integers(0, 3, (2, 3, *sizes)).astype(float)


@pytest.mark.parametrize("dims", SIZES)
@pytest.mark.parametrize(
    "options",
    [
        "2",
        "3, stride=1, padding=1",
        "kernel_size=2, stride=3, ceil_mode=True",
        "3, 2, 1, ceil_mode=True",
        "2, dilation=3",
        "3, 1, dilation=2, padding=1",
        "4, 4, 2",
        "1, 2",
    ],
)
def test_max_pool(dims: int, options: str) -> None:
    for x in inputs(dims):
        check_function(f"F.max_pool{dims}d(x, {options}, return_indices=True)", x=x)
        check_module(f"T.nn.MaxPool{dims}d({options})", x)


@pytest.mark.parametrize(
    "options",
    ["(2, 3)", "(3, 2), (1, 2), (1, 0), (2, 1)", "(1, 7)", "(9, 7), padding=(4, 3)", "(2, 1), (1, 3), (1, 0), 1, True"],
)
def test_max_pool_with_an_option_for_each_dimension(options: str) -> None:
    for x in inputs(2):
        check_function(f"F.max_pool2d_with_indices(x, {options})", x=x)


@pytest.mark.parametrize("dtype", ["float32", "float16", "int64", "uint8"])
def test_max_pool_in_other_dtypes(dtype: str) -> None:
    x = np.random.default_rng(0).integers(0, 9, (2, 6, 6)).astype(dtype)
    check_function("F.max_pool2d(x, 3, 2, 1, return_indices=True)", 0, x=x)


def test_maxima_that_are_not_numbers() -> None:
    random = np.random.default_rng(0)
    x = random.choice([1.0, 2.0, np.nan, np.inf, -np.inf], (2, 3, 8, 8))
    check_function("F.max_pool2d(x, 3, 2, 1, return_indices=True)", 1, x=x)
    check_function("F.max_pool2d(x, 2)", 1, x=x)


@pytest.mark.parametrize("dims", SIZES)
@pytest.mark.parametrize(
    "options",
    [
        "2",
        "3, stride=1, padding=1",
        "3, 2, 1, count_include_pad=False",
        "2, 3, ceil_mode=True",
        "4, 3, 2, True",
        "4, 3, 2, True, False",
        "1, 2",
    ],
)
def test_avg_pool(dims: int, options: str) -> None:
    for x in inputs(dims):
        check_function(f"F.avg_pool{dims}d(x, {options})", x=x)
        check_module(f"T.nn.AvgPool{dims}d({options})", x)


@pytest.mark.parametrize(
    "options", ["(2, 3), divisor_override=7", "(9, 7)", "(3, 2), (1, 2), (1, 0)", "(4, 2), 3, (2, 1), True, True, -2"]
)
def test_avg_pool_with_an_option_for_each_dimension(options: str) -> None:
    for x in inputs(2):
        check_function(f"F.avg_pool2d(x, {options})", x=x)
        check_module(f"T.nn.AvgPool2d({options})", x)


def test_avg_pool_of_integers() -> None:
    check_function("F.avg_pool2d(x, 2)", 0, x=np.random.default_rng(0).integers(-9, 9, (2, 4, 5)))


@pytest.mark.parametrize("dims", SIZES)
@pytest.mark.parametrize("output_size", [1, 2, 3, 7, "(2,) * {dims}", "(None, 3, 1)[-{dims}:]"])
def test_adaptive_pools(dims: int, output_size: Any) -> None:
    sizes = str(output_size).format(dims=dims)
    for x in inputs(dims):
        check_function(f"F.adaptive_avg_pool{dims}d(x, {sizes})", x=x)
        check_module(f"T.nn.AdaptiveAvgPool{dims}d({sizes})", x)
        check_function(f"F.adaptive_max_pool{dims}d(x, {sizes}, return_indices=True)", x=x)
        check_module(f"T.nn.AdaptiveMaxPool{dims}d({sizes}, return_indices=True)", x)


@pytest.mark.parametrize("dims", SIZES)
@pytest.mark.parametrize("options", ["2", "2, 3", "3, 2, 1"])
def test_max_unpool(dims: int, options: str) -> None:
    for x in inputs(dims):
        places = f"*F.max_pool{dims}d(x, {options}, return_indices=True), {options}"
        check_function(f"F.max_unpool{dims}d({places}, output_size=x.shape[-{dims}:])", x=x)
    y = np.ones((1, 2, *[2] * dims))
    places = np.arange(2**dims).reshape(1, 1, *[2] * dims).repeat(2, 1)
    check_module(f"T.nn.MaxUnpool{dims}d({options})", y, places)
    check_module(f"T.nn.MaxUnpool{dims}d(2)", y, places, forward=f"module({{}}, output_size=(1, 2) + {(5,) * dims})")


@pytest.mark.parametrize("dims", SIZES)
@pytest.mark.parametrize("options", ["2, 3", "3, 2, 1", "1.5, 2, 3", "2, 2, ceil_mode=True"])
def test_lp_pool(dims: int, options: str) -> None:
    for x in inputs(dims):
        check_function(f"F.lp_pool{dims}d(x.abs() + 1, {options})", x=x)
        check_module(f"T.nn.LPPool{dims}d({options})", np.abs(x) + 1)


def test_lp_pool_of_power_0() -> None:
    with pytest.raises(ValueError, match=r"^lp_pool2d: norm_type must not be 0"):
        tg.lp_pool2d(tg.ones(1, 2, 4, 4), 0, 2)


def test_lp_pool_of_zeros() -> None:
    check_function("F.lp_pool2d(x, 2, 2)", order=1, x=np.zeros((1, 2, 4, 4)))


@pytest.mark.parametrize("output_size", [0, (2, 0)])
def test_adaptive_pools_to_nothing(output_size: Any) -> None:
    x = np.random.default_rng(0).integers(0, 9, (2, 3, 5, 4)).astype(float)
    check_function(f"F.adaptive_avg_pool2d(x, {output_size})", 0, x=x)
    check_function(f"F.adaptive_max_pool2d(x, {output_size})", 0, x=x)


def test_booleans_are_refused() -> None:
    for pool in (tg.max_pool2d, tg.avg_pool2d):
        with pytest.raises(TypeError, match="needs a tensor of numbers, not bool"):
            pool(tg.ones(1, 2, 2, dtype=tg.bool), 2)


@pytest.mark.parametrize(
    ("call", "words"),
    [
        ("max_pool2d(x, 6)", r"max_pool2d: a kernel of size \(6, 6\) .* does not fit into an input of size \(5, 4\)"),
        ("max_pool2d(x, 2, padding=2)", "more than half of the kernel size"),
        ("max_pool2d(x, (2, 2, 2))", "kernel_size must be an integer or a tuple of 2"),
        ("max_pool2d(x, 2, stride=0)", "stride must be at least 1, got 0"),
        ("max_pool2d(x[0], 2)", r"max_pool2d: needs an input \(N, C, H, W\) or \(C, H, W\), not one of shape \(5, 4\)"),
        ("max_pool2d(x[:0], 2)", "only the number of samples may be 0"),
        ("avg_pool2d(x, 2, divisor_override=0)", "avg_pool2d: divisor_override must not be 0"),
        ("avg_pool3d(x, 2)", "avg_pool3d: needs an input"),
        ("adaptive_avg_pool2d(x, (2, 2, 2))", "output_size must be a number or 2 of them"),
        ("adaptive_max_pool2d(x, -1)", "output_size must be at least 0"),
        ("max_unpool2d(x, i, 2, stride=0)", "max_unpool2d: stride must be at least 1, got 0"),
        ("max_unpool2d(x, i[:1], 2)", "max_unpool2d: indices must have shape"),
        ("max_unpool2d(x, i + 999, 2)", "indices from 999 to 999 are out of range for 80 values"),
        ("max_unpool2d(x, i, 2, output_size=(10, 6))", r"output_size must be \(10, 8\), or differ by less"),
    ],
)
def test_mistakes(call: str, words: str) -> None:
    names = {"x": tg.rand(2, 5, 4), "i": tg.zeros(2, 5, 4, dtype=tg.int64)}
    with pytest.raises(ValueError, match=words):
        eval(f"F.{call}", {"F": tg.nn.functional}, names)
