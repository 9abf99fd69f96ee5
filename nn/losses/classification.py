"""Losses of classifiers."""

from __future__ import annotations

from dataclasses import field

from tinygrad_scratch import Tensor
from tinygrad_scratch.nn import functional as F
from tinygrad_scratch.nn.losses.loss import WeightedLoss


class BCELoss(WeightedLoss):
    """Binary cross-entropy of probabilities."""

    def forward(self, input: Tensor, target: Tensor) -> Tensor:
        return F.binary_cross_entropy(input, target, self.weight, reduction=self.reduction)


class BCEWithLogitsLoss(WeightedLoss):
    """Binary cross-entropy of logits; ``pos_weight`` weighs the part that is due to targets of 1."""

    pos_weight: Tensor | None = field(default=None, kw_only=True)

    def __post_init__(self) -> None:
        super().__post_init__()
        self.register_buffer("pos_weight", self.pos_weight)

    def forward(self, input: Tensor, target: Tensor) -> Tensor:
        return F.binary_cross_entropy_with_logits(
            input, target, self.weight, reduction=self.reduction, pos_weight=self.pos_weight
        )


class NLLLoss(WeightedLoss):
    """Minus the log-probability of the target class."""

    ignore_index: int = field(default=-100, kw_only=True)

    def forward(self, input: Tensor, target: Tensor) -> Tensor:
        return F.nll_loss(input, target, self.weight, ignore_index=self.ignore_index, reduction=self.reduction)


class CrossEntropyLoss(WeightedLoss):
    """Cross-entropy of logits and class numbers, or probabilities."""

    ignore_index: int = field(default=-100, kw_only=True)
    label_smoothing: float = field(default=0.0, kw_only=True)

    def forward(self, input: Tensor, target: Tensor) -> Tensor:
        return F.cross_entropy(
            input,
            target,
            self.weight,
            ignore_index=self.ignore_index,
            reduction=self.reduction,
            label_smoothing=self.label_smoothing,
        )
