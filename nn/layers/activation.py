"""Activation functions as modules: each is the function of `nn.functional` that its ``forward`` calls.

The options of each are its fields, in PyTorch's order.
"""

from __future__ import annotations

from typing import Any

import tinygrad_scratch as tg
from tinygrad_scratch import Tensor
from tinygrad_scratch.engine import DType
from tinygrad_scratch.nn import functional as F
from tinygrad_scratch.nn.layers.configured import Configured
from tinygrad_scratch.nn.module import Module
from tinygrad_scratch.nn.parameter import Parameter


class _Activation(Configured):
    """The base of activations; they show ``inplace`` only if it is chosen."""

    def extra_repr(self) -> str:
        return super().extra_repr().removesuffix("inplace=False").removesuffix(", ")


# Functions of a single number


class ReLU(_Activation):
    """max(x, 0)."""

    inplace: bool = False

    def forward(self, input: Tensor) -> Tensor:
        return F.relu(input, self.inplace)


class ReLU6(_Activation):
    """x brought into [0, 6]."""

    inplace: bool = False

    def forward(self, input: Tensor) -> Tensor:
        return F.relu6(input, self.inplace)


class LeakyReLU(_Activation):
    """x where positive, ``negative_slope`` · x elsewhere."""

    negative_slope: float = 0.01
    inplace: bool = False

    def forward(self, input: Tensor) -> Tensor:
        return F.leaky_relu(input, self.negative_slope, self.inplace)


class RReLU(_Activation):
    """`LeakyReLU` with slopes drawn from [lower, upper) in training, and their mean in evaluation."""

    lower: float = 1 / 8
    upper: float = 1 / 3
    inplace: bool = False

    def forward(self, input: Tensor) -> Tensor:
        return F.rrelu(input, self.lower, self.upper, self.training, self.inplace)


class ELU(_Activation):
    """x where positive, ``alpha`` · (eˣ - 1) elsewhere."""

    alpha: float = 1.0
    inplace: bool = False

    def forward(self, input: Tensor) -> Tensor:
        return F.elu(input, self.alpha, self.inplace)


class SELU(_Activation):
    """`ELU`, scaled so that it keeps mean 0 and variance 1."""

    inplace: bool = False

    def forward(self, input: Tensor) -> Tensor:
        return F.selu(input, self.inplace)


class CELU(_Activation):
    """max(x, 0) + min(0, ``alpha`` · (exp(x / alpha) - 1))."""

    alpha: float = 1.0
    inplace: bool = False

    def forward(self, input: Tensor) -> Tensor:
        return F.celu(input, self.alpha, self.inplace)


class GELU(_Activation):
    """x · Φ(x), with Φ the normal distribution function; ``approximate`` "tanh" approximates Φ."""

    approximate: str = "none"

    def forward(self, input: Tensor) -> Tensor:
        return F.gelu(input, self.approximate)


class SiLU(_Activation):
    """x · sigmoid(x), also called swish."""

    inplace: bool = False

    def forward(self, input: Tensor) -> Tensor:
        return F.silu(input, self.inplace)


class Mish(_Activation):
    """x · tanh(softplus(x))."""

    inplace: bool = False

    def forward(self, input: Tensor) -> Tensor:
        return F.mish(input, self.inplace)


class Softplus(_Activation):
    """ln(1 + exp(beta · x)) / beta; x itself where beta · x exceeds ``threshold``."""

    beta: float = 1.0
    threshold: float = 20.0

    def forward(self, input: Tensor) -> Tensor:
        return F.softplus(input, self.beta, self.threshold)


class Sigmoid(_Activation):
    """1 / (1 + e⁻ˣ)."""

    def forward(self, input: Tensor) -> Tensor:
        return input.sigmoid()


class LogSigmoid(_Activation):
    """ln of `Sigmoid`, without overflow."""

    def forward(self, input: Tensor) -> Tensor:
        return F.logsigmoid(input)


class Hardsigmoid(_Activation):
    """(x + 3) / 6 brought into [0, 1]."""

    inplace: bool = False

    def forward(self, input: Tensor) -> Tensor:
        return F.hardsigmoid(input, self.inplace)


class Hardswish(_Activation):
    """x · hardsigmoid(x)."""

    inplace: bool = False

    def forward(self, input: Tensor) -> Tensor:
        return F.hardswish(input, self.inplace)


class Tanh(_Activation):
    """tanh x."""

    def forward(self, input: Tensor) -> Tensor:
        return input.tanh()


class Tanhshrink(_Activation):
    """x - tanh x."""

    def forward(self, input: Tensor) -> Tensor:
        return F.tanhshrink(input)


class Hardtanh(_Activation):
    """x brought into [min_val, max_val]. ValueError unless the first is smaller."""

    min_val: float = -1.0
    max_val: float = 1.0
    inplace: bool = False

    def __post_init__(self) -> None:
        if not self.min_val < self.max_val:
            raise ValueError(f"Hardtanh: min_val {self.min_val} must be smaller than max_val {self.max_val}")

    def forward(self, input: Tensor) -> Tensor:
        return F.hardtanh(input, self.min_val, self.max_val, self.inplace)


class Softsign(_Activation):
    """x / (1 + |x|)."""

    def forward(self, input: Tensor) -> Tensor:
        return F.softsign(input)


class Softshrink(_Activation):
    """x moved by ``lambd`` towards 0, and 0 where that would pass it. ValueError if ``lambd`` is negative."""

    lambd: float = 0.5

    def __post_init__(self) -> None:
        if not self.lambd >= 0:
            raise ValueError(f"Softshrink: lambd must not be negative, got {self.lambd}")

    def forward(self, input: Tensor) -> Tensor:
        return F.softshrink(input, self.lambd)

    def extra_repr(self) -> str:
        return str(self.lambd)


class Hardshrink(_Activation):
    """x, but 0 within [-lambd, lambd]."""

    lambd: float = 0.5

    def forward(self, input: Tensor) -> Tensor:
        return F.hardshrink(input, self.lambd)

    def extra_repr(self) -> str:
        return str(self.lambd)


class Threshold(_Activation):
    """x where it exceeds ``threshold``, and ``value`` elsewhere."""

    threshold: float
    value: float
    inplace: bool = False

    def forward(self, input: Tensor) -> Tensor:
        return F.threshold(input, self.threshold, self.value, self.inplace)


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


class GLU(_Activation):
    """The first half of the values along ``dim`` times the sigmoid of the second."""

    dim: int = -1

    def forward(self, input: Tensor) -> Tensor:
        return F.glu(input, self.dim)


class Softmax(_Activation):
    """exp(x) / Σ exp(x) along ``dim``."""

    dim: int | None = None

    def forward(self, input: Tensor) -> Tensor:
        return F.softmax(input, self.dim)


class Softmin(_Activation):
    """`Softmax` of -x along ``dim``."""

    dim: int | None = None

    def forward(self, input: Tensor) -> Tensor:
        return F.softmin(input, self.dim)


class LogSoftmax(_Activation):
    """ln of `Softmax` along ``dim``, without overflow or loss of precision."""

    dim: int | None = None

    def forward(self, input: Tensor) -> Tensor:
        return F.log_softmax(input, self.dim)


class Softmax2d(_Activation):
    """`Softmax` over the channels at each place of images (N, C, H, W) or (C, H, W). ValueError for another shape."""

    def forward(self, input: Tensor) -> Tensor:
        if input.ndim not in (3, 4):
            raise ValueError(f"Softmax2d: needs images (N, C, H, W) or (C, H, W), not an input of shape {input.shape}")
        return F.softmax(input, -3)
