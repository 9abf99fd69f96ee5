"""Convolution by products of matrices, on arrays and for any number of spatial dimensions.

The values in a window, one below the other, are a column of a matrix. All windows side by side, the kernels as the rows
of another matrix, and the convolution is the product of the two. What is said here of images (N, C, H, W) holds for
volumes, where W stands for the last two dimensions, and for signals, which are images of one row.

Two things make it quick, both by the order in which an image lies in memory, (H, C, W, N):

- The samples lie side by side, so that what is copied or added is never less than a long run of values.
- Rows of the image that follow each other, with all their channels, are the rows of a matrix as they are. So only what
  a window covers along W has to be copied (`_gathered`): for a kernel of k × k, k copies of the image and not k². Of
  the copies of k rows, the product makes one row of the result (`_overlapping`). That is so with stride and dilation 1
  along H, and one group of channels; otherwise all k² are copied.

It is done by blocks of rows, so that the copies take little memory and are still in the cache when they are used.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from functools import lru_cache, wraps
from math import prod
from typing import Any

import numpy as np
from numpy.lib.stride_tricks import as_strided

from tinygrad_scratch.dtypes import float16, float32
from tinygrad_scratch.ops.spatial.windows import Index, Windows, spans

AllWindows = tuple[Windows, ...]  # along each spatial dimension

_BLOCK = 1 << 20  # values that are copied at a time
_EACH = Windows(number=1, size=1, stride=1, padding=0, dilation=1)  # windows of one value, at every place


def _in_float32(forward: Callable[..., Any]) -> Callable[..., Any]:
    """Let ``forward`` compute arrays of float16 in float32, for which there are products of matrices; and back."""

    @wraps(forward)
    def computed(*arrays: Any, **settings: Any) -> Any:
        if arrays[0].dtype != float16:
            return forward(*arrays, **settings)
        wide = [None if array is None else array.astype(float32) for array in arrays]
        return forward(*wide, **settings).astype(float16)

    return computed


@_in_float32
def convolved(x: Any, weight: Any, bias: Any, *, windows: AllWindows, groups: int) -> Any:
    """The convolution of x (N, C, H, W) with the kernels ``weight`` (O, C / groups, k, k), plus ``bias`` (O,)."""
    samples, dims = len(x), len(windows)
    windows, x, kernels = _with_rows(windows), _inside(x, groups), _kernels_inside(weight, groups)
    numbers = [one.number for one in windows]
    result = np.empty((numbers[0], groups, kernels.shape[1], prod(numbers[1:]) * samples), x.dtype)
    kernels = kernels.reshape(groups, kernels.shape[1], prod(kernels.shape[2:]))
    for rows, columns in _columns(x, windows):
        np.matmul(kernels, columns, out=result[rows])
        if bias is not None:
            result[rows] += bias.reshape(groups, -1, 1)
    return _outside(result.reshape(*result.shape[:3], *numbers[1:], samples), dims)


@_in_float32
def gradient_for_input(
    x: Any, weight: Any, bias: Any, *, windows: AllWindows, groups: int, size: tuple[int, ...]
) -> Any:
    """What a convolution's input (N, C, \\*size) gets as gradient if its result gets x; plus ``bias`` (C,).

    Each value of x goes back to the places of its window, times the kernel: the kernels, transposed, make columns of x,
    and these are added where they would have been copied from.
    """
    samples, dims = len(x), len(windows)
    windows, x, kernels = _with_rows(windows), _inside(x, groups), _kernels_inside(weight, groups)
    size, channels = size if dims > 1 else (1, *size), kernels.shape[-1]
    result = np.zeros((size[0], groups, channels, *size[1:], samples), x.dtype)
    for block, columns in _returned(x, kernels, windows, size[0]):
        values = columns.reshape(_shape_of_columns(block, groups, channels, samples))
        for place, at in _indices(block, size):
            result[at] += values[place]
    if bias is not None:
        result += bias.reshape(groups, channels, *[1] * len(size))
    return _outside(result, dims)


@_in_float32
def gradient_for_weight(x: Any, result: Any, *, windows: AllWindows, groups: int) -> Any:
    """What the weight of a convolution of x gets as gradient if its result gets ``result``."""
    dims = len(windows)
    windows, x, result = _with_rows(windows), _inside(x, groups), _inside(result, groups)
    sizes, out, channels = [one.size for one in windows], result.shape[2], x.shape[2]
    result = result.reshape(*result.shape[:3], prod(result.shape[3:]))
    total = np.zeros((groups, out, prod(sizes) * channels), x.dtype)
    for rows, columns in _columns(x, windows, total.size):
        total += (result[rows] @ columns.mT).sum(0)
    kernels = np.moveaxis(total.reshape(groups, out, *sizes, channels), -1, 2)
    return np.ascontiguousarray(kernels.reshape(groups * out, channels, *sizes[-dims:]))


# The order in memory


def _inside(x: Any, groups: int) -> Any:
    """(N, C, H, W) as (H, groups, C / groups, W, N), which lies so in memory; a signal (N, C, W) gets one row."""
    x = x[:, :, None] if x.ndim == 3 else x
    x = np.ascontiguousarray(np.moveaxis(x, 0, -1).swapaxes(0, 1))
    return x.reshape(len(x), groups, x.shape[1] // groups, *x.shape[2:])


def _outside(y: Any, dims: int) -> Any:
    """(H, groups, C / groups, W, N), of one row if there is but one of ``dims``, as (N, C, H, W): a view."""
    y = y.reshape(len(y), y.shape[1] * y.shape[2], *y.shape[3:])
    y = np.moveaxis(y.swapaxes(0, 1), -1, 0)
    return y if dims > 1 else y[:, :, 0]


def _kernels_inside(weight: Any, groups: int) -> Any:
    """(O, C / groups, k, k) as (groups, O / groups, k, k, C / groups): each in the order of a column."""
    weight = weight[:, :, None] if weight.ndim == 3 else weight
    return np.moveaxis(weight.reshape(groups, len(weight) // groups, *weight.shape[1:]), 2, -1)


def _with_rows(windows: AllWindows) -> AllWindows:
    return windows if len(windows) > 1 else (_EACH, *windows)


# Columns


def _columns(x: Any, windows: AllWindows, others: int = 0) -> Iterator[tuple[slice, Any]]:
    """The windows of x, by blocks of their rows: which rows, and for each and each group a matrix of columns.

    Each row takes ``others`` values more in the memory that is to stay small.
    """
    (rows, *rest), samples = windows, x.shape[-1]
    copies = 1 if _are_shared(windows, x.shape[1]) else rows.size
    height, width = prod(one.size for one in rest) * x.shape[2], prod(one.number for one in rest) * samples
    step = max(1, _BLOCK // (copies * height * x.shape[1] * width + others + 1))
    for first in range(0, rows.number, step):
        chosen = slice(first, min(first + step, rows.number))
        block = _block(rows, chosen)
        if copies < rows.size:
            block = block._replace(number=block.number + rows.size - 1, size=1)
        columns = _gathered(x, (block, *rest)).reshape(block.number, x.shape[1], copies * height, width)
        yield chosen, _overlapping(columns, rows.size // copies)


def _block(windows: Windows, chosen: slice) -> Windows:
    """Only some of the windows."""
    padding = windows.padding - chosen.start * windows.stride
    return windows._replace(number=chosen.stop - chosen.start, padding=padding)


def _are_shared(windows: AllWindows, groups: int) -> bool:
    """Whether windows that follow each other along H share the copies of the rows where they overlap."""
    return groups == windows[0].stride == windows[0].dilation == 1


def _gathered(x: Any, windows: AllWindows) -> Any:
    """The values in the windows of x, 0 outside of it: (H, groups, k, k, C / groups, W, N)."""
    lengths = (len(x), *x.shape[3:-1])
    shape = _shape_of_columns(windows, x.shape[1], x.shape[2], x.shape[-1])
    is_padded = any(one.is_padded(length) for one, length in zip(windows, lengths, strict=True))
    places = _indices(windows, lengths)
    if len(places) == 1 and not is_padded:
        return x[places[0][1]].reshape(shape)
    columns = (np.zeros if is_padded else np.empty)(shape, x.dtype)
    for place, at in places:
        columns[place] = x[at]
    return columns


def _shape_of_columns(windows: AllWindows, groups: int, channels: int, samples: int) -> tuple[int, ...]:
    (rows, *numbers), sizes = [one.number for one in windows], [one.size for one in windows]
    return rows, groups, *sizes, channels, *numbers, samples


@lru_cache(1024)
def _indices(windows: AllWindows, lengths: tuple[int, ...]) -> Sequence[tuple[Index, Index]]:
    """For each place of a window: the index of the columns where it lies in an input, and that of the input."""
    all_ = slice(None)
    return [
        ((outputs[0], all_, *place, all_, *outputs[1:]), (inputs[0], all_, all_, *inputs[1:]))
        for place, outputs, inputs in spans(windows, lengths)
    ]


def _overlapping(columns: Any, size: int) -> Any:
    """The matrices of each ``size`` rows that follow each other, one below the other: a view, without a copy."""
    rows, groups, height, width = columns.shape
    return as_strided(columns, (rows - size + 1, groups, size * height, width), columns.strides, writeable=False)


def _returned(g: Any, kernels: Any, windows: AllWindows, length: int) -> Iterator[tuple[AllWindows, Any]]:
    """The columns that the transposed kernels make of g, by blocks of rows, and the windows to which they return.

    Where windows share rows, going back along H is itself a convolution, with the kernels' rows in reverse order and as
    many rows as the input has, which is ``length``: what is left to add up are the places along W.
    """
    (rows, *rest), groups = windows, len(kernels)
    if _are_shared(windows, groups):
        matrices = np.moveaxis(kernels[:, :, ::-1], (1, 2), (-1, -2))
        matrices = matrices.reshape(1, prod(matrices.shape[1:-2]), rows.size * g.shape[2])
        returning = _EACH._replace(number=length)
        reached = rows._replace(number=length, padding=rows.size - 1 - rows.padding)
    else:
        matrices = kernels.reshape(*kernels.shape[:2], prod(kernels.shape[2:])).mT
        returning, reached = rows, _EACH._replace(number=rows.number)
    each = [_EACH._replace(number=one.number) for one in rest]
    height = groups * matrices.shape[1] * prod(g.shape[3:])
    for block, columns in _columns(g, (reached, *each), height):
        yield (_block(returning, block), *rest), matrices @ columns
