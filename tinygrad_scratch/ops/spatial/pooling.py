"""What all kinds of pooling have in common: their windows, and how the values of each become one.

Windows are not copied out of the input: what is done to them is done for each of their places in turn, to all windows
at once, on a strided view of the input. So results have the memory order of the input, whichever that is.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import lru_cache
from math import prod
from typing import Any

import numpy as np

from tinygrad_scratch.ops.spatial.windows import AllWindows, Sizes, Windows, check_spatial, per_dimension, places
from tinygrad_scratch.record.tensor import Tensor

OutputSize = int | Sequence[int | None] | None

_FEW = 9  # places of a window, up to which it takes fewer passes to go through them than dimension by dimension


def spatial(x: Any, windows: AllWindows) -> tuple[int, ...]:
    """The sizes of the spatial dimensions of x, which are the last."""
    return x.shape[-len(windows) :]  # type: ignore[no-any-return]


def have_few_places(windows: AllWindows) -> bool:
    return len(windows) == 1 or prod(one.size for one in windows) <= _FEW


def by_dimension(function: Callable[..., Any], x: Any, *along: Sequence[Any]) -> Any:
    """``function`` for each spatial dimension in turn: of ``x`` with that last, and its item of each ``along``."""
    for dim, items in enumerate(zip(*along, strict=True), -len(along[0])):
        x = np.moveaxis(function(np.moveaxis(x, dim, -1), *items), -1, dim)
    return x


def combined(combine: np.ufunc, x: Any, windows: AllWindows, start: Any) -> Any:
    """What ``combine`` makes of ``start`` and the values in each window that lie in the input."""
    if not have_few_places(windows):
        return by_dimension(lambda x, one: combined(combine, x, (one,), start), x, windows)
    result = np.empty_like(x, shape=(*x.shape[: -len(windows)], *(one.number for one in windows)))
    result.fill(start)
    for outputs, inputs in places(windows, spatial(x, windows)):
        part = result[outputs]
        combine(part, x[inputs], out=part)
    return result


def laid_out_as(x: Any, like: Any) -> Any:
    """A copy of x that lies in memory as ``like`` does, which has the same shape."""
    result = np.empty_like(like, x.dtype)
    np.copyto(result, x)
    return result


def are_tiles(windows: AllWindows, lengths: Sequence[int]) -> bool:
    """Whether each value of an input of these ``lengths`` lies in one window, and in no other."""
    return all(
        one.stride == one.size and one.number * one.size == length and one.dilation == 1 and not one.padding
        for one, length in zip(windows, lengths, strict=True)
    )


@lru_cache(1024)
def _windows(
    lengths: tuple[int, ...],
    kernel_size: tuple[int, ...],
    stride: tuple[int, ...],
    padding: tuple[int, ...],
    dilation: tuple[int, ...],
    ceil_mode: bool,
    operation: str,
) -> AllWindows:
    """The windows over spatial dimensions of these ``lengths``; ValueError if there are none."""
    windows = []
    for length, size, step, pad, apart in zip(lengths, kernel_size, stride, padding, dilation, strict=True):
        if pad > (apart * (size - 1) + 1) // 2:
            raise ValueError(f"{operation}: padding {padding} is more than half of the kernel size {kernel_size}")
        beyond = length + 2 * pad - apart * (size - 1) - 1
        number = (beyond + (step - 1) * ceil_mode) // step + 1
        if ceil_mode and (number - 1) * step >= length + pad:  # the last window would begin behind the input
            number -= 1
        if number < 1:
            raise ValueError(
                f"{operation}: a kernel of size {kernel_size} with dilation {dilation} does not fit into an input of "
                f"size {lengths} with padding {padding}"
            )
        windows.append(Windows(number, size, step, pad, apart))
    return tuple(windows)


def pooling_windows(
    input: Tensor,
    dims: int,
    operation: str,
    kernel_size: Sizes,
    stride: Sizes | None,
    padding: Sizes,
    dilation: Sizes,
    ceil_mode: bool,
) -> AllWindows:
    """The windows of a pooling; ValueError or TypeError if there are none, or not such."""
    check_spatial(input, dims, operation)
    if input.dtype.kind == "b":
        raise TypeError(f"{operation}: needs a tensor of numbers, not bool; convert it with float()")
    size = per_dimension(kernel_size, dims, "kernel_size", operation)
    return _windows(
        input.shape[-dims:],
        size,
        per_dimension(stride, dims, "stride", operation) if stride or stride == 0 else size,
        per_dimension(padding, dims, "padding", operation, least=0),
        per_dimension(dilation, dims, "dilation", operation),
        bool(ceil_mode),
        operation,
    )


def adaptive_sizes(input: Tensor, output_size: Any, dims: int, operation: str) -> tuple[int, ...]:
    """The sizes that an adaptive pooling is to make of the spatial dimensions; None leaves one as it is."""
    check_spatial(input, dims, operation)
    given = tuple(output_size) if isinstance(output_size, Sequence) else (output_size,) * dims
    sizes = [length if size is None else size for size, length in zip(given, input.shape[-dims:], strict=False)]
    if len(given) != dims:
        raise ValueError(f"{operation}: output_size must be a number or {dims} of them, got {output_size!r}")
    return per_dimension(sizes, dims, "output_size", operation, least=0)


def equal_windows(lengths: Sequence[int], sizes: Sequence[int]) -> AllWindows | None:
    """The windows, all of one size, that divide ``lengths`` into ``sizes`` parts; None if there are no such."""
    if any(size == 0 or length % size for length, size in zip(lengths, sizes, strict=True)):
        return None
    parts = ((size, length // size) for length, size in zip(lengths, sizes, strict=True))
    return tuple(Windows(number, part, part, 0, 1) for number, part in parts)
