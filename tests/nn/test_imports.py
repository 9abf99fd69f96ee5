"""The parts of nn under the names that PyTorch's scripts use."""

from __future__ import annotations

import importlib
import subprocess
import sys

import pytest

import nn
import tinygrad_scratch as tg


@pytest.mark.parametrize(
    ("name", "module"),
    [
        ("tinygrad_scratch.nn", nn),
        ("tinygrad_scratch.nn.functional", nn.functional),
        ("tinygrad_scratch.nn.init", nn.init),
        ("tinygrad_scratch.nn.utils", nn.utils),
        ("tinygrad_scratch.optim", nn.optim),
        ("tinygrad_scratch.optim.lr_scheduler", nn.optim.lr_scheduler),
        ("tinygrad_scratch.utils.data", nn.data),
    ],
)
def test_parts_are_the_same_modules_and_not_copies(name: str, module: object) -> None:
    assert importlib.import_module(name) is module


def test_a_part_can_be_the_first_import_of_all() -> None:
    script = "from tinygrad_scratch.optim import lr_scheduler; import nn; print(lr_scheduler is nn.optim.lr_scheduler)"
    assert subprocess.run([sys.executable, "-c", script], capture_output=True, check=True).stdout.strip() == b"True"


def test_attributes() -> None:
    assert tg.nn is nn
    assert tg.optim is nn.optim
    assert tg.utils.data is nn.data


def test_what_is_not_there() -> None:
    with pytest.raises(ModuleNotFoundError, match=r"No module named 'tinygrad_scratch\.optim\.swa_utils'"):
        importlib.import_module("tinygrad_scratch.optim.swa_utils")
    with pytest.raises(ModuleNotFoundError, match=r"No module named 'tinygrad_scratch\.nn\.Linear'"):
        importlib.import_module("tinygrad_scratch.nn.Linear")
    with pytest.raises(AttributeError, match="tinygrad_scratch has no attribute 'optimizers'"):
        tg.optimizers  # noqa: B018
