"""Average pooling: the mean of each window, or the mean of its powers."""

from __future__ import annotations

from functools import lru_cache
from math import prod
from typing import Any

import numpy as np

from tinygrad_scratch.dtypes import float16, float32
from tinygrad_scratch.ops.checks import floating_only
from tinygrad_scratch.ops.math.arithmetic import where
from tinygrad_scratch.ops.reduce.pairwise import in_float32
from tinygrad_scratch.ops.spatial.interpolation import resampled
from tinygrad_scratch.ops.spatial.pooling import (
    OutputSize,
    adaptive_sizes,
    are_tiles,
    by_dimension,
    combined,
    equal_windows,
    have_few_places,
    laid_out_as,
    pooling_windows,
)
from tinygrad_scratch.ops.spatial.windows import AllWindows, Sizes, places, spatial_row
from tinygrad_scratch.record.operation import Function, Operation, primitive, public
from tinygrad_scratch.record.tensor import Tensor, make_tensor

# The mean of each window, and each mean spread over its window: the gradients of each other


@in_float32
def _means(x: Any, divisor: Any, *, windows: AllWindows) -> Any:
    sums = combined(np.add, x, windows, 0)
    if x.dtype.kind != "f":
        return np.trunc(sums / divisor).astype(x.dtype)
    sums /= divisor
    return sums


@in_float32
def _spread_over(g: Any, divisor: Any, *, windows: AllWindows, lengths: tuple[int, ...]) -> Any:
    """Zeros of these ``lengths``, and each value over its divisor added wherever its window lies."""
    return _added(g / divisor, windows, lengths)


def _added(g: Any, windows: AllWindows, lengths: tuple[int, ...]) -> Any:
    if not have_few_places(windows):
        return by_dimension(lambda g, one, length: _added(g, (one,), (length,)), g, windows, lengths)
    shape = (*g.shape[: -len(windows)], *lengths)
    if are_tiles(windows, lengths):
        result = np.empty_like(g, shape=shape)
        for _, inputs in places(windows, lengths):
            result[inputs] = g
        return result
    result = np.zeros_like(g, shape=shape)
    for outputs, inputs in places(windows, lengths):
        part = result[inputs]
        part += g[outputs]
    return result


_mean: Operation = primitive(
    _means,
    name="avg_pool",
    x=lambda g, x_shape, divisor, windows: _spread(g, divisor, windows=windows, lengths=x_shape[-len(windows) :]),
)
_spread: Operation = primitive(
    _spread_over, name="spread_over_windows", g=lambda g, divisor, windows: _mean(g, divisor, windows=windows)
)


# Its gradient lies in memory as its result does.
_in_memory_order: Operation = primitive(laid_out_as, name="in_memory_order", x=lambda g, y: _in_memory_order(g, y))


@lru_cache(256)
def _divisor(windows: AllWindows, lengths: tuple[int, ...], count_include_pad: bool, dtype: Any) -> int | Tensor:
    """How many values each window has, and with ``count_include_pad`` of the padding, but not of what is behind it."""
    counts = np.ones(())
    for one, length in zip(windows, lengths, strict=True):
        pad = one.padding if count_include_pad else 0
        begin = np.arange(one.number) * one.stride - one.padding
        counts = counts[..., None] * (np.minimum(begin + one.size, length + pad) - np.maximum(begin, -pad))
    size = prod(one.size for one in windows)
    return size if (counts == size).all() else make_tensor(counts.astype(dtype))


def _averages(input: Tensor, windows: AllWindows, count_include_pad: bool, divisor_override: int | None) -> Tensor:
    dtype = float32 if input.dtype == float16 else input.dtype
    divisor = divisor_override or _divisor(windows, input.shape[-len(windows) :], bool(count_include_pad), dtype)
    return _mean(input, divisor, windows=windows)


@public(is_method=False)
def avg_pool1d(
    input: Tensor,
    kernel_size: Sizes,
    stride: Sizes | None = None,
    padding: Sizes = 0,
    ceil_mode: bool = False,
    count_include_pad: bool = True,
) -> Tensor:
    """The mean of each window of ``kernel_size`` values: (N, C, L) to (N, C, L), or without N. See `avg_pool2d`.

    >>> tg.avg_pool1d(tg.tensor([[3.0, 1.0, 2.0, 4.0]]), 2)
    tensor([[2., 3.]])
    """
    windows = pooling_windows(input, 1, "avg_pool1d", kernel_size, stride, padding, 1, ceil_mode)
    return _averages(input, windows, count_include_pad, None)


def _average_pooling(dims: int, example: str) -> Function:
    name = f"avg_pool{dims}d"

    def avg_pool(
        input: Tensor,
        kernel_size: Sizes,
        stride: Sizes | None = None,
        padding: Sizes = 0,
        ceil_mode: bool = False,
        count_include_pad: bool = True,
        divisor_override: int | None = None,
    ) -> Tensor:
        """The mean of each window of ``kernel_size`` values: (N, C, L) to (N, C, L), or without N.

        Windows begin ``stride`` values apart (default: their size), the first one ``padding`` values, which are 0,
        before the input. ``ceil_mode`` adds windows that begin inside the input but do not end there. A sum is divided
        by how many values its window has, padding included or, without ``count_include_pad``, not; or by
        ``divisor_override``. Means of integers are rounded towards 0.

        ValueError for a kernel that is larger than the padded input, and for padding of more than half of the kernel.
        """
        if divisor_override == 0:
            raise ValueError(f"{name}: divisor_override must not be 0")
        windows = pooling_windows(input, dims, name, kernel_size, stride, padding, 1, ceil_mode)
        return _averages(input, windows, count_include_pad, divisor_override)

    return spatial_row(avg_pool, name, dims, example)


avg_pool2d = _average_pooling(2, "tg.avg_pool2d(tg.arange(8.0).reshape(1, 2, 4), 2)\ntensor([[[2.5000, 4.5000]]])")
avg_pool3d = _average_pooling(3, "tg.avg_pool3d(tg.arange(8.0).reshape(1, 2, 2, 2), 2)\ntensor([[[[3.5000]]]])")


def _adaptive_average_pooling(dims: int, example: str) -> Function:
    name = f"adaptive_avg_pool{dims}d"

    def adaptive_avg_pool(input: Tensor, output_size: OutputSize) -> Tensor:
        """The means of parts of the input, so many that they are ``output_size``: (N, C, L) to (N, C, L).

        N may be missing. None leaves a dimension as it is. Result i of n is the mean of the values from ⌊i · size / n⌋
        up to ⌈(i + 1) · size / n⌉: parts of unequal size may share values.
        """
        floating_only(input, name)
        sizes = adaptive_sizes(input, output_size, dims, name)
        if set(sizes) == {1}:
            means = input.mean(tuple(range(-dims, 0)), keepdim=True)
            return _in_memory_order(means, means)
        windows = equal_windows(input.shape[-dims:], sizes)
        if windows is None:
            return resampled(input, "area", sizes, [None] * dims)
        return _averages(input, windows, True, None)

    return spatial_row(adaptive_avg_pool, name, dims, example)


adaptive_avg_pool1d = _adaptive_average_pooling(1, "tg.adaptive_avg_pool1d(tg.ones(1, 5), 2)\ntensor([[1., 1.]])")
adaptive_avg_pool2d = _adaptive_average_pooling(2, "tg.adaptive_avg_pool2d(tg.ones(1, 5, 4), 2).shape\n(1, 2, 2)")
adaptive_avg_pool3d = _adaptive_average_pooling(3, "tg.adaptive_avg_pool3d(tg.ones(1, 5, 4, 3), 2).shape\n(1, 2, 2, 2)")


def _power_average_pooling(dims: int, example: str) -> Function:
    name = f"lp_pool{dims}d"

    def lp_pool(
        input: Tensor, norm_type: float, kernel_size: Sizes, stride: Sizes | None = None, ceil_mode: bool = False
    ) -> Tensor:
        """(Σ x^p)^(1/p) over each window, where p is ``norm_type``: (N, C, L) to (N, C, L), or without N.

        Windows of ``kernel_size`` values begin ``stride`` values apart (default: their size). ``ceil_mode`` adds
        windows that begin inside the input but do not end there; what those have is scaled up to a full window.
        ValueError if ``norm_type`` is 0.
        """
        if norm_type == 0:
            raise ValueError(f"{name}: norm_type must not be 0, as there is no 0th root")
        windows = pooling_windows(input, dims, name, kernel_size, stride, 0, 1, ceil_mode)
        means = _averages(floating_only(input, name) ** norm_type, windows, True, None)
        # Where a window holds zeros alone, the root has an infinite slope, and PyTorch no gradient.
        sums = where(means != 0, means, 0) * prod(one.size for one in windows)
        return sums ** (1 / norm_type)

    return spatial_row(lp_pool, name, dims, example)


lp_pool1d = _power_average_pooling(1, "tg.lp_pool1d(tg.tensor([[3.0, 4.0, 6.0, 8.0]]), 2, 2)\ntensor([[ 5., 10.]])")
lp_pool2d = _power_average_pooling(2, "tg.lp_pool2d(tg.ones(1, 4, 4), 2, 2)\ntensor([[[2., 2.],\n         [2., 2.]]])")
lp_pool3d = _power_average_pooling(3, "tg.lp_pool3d(tg.ones(1, 2, 2, 2), 1, 2)\ntensor([[[[8.]]]])")
