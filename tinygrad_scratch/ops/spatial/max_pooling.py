"""Max pooling: the maximum of each window, and its way back."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from math import prod
from typing import Any, Literal, Protocol, overload

import numpy as np

from tinygrad_scratch.ops.checks import check_index, check_shape, floating_only
from tinygrad_scratch.ops.index.indexing import ValuesAndIndices, _gather
from tinygrad_scratch.ops.index.scatter import take
from tinygrad_scratch.ops.shape.padding import slices_at
from tinygrad_scratch.ops.spatial.interpolation import adaptive_bounds
from tinygrad_scratch.ops.spatial.pooling import (
    OutputSize,
    adaptive_sizes,
    are_tiles,
    combined,
    equal_windows,
    laid_out_as,
    pooling_windows,
    spatial,
)
from tinygrad_scratch.ops.spatial.windows import (
    AllWindows,
    Index,
    Sizes,
    Windows,
    check_spatial,
    per_dimension,
    places,
    spatial_row,
)
from tinygrad_scratch.record.operation import Function, Operation, primitive
from tinygrad_scratch.record.tensor import Tensor, make_tensor


def _maxima(x: Any, *, windows: AllWindows) -> Any:
    return combined(np.maximum, x, windows, -np.inf if x.dtype.kind == "f" else np.iinfo(x.dtype).min)


def _at_maxima(x: Any, maxima: Any, windows: AllWindows) -> Iterator[tuple[Index, Index, Any]]:
    """For each place of a window, the two indices of `places` and in which windows the maximum is taken from there.

    That is the first place of those with the maximum or, as in PyTorch, the last one with NaN.
    """
    remaining = np.ones_like(maxima, bool)
    last_nan = _last_nan(x, maxima, windows)
    for number, (outputs, inputs) in enumerate(places(windows, spatial(x, windows))):
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
    for number, (outputs, inputs) in enumerate(places(windows, spatial(x, windows))):
        last[outputs][np.isnan(x[inputs])] = number
    return last


def _bits(x: Any) -> Any:
    """``x`` as integers: times a condition they are x or 0, infinity or not, in a fifth of the time of np.where."""
    return x.view(f"i{x.itemsize}")


def _put_at_maxima(g: Any, x: Any, maxima: Any, *, windows: AllWindows) -> Any:
    """Zeros in the shape of x, and the value that g has for each window where its maximum is."""
    result = np.empty_like(x) if are_tiles(windows, spatial(x, windows)) else np.zeros_like(x)
    g = g if g.strides == maxima.strides else laid_out_as(g, maxima)
    overlap = any(one.overlap for one in windows)
    bits, result_bits = _bits(g), _bits(result)
    for outputs, inputs, here in _at_maxima(x, maxima, windows):
        if overlap:
            part = result[inputs]
            part += (bits[outputs] * here).view(g.dtype)
        else:
            np.multiply(bits[outputs], here, out=result_bits[inputs])
    return result


def _picked_at_maxima(h: Any, x: Any, maxima: Any, *, windows: AllWindows) -> Any:
    """The value of h at the maximum of each window."""
    result = np.zeros_like(maxima)
    bits = _bits(h)
    for outputs, inputs, here in _at_maxima(x, maxima, windows):
        part = result[outputs]
        part += (bits[inputs] * here).view(h.dtype)
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
    lengths = spatial(x, windows)
    numbers = np.arange(prod(lengths)).reshape(lengths)
    result = np.zeros_like(maxima, np.int64)
    for outputs, inputs, here in _at_maxima(x, maxima, windows):
        np.copyto(result[outputs], numbers[inputs], where=here)
    return result


def _put_values(x: Any, index: Any, *, length: int) -> Any:
    """Rows of so many zeros, and each value of the rows of x where ``index`` says: the last, if several go there."""
    if index.size and not 0 <= index.min() <= index.max() < length:
        raise ValueError(f"indices from {index.min()} to {index.max()} are out of range for {length} values")
    result = np.zeros((*x.shape[:-1], length), x.dtype)
    np.put_along_axis(result, index, x, -1)
    return result


_max_unpool: Operation = primitive(
    _put_values, name="max_unpool", x=lambda g, x_shape, index: _gather(g, index, dim=len(x_shape) - 1)
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


class AdaptiveMaxPool(Protocol):
    """The maximum of each part, and where it is."""

    @overload
    def __call__(
        self, input: Tensor, output_size: OutputSize, return_indices: Literal[False] = False
    ) -> Tensor: ...  # fmt: skip
    @overload
    def __call__(
        self, input: Tensor, output_size: OutputSize, return_indices: Literal[True]
    ) -> ValuesAndIndices: ...  # fmt: skip


def _with_or_without_indices(input: Tensor, windows: AllWindows, return_indices: bool) -> Any:
    maxima = _max_pool(input, windows=windows)
    return ValuesAndIndices(maxima, _places_of_maxima(input, maxima, windows=windows)) if return_indices else maxima


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
        windows = pooling_windows(input, dims, name, kernel_size, stride, padding, dilation, ceil_mode)
        return _with_or_without_indices(input, windows, return_indices)

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


def _adaptive_max_pooling(dims: int, example: str) -> AdaptiveMaxPool:
    name = f"adaptive_max_pool{dims}d"

    def adaptive_max_pool(input: Tensor, output_size: OutputSize, return_indices: bool = False) -> Any:
        """The maxima of parts of the input, so many that they are ``output_size``: (N, C, L) to (N, C, L).

        N may be missing. None leaves a dimension as it is. Part i of n holds the values from ⌊i · size / n⌋ up to
        ⌈(i + 1) · size / n⌉: parts of unequal size may share values.

        ``return_indices`` also gives the places of the maxima, counted row by row through the spatial dimensions.
        The gradient goes to the first of several maxima.
        """
        sizes = adaptive_sizes(floating_only(input, name), output_size, dims, name)
        lengths = input.shape[-dims:]
        windows = equal_windows(lengths, sizes)
        if windows is not None:
            return _with_or_without_indices(input, windows, return_indices)
        parts = [_parts(length, size) for length, size in zip(lengths, sizes, strict=True)]
        for dim, part in enumerate(parts, input.ndim - dims):
            input = slices_at(input, dim, part.ravel())
        windows = tuple(Windows(len(part), part.shape[1], part.shape[1], 0, 1) for part in parts)
        maxima = _max_pool(input, windows=windows)
        if not return_indices:
            return maxima
        numbers = np.arange(prod(lengths)).reshape(lengths)[np.ix_(*(part.ravel() for part in parts))]
        return ValuesAndIndices(maxima, take(make_tensor(numbers), _places_of_maxima(input, maxima, windows=windows)))

    return spatial_row(adaptive_max_pool, name, dims, example)


def _parts(length: int, number: int) -> Any:
    """A row for each part of an adaptive pooling: where its values are, the last repeated if others have more."""
    begin, end = (bounds[:, None] for bounds in adaptive_bounds(length, number))
    return np.minimum(begin + np.arange((end - begin).max(initial=1)), end - 1)


def _adaptive_with_indices(dims: int, adaptive_max_pool: AdaptiveMaxPool) -> Callable[..., ValuesAndIndices]:
    def adaptive_max_pool_with_indices(input: Tensor, output_size: OutputSize) -> ValuesAndIndices:
        """The maxima of parts of the input, and where they are: the function without ``_with_indices``, told to."""
        return adaptive_max_pool(input, output_size, return_indices=True)

    name = f"adaptive_max_pool{dims}d_with_indices"
    example = f"tg.{name}(tg.ones({'2, ' * dims}2), 1).indices.shape\n{(2, *[1] * dims)}"
    return spatial_row(adaptive_max_pool_with_indices, name, dims, example)


adaptive_max_pool1d = _adaptive_max_pooling(1, "tg.adaptive_max_pool1d(tg.eye(3), 1).T\ntensor([[1., 1., 1.]])")
adaptive_max_pool2d = _adaptive_max_pooling(2, "tg.adaptive_max_pool2d(tg.ones(1, 5, 4), (None, 1)).shape\n(1, 5, 1)")
adaptive_max_pool3d = _adaptive_max_pooling(3, "tg.adaptive_max_pool3d(tg.ones(1, 5, 4, 3), 2).shape\n(1, 2, 2, 2)")
adaptive_max_pool1d_with_indices = _adaptive_with_indices(1, adaptive_max_pool1d)
adaptive_max_pool2d_with_indices = _adaptive_with_indices(2, adaptive_max_pool2d)
adaptive_max_pool3d_with_indices = _adaptive_with_indices(3, adaptive_max_pool3d)


def _max_unpooling(dims: int) -> Function:
    name = f"max_unpool{dims}d"

    def max_unpool(
        input: Tensor,
        indices: Tensor,
        kernel_size: Sizes,
        stride: Sizes | None = None,
        padding: Sizes = 0,
        output_size: Sequence[int] | None = None,
    ) -> Tensor:
        """The way back from max pooling: zeros, and each maximum at its place: (N, C, L) to (N, C, L), or without N.

        ``indices`` are those that the pooling gave, with the same sizes. As it may give the same for inputs of several
        sizes, there is ``output_size``, that of the spatial dimensions, or of all. ValueError if the shapes or sizes do
        not fit, or an index is out of range.
        """
        check_spatial(input, dims, name)
        check_index(indices, input, name)
        check_shape(indices, input.shape, "indices", name)
        lengths = _unpooled(input.shape[-dims:], dims, name, kernel_size, stride, padding, output_size)
        lead = input.shape[:-dims]
        rows = (*lead, prod(input.shape[-dims:]))
        values = _max_unpool(input.reshape(rows), indices.reshape(rows), length=prod(lengths))
        return values.reshape(*lead, *lengths)

    example = f"tg.{name}(tg.ones({'1, ' * dims}1), tg.zeros({'1, ' * dims}1, dtype=tg.int64), 2).sum()\ntensor(1.)"
    return spatial_row(max_unpool, name, dims, example)


def _unpooled(
    lengths: tuple[int, ...],
    dims: int,
    operation: str,
    kernel_size: Sizes,
    stride: Sizes | None,
    padding: Sizes,
    output_size: Sequence[int] | None,
) -> tuple[int, ...]:
    """The sizes of the spatial dimensions that were pooled to ``lengths``: ``output_size``, if it may be that."""
    size = per_dimension(kernel_size, dims, "kernel_size", operation)
    strides = per_dimension(stride, dims, "stride", operation) if stride is not None else size
    paddings = per_dimension(padding, dims, "padding", operation, least=0)
    usual = tuple((n - 1) * s - 2 * p + k for n, s, p, k in zip(lengths, strides, paddings, size, strict=True))
    if output_size is None:
        return usual
    wanted = per_dimension(output_size[-dims:], dims, "output_size", operation)
    if len(output_size) not in (dims, dims + 2) or any(
        abs(n - m) >= s for n, m, s in zip(wanted, usual, strides, strict=True)
    ):
        raise ValueError(
            f"{operation}: output_size must be {usual}, or differ by less than the stride {strides}, not {output_size}"
        )
    return wanted


max_unpool1d = _max_unpooling(1)
max_unpool2d = _max_unpooling(2)
max_unpool3d = _max_unpooling(3)
