"""Convolutions of one, two and three dimensions, and the transposed ones.

A convolution lays a window at regular places of its input x, and gives for each the sum of the products of the values
in it with a kernel w. With a third factor g for each value of the result, all that happens here follows from one
number::

    Σ  g[n, o, p] · w[o, c, k] · x[n, c, p · stride + k · dilation - padding]

over samples n, channels o and c, windows p and places k in them, x being 0 outside of itself. It is linear in each
factor. What stands beside g is the convolution of x and w; what stands beside x is the gradient that x gets from g, and
what stands beside w is that for w. These are the three primitives, and the rules of each are the other two: so there
are gradients of every order. The second is the transposed convolution, too: that of g, which is its input.

How the three are computed is written in `tinygrad_scratch.ops.spatial.columns`.
"""

from __future__ import annotations

from functools import lru_cache
from typing import Any

from tinygrad_scratch.ops.checks import check_shape
from tinygrad_scratch.ops.reduce.reduction import sum_over
from tinygrad_scratch.ops.spatial.columns import convolved, gradient_for_input, gradient_for_weight
from tinygrad_scratch.ops.spatial.windows import (
    AllWindows,
    Sizes,
    Windows,
    check_spatial,
    per_dimension,
    spatial_row,
    windows_within,
)
from tinygrad_scratch.record.operation import Function, Operation, primitive
from tinygrad_scratch.record.tensor import Tensor


def _sum_for_channels(g: Any) -> Any:
    return sum_over(g, dim=(0, *range(2, g.ndim)), keepdim=False)


_convolution: Operation = primitive(
    convolved,
    name="convolution",
    x=lambda g, weight, x_shape, windows, groups: _transposed_convolution(
        g, weight, None, windows=windows, groups=groups, size=x_shape[2:]
    ),
    weight=lambda g, x, windows, groups: _weight_gradient(x, g, windows=windows, groups=groups),
    bias=_sum_for_channels,
)
_transposed_convolution: Operation = primitive(
    gradient_for_input,
    name="transposed_convolution",
    x=lambda g, weight, windows, groups: _convolution(g, weight, None, windows=windows, groups=groups),
    weight=lambda g, x, windows, groups: _weight_gradient(g, x, windows=windows, groups=groups),
    bias=_sum_for_channels,
)
_weight_gradient: Operation = primitive(
    gradient_for_weight,
    name="convolution_weight_gradient",
    x=lambda g, result, x_shape, windows, groups: _transposed_convolution(
        result, g, None, windows=windows, groups=groups, size=x_shape[2:]
    ),
    result=lambda g, x, windows, groups: _convolution(x, g, None, windows=windows, groups=groups),
)


def _conv(dims: int, call: str) -> Function:
    name = f"conv{dims}d"

    def operation(
        input: Tensor,
        weight: Tensor,
        bias: Tensor | None = None,
        stride: Sizes = 1,
        padding: Sizes | str = 0,
        dilation: Sizes = 1,
        groups: int = 1,
    ) -> Tensor:
        """The sums of products of the windows of ``input`` (N, C, L) or (C, L) with the kernels ``weight``, + ``bias``.

        There are O kernels: ``weight`` is (O, C / groups, \\*kernel size), ``bias`` (O,), and the result (N, O, L) or
        (O, L). The windows lie ``stride`` apart, the places in each ``dilation``; zeros surround the input, ``padding``
        of them on each side, or as many as give the result the size of the input ("same", for stride 1), or none
        ("valid"). Kernels and channels are divided into ``groups``, and each kernel sees the channels of its group.

        ValueError if the shapes do not fit or a kernel is larger than the padded input, TypeError if the dtypes differ.
        """
        _check(input, weight, bias, dims, groups, name)
        if input.shape[-dims - 1] != weight.shape[1] * groups:
            raise ValueError(
                f"{name}: a weight (O, C / groups, ...) of shape {weight.shape} and groups={groups} need an input of "
                f"{weight.shape[1] * groups} channels, not one of shape {input.shape}"
            )
        if bias is not None:
            check_shape(bias, weight.shape[:1], "bias", name)
        settings = (_as_setting(stride), _as_setting(padding), _as_setting(dilation))
        windows = _windows(input.shape[-dims:], weight.shape[2:], *settings, name)
        x = input if input.ndim > dims + 1 else input.unsqueeze(0)
        result = _convolution(x, weight, bias, windows=windows, groups=groups)
        return result if x is input else result.squeeze(0)

    return spatial_row(operation, name, dims, f"tg.{name}{call}")


def _transposed(dims: int, call: str) -> Function:
    name = f"conv_transpose{dims}d"

    def operation(
        input: Tensor,
        weight: Tensor,
        bias: Tensor | None = None,
        stride: Sizes = 1,
        padding: Sizes = 0,
        output_padding: Sizes = 0,
        groups: int = 1,
        dilation: Sizes = 1,
    ) -> Tensor:
        """The sum of the kernels ``weight``, each laid at its windows and multiplied with the value there of ``input``.

        That is the gradient of a convolution for its input: ``input`` is (N, C, L) or (C, L), ``weight`` is (C, O /
        groups, \\*kernel size), ``bias`` (O,), and the result (N, O, L) or (O, L). Windows lie ``stride`` apart, the
        places in each ``dilation``; ``padding`` values are taken away on each side, and ``output_padding`` fewer at the
        end, since several sizes lead to the same number of windows (Zeiler et al., 2010).

        ValueError if the shapes do not fit or nothing would be left, TypeError if the dtypes differ.
        """
        _check(input, weight, bias, dims, groups, name)
        if input.shape[-dims - 1] != len(weight):
            raise ValueError(
                f"{name}: a weight (C, O / groups, ...) of shape {weight.shape} needs an input of {len(weight)} "
                f"channels, not one of shape {input.shape}"
            )
        if bias is not None:
            check_shape(bias, (weight.shape[1] * groups,), "bias", name)
        settings = map(_as_setting, (stride, padding, output_padding, dilation))
        windows, size = _windows_of_result(input.shape[-dims:], weight.shape[2:], *settings, name)
        x = input if input.ndim > dims + 1 else input.unsqueeze(0)
        result = _transposed_convolution(x, weight, bias, windows=windows, groups=groups, size=size)
        return result if x is input else result.squeeze(0)

    return spatial_row(operation, name, dims, f"tg.{name}{call}")


def _check(input: Tensor, weight: Tensor, bias: Tensor | None, dims: int, groups: int, operation: str) -> None:
    check_spatial(input, dims, operation)
    if weight.ndim != dims + 2 or 0 in weight.shape:
        raise ValueError(f"{operation}: the weight must have {dims + 2} dimensions and no size 0, not {weight.shape}")
    if groups < 1 or len(weight) % groups:
        raise ValueError(f"{operation}: a weight of shape {weight.shape} cannot be divided into {groups} groups")
    for what, other in (("weight", weight), ("bias", bias)):
        if other is not None and other.dtype != input.dtype:
            raise TypeError(
                f"{operation}: the input is {input.dtype} and the {what} {other.dtype}; convert one of them with to()"
            )


def _as_setting(given: Any) -> Any:
    """A list as a tuple, so that what is made of it can be looked up."""
    return tuple(given) if isinstance(given, list) else given


@lru_cache(1024)
def _windows(
    lengths: tuple[int, ...], kernel: tuple[int, ...], stride: Any, padding: Any, dilation: Any, operation: str
) -> AllWindows:
    """The windows of a convolution in an input of these ``lengths``."""
    dims = len(lengths)
    if padding == "same":
        if max(per_dimension(stride, dims, "stride", operation)) > 1:
            raise ValueError(f"{operation}: padding='same' needs stride 1, not {stride}")
        dilations = per_dimension(dilation, dims, "dilation", operation)
        both = [(size - 1) * step for size, step in zip(kernel, dilations, strict=True)]
        paddings = [(count // 2, count - count // 2) for count in both]
    elif isinstance(padding, str) and padding != "valid":
        raise ValueError(f"{operation}: padding must be numbers, 'same' or 'valid', not {padding!r}")
    else:
        counts = per_dimension(0 if padding == "valid" else padding, dims, "padding", operation, least=0)
        paddings = [(count, count) for count in counts]
    return windows_within(lengths, kernel, stride, paddings, dilation, operation)


@lru_cache(1024)
def _windows_of_result(
    lengths: tuple[int, ...],
    kernel: tuple[int, ...],
    stride: Any,
    padding: Any,
    output_padding: Any,
    dilation: Any,
    operation: str,
) -> tuple[AllWindows, tuple[int, ...]]:
    """The windows that a transposed convolution lays in its result, one for each value of its input; and its size."""
    dims = len(lengths)
    strides = per_dimension(stride, dims, "stride", operation)
    paddings = per_dimension(padding, dims, "padding", operation, least=0)
    dilations = per_dimension(dilation, dims, "dilation", operation)
    added = per_dimension(output_padding, dims, "output_padding", operation, least=0)
    if any(count >= max(steps) for count, *steps in zip(added, strides, dilations, strict=True)):
        raise ValueError(
            f"{operation}: output_padding {added} must be smaller than the stride {strides} or the dilation {dilations}"
        )
    windows = tuple(map(Windows, lengths, kernel, strides, paddings, dilations))
    size = tuple(one.end - one.padding + count for one, count in zip(windows, added, strict=True))
    if min(size) < 1:
        raise ValueError(f"{operation}: of an input over {lengths}, padding {paddings} leaves a result over {size}")
    return windows, size


conv1d = _conv(1, "(tg.ones(1, 4), tg.tensor([[[1.0, 2]]]))\ntensor([[3., 3., 3.]])")
conv2d = _conv(2, "(tg.ones(5, 3, 28, 28), tg.ones(8, 3, 5, 5)).shape\n(5, 8, 24, 24)")
conv3d = _conv(3, "(tg.ones(3, 9, 9, 9), tg.ones(8, 3, 3, 3, 3), padding='same').shape\n(8, 9, 9, 9)")
conv_transpose1d = _transposed(1, "(tg.ones(1, 2), tg.tensor([[[1.0, 2]]]))\ntensor([[1., 3., 2.]])")
conv_transpose2d = _transposed(2, "(tg.ones(5, 8, 7, 7), tg.ones(8, 3, 2, 2), stride=2).shape\n(5, 3, 14, 14)")
conv_transpose3d = _transposed(3, "(tg.ones(8, 2, 2, 2), tg.ones(8, 3, 3, 3, 3)).shape\n(3, 4, 4, 4)")
