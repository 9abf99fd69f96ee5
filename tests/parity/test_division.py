"""Division that is rounded, and what it leaves over, where integers and floating point numbers end."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

import tinygrad_scratch as tg

torch = pytest.importorskip("torch", reason="needs PyTorch: pip install -e .[peers]")

DIVISIONS = {
    "div trunc": lambda package, a, b: package.div(a, b, rounding_mode="trunc"),
    "div floor": lambda package, a, b: package.div(a, b, rounding_mode="floor"),
    "floor_divide": lambda package, a, b: package.floor_divide(a, b),
    "remainder": lambda package, a, b: package.remainder(a, b),
    "fmod": lambda package, a, b: package.fmod(a, b),
}
INTEGERS = ("int8", "int16", "int32", "int64", "uint8")


def edges(dtype: str) -> Any:
    if dtype.startswith("float"):
        return np.array([-np.inf, -3e4, -5.5, -3, -1, -0.0, 0.0, 1, 3, 5.5, 3e4, np.inf, np.nan], dtype)
    low, high = np.iinfo(dtype).min, np.iinfo(dtype).max
    return np.unique(np.array([low, low + 1, max(low, -7), max(low, -1), 0, 1, 2, 3, 7, high - 1, high], dtype))


@pytest.mark.parametrize("dtype", [*INTEGERS, "float16", "float32", "float64"])
@pytest.mark.parametrize("name", DIVISIONS)
def test_all_pairs_of_edges_give_what_they_give_in_pytorch(name: str, dtype: str) -> None:
    a, b = (values.ravel() for values in np.meshgrid(edges(dtype), edges(dtype)))
    if dtype in INTEGERS:
        # PyTorch kills the process where the quotient of the smallest number and -1 overflows.
        is_defined = (b != 0) & ~((a == np.iinfo(dtype).min) & (b == np.array(-1).astype(dtype)))
        a, b = a[is_defined], b[is_defined]
    found = DIVISIONS[name](tg, tg.tensor(a), tg.tensor(b)).numpy()
    expected = DIVISIONS[name](torch, torch.from_numpy(a), torch.from_numpy(b)).numpy()
    assert found.dtype == expected.dtype
    np.testing.assert_array_equal(found, expected)
    # A remainder of 0 has the sign of b, as in Python and NumPy; in PyTorch that of a.
    if name != "remainder":
        is_number = ~np.isnan(expected)
        np.testing.assert_array_equal(np.signbit(found[is_number]), np.signbit(expected[is_number]))


@pytest.mark.parametrize("dtype", ["int8", "int16", "int32", "int64"])
def test_the_smallest_integer_divided_by_minus_1_wraps_around(dtype: str) -> None:
    low = np.iinfo(dtype).min
    a, b = tg.tensor([low], dtype=dtype), tg.tensor([-1], dtype=dtype)
    assert [run(tg, a, b).tolist() for run in DIVISIONS.values()] == [[low], [low], [low], [0], [0]]


@pytest.mark.parametrize("dtype", INTEGERS)
@pytest.mark.parametrize("name", DIVISIONS)
def test_integers_are_not_divided_by_0(name: str, dtype: str) -> None:
    a = tg.tensor([1, 2], dtype=dtype)
    for divisor in (tg.tensor([1, 0], dtype=dtype), 0):
        with pytest.raises(
            ZeroDivisionError, match=r"integers cannot be divided by 0\nin (\w+_divide|remainder|fmod)\("
        ):
            DIVISIONS[name](tg, a, divisor)


@pytest.mark.parametrize("name", DIVISIONS)
def test_bools_have_no_whole_quotients(name: str) -> None:
    for package, error in ((tg, TypeError), (torch, NotImplementedError)):
        with pytest.raises(error):
            DIVISIONS[name](package, package.tensor([True]), package.tensor([True]))
