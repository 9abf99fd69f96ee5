"""Random indices of integers, slices, lists, arrays, masks, None and ``...``: read, written, and differentiated."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

import tinygrad_scratch as tg

torch = pytest.importorskip("torch", reason="needs PyTorch: pip install -e .[peers]")

SHAPES = [(), (3,), (2, 3), (2, 3, 4), (1, 2, 3), (2, 1, 2, 2)]


def random_index(random: np.random.Generator, shape: tuple[int, ...]) -> tuple[Any, ...]:
    """An index that fits but for the count of its values, which may not broadcast."""
    count, dim, items = int(random.integers(1, 4)), 0, list[Any]()
    for _ in range(random.integers(1, 7)):
        kind = random.choice(["none", "...", "truth", "int", "slice", "all", "list", "array", "mask", "wide mask"])
        size = shape[dim] if dim < len(shape) else 0
        if kind == "none":
            items.append(None)
        elif kind == "..." and not any(item is Ellipsis for item in items):
            items.append(Ellipsis)
        elif kind == "truth" and random.random() < 0.3:
            items.append(bool(random.integers(2)))
        elif size:
            items.append(random_item(random, kind, shape[dim:], count))
            dim += getattr(items[-1], "ndim", 1) if kind == "wide mask" else 1
    return tuple(items)


def random_item(random: np.random.Generator, kind: str, sizes: tuple[int, ...], count: int) -> Any:
    size = sizes[0]
    if kind == "int":
        return int(random.integers(-size, size))
    if kind == "slice":
        return slice(*sorted(random.integers(0, size + 1, 2).tolist()), int(random.integers(1, 3)))
    if kind == "list":
        return random.integers(-size, size, count).tolist()
    if kind == "array":
        return random.integers(-size, size, (2, 1) if random.random() < 0.5 else (1, count))
    if kind == "mask":
        return np.isin(np.arange(size), random.permutation(size)[:count])
    if kind == "wide mask":
        return random.random(sizes[:2]) < 0.5
    return slice(None)


def in_package(index: tuple[Any, ...], package: Any) -> tuple[Any, ...]:
    return tuple(package.tensor(item) if isinstance(item, np.ndarray) else item for item in index)


def read(package: Any, data: Any, index: tuple[Any, ...]) -> list[Any]:
    x = package.tensor(data, requires_grad=True)
    part = x[in_package(index, package)]
    (part * package.arange(part.numel(), dtype=package.float64).reshape(part.shape)).sum().backward()
    return [part.detach().numpy(), x.grad.numpy()]


def written(package: Any, data: Any, index: tuple[Any, ...]) -> list[Any]:
    x = package.tensor(data)
    part = x[in_package(index, package)]
    x[in_package(index, package)] = package.arange(part.numel(), dtype=package.float64).reshape(part.shape)
    return [x.numpy()]


def outcome(run: Any, *arguments: Any) -> Any:
    try:
        return run(*arguments)
    except (IndexError, RuntimeError, ValueError) as error:
        return error


@pytest.mark.parametrize("run", [read, written])
@pytest.mark.parametrize("seed", range(10))
def test_random_indices(run: Any, seed: int) -> None:
    random = np.random.default_rng(seed)
    for _ in range(200):
        shape = SHAPES[random.integers(len(SHAPES))]
        data, index = random.standard_normal(shape), random_index(random, shape)
        found, expected = outcome(run, tg, data, index), outcome(run, torch, data, index)
        assert isinstance(found, Exception) == isinstance(expected, Exception), (shape, index, found, expected)
        if not isinstance(found, Exception):
            for mine, other in zip(found, expected, strict=True):
                np.testing.assert_array_equal(mine, other, err_msg=f"{shape} {index}")


@pytest.mark.parametrize("run", [read, written])
def test_an_ellipsis_of_no_dimensions_does_not_part_two_lists(run: Any) -> None:
    data = np.arange(4.0).reshape(2, 2)
    for index in ((None, [0, 1], ..., [0, 1]), (None, [0, 1], ..., [0, 1], None), (slice(1), [1], ...)):
        for mine, other in zip(run(tg, data, index), run(torch, data, index), strict=True):
            np.testing.assert_array_equal(mine, other)
    assert tg.tensor(data)[None, [0, 1], ..., [0, 1]].shape == (1, 2)
