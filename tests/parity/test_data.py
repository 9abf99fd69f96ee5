"""Data sets, samplers and batches beside PyTorch's."""

from __future__ import annotations

import inspect
from typing import Any, NamedTuple

import numpy as np
import pytest

import tinygrad_scratch as tg
from nn import data

torch = pytest.importorskip("torch", reason="needs PyTorch: pip install -e .[peers]")


class Pair(NamedTuple):
    x: Any
    y: Any


BATCHES = [
    lambda t: [t.tensor([1.0, 2.0]), t.tensor([3.0, 4.0])],
    lambda t: [(t.tensor([1.0]), 0), (t.tensor([2.0]), 1)],
    lambda _: [np.arange(3), np.arange(3)],
    lambda _: [np.float32(1), np.float32(2)],
    lambda _: [np.float64(1), np.float64(2)],
    lambda _: [1, 2],
    lambda _: [True, False],
    lambda _: ["a", "b"],
    lambda t: [{"x": t.tensor(1), "y": ["a", 1]}, {"x": t.tensor(2), "y": ["b", 2]}],
    lambda _: [Pair(1, (2, 3)), Pair(4, (5, 6))],
]


def same(mine: Any, other: Any) -> None:
    if isinstance(mine, tg.Tensor):
        assert str(mine.dtype) == str(other.dtype).removeprefix("torch.")
        np.testing.assert_array_equal(mine.numpy(), other.numpy())
    elif isinstance(mine, dict):
        assert mine.keys() == other.keys()
        for name in mine:
            same(mine[name], other[name])
    elif isinstance(mine, list | tuple):
        assert type(mine) is type(other)
        for a, b in zip(mine, other, strict=True):
            same(a, b)
    else:
        assert mine == other


@pytest.mark.parametrize("make", BATCHES)
def test_samples_as_batches(make: Any) -> None:
    same(data.default_collate(make(tg)), torch.utils.data.default_collate(make(torch)))


def test_python_floats_become_the_default_dtype_and_not_float64() -> None:
    """The one difference: here, Python floats always do."""
    assert data.default_collate([1.0, 2.0]).dtype == tg.float32
    assert torch.utils.data.default_collate([1.0, 2.0]).dtype == torch.float64


@pytest.mark.parametrize("options", ["batch_size=4", "batch_size=4, drop_last=True", "batch_size=None", ""])
def test_loaders(options: str) -> None:
    x = np.arange(22.0, dtype=np.float32).reshape(11, 2)
    loaders = []
    for package, make in ((data, tg), (torch.utils.data, torch)):
        rows = package.TensorDataset(make.tensor(x), make.arange(11))
        parts = package.ConcatDataset([package.Subset(rows, [3, 1, 2]), rows])
        loaders.append(eval(f"D.DataLoader(p, {options})", {"D": package, "p": parts}))
    ours, theirs = loaders
    assert len(ours) == len(theirs)
    for mine, other in zip(ours, theirs, strict=True):
        same(list(mine), list(other))


@pytest.mark.parametrize("lengths", [[7, 4], [0.5, 0.5], [0.3, 0.3, 0.4], [0.1] * 10])
def test_random_splits_are_of_the_same_sizes(lengths: list[float]) -> None:
    ours, theirs = (package.random_split(range(11), lengths) for package in (data, torch.utils.data))
    assert [len(part) for part in ours] == [len(part) for part in theirs]


@pytest.mark.parametrize("name", sorted(set(data.__all__) - {"DataLoader"}))
def test_arguments(name: str) -> None:
    mine, other = (list(inspect.signature(getattr(package, name)).parameters) for package in (data, torch.utils.data))
    assert mine == [argument for argument in other if argument != "collate_fn_map"]


def test_arguments_of_the_loader() -> None:
    mine, other = (inspect.signature(package.DataLoader).parameters for package in (data, torch.utils.data))
    assert [(p.name, p.default, p.kind) for p in mine.values()] == [
        (p.name, p.default, p.kind) for p in other.values() if p.name not in ("pin_memory_device", "in_order")
    ]
