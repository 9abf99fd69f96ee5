"""Layers that compare pairs of vectors."""

from __future__ import annotations

from tinygrad_scratch import Tensor
from tinygrad_scratch.nn import functional as F
from tinygrad_scratch.nn.layers.configured import Configured


class CosineSimilarity(Configured):
    """The cosine of the angle between vectors along ``dim``, whose lengths count at least as ``eps``.

    >>> CosineSimilarity()(tg.tensor([[1.0, 0.0]]), tg.tensor([[1.0, 1.0]]))
    tensor([0.7071])
    """

    dim: int = 1
    eps: float = 1e-8

    def forward(self, x1: Tensor, x2: Tensor) -> Tensor:
        return F.cosine_similarity(x1, x2, self.dim, self.eps)


class PairwiseDistance(Configured):
    """The distance between vectors along the last dimension: the p-norm of x1 - x2 + ``eps``.

    >>> PairwiseDistance()(tg.tensor([[0.0, 0.0]]), tg.tensor([[3.0, 4.0]]))
    tensor([5.0000])
    """

    p: float = 2.0
    eps: float = 1e-6
    keepdim: bool = False

    def forward(self, x1: Tensor, x2: Tensor) -> Tensor:
        return F.pairwise_distance(x1, x2, self.p, self.eps, self.keepdim)
