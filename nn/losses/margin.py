"""Losses that want a margin."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import field

from tinygrad_scratch import Tensor
from tinygrad_scratch.nn import functional as F
from tinygrad_scratch.nn.losses.loss import Loss, WeightedLoss


class HingeEmbeddingLoss(Loss):
    """Distances where the target is 1 (alike), max(0, margin - distance) where it is -1."""

    margin: float = 1.0

    def forward(self, input: Tensor, target: Tensor) -> Tensor:
        return F.hinge_embedding_loss(input, target, self.margin, reduction=self.reduction)


class CosineEmbeddingLoss(Loss):
    """Of pairs of vectors, with cosine c: 1 - c where the target is 1 (alike), max(0, c - margin) where it is -1."""

    margin: float = 0.0

    def forward(self, input1: Tensor, input2: Tensor, target: Tensor) -> Tensor:
        return F.cosine_embedding_loss(input1, input2, target, self.margin, reduction=self.reduction)


class MarginRankingLoss(Loss):
    """max(0, margin - target · (input1 - input2)), of targets 1 and -1."""

    margin: float = 0.0

    def forward(self, input1: Tensor, input2: Tensor, target: Tensor) -> Tensor:
        return F.margin_ranking_loss(input1, input2, target, self.margin, reduction=self.reduction)


class SoftMarginLoss(Loss):
    """ln(1 + exp(-target · input)), of targets 1 and -1."""

    def forward(self, input: Tensor, target: Tensor) -> Tensor:
        return F.soft_margin_loss(input, target, reduction=self.reduction)


class MultiLabelSoftMarginLoss(WeightedLoss):
    """The mean over the classes of the binary cross-entropy of their logits."""

    def forward(self, input: Tensor, target: Tensor) -> Tensor:
        return F.multilabel_soft_margin_loss(input, target, self.weight, reduction=self.reduction)


class MultiMarginLoss(Loss):
    """Σ max(0, margin - (score of the target class) + (score of another))ᵖ / C over the other classes."""

    p: int = 1
    margin: float = 1.0
    weight: Tensor | None = None

    def __post_init__(self) -> None:
        super().__post_init__()
        self.register_buffer("weight", self.weight)

    def forward(self, input: Tensor, target: Tensor) -> Tensor:
        return F.multi_margin_loss(input, target, self.p, self.margin, self.weight, reduction=self.reduction)


class MultiLabelMarginLoss(Loss):
    """Σ max(0, 1 - (score of a target class) + (score of another)) / C over all pairs of them."""

    def forward(self, input: Tensor, target: Tensor) -> Tensor:
        return F.multilabel_margin_loss(input, target, reduction=self.reduction)


class TripletMarginLoss(Loss):
    """max(0, margin + distance from anchor to positive - distance from anchor to negative)."""

    margin: float = 1.0
    p: float = 2.0
    eps: float = 1e-6
    swap: bool = False

    def forward(self, anchor: Tensor, positive: Tensor, negative: Tensor) -> Tensor:
        return F.triplet_margin_loss(
            anchor, positive, negative, self.margin, self.p, self.eps, self.swap, reduction=self.reduction
        )


class TripletMarginWithDistanceLoss(Loss):
    """`TripletMarginLoss` for any ``distance_function``, by default `PairwiseDistance`."""

    distance_function: Callable[[Tensor, Tensor], Tensor] | None = field(default=None, kw_only=True)
    margin: float = field(default=1.0, kw_only=True)
    swap: bool = field(default=False, kw_only=True)

    def forward(self, anchor: Tensor, positive: Tensor, negative: Tensor) -> Tensor:
        return F.triplet_margin_with_distance_loss(
            anchor,
            positive,
            negative,
            distance_function=self.distance_function,
            margin=self.margin,
            swap=self.swap,
            reduction=self.reduction,
        )
