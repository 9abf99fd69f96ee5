"""Layers that drop values at random in training."""

from __future__ import annotations

from tinygrad_scratch.engine import check_probability
from tinygrad_scratch.nn import functional as F
from tinygrad_scratch.nn.configured import Configured


class _Dropout(Configured):
    """The base of layers that drop with probability ``p``. ValueError unless it lies in [0, 1]."""

    p: float = 0.5
    inplace: bool = False

    def __post_init__(self) -> None:
        check_probability(self.p, type(self).__name__)


class Dropout(_Dropout, function=F.dropout):
    """In training mode, sets each value to 0 with probability ``p`` and scales the others by 1 / (1 - p).

    >>> Dropout(0.5).eval()(tg.ones(3))
    tensor([1., 1., 1.])
    """


class Dropout1d(_Dropout, function=F.dropout1d):
    pass


class Dropout2d(_Dropout, function=F.dropout2d):
    pass


class Dropout3d(_Dropout, function=F.dropout3d):
    pass


class AlphaDropout(_Dropout, function=F.alpha_dropout):
    pass


class FeatureAlphaDropout(_Dropout, function=F.feature_alpha_dropout):
    pass
