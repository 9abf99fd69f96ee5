"""Layers with weights, and those that only rearrange or drop values."""

from __future__ import annotations

from typing import Any

import tinygrad_scratch as tg
from nn import functional as F
from nn import init
from nn.module import Module, Parameter
from tinygrad_scratch import Tensor
from tinygrad_scratch.dtypes import DType


class Linear(Module):
    """input · weightᵀ + bias: (\\*, in_features) to (\\*, out_features).

    ``weight`` (out_features, in_features) and ``bias`` (out_features,) start uniform within ±1/√in_features.

    >>> Linear(3, 2)(tg.ones(4, 3)).shape
    (4, 2)
    """

    def __init__(
        self, in_features: int, out_features: int, bias: bool = True, device: Any = None, dtype: DType = None
    ) -> None:
        super().__init__()
        if in_features < 0 or out_features < 0:
            raise ValueError(f"Linear: sizes must not be negative, got {in_features} and {out_features}")
        self.in_features = in_features
        self.out_features = out_features
        self.weight = Parameter(tg.empty(out_features, in_features, device=device, dtype=dtype))
        self.bias = Parameter(tg.empty(out_features, device=device, dtype=dtype)) if bias else None
        self.reset_parameters()

    def reset_parameters(self) -> None:
        """Draw the weight and bias anew."""
        bound = 1 / self.in_features**0.5 if self.in_features else 0.0
        init.uniform_(self.weight, -bound, bound)
        if self.bias is not None:
            init.uniform_(self.bias, -bound, bound)

    def forward(self, input: Tensor) -> Tensor:
        return F.linear(input, self.weight, self.bias)

    def extra_repr(self) -> str:
        return f"in_features={self.in_features}, out_features={self.out_features}, bias={self.bias is not None}"


class Flatten(Module):
    """Makes dimensions ``start_dim`` to ``end_dim`` one: by default all but the first, which counts the samples.

    >>> Flatten()(tg.zeros(5, 28, 28)).shape
    (5, 784)
    """

    def __init__(self, start_dim: int = 1, end_dim: int = -1) -> None:
        super().__init__()
        self.start_dim = start_dim
        self.end_dim = end_dim

    def forward(self, input: Tensor) -> Tensor:
        return input.flatten(self.start_dim, self.end_dim)

    def extra_repr(self) -> str:
        return f"start_dim={self.start_dim}, end_dim={self.end_dim}"


class Identity(Module):
    """Returns its input; takes, and ignores, any arguments, so that it can stand in for another layer."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:  # noqa: ARG002
        super().__init__()

    def forward(self, input: Tensor) -> Tensor:
        return input


class Dropout(Module):
    """In training mode, sets each value to 0 with probability ``p`` and scales the others by 1 / (1 - p).

    >>> Dropout(0.5).eval()(tg.ones(3))
    tensor([1., 1., 1.])
    """

    def __init__(self, p: float = 0.5, inplace: bool = False) -> None:
        super().__init__()
        F.check_probability(p, "Dropout")
        self.p = p
        self.inplace = inplace

    def forward(self, input: Tensor) -> Tensor:
        return F.dropout(input, self.p, self.training, self.inplace)

    def extra_repr(self) -> str:
        return f"p={self.p}, inplace={self.inplace}"
