"""Pooling in PyTorch too: values, indices, first and second gradients, over options, odd sizes and memory orders."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np
import pytest

from tests.parity.beside import check_function, check_module

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
