"""Calls with negative and missing dimensions, empty and 0-d tensors, odd dtypes and every spelling of the arguments.

One on each line of ``unusual_calls.txt``: both packages give the same, or both refuse.
"""

from __future__ import annotations

import warnings
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import tinygrad_scratch as tg

torch = pytest.importorskip("torch", reason="needs PyTorch: pip install -e .[peers]")
from tests.parity.test_operations import Torch, values  # noqa: E402, which without torch cannot be imported

CALLS = (Path(__file__).parent / "unusual_calls.txt").read_text().splitlines()


def operands(package: Any) -> dict[str, Any]:
    random = np.random.default_rng(0)

    def made(data: Any, dtype: str) -> Any:
        return package.tensor(np.asarray(data).tolist(), dtype=getattr(package, dtype)).reshape(np.shape(data))

    return {
        "T": Torch() if package is torch else package,
        "x": made(random.standard_normal((2, 3)), "float32"),
        "y": made(random.standard_normal(3), "float32"),
        "z": made(random.standard_normal((2, 3, 4)), "float32"),
        "A": made(random.standard_normal((3, 3)), "float32"),
        "s": made(1.5, "float32"),
        "m": made(3, "int64"),
        "e": made(np.zeros(0), "float32"),
        "e2": made(np.zeros((2, 0, 3)), "float32"),
        "i": made([0, 2, 1], "int64"),
        "i32": made([1, 2], "int32"),
        "u": made([1, 200], "uint8"),
        "h": made([1.5, 2.5], "float16"),
        "d": made([1.5, 2.5], "float64"),
        "b": made([True, False, True], "bool"),
        "b2": made([[True, False, True], [False, False, True]], "bool"),
        "n": made([1.0, np.nan, 3.0], "float32"),
    }


def outcome(call: str, package: Any) -> Any:
    with warnings.catch_warnings(), np.errstate(all="ignore"):
        warnings.simplefilter("ignore")
        try:
            return values(eval(call, operands(package)))
        except Exception as error:
            return error


@pytest.mark.parametrize("call", CALLS)
def test_both_packages_give_the_same_or_refuse(call: str) -> None:
    mine, other = outcome(call, tg), outcome(call, torch)
    if isinstance(mine, Exception) or isinstance(other, Exception):
        assert isinstance(mine, Exception) == isinstance(other, Exception), (mine, other)
        return
    assert len(mine) == len(other)
    for one, another in zip(mine, other, strict=True):
        if isinstance(one, tg.Tensor):
            assert f"torch.{one.dtype}" == str(another.dtype)
            tolerance = 1e-3 if one.dtype == np.float16 else 1e-5
            np.testing.assert_allclose(one.detach().numpy(), another.detach().numpy(), rtol=tolerance, atol=tolerance)
        else:
            assert str(one) == str(another).removeprefix("torch.")
