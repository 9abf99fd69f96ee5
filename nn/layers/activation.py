"""Activation functions as modules: the options of each, in PyTorch's order, and the function that takes them.

What a module computes, its function says.
"""

from __future__ import annotations

from typing import Any

import tinygrad_scratch as tg
from tinygrad_scratch import Tensor
from tinygrad_scratch.engine import DType
from tinygrad_scratch.nn import functional as F
from tinygrad_scratch.nn.configured import Configured
from tinygrad_scratch.nn.module import Module
from tinygrad_scratch.nn.parameter import Parameter


class _Activation(Configured):
    """The base of activations; they show ``inplace`` only if it is chosen."""

    def extra_repr(self) -> str:
        return super().extra_repr().removesuffix("inplace=False").removesuffix(", ")


# Functions of a single number


class ReLU(_Activation, function=F.relu):
    inplace: bool = False


class ReLU6(_Activation, function=F.relu6):
    inplace: bool = False


class LeakyReLU(_Activation, function=F.leaky_relu):
    negative_slope: float = 0.01
    inplace: bool = False


class RReLU(_Activation, function=F.rrelu):
    lower: float = 1 / 8
    upper: float = 1 / 3
    inplace: bool = False


class ELU(_Activation, function=F.elu):
    alpha: float = 1.0
    inplace: bool = False


class SELU(_Activation, function=F.selu):
    inplace: bool = False


class CELU(_Activation, function=F.celu):
    alpha: float = 1.0
    inplace: bool = False


class GELU(_Activation, function=F.gelu):
    approximate: str = "none"


class SiLU(_Activation, function=F.silu):
    inplace: bool = False


class Mish(_Activation, function=F.mish):
    inplace: bool = False


class Softplus(_Activation, function=F.softplus):
    beta: float = 1.0
    threshold: float = 20.0


class Sigmoid(_Activation, function=F.sigmoid):
    pass


class LogSigmoid(_Activation, function=F.logsigmoid):
    pass


class Hardsigmoid(_Activation, function=F.hardsigmoid):
    inplace: bool = False


class Hardswish(_Activation, function=F.hardswish):
    inplace: bool = False


class Tanh(_Activation, function=F.tanh):
    pass


class Tanhshrink(_Activation, function=F.tanhshrink):
    pass


class Hardtanh(_Activation, function=F.hardtanh):
    min_val: float = -1.0
    max_val: float = 1.0
    inplace: bool = False

    def __post_init__(self) -> None:
        if not self.min_val < self.max_val:
            raise ValueError(f"Hardtanh: min_val {self.min_val} must be smaller than max_val {self.max_val}")


class Softsign(_Activation, function=F.softsign):
    pass


class Softshrink(_Activation, function=F.softshrink):
    lambd: float = 0.5

    def __post_init__(self) -> None:
        if not self.lambd >= 0:
            raise ValueError(f"Softshrink: lambd must not be negative, got {self.lambd}")

    def extra_repr(self) -> str:
        return str(self.lambd)


class Hardshrink(_Activation, function=F.hardshrink):
    lambd: float = 0.5

    def extra_repr(self) -> str:
        return str(self.lambd)


class Threshold(_Activation, function=F.threshold):
    threshold: float
    value: float
    inplace: bool = False


class PReLU(Module):
    """`LeakyReLU` with a slope that is learned: one or, with ``num_parameters``, one for each channel (dimension 1).

    ``weight`` (num_parameters,) starts as ``init``.
    """

    def __init__(self, num_parameters: int = 1, init: float = 0.25, device: Any = None, dtype: DType = None) -> None:
        super().__init__()
        self.num_parameters = num_parameters
        self.init = init
        self.weight = Parameter(tg.full((num_parameters,), init, device=device, dtype=dtype))

    def forward(self, input: Tensor) -> Tensor:
        return F.prelu(input, self.weight)

    def extra_repr(self) -> str:
        return f"num_parameters={self.num_parameters}"


# Functions that compare the values along a dimension


class GLU(_Activation, function=F.glu):
    dim: int = -1


class Softmax(_Activation, function=F.softmax):
    dim: int | None = None


class Softmin(_Activation, function=F.softmin):
    dim: int | None = None


class LogSoftmax(_Activation, function=F.log_softmax):
    dim: int | None = None


class Softmax2d(_Activation):
    """`Softmax` over the channels at each place of images (N, C, H, W) or (C, H, W). ValueError for another shape."""

    def forward(self, input: Tensor) -> Tensor:
        if input.ndim not in (3, 4):
            raise ValueError(f"Softmax2d: needs images (N, C, H, W) or (C, H, W), not an input of shape {input.shape}")
        return F.softmax(input, -3)
