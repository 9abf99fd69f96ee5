"""Convolutional layers: one class for the convolutions, one for the transposed ones, and a row for each of them.

What a layer computes, its function says.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from math import prod
from typing import Any, ClassVar

import tinygrad_scratch as tg
from tinygrad_scratch import Tensor
from tinygrad_scratch.engine import DType, Sizes, per_dimension
from tinygrad_scratch.nn import functional as F
from tinygrad_scratch.nn import init
from tinygrad_scratch.nn.layers.sizes import check_sizes
from tinygrad_scratch.nn.module import Module
from tinygrad_scratch.nn.parameter import Parameter

_PADDING_MODES = ("zeros", "reflect", "replicate", "circular")


class _Convolution(Module):
    """The base of both kinds. ``weight`` and ``bias`` start uniform within ±1/√(values that a kernel is made of)."""

    function: ClassVar[Callable[..., Tensor]]
    dims: ClassVar[int]
    padding: Any  # a number for each dimension, or a word

    def __init_subclass__(cls, function: Callable[..., Tensor] | None = None, dims: int = 0, **kwargs: Any) -> None:
        super().__init_subclass__(**kwargs)
        if function is not None:
            cls.function, cls.dims = staticmethod(function), dims
            cls.__doc__ = function.__doc__

    def __init__(
        self,
        in_channels: int,
        out_channels: int,
        kernel_size: Sizes,
        stride: Sizes,
        padding: Sizes | str,
        dilation: Sizes,
        groups: int,
        padding_mode: str,
    ) -> None:
        super().__init__()
        name, dims = type(self).__name__, self.dims
        check_sizes(name, 1, in_channels=in_channels, out_channels=out_channels, groups=groups)
        for what, channels in (("in_channels", in_channels), ("out_channels", out_channels)):
            if channels % groups:
                raise ValueError(f"{name}: {what}={channels} cannot be divided into {groups} groups")
        if padding_mode not in _PADDING_MODES:
            raise ValueError(f"{name}: padding_mode must be {', '.join(_PADDING_MODES)}, not {padding_mode!r}")
        self.in_channels = in_channels
        self.out_channels = out_channels
        self.kernel_size = per_dimension(kernel_size, dims, "kernel_size", name)
        self.stride = per_dimension(stride, dims, "stride", name)
        self.padding = padding if isinstance(padding, str) else per_dimension(padding, dims, "padding", name, least=0)
        self.dilation = per_dimension(dilation, dims, "dilation", name)
        self.output_padding = (0,) * dims
        self.groups = groups
        self.padding_mode = padding_mode

    def _make_parameters(self, channels: tuple[int, int], bias: bool, device: Any, dtype: DType) -> None:
        self.weight = Parameter(tg.empty(*channels, *self.kernel_size, device=device, dtype=dtype))
        self.bias = Parameter(tg.empty(self.out_channels, device=device, dtype=dtype)) if bias else None
        self.reset_parameters()

    def reset_parameters(self) -> None:
        """Draw the weight and bias anew."""
        bound = 1 / prod(self.weight.shape[1:]) ** 0.5
        init.uniform_(self.weight, -bound, bound)
        if self.bias is not None:
            init.uniform_(self.bias, -bound, bound)

    def extra_repr(self) -> str:
        zeros, ones = (0,) * self.dims, (1,) * self.dims
        usual = {
            "padding": zeros,
            "dilation": ones,
            "output_padding": zeros,
            "groups": 1,
            "bias": True,
            "padding_mode": "zeros",
        }
        options = {
            "kernel_size": self.kernel_size,
            "stride": self.stride,
            "padding": self.padding,
            "dilation": self.dilation,
            "output_padding": self.output_padding,
            "groups": self.groups,
            "bias": self.bias is not None,
            "padding_mode": self.padding_mode,
        }
        shown = [f"{name}={value}" for name, value in options.items() if value != usual.get(name)]
        return ", ".join([str(self.in_channels), str(self.out_channels), *shown])


class _Conv(_Convolution):
    def __init__(
        self,
        in_channels: int,
        out_channels: int,
        kernel_size: Sizes,
        stride: Sizes = 1,
        padding: Sizes | str = 0,
        dilation: Sizes = 1,
        groups: int = 1,
        bias: bool = True,
        padding_mode: str = "zeros",
        device: Any = None,
        dtype: DType = None,
    ) -> None:
        super().__init__(in_channels, out_channels, kernel_size, stride, padding, dilation, groups, padding_mode)
        if padding == "same" and max(self.stride) > 1:
            raise ValueError(f"{type(self).__name__}: padding='same' needs stride 1, not {self.stride}")
        if isinstance(padding, str) and padding not in ("same", "valid"):
            raise ValueError(f"{type(self).__name__}: padding must be numbers, 'same' or 'valid', not {padding!r}")
        self._make_parameters((out_channels, in_channels // groups), bias, device, dtype)

    def forward(self, input: Tensor) -> Tensor:
        padding = self.padding
        if self.padding_mode != "zeros":
            input, padding = F.pad(input, self._edges(), self.padding_mode), (0,) * self.dims
        return self.function(input, self.weight, self.bias, self.stride, padding, self.dilation, self.groups)

    def _edges(self) -> list[int]:
        """How many values are added before and after the input, from the last dimension on."""
        if isinstance(self.padding, str):
            both = [
                (size - 1) * step * (self.padding == "same")
                for size, step in zip(self.kernel_size, self.dilation, strict=True)
            ]
            pairs = [(count // 2, count - count // 2) for count in both]
        else:
            pairs = [(count, count) for count in self.padding]
        return [count for pair in reversed(pairs) for count in pair]


class Conv1d(_Conv, function=F.conv1d, dims=1):
    pass


class Conv2d(_Conv, function=F.conv2d, dims=2):
    pass


class Conv3d(_Conv, function=F.conv3d, dims=3):
    pass


class _ConvTranspose(_Convolution):
    def __init__(
        self,
        in_channels: int,
        out_channels: int,
        kernel_size: Sizes,
        stride: Sizes = 1,
        padding: Sizes = 0,
        output_padding: Sizes = 0,
        groups: int = 1,
        bias: bool = True,
        dilation: Sizes = 1,
        padding_mode: str = "zeros",
        device: Any = None,
        dtype: DType = None,
    ) -> None:
        super().__init__(in_channels, out_channels, kernel_size, stride, padding, dilation, groups, padding_mode)
        name = type(self).__name__
        if padding_mode != "zeros" or isinstance(padding, str):
            raise ValueError(f"{name}: padding must be numbers and padding_mode 'zeros': it is taken away, not added")
        self.output_padding = per_dimension(output_padding, self.dims, "output_padding", name, least=0)
        self._make_parameters((in_channels, out_channels // groups), bias, device, dtype)

    def forward(self, input: Tensor, output_size: Sequence[int] | None = None) -> Tensor:
        """The result over ``output_size``, if that is given, in place of what ``output_padding`` says.

        ValueError unless it is one of the sizes that have as many windows as the input has values.
        """
        added = self.output_padding if output_size is None else self._output_padding(input, output_size)
        options = (self.stride, self.padding, added, self.groups, self.dilation)
        return self.function(input, self.weight, self.bias, *options)

    def _output_padding(self, input: Tensor, output_size: Sequence[int]) -> tuple[int, ...]:
        wanted = tuple(output_size)[-self.dims :]
        least = self._least_size(input)
        added = tuple(size - smallest for size, smallest in zip(wanted, least, strict=False))
        in_range = all(0 <= count < stride for count, stride in zip(added, self.stride, strict=False))
        if len(output_size) not in (self.dims, input.ndim) or not in_range:
            most = tuple(smallest + stride - 1 for smallest, stride in zip(least, self.stride, strict=True))
            raise ValueError(
                f"{type(self).__name__}: output_size must lie between {least} and {most} for an input of shape "
                f"{input.shape}, not be {tuple(output_size)}"
            )
        return added

    def _least_size(self, input: Tensor) -> tuple[int, ...]:
        options = zip(
            input.shape[-self.dims :], self.stride, self.padding, self.kernel_size, self.dilation, strict=True
        )
        return tuple((n - 1) * stride - 2 * pad + (size - 1) * step + 1 for n, stride, pad, size, step in options)


class ConvTranspose1d(_ConvTranspose, function=F.conv_transpose1d, dims=1):
    pass


class ConvTranspose2d(_ConvTranspose, function=F.conv_transpose2d, dims=2):
    pass


class ConvTranspose3d(_ConvTranspose, function=F.conv_transpose3d, dims=3):
    pass
