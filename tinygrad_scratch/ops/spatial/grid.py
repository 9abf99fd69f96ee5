"""Grids: an input sampled at any places, and the places that an affine map gives."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from math import prod
from typing import Any

import numpy as np

from tinygrad_scratch.ops.checks import check_shape, floating_only
from tinygrad_scratch.ops.create.creation import arange, ones
from tinygrad_scratch.ops.linalg.products import matmul
from tinygrad_scratch.ops.math.arithmetic import add, clamp, round, where
from tinygrad_scratch.ops.math.elementwise import floor, multiply
from tinygrad_scratch.ops.reduce.pairwise import in_float32
from tinygrad_scratch.ops.shape.joining import stack
from tinygrad_scratch.ops.shape.shape import reshape
from tinygrad_scratch.ops.spatial.interpolation import cubic_weights
from tinygrad_scratch.record.operation import Function, Operation, primitive, public
from tinygrad_scratch.record.tensor import Tensor, make_tensor

# Each result is a weighted sum of a few values, its taps. They are rows of channels, N · P of them in an input
# (N, C, P): ``index`` (T, N, O) says which rows go into each result, and ``weight`` (T, N, O) how much of them. These
# sums and their gradients for either factor are the gradients of each other, to any order.


def _rows(x: Any) -> Any:
    """(N, C, P) as (N · P, C)."""
    return np.moveaxis(x, 1, -1).reshape(x.shape[0] * x.shape[2], x.shape[1])


@in_float32
def _weighted_taps(x: Any, weight: Any, index: Any) -> Any:
    rows = _rows(x)
    taps = zip(index, weight, strict=True)
    sums = sum(rows.take(numbers.ravel(), 0) * factors.reshape(-1, 1) for numbers, factors in taps)
    return np.moveaxis(np.reshape(sums, (*index.shape[1:], x.shape[1])), -1, 1)


@in_float32
def _put_on_taps(values: Any, weight: Any, index: Any, *, count: int) -> Any:
    """Zeros (N, C, P), and ``values`` (N, C, O) times the weights of their taps added at each of these."""
    numbers, factors = index.ravel(), weight.reshape(len(weight), -1)
    channels = [np.bincount(numbers, (factors * row).ravel(), len(values) * count) for row in _rows(values).T]
    return np.asarray(channels, values.dtype).reshape(values.shape[1], len(values), count).swapaxes(0, 1)


@in_float32
def _taps_times(values: Any, x: Any, index: Any) -> Any:
    """For each tap the sum, over the channels, of what x (N, C, P) has there times that of ``values`` (N, C, O)."""
    rows, others = _rows(x), _rows(values)
    products = [np.einsum("oc,oc->o", rows.take(numbers.ravel(), 0), others) for numbers in index]
    return np.stack(products).reshape(index.shape)


_sums: Operation = primitive(
    _weighted_taps,
    name="grid_sample",
    x=lambda g, x_shape, weight, index: _put(g, weight, index, count=x_shape[2]),
    weight=lambda g, x, index: _products(g, x, index),
)
_put: Operation = primitive(
    _put_on_taps,
    name="put_on_taps",
    values=lambda g, weight, index: _sums(g, weight, index),
    weight=lambda g, values, index: _products(values, g, index),
)
_products: Operation = primitive(
    _taps_times,
    name="taps_times",
    values=lambda g, x, index: _sums(x, g, index),
    x=lambda g, values, x_shape, index: _put(values, g, index, count=x_shape[2]),
)


# Places: along one dimension, counted in values, of which there are ``n``


def _reflected(place: Tensor, n: int, align_corners: bool) -> Tensor:
    """The place, reflected at the outermost values or, unless ``align_corners``, half a value outside of them."""
    first, span = (0.0, n - 1.0) if align_corners else (-0.5, float(n))
    if not span:
        return place * 0
    distance = place - first
    distance = where(distance < 0, -distance, distance)
    times = floor(distance / span).detach()
    within = distance - times * span
    return where(times % 2 == 1, span - within, within) + first


def _clipped(place: Tensor, n: int) -> Tensor:
    # PyTorch has no gradient on the outermost values, where that of clamp is 1.
    return where((place > 0) & (place < n - 1), place, clamp(place.detach(), 0, n - 1))


def _padded(place: Tensor, n: int, padding_mode: str, align_corners: bool) -> Tensor:
    """The place inside of the input that stands for ``place``, unless there is none as that is taken for 0."""
    if padding_mode == "reflection":
        place = _reflected(place, n, align_corners)
    return place if padding_mode == "zeros" else _clipped(place, n)


Taps = list[tuple[Tensor, Tensor]]  # for each: its place, a whole number, and its weight


def _nearest_taps(place: Tensor, n: int, padding_mode: str, align_corners: bool) -> Taps:
    tap = round(_padded(place, n, padding_mode, align_corners))
    return [(tap, tap * 0 + 1)]  # of a weight that comes from the place, which so has a gradient of 0, as in PyTorch


def _linear_taps(place: Tensor, n: int, padding_mode: str, align_corners: bool) -> Taps:
    place = _padded(place, n, padding_mode, align_corners)
    before = floor(place).detach()
    part = place - before
    return [(before, 1 - part), (before + 1, part)]


def _cubic_taps(place: Tensor, n: int, padding_mode: str, align_corners: bool) -> Taps:
    before = floor(place).detach()
    weights = enumerate(cubic_weights(place - before), -1)
    return [(_padded(before + i, n, padding_mode, align_corners), weight) for i, weight in weights]


_MODES = {"bilinear": _linear_taps, "nearest": _nearest_taps, "bicubic": _cubic_taps}
_PADDING_MODES = ("zeros", "border", "reflection")


@primitive(is_multiple=True)
def _found(place: Any, *, n: int) -> tuple[Any, Any]:
    """Which values stand at the places, and whether there are such."""
    is_inside = (place >= 0) & (place < n)
    return np.where(is_inside, place, 0).astype(np.intp), is_inside


@public(is_method=False)
def grid_sample(
    input: Tensor,
    grid: Tensor,
    mode: str = "bilinear",
    padding_mode: str = "zeros",
    align_corners: bool | None = None,
) -> Tensor:
    """``input`` at the places of ``grid``: (N, C, H, W) and (N, H', W', 2) to (N, C, H', W'), or with a depth D.

    Places are pairs (x, y), or (x, y, z), from -1 at the left and top edges to 1 at the right and bottom ones: at the
    outer edges of the outermost values or, with ``align_corners``, their middles. ``mode`` "bilinear" weights the
    values around a place, "nearest" takes the nearest, "bicubic" draws curves through four by four (not with a depth).
    Outside of the input are zeros or, by ``padding_mode``, its "border", or its "reflection".

    ValueError if the shapes or options do not fit, TypeError for two dtypes.

    >>> tg.grid_sample(tg.tensor([[[[0.0, 4.0]]]]), tg.tensor([[[[0.0, 0.0], [0.5, 0.0]]]]))
    tensor([[[[2., 4.]]]])
    """
    _check(input, grid, mode, padding_mode)
    samples, channels, *lengths = input.shape
    places = reshape(grid, (samples, prod(grid.shape[1:-1]), len(lengths)))
    index, weight = arange(samples)[None, :, None], ones(1, 1, 1, dtype=input.dtype)
    for i, n in enumerate(lengths, 1):
        place = places[..., -i]  # x, which comes first, is along the last dimension
        place = (place + 1) / 2 * (n - 1) if align_corners else ((place + 1) * n - 1) / 2
        taps, weights = zip(*_MODES[mode](place, n, padding_mode, bool(align_corners)), strict=True)
        found, is_inside = _found(stack(taps), n=n)
        index = _pairs(add, index * n, found)
        weight = _pairs(multiply, weight, where(is_inside, stack(weights), 0))
    values = _sums(reshape(input, (samples, channels, prod(lengths))), weight, index)
    return reshape(values, (samples, channels, *grid.shape[1:-1]))


def _pairs(combine: Function, first: Tensor, second: Tensor) -> Tensor:
    """What ``combine`` makes of each of the S slices of one tensor and each of the T of another: S · T slices."""
    pairs = combine(first[:, None], second)
    return reshape(pairs, (len(first) * len(second), *second.shape[1:]))


def _check(input: Tensor, grid: Tensor, mode: str, padding_mode: str) -> None:
    dims = input.ndim - 2
    if mode not in _MODES or padding_mode not in _PADDING_MODES:
        raise ValueError(
            f"grid_sample: mode must be one of {', '.join(_MODES)}, and padding_mode one of "
            f"{', '.join(_PADDING_MODES)}, not {mode!r} and {padding_mode!r}"
        )
    if dims not in (2, 3) or (mode == "bicubic" and dims == 3) or 0 in input.shape[2:]:
        needed = "(N, C, H, W)" if mode == "bicubic" else "(N, C, H, W) or (N, C, D, H, W)"
        raise ValueError(f"grid_sample: mode {mode!r} needs an input {needed}, not one of shape {input.shape}")
    if grid.ndim != input.ndim or grid.shape[-1] != dims or len(grid) != len(input):
        wanted = ", ".join([str(len(input)), *"DHW"[-dims:], str(dims)])
        raise ValueError(
            f"grid_sample: for an input of shape {input.shape} the grid must be ({wanted}), not {grid.shape}"
        )
    if floating_only(input, "grid_sample").dtype != grid.dtype:
        raise TypeError(f"grid_sample: the input is {input.dtype} and the grid {grid.dtype}; convert one with to()")


@lru_cache(64)
def _base(sizes: tuple[int, ...], align_corners: bool, dtype: Any) -> Tensor:
    """The places of the middles of all values, from -1 to 1, each as (x, y, 1) or (x, y, z, 1)."""
    ends = [1 if align_corners else 1 - 1 / n for n in sizes]
    along = [np.linspace(-end, end, n) if n > 1 else np.zeros(n) for n, end in zip(sizes, ends, strict=True)]
    places = np.stack([*np.meshgrid(*along, indexing="ij")[::-1], np.ones(sizes)], -1)
    return make_tensor(places.reshape(-1, len(sizes) + 1).astype(dtype))


@public(is_method=False)
def affine_grid(theta: Tensor, size: Sequence[int], align_corners: bool | None = None) -> Tensor:
    """The grid for `grid_sample` that the affine maps ``theta`` give: (N, 2, 3) to (N, H, W, 2), or with a depth D.

    ``size`` is the shape (N, C, H, W) or (N, C, D, H, W) of the result of `grid_sample`; each map takes (x, y, 1) of
    its places, or (x, y, z, 1), to places of the input. ValueError if the shapes do not fit.

    >>> tg.affine_grid(tg.tensor([[[1.0, 0.0, 0.0], [0.0, 1.0, 0.5]]]), (1, 1, 1, 2))
    tensor([[[[-0.5000,  0.5000],
              [ 0.5000,  0.5000]]]])
    """
    dims = len(size) - 2
    if dims not in (2, 3) or min(size) < 1:
        raise ValueError(f"affine_grid: size must be (N, C, H, W) or (N, C, D, H, W), not {tuple(size)}")
    check_shape(floating_only(theta, "affine_grid"), (size[0], dims, dims + 1), "theta", "affine_grid")
    grid = matmul(_base(tuple(size[2:]), bool(align_corners), theta.dtype), theta.mT)
    return reshape(grid, (size[0], *size[2:], dims))
