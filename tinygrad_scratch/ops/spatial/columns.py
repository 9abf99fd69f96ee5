"""Convolution by products of matrices, on arrays and for any number of spatial dimensions.

The values in a window, one below the other, are a column of a matrix. With all windows side by side, and the kernels as
the rows of another matrix, the convolution is the product of the two; the gradient for the kernels is the product of
the result's gradient and the columns, and the gradient for the input is that of the transposed kernels and the result's
gradient: columns again, which are added where they came from.

What is said here of images (N, C, H, W) holds for volumes, where W stands for the last two dimensions, and for signals,
which are images of one row. It is quick by the order in which images lie in memory, (H, C, W, N):

- The samples lie side by side, so that what is copied or added is never less than a long run of values.
- Rows that follow each other, with all their channels, are the rows of a matrix as they are. So only what a window
  covers along W has to be copied (`_gathered`): for kernels of k × k, k copies of the image and not k². Any k rows of
  these copies are the columns for one row of the result (`_overlapping`). With a stride or dilation along H that is not
  so, and all k² are copied.

It is done by blocks of rows, so that the copies take little memory and are still in the cache when they are used.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import lru_cache, wraps
from math import prod
from typing import Any, NamedTuple

import numpy as np

from tinygrad_scratch.dtypes import float16, float32
from tinygrad_scratch.ops.spatial.windows import AllWindows, Index, Windows, spans

_BLOCK = 1 << 19  # values that are copied at a time
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
    number, *numbers = [one.number for one in windows]
    out = kernels.shape[1]
    matrices = kernels.reshape(groups, 1, out, prod(kernels.shape[2:]))
    result = np.empty((number, groups, out, prod(numbers) * samples), x.dtype)
    for rows, columns in _columns(x, windows):
        part = result[rows].swapaxes(0, 1)
        np.matmul(matrices, columns, out=part)
        if bias is not None:
            part += bias.reshape(groups, 1, out, 1)
    return _outside(result.reshape(number, groups * out, *numbers, samples), dims)


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
    whole = np.zeros((size[0], groups * channels, *size[1:], samples), x.dtype)
    result = _in_groups(whole, groups)
    for block, columns in _returned(x, kernels, windows, size[0]):
        layout = _layout(block, result.shape)
        values = columns.reshape(layout.shape)
        for place, at in layout.places:
            result[at] += values[place]
    if bias is not None:
        whole += bias.reshape(-1, *[1] * len(size))
    return _outside(whole, dims)


@_in_float32
def gradient_for_weight(x: Any, result: Any, *, windows: AllWindows, groups: int) -> Any:
    """What the weight of a convolution of x gets as gradient if its result gets ``result``."""
    dims = len(windows)
    windows, x, result = _with_rows(windows), _inside(x, groups), _inside(result, groups)
    sizes, out, channels = [one.size for one in windows], result.shape[2], x.shape[2]
    result = result.reshape(*result.shape[:3], prod(result.shape[3:])).mT
    total = np.zeros((groups, prod(sizes) * channels, out), x.dtype)
    for rows, columns in _columns(x, windows, total.size):
        total += np.add.reduce(columns @ result[:, rows], axis=1)
    kernels = total.reshape(groups, *sizes, channels, out).transpose(0, -1, -2, *range(1, len(sizes) + 1))
    return np.ascontiguousarray(kernels).reshape(groups * out, channels, *sizes[-dims:])


# The order in memory


def _inside(x: Any, groups: int) -> Any:
    """(N, C, H, W) as (groups, H, C / groups, W, N), in memory as (H, C, W, N); a signal (N, C, W) gets one row."""
    x = x[:, :, None] if x.ndim == 3 else x
    return _in_groups(np.ascontiguousarray(x.transpose(2, 1, *range(3, x.ndim), 0)), groups)


def _in_groups(x: Any, groups: int) -> Any:
    """(H, C, W, N) as (groups, H, C / groups, W, N): a view."""
    return x.reshape(len(x), groups, x.shape[1] // groups, *x.shape[2:]).swapaxes(0, 1)


def _outside(y: Any, dims: int) -> Any:
    """(H, C, W, N), of one row if there is but one of ``dims``, as (N, C, H, W): a view."""
    y = y.transpose(-1, 1, 0, *range(2, y.ndim - 1))
    return y if dims > 1 else y[:, :, 0]


def _kernels_inside(weight: Any, groups: int) -> Any:
    """(O, C / groups, k, k) as (groups, O / groups, k, k, C / groups): each in the order of a column."""
    weight = weight[:, :, None] if weight.ndim == 3 else weight
    weight = weight.reshape(groups, len(weight) // groups, *weight.shape[1:])
    return weight.transpose(0, 1, *range(3, weight.ndim), 2)


def _with_rows(windows: AllWindows) -> AllWindows:
    return windows if len(windows) > 1 else (_EACH, *windows)


# Columns


def _columns(x: Any, windows: AllWindows, others: int = 0) -> Iterator[tuple[slice, Any]]:
    """The windows of x, by blocks of their rows: which rows, and for each and each group a matrix of columns.

    Each row takes ``others`` values more in the memory that is to stay small.
    """
    for rows, block in _blocks(windows, x.shape, others):
        yield rows, _overlapping(_gathered(x, block), windows[0].size // block[0].size)


@lru_cache(1024)
def _blocks(windows: AllWindows, shape: tuple[int, ...], others: int) -> list[tuple[slice, AllWindows]]:
    """Rows of windows that are computed together, and the windows that are to be copied for them."""
    rows, *rest = windows
    is_shared = _is_shared(rows)
    of_one_row = (rows._replace(number=1, size=1) if is_shared else rows._replace(number=1), *rest)
    step = max(1, _BLOCK // (prod(_layout(of_one_row, shape).shape) + others + 1))
    chosen = [slice(first, min(first + step, rows.number)) for first in range(0, rows.number, step)]
    return [(some, (_copied(_some(rows, some), is_shared), *rest)) for some in chosen]


def _is_shared(rows: Windows) -> bool:
    """Whether windows that follow each other along H share the copies of the rows where they overlap."""
    return rows.stride == rows.dilation == 1


def _copied(rows: Windows, is_shared: bool) -> Windows:
    return rows._replace(number=rows.number + rows.size - 1, size=1) if is_shared else rows


def _some(windows: Windows, chosen: slice) -> Windows:
    padding = windows.padding - chosen.start * windows.stride
    return windows._replace(number=chosen.stop - chosen.start, padding=padding)


class _Layout(NamedTuple):
    """How the columns of some windows lie in memory.

    ``shape`` is (groups, H, k, k, C / groups, W, N), ``matrices`` (groups, H, height, width). ``places`` holds, for
    each place of a window, the index of the columns where it lies in the input, and that of the input.
    """

    shape: tuple[int, ...]
    matrices: tuple[int, ...]
    places: list[tuple[Index, Index]]
    is_padded: bool


@lru_cache(1024)
def _layout(windows: AllWindows, shape: tuple[int, ...]) -> _Layout:
    """The layout of windows in an input of this ``shape`` (groups, H, C / groups, W, N)."""
    groups, height, channels, *widths, samples = shape
    sizes, (number, *numbers) = [one.size for one in windows], [one.number for one in windows]
    every = slice(None)
    places = [
        ((every, outputs[0], *place, every, *outputs[1:]), (every, inputs[0], every, *inputs[1:]))
        for place, outputs, inputs in spans(windows, (height, *widths))
    ]
    return _Layout(
        (groups, number, *sizes, channels, *numbers, samples),
        (groups, number, prod(sizes) * channels, prod(numbers) * samples),
        places,
        any(one.is_padded(length) for one, length in zip(windows, (height, *widths), strict=True)),
    )


def _gathered(x: Any, windows: AllWindows) -> Any:
    """The values in the windows of x, and 0 outside of it, as matrices of columns."""
    layout = _layout(windows, x.shape)
    if len(layout.places) == 1 and not layout.is_padded:
        return x[layout.places[0][1]].reshape(layout.matrices)
    columns = (np.zeros if layout.is_padded else np.empty)(layout.shape, x.dtype)
    for place, at in layout.places:
        columns[place] = x[at]
    return columns.reshape(layout.matrices)


def _overlapping(columns: Any, count: int) -> Any:
    """The matrices of each ``count`` rows that follow each other, one below the other: a view, without a copy."""
    if count == 1:
        return columns
    columns = np.ascontiguousarray(columns)
    groups, rows, height, width = columns.shape
    shape = groups, rows - count + 1, count * height, width
    return np.ndarray(shape, columns.dtype, columns, 0, columns.strides)


def _returned(x: Any, kernels: Any, windows: AllWindows, length: int) -> Iterator[tuple[AllWindows, Any]]:
    """The columns that the transposed kernels make of x, by blocks of rows, and the windows to which they return.

    Where windows share rows, going back along H is itself a convolution, with the kernels' rows in reverse order and as
    many rows as the input has, which is ``length``: what is left to add up are the places along W.
    """
    (rows, *rest), groups = windows, len(kernels)
    each = [_EACH._replace(number=one.number) for one in rest]
    if _is_shared(rows):
        reached = rows._replace(number=length, padding=rows.size - 1 - rows.padding)
        returning = _EACH._replace(number=length)
        kernels = kernels[:, :, ::-1].transpose(0, *range(3, kernels.ndim), 2, 1)
        matrices = kernels.reshape(groups, 1, prod(kernels.shape[1:-2]), prod(kernels.shape[-2:]))
    else:
        reached, returning = _EACH._replace(number=rows.number), rows
        matrices = kernels.reshape(groups, 1, kernels.shape[1], prod(kernels.shape[2:])).mT
    others = groups * matrices.shape[2] * prod(x.shape[3:])
    for chosen, columns in _columns(x, (reached, *each), others):
        yield (_some(returning, chosen), *rest), _product(matrices, columns)


def _product(a: Any, b: Any) -> Any:
    """a @ b; if that is but a product of each value of a column and each of a row, it is quicker to say so."""
    return a * b if a.shape[-1] == 1 else a @ b
