"""Pooling: windows of the input become one value each, their maximum or mean.

Windows are not copied out of the input: what is done to them is done for each of their places in turn, to all windows
at once, on a strided view of the input. So results have the memory order of the input, whichever that is.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import lru_cache
from math import prod
from typing import Any, Literal, Protocol, overload

import numpy as np

from tinygrad_scratch.ops.index.indexing import ValuesAndIndices
from tinygrad_scratch.ops.spatial.windows import (
    Index,
    Sizes,
    Windows,
    check_spatial,
    per_dimension,
    places,
    spatial_row,
)
from tinygrad_scratch.record.operation import Operation, primitive
from tinygrad_scratch.record.tensor import Tensor

AllWindows = tuple[Windows, ...]  # along each spatial dimension

_FEW = 9  # places of a window, up to which it takes fewer passes to go through them than dimension by dimension


# Windows


def _spatial(x: Any, windows: AllWindows) -> tuple[int, ...]:
    return x.shape[-len(windows) :]  # type: ignore[no-any-return]


def _pooled_shape(x: Any, windows: AllWindows) -> tuple[int, ...]:
    return (*x.shape[: -len(windows)], *(one.number for one in windows))


def _combined(combine: np.ufunc, x: Any, windows: AllWindows, start: Any) -> Any:
    """What ``combine`` makes of ``start`` and the values in each window that lie in the input."""
    if len(windows) > 1 and prod(one.size for one in windows) > _FEW:
        for dim, one in enumerate(windows, -len(windows)):
            x = np.moveaxis(_combined(combine, np.moveaxis(x, dim, -1), (one,), start), -1, dim)
        return x
    result = np.empty_like(x, shape=_pooled_shape(x, windows))
    result.fill(start)
    for outputs, inputs in places(windows, _spatial(x, windows)):
        part = result[outputs]
        combine(part, x[inputs], out=part)
    return result


# The maximum


def _maxima(x: Any, *, windows: AllWindows) -> Any:
    return _combined(np.maximum, x, windows, -np.inf if x.dtype.kind == "f" else np.iinfo(x.dtype).min)


def _at_maxima(x: Any, maxima: Any, windows: AllWindows) -> Iterator[tuple[Index, Index, Any]]:
    """For each place of a window, the two indices of `places` and in which windows the maximum is taken from there.

    That is the first place of those with the maximum or, as in PyTorch, the last one with NaN.
    """
    remaining = np.ones_like(maxima, bool)
    last_nan = _last_nan(x, maxima, windows)
    for number, (outputs, inputs) in enumerate(places(windows, _spatial(x, windows))):
        here, left = x[inputs] == maxima[outputs], remaining[outputs]
        here &= left
        left ^= here
        if last_nan is not None:
            here |= last_nan[outputs] == number
        yield outputs, inputs, here


def _last_nan(x: Any, maxima: Any, windows: AllWindows) -> Any:
    """The number of the last place of each window that holds NaN, or -1; None if there is none at all."""
    if not np.isnan(maxima).any():
        return None
    last = np.full_like(maxima, -1, np.intp)
    for number, (outputs, inputs) in enumerate(places(windows, _spatial(x, windows))):
        last[outputs][np.isnan(x[inputs])] = number
    return last


def _where(condition: Any, x: Any) -> Any:
    """``x`` where the condition holds, otherwise 0; five times as fast as np.where, and infinity · 0 is 0."""
    return (x.view(f"i{x.itemsize}") * condition).view(x.dtype)


def _in_memory_order_of(y: Any, x: Any) -> Any:
    if x.strides == y.strides:
        return x
    result = np.empty_like(y, x.dtype)
    np.copyto(result, x)
    return result


def _put_at_maxima(g: Any, x: Any, maxima: Any, *, windows: AllWindows) -> Any:
    """Zeros in the shape of x, and the value that g has for each window where its maximum is."""
    result = np.zeros_like(x)
    g = _in_memory_order_of(maxima, g)
    overlap = any(one.overlap for one in windows)
    for outputs, inputs, here in _at_maxima(x, maxima, windows):
        part = result[inputs]
        found = _where(here, g[outputs])
        if overlap:
            part += found
        else:
            part[...] = found
    return result


def _picked_at_maxima(h: Any, x: Any, maxima: Any, *, windows: AllWindows) -> Any:
    """The value of h at the maximum of each window."""
    result = np.zeros_like(maxima)
    for outputs, inputs, here in _at_maxima(x, maxima, windows):
        part = result[outputs]
        part += _where(here, h[inputs])
    return result


_max_pool: Operation = primitive(_maxima, name="max_pool", x=lambda g, x, y, windows: _put(g, x, y, windows=windows))
_put: Operation = primitive(
    _put_at_maxima, name="put_at_maxima", g=lambda g, x, maxima, windows: _picked(g, x, maxima, windows=windows)
)
_picked: Operation = primitive(
    _picked_at_maxima, name="picked_at_maxima", h=lambda g, x, maxima, windows: _put(g, x, maxima, windows=windows)
)


@primitive(name="places_of_maxima")
def _places_of_maxima(x: Any, maxima: Any, *, windows: AllWindows) -> Any:
    """Where the maxima are, places counted row by row through the spatial dimensions."""
    lengths = _spatial(x, windows)
    numbers = np.arange(prod(lengths)).reshape(lengths)
    result = np.zeros_like(maxima, np.int64)
    for outputs, inputs, here in _at_maxima(x, maxima, windows):
        np.copyto(result[outputs], numbers[inputs], where=here)
    return result


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


def _checked_windows(
    input: Tensor,
    dims: int,
    operation: str,
    kernel_size: Sizes,
    stride: Sizes | None,
    padding: Sizes,
    dilation: Sizes,
    ceil_mode: bool,
) -> AllWindows:
    check_spatial(input, dims, operation)
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


class MaxPool(Protocol):
    """The maximum in each window, and where it is."""

    @overload
    def __call__(
        self, input: Tensor, kernel_size: Sizes, stride: Sizes | None = None, padding: Sizes = 0, dilation: Sizes = 1,
        ceil_mode: bool = False, return_indices: Literal[False] = False,
    ) -> Tensor: ...  # fmt: skip
    @overload
    def __call__(
        self, input: Tensor, kernel_size: Sizes, stride: Sizes | None = None, padding: Sizes = 0, dilation: Sizes = 1,
        ceil_mode: bool = False, *, return_indices: Literal[True],
    ) -> ValuesAndIndices: ...  # fmt: skip


def _max_pooling(dims: int, example: str) -> MaxPool:
    name = f"max_pool{dims}d"

    def max_pool(
        input: Tensor,
        kernel_size: Sizes,
        stride: Sizes | None = None,
        padding: Sizes = 0,
        dilation: Sizes = 1,
        ceil_mode: bool = False,
        return_indices: bool = False,
    ) -> Any:
        """The maximum in each window of ``kernel_size`` values: (N, C, L) to (N, C, L), or without N.

        Windows begin ``stride`` values apart (default: their size), the first one ``padding`` values, which count as
        -infinity, before the input; ``dilation`` is how far the values of a window lie apart. ``ceil_mode`` adds
        windows that begin inside the input but do not end there. ``return_indices`` also gives the places of the
        maxima, counted row by row through the spatial dimensions.

        The gradient goes to the first of several maxima; if there is NaN in a window, that is its maximum. ValueError
        for a kernel that is larger than the padded input, and for padding of more than half of the kernel.
        """
        windows = _checked_windows(input, dims, name, kernel_size, stride, padding, dilation, ceil_mode)
        maxima = _max_pool(input, windows=windows)
        return ValuesAndIndices(maxima, _places_of_maxima(input, maxima, windows=windows)) if return_indices else maxima

    return spatial_row(max_pool, name, dims, example)


def _with_indices(dims: int, max_pool: MaxPool) -> Callable[..., ValuesAndIndices]:
    def max_pool_with_indices(
        input: Tensor,
        kernel_size: Sizes,
        stride: Sizes | None = None,
        padding: Sizes = 0,
        dilation: Sizes = 1,
        ceil_mode: bool = False,
    ) -> ValuesAndIndices:
        """The maximum in each window, and where it is: the function without ``_with_indices``, told to give both."""
        return max_pool(input, kernel_size, stride, padding, dilation, ceil_mode, return_indices=True)

    name = f"max_pool{dims}d_with_indices"
    return spatial_row(
        max_pool_with_indices, name, dims, f"tg.{name}(tg.ones({'1, ' * dims}2), 1).indices.shape\n{(*[1] * dims, 2)}"
    )


max_pool1d = _max_pooling(1, "tg.max_pool1d(tg.tensor([[3.0, 1.0, 2.0, 4.0]]), 2)\ntensor([[3., 4.]])")
max_pool2d = _max_pooling(2, "tg.max_pool2d(tg.arange(8.0).reshape(1, 2, 4), 2)\ntensor([[[5., 7.]]])")
max_pool3d = _max_pooling(3, "tg.max_pool3d(tg.arange(8.0).reshape(1, 2, 2, 2), 2)\ntensor([[[[7.]]]])")
max_pool1d_with_indices = _with_indices(1, max_pool1d)
max_pool2d_with_indices = _with_indices(2, max_pool2d)
max_pool3d_with_indices = _with_indices(3, max_pool3d)
