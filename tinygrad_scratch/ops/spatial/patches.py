"""Patches: the windows of an image as columns of a matrix, and back."""

from __future__ import annotations

from math import prod
from typing import Any

import numpy as np

from tinygrad_scratch.ops.spatial.windows import (
    AllWindows,
    Sizes,
    check_spatial,
    per_dimension,
    spans,
    windows_within,
)
from tinygrad_scratch.record.operation import Operation, primitive, public
from tinygrad_scratch.record.tensor import Tensor


def _unfolded(x: Any, *, windows: AllWindows) -> Any:
    sizes, numbers = [one.size for one in windows], [one.number for one in windows]
    columns = np.zeros((*x.shape[:2], *sizes, *numbers), x.dtype)
    for place, outputs, inputs in spans(windows, x.shape[2:]):
        columns[:, :, *place, *outputs] = x[:, :, *inputs]
    return columns.reshape(len(x), x.shape[1] * prod(sizes), prod(numbers))


def _folded(x: Any, *, windows: AllWindows, size: tuple[int, ...]) -> Any:
    sizes, numbers = [one.size for one in windows], [one.number for one in windows]
    columns = x.reshape(len(x), x.shape[1] // prod(sizes), *sizes, *numbers)
    result = np.zeros((*columns.shape[:2], *size), x.dtype)
    for place, outputs, inputs in spans(windows, size):
        result[:, :, *inputs] += columns[:, :, *place, *outputs]
    return result


_unfold: Operation = primitive(
    _unfolded, name="unfold", x=lambda g, x_shape, windows: _fold(g, windows=windows, size=x_shape[2:])
)
_fold: Operation = primitive(_folded, name="fold", x=lambda g, windows: _unfold(g, windows=windows))


@public(is_method=False)
def unfold(input: Tensor, kernel_size: Sizes, dilation: Sizes = 1, padding: Sizes = 0, stride: Sizes = 1) -> Tensor:
    """The windows of images (N, C, H, W) or (C, H, W) as columns: (N, C · kernel height · kernel width, windows).

    The windows lie ``stride`` apart, row by row, the places in each ``dilation``; ``padding`` zeros surround the image
    on each side. A product with kernels as rows is a convolution. ValueError if a window is larger than the image.

    >>> tg.unfold(tg.arange(6.0).reshape(1, 2, 3), (2, 2))
    tensor([[0., 1.],
            [1., 2.],
            [3., 4.],
            [4., 5.]])
    """
    check_spatial(input, 2, "unfold")
    windows = _windows(input.shape[-2:], kernel_size, stride, padding, dilation, "unfold")
    return _unfold(input, windows=windows) if input.ndim == 4 else _unfold(input.unsqueeze(0), windows=windows)[0]


@public(is_method=False)
def fold(
    input: Tensor,
    output_size: Sizes,
    kernel_size: Sizes,
    dilation: Sizes = 1,
    padding: Sizes = 0,
    stride: Sizes = 1,
) -> Tensor:
    """Images of ``output_size`` from the columns that `unfold` makes of their windows; where windows overlap, the sum.

    (N, C · kernel height · kernel width, windows) gives (N, C, \\*output_size); without N, likewise. ValueError unless
    the columns are as many and as high as those of such an image.

    >>> tg.fold(tg.ones(4, 2), (2, 3), (2, 2))
    tensor([[[1., 2., 1.],
             [1., 2., 1.]]])
    """
    size = per_dimension(output_size, 2, "output_size", "fold")
    windows = _windows(size, kernel_size, stride, padding, dilation, "fold")
    height, number = prod(one.size for one in windows), prod(one.number for one in windows)
    if input.ndim not in (2, 3) or input.shape[-2] % height or input.shape[-1] != number or not input.shape[-2]:
        raise ValueError(
            f"fold: images over {size} have {number} windows of {height} values in each channel, so it needs an input "
            f"(N, C · {height}, {number}) or (C · {height}, {number}), not one of shape {input.shape}"
        )
    x = input if input.ndim == 3 else input.unsqueeze(0)
    result = _fold(x, windows=windows, size=size)
    return result if x is input else result[0]


def _windows(
    lengths: tuple[int, ...], kernel_size: Sizes, stride: Sizes, padding: Sizes, dilation: Sizes, operation: str
) -> AllWindows:
    kernel = per_dimension(kernel_size, 2, "kernel_size", operation)
    paddings = per_dimension(padding, 2, "padding", operation, least=0)
    return windows_within(lengths, kernel, stride, [(count, count) for count in paddings], dilation, operation)
