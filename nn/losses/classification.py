"""Losses of classifiers."""

from __future__ import annotations

from dataclasses import field

from tinygrad_scratch import Tensor
from tinygrad_scratch.nn import functional as F
from tinygrad_scratch.nn.losses.loss import _WeightedLoss


class BCELoss(_WeightedLoss, function=F.binary_cross_entropy):
    pass


class BCEWithLogitsLoss(_WeightedLoss, function=F.binary_cross_entropy_with_logits):
    pos_weight: Tensor | None = field(default=None, kw_only=True)


class NLLLoss(_WeightedLoss, function=F.nll_loss):
    ignore_index: int = field(default=-100, kw_only=True)


class CrossEntropyLoss(_WeightedLoss, function=F.cross_entropy):
    ignore_index: int = field(default=-100, kw_only=True)
    label_smoothing: float = field(default=0.0, kw_only=True)
