"""Layers that compare pairs of vectors."""

from __future__ import annotations

from tinygrad_scratch.nn import functional as F
from tinygrad_scratch.nn.configured import Configured


class CosineSimilarity(Configured, function=F.cosine_similarity):
    """The cosine of the angle between vectors along ``dim``, whose lengths count at least as ``eps``.

    >>> CosineSimilarity()(tg.tensor([[1.0, 0.0]]), tg.tensor([[1.0, 1.0]]))
    tensor([0.7071])
    """

    dim: int = 1
    eps: float = 1e-8


class PairwiseDistance(Configured, function=F.pairwise_distance):
    """The distance between vectors along the last dimension: the p-norm of x1 - x2 + ``eps``.

    >>> PairwiseDistance()(tg.tensor([[0.0, 0.0]]), tg.tensor([[3.0, 4.0]]))
    tensor([5.0000])
    """

    p: float = 2.0
    eps: float = 1e-6
    keepdim: bool = False
