"""Connectionist temporal classification."""

from __future__ import annotations

from dataclasses import field

from tinygrad_scratch.nn import functional as F
from tinygrad_scratch.nn.losses.loss import _Loss


class CTCLoss(_Loss, function=F.ctc_loss):
    blank: int = 0
    zero_infinity: bool = field(default=False, kw_only=True)
