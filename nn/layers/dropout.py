"""Layers that drop values at random in training, so that no value is relied on alone (Srivastava et al., 2014)."""

from __future__ import annotations

from tinygrad_scratch import Tensor
from tinygrad_scratch.engine import check_probability
from tinygrad_scratch.nn import functional as F
from tinygrad_scratch.nn.layers.configured import Configured


class _Dropout(Configured):
    """The base of layers that drop with probability ``p``. ValueError unless it lies in [0, 1]."""

    p: float = 0.5
    inplace: bool = False

    def __post_init__(self) -> None:
        check_probability(self.p, type(self).__name__)


class Dropout(_Dropout):
    """In training mode, sets each value to 0 with probability ``p`` and scales the others by 1 / (1 - p).

    >>> Dropout(0.5).eval()(tg.ones(3))
    tensor([1., 1., 1.])
    """

    def forward(self, input: Tensor) -> Tensor:
        return F.dropout(input, self.p, self.training, self.inplace)


class AlphaDropout(_Dropout):
    """`Dropout` that keeps mean 0 and variance 1, for after `SELU`: see `nn.functional.alpha_dropout`."""

    def forward(self, input: Tensor) -> Tensor:
        return F.alpha_dropout(input, self.p, self.training, self.inplace)


class FeatureAlphaDropout(_Dropout):
    """`AlphaDropout` of whole channels: (N, C, \\*) to the same."""

    def forward(self, input: Tensor) -> Tensor:
        return F.feature_alpha_dropout(input, self.p, self.training, self.inplace)
