"""Interpolation: the values of a grid resampled on a coarser or finer one.

Along each dimension that is a product with a matrix, which holds how much of each value goes into each result; its
gradient is the product with the transpose. A mode is the function that says what its matrix holds.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import lru_cache
from math import prod
from typing import Any

import numpy as np

from tinygrad_scratch.dtypes import float16, float32
from tinygrad_scratch.ops.checks import floating_only
from tinygrad_scratch.ops.dims import inverse_order, memory_order
from tinygrad_scratch.ops.reduce.pairwise import in_float32
from tinygrad_scratch.ops.spatial.windows import Sizes, per_dimension
from tinygrad_scratch.record.operation import Operation, primitive, public
from tinygrad_scratch.record.tensor import Array, Tensor, make_tensor

Scales = float | Sequence[float]


# Matrices: of shape (results, values)


def _steps(values: int, results: int, scale: float | None, align_corners: bool) -> float:
    """How far results lie apart, in values: exactly so that all fit, or as the scale factor says."""
    if align_corners:
        return (values - 1) / (results - 1) if results > 1 else 0.0
    return 1 / scale if scale else values / results


def _nearest(values: int, results: int, scale: float | None, offset: float) -> Any:
    # In float32 for every dtype, as in PyTorch: otherwise rounding would choose another neighbor now and then.
    step = np.float32(_steps(values, results, scale, False))
    places = np.floor((np.arange(results, dtype=np.float32) + np.float32(offset)) * step).astype(np.intp)
    return np.eye(values)[np.minimum(places, values - 1)]


def _around(values: int, results: int, scale: float | None, align_corners: bool, least: float) -> tuple[Array, Array]:
    """For each result, the value before it and how far behind that it lies: from 0 to 1."""
    step = _steps(values, results, scale, align_corners)
    places = np.arange(results) * step if align_corners else np.maximum((np.arange(results) + 0.5) * step - 0.5, least)
    before = np.minimum(np.floor(places), values - 1)
    return before.astype(np.intp), np.clip(places - before, 0, 1)


def _added(values: int, places: Array, weights: Sequence[Array]) -> Array:
    """A matrix with ``weights`` added at the value before each result and those behind it; at the edge, the last."""
    matrix = np.zeros((len(places), values))
    for offset, weight in enumerate(weights):
        np.add.at(matrix, (np.arange(len(places)), np.clip(places + offset, 0, values - 1)), weight)
    return matrix


def _linear(values: int, results: int, scale: float | None, align_corners: bool) -> Array:
    if values == results:
        return np.eye(values)
    before, part = _around(values, results, scale, align_corners, 0)
    return _added(values, before, (1 - part, part))


_CUBIC = -0.75  # the slope that Keys leaves open, as PyTorch has it


def cubic_weights(t: Any) -> tuple[Any, Any, Any, Any]:
    """How much of two values before and two behind goes into a place that lies ``t`` behind the second (Keys, 1981)."""

    def near(x: Any) -> Any:
        return ((_CUBIC + 2) * x - (_CUBIC + 3)) * x * x + 1

    def far(x: Any) -> Any:
        return ((_CUBIC * x - 5 * _CUBIC) * x + 8 * _CUBIC) * x - 4 * _CUBIC

    return far(t + 1), near(t), near(1 - t), far(2 - t)


def _cubic(values: int, results: int, scale: float | None, align_corners: bool) -> Array:
    before, part = _around(values, results, scale, align_corners, -np.inf)
    return _added(values, before - 1, cubic_weights(part))


def adaptive_bounds(values: int, results: int) -> tuple[Array, Array]:
    """Where the window begins and ends that each result of an adaptive pooling is taken from."""
    number = np.arange(results)
    return number * values // results, -(-(number + 1) * values // results)


def _area(values: int, results: int) -> Any:
    begin, end = (bounds[:, None] for bounds in adaptive_bounds(values, results))
    place = np.arange(values)
    return ((begin <= place) & (place < end)) / (end - begin)


Matrix = Callable[[int, int, float | None, bool], Array]

# By mode: the numbers of spatial dimensions that it is for, and its matrix.
_MODES: dict[str, tuple[tuple[int, ...], Matrix]] = {
    "nearest": ((1, 2, 3), lambda values, results, scale, _: _nearest(values, results, scale, 0)),
    "nearest-exact": ((1, 2, 3), lambda values, results, scale, _: _nearest(values, results, scale, 0.5)),
    "area": ((1, 2, 3), lambda values, results, *_: _area(values, results)),
    "linear": ((1,), _linear),
    "bilinear": ((2,), _linear),
    "trilinear": ((3,), _linear),
    "bicubic": ((2,), _cubic),
}
_ALIGNING = ("linear", "bilinear", "trilinear", "bicubic")


@lru_cache(256)
def _matrix(mode: str, values: int, results: int, scale: float | None, align_corners: bool, dtype: Any) -> Tensor:
    _, matrix = _MODES[mode]
    return make_tensor(matrix(values, results, scale, align_corners).astype(dtype))


# The product


def _product(x: Any, matrix: Any, *, dim: int) -> Any:
    """The product of a matrix with the vectors along ``dim`` of an array, in the memory order of that."""
    order = memory_order(x.strides)
    place = order.index(dim)
    ordered = x.transpose(order)
    before, after = ordered.shape[:place], ordered.shape[place + 1 :]
    flat = ordered.reshape(prod(before), x.shape[dim], prod(after))
    if _only_picks(matrix):  # and so leaves infinity and NaN where they are
        result = flat.take(matrix.argmax(1), 1)
    else:
        result = matrix @ flat if flat.shape[2] > 1 else flat[..., 0] @ matrix.T
    return result.reshape(*before, len(matrix), *after).transpose(inverse_order(order))


def _only_picks(matrix: Any) -> bool:
    """Whether each row is 1 in one place and 0 elsewhere."""
    return bool((matrix.max(1, initial=0) == 1).all()) and np.count_nonzero(matrix) == len(matrix)


_resample: Operation = primitive(
    in_float32(_product), name="resample", x=lambda g, matrix, dim: _resample(g, matrix.T, dim=dim)
)


def resampled(
    input: Tensor, mode: str, sizes: Sequence[int], scales: Sequence[float | None], align_corners: bool = False
) -> Tensor:
    """``input`` with the last dimensions resampled to ``sizes``, in the manner of ``mode``."""
    dtype = float32 if input.dtype == float16 else input.dtype
    first = input.ndim - len(sizes)
    for dim, (size, scale) in enumerate(zip(sizes, scales, strict=True), first):
        input = _resample(input, _matrix(mode, input.shape[dim], size, scale, align_corners, dtype), dim=dim)
    return input


@public(is_method=False)
def interpolate(
    input: Tensor,
    size: Sizes | None = None,
    scale_factor: Scales | None = None,
    mode: str = "nearest",
    align_corners: bool | None = None,
    recompute_scale_factor: bool | None = None,
    antialias: bool = False,
) -> Tensor:
    """``input`` (N, C, \\*), with one to three spatial dimensions, resampled to ``size`` or ``scale_factor`` times it.

    ``mode`` "nearest" takes the value at or before each place ("nearest-exact": that around it), "linear", "bilinear"
    and "trilinear" draw lines between values along one, two and three dimensions, "bicubic" curves along two, and
    "area" takes the mean of those under each result. Values and results are taken for the middles of squares, or with
    ``align_corners`` for points, the outermost of which lie on each other.

    The scale factor also says how far results lie apart; with ``recompute_scale_factor``, the two sizes do. Where
    values are weighted, infinity and NaN spread along their rows and columns. ValueError if the options do not fit each
    other or the input; there is no ``antialias``.

    >>> tg.interpolate(tg.tensor([[[0.0, 4.0]]]), size=4, mode="linear")
    tensor([[[0., 1., 3., 4.]]])
    """
    dims = input.ndim - 2
    _check_mode(input, mode, align_corners, antialias)
    if (size is None) == (scale_factor is None):
        raise ValueError("interpolate: either size or scale_factor must be given")
    lengths = input.shape[2:]
    if size is not None:
        if recompute_scale_factor:
            raise ValueError("interpolate: with a size there is no scale factor to recompute")
        if isinstance(size, Sequence) and len(size) != dims:
            raise ValueError(f"interpolate: size must be an integer or {dims} of them, got {size!r}")
        sizes = per_dimension(size, dims, "size", "interpolate")
        return resampled(input, mode, sizes, [None] * dims, bool(align_corners))
    given: Any = tuple(scale_factor) if isinstance(scale_factor, Sequence) else (scale_factor,) * dims
    if len(given) != dims:
        raise ValueError(f"interpolate: scale_factor must be a number or {dims} of them, got {scale_factor!r}")
    sizes = tuple(int(length * factor) for length, factor in zip(lengths, given, strict=True))
    if min(sizes) < 1:
        raise ValueError(f"interpolate: scale_factor {scale_factor!r} leaves nothing of shape {input.shape}")
    return resampled(input, mode, sizes, [None] * dims if recompute_scale_factor else given, bool(align_corners))


def _check_mode(input: Tensor, mode: str, align_corners: bool | None, antialias: bool) -> None:
    dims = input.ndim - 2
    if mode not in _MODES:
        raise ValueError(f"interpolate: mode must be one of {', '.join(_MODES)}, not {mode!r}")
    if dims not in _MODES[mode][0]:
        fitting = ", ".join(name for name, (numbers, _) in _MODES.items() if dims in numbers)
        raise ValueError(
            f"interpolate: mode {mode!r} is not for an input of shape {input.shape}; "
            + (f"with {dims} spatial dimensions there are {fitting}" if fitting else "it must be (N, C, *)")
        )
    if align_corners is not None and mode not in _ALIGNING:
        raise ValueError(f"interpolate: align_corners is an option of {', '.join(_ALIGNING)}, not of {mode!r}")
    if antialias:
        raise ValueError("interpolate: there is no antialias; to shrink without aliasing there is mode 'area'")
    if 0 in input.shape[1:]:
        raise ValueError(f"interpolate: only the number of samples may be 0, but the input has shape {input.shape}")
    if not mode.startswith("nearest"):
        floating_only(input, "interpolate")


@public(is_method=False)
def upsample(
    input: Tensor,
    size: Sizes | None = None,
    scale_factor: Scales | None = None,
    mode: str = "nearest",
    align_corners: bool | None = None,
) -> Tensor:
    """The former name of `interpolate`.

    >>> tg.upsample(tg.tensor([[[1.0, 2.0]]]), scale_factor=2)
    tensor([[[1., 1., 2., 2.]]])
    """
    return interpolate(input, size, scale_factor, mode, align_corners)


@public(is_method=False)
def upsample_nearest(input: Tensor, size: Sizes | None = None, scale_factor: Scales | None = None) -> Tensor:
    """`interpolate` in mode "nearest".

    >>> tg.upsample_nearest(tg.tensor([[[1.0, 2.0]]]), size=4)
    tensor([[[1., 1., 2., 2.]]])
    """
    return interpolate(input, size, scale_factor)


@public(is_method=False)
def upsample_bilinear(input: Tensor, size: Sizes | None = None, scale_factor: Scales | None = None) -> Tensor:
    """`interpolate` in mode "bilinear", with the corners aligned.

    >>> tg.upsample_bilinear(tg.tensor([[[[0.0, 2.0]]]]), size=(1, 3))
    tensor([[[[0., 1., 2.]]]])
    """
    return interpolate(input, size, scale_factor, "bilinear", align_corners=True)
