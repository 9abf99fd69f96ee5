"""Pooling layers: the options of each, in PyTorch's order, and the function that takes them.

What a layer computes, its function says.
"""

from __future__ import annotations

from tinygrad_scratch.engine import Sizes
from tinygrad_scratch.nn import functional as F
from tinygrad_scratch.nn.configured import Configured


class _MaxPool(Configured):
    kernel_size: Sizes
    stride: Sizes | None = None
    padding: Sizes = 0
    dilation: Sizes = 1
    return_indices: bool = False
    ceil_mode: bool = False

    def __post_init__(self) -> None:
        self.stride = self.kernel_size if self.stride is None else self.stride

    def extra_repr(self) -> str:
        return (
            f"kernel_size={self.kernel_size}, stride={self.stride}, padding={self.padding}, "
            f"dilation={self.dilation}, ceil_mode={self.ceil_mode}"
        )


class MaxPool1d(_MaxPool, function=F.max_pool1d):
    pass


class MaxPool2d(_MaxPool, function=F.max_pool2d):
    pass


class MaxPool3d(_MaxPool, function=F.max_pool3d):
    pass
