"""Losses that want a margin."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import field

from tinygrad_scratch import Tensor
from tinygrad_scratch.nn import functional as F
from tinygrad_scratch.nn.losses.loss import _Loss, _WeightedLoss


class HingeEmbeddingLoss(_Loss, function=F.hinge_embedding_loss):
    margin: float = 1.0


class CosineEmbeddingLoss(_Loss, function=F.cosine_embedding_loss):
    margin: float = 0.0


class MarginRankingLoss(_Loss, function=F.margin_ranking_loss):
    margin: float = 0.0


class SoftMarginLoss(_Loss, function=F.soft_margin_loss):
    pass


class MultiLabelSoftMarginLoss(_WeightedLoss, function=F.multilabel_soft_margin_loss):
    pass


class MultiMarginLoss(_Loss, function=F.multi_margin_loss):
    p: int = 1
    margin: float = 1.0
    weight: Tensor | None = None


class MultiLabelMarginLoss(_Loss, function=F.multilabel_margin_loss):
    pass


class TripletMarginLoss(_Loss, function=F.triplet_margin_loss):
    margin: float = 1.0
    p: float = 2.0
    eps: float = 1e-6
    swap: bool = False


class TripletMarginWithDistanceLoss(_Loss, function=F.triplet_margin_with_distance_loss):
    distance_function: Callable[[Tensor, Tensor], Tensor] | None = field(default=None, kw_only=True)
    margin: float = field(default=1.0, kw_only=True)
    swap: bool = field(default=False, kw_only=True)
