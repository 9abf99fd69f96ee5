"""Pooling layers: the options of each, in PyTorch's order, and the function that takes them.

What a layer computes, its function says.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, ClassVar

from tinygrad_scratch import Tensor
from tinygrad_scratch.engine import OutputSize, Sizes
from tinygrad_scratch.nn import functional as F
from tinygrad_scratch.nn.configured import Configured


class _Pool(Configured):
    """The base of layers with windows: a ``stride`` of None becomes the ``kernel_size``."""

    kernel_size: Sizes
    stride: Sizes | None = None
    padding: Sizes = 0

    def __post_init__(self) -> None:
        self.stride = self.kernel_size if self.stride is None else self.stride

    def extra_repr(self) -> str:
        return f"kernel_size={self.kernel_size}, stride={self.stride}, padding={self.padding}"


def _as_tuples(layer: Any, dims: int) -> None:
    for name in ("kernel_size", "stride", "padding"):
        value = getattr(layer, name)
        setattr(layer, name, tuple(value) if isinstance(value, Sequence) else (value,) * dims)


class _MaxPool(_Pool):
    dilation: Sizes = 1
    return_indices: bool = False
    ceil_mode: bool = False

    def extra_repr(self) -> str:
        return f"{super().extra_repr()}, dilation={self.dilation}, ceil_mode={self.ceil_mode}"


class MaxPool1d(_MaxPool, function=F.max_pool1d):
    pass


class MaxPool2d(_MaxPool, function=F.max_pool2d):
    pass


class MaxPool3d(_MaxPool, function=F.max_pool3d):
    pass


class _MaxUnpool(_Pool):
    """The base of layers that call a function ``unpool`` for so many ``dims``."""

    unpool: ClassVar[Callable[..., Tensor]]
    dims: ClassVar[int]

    def __init_subclass__(cls, unpool: Callable[..., Tensor], dims: int) -> None:
        cls.__doc__ = unpool.__doc__
        super().__init_subclass__()
        cls.unpool, cls.dims = staticmethod(unpool), dims

    def __post_init__(self) -> None:
        super().__post_init__()
        _as_tuples(self, self.dims)

    def forward(self, input: Tensor, indices: Tensor, output_size: Sequence[int] | None = None) -> Tensor:
        return self.unpool(input, indices, self.kernel_size, self.stride, self.padding, output_size)


class MaxUnpool1d(_MaxUnpool, unpool=F.max_unpool1d, dims=1):
    pass


class MaxUnpool2d(_MaxUnpool, unpool=F.max_unpool2d, dims=2):
    pass


class MaxUnpool3d(_MaxUnpool, unpool=F.max_unpool3d, dims=3):
    pass


class AvgPool1d(_Pool, function=F.avg_pool1d):
    ceil_mode: bool = False
    count_include_pad: bool = True

    def __post_init__(self) -> None:
        super().__post_init__()
        _as_tuples(self, 1)


class _AvgPool(_Pool):
    ceil_mode: bool = False
    count_include_pad: bool = True
    divisor_override: int | None = None


class AvgPool2d(_AvgPool, function=F.avg_pool2d):
    pass


class AvgPool3d(_AvgPool, function=F.avg_pool3d):
    pass


class AdaptiveAvgPool1d(Configured, function=F.adaptive_avg_pool1d):
    output_size: OutputSize


class AdaptiveAvgPool2d(Configured, function=F.adaptive_avg_pool2d):
    output_size: OutputSize


class AdaptiveAvgPool3d(Configured, function=F.adaptive_avg_pool3d):
    output_size: OutputSize


class _AdaptiveMaxPool(Configured):
    output_size: OutputSize
    return_indices: bool = False

    def extra_repr(self) -> str:
        return f"output_size={self.output_size}"


class AdaptiveMaxPool1d(_AdaptiveMaxPool, function=F.adaptive_max_pool1d):
    pass


class AdaptiveMaxPool2d(_AdaptiveMaxPool, function=F.adaptive_max_pool2d):
    pass


class AdaptiveMaxPool3d(_AdaptiveMaxPool, function=F.adaptive_max_pool3d):
    pass


class _LPPool(Configured):
    norm_type: float
    kernel_size: Sizes
    stride: Sizes | None = None
    ceil_mode: bool = False


class LPPool1d(_LPPool, function=F.lp_pool1d):
    pass


class LPPool2d(_LPPool, function=F.lp_pool2d):
    pass


class LPPool3d(_LPPool, function=F.lp_pool3d):
    pass
