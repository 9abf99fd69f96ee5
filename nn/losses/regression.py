"""Losses of predicted numbers and distributions."""

from __future__ import annotations

from dataclasses import field
from typing import ClassVar

from tinygrad_scratch.engine import REDUCTIONS
from tinygrad_scratch.nn import functional as F
from tinygrad_scratch.nn.losses.loss import _Loss


class MSELoss(_Loss, function=F.mse_loss):
    pass


class L1Loss(_Loss, function=F.l1_loss):
    pass


class SmoothL1Loss(_Loss, function=F.smooth_l1_loss):
    beta: float = field(default=1.0, kw_only=True)


class HuberLoss(_Loss, function=F.huber_loss):
    reduction: str = "mean"
    delta: float = 1.0


class PoissonNLLLoss(_Loss, function=F.poisson_nll_loss):
    log_input: bool = True
    full: bool = False
    eps: float = field(default=1e-8, kw_only=True)


class GaussianNLLLoss(_Loss, function=F.gaussian_nll_loss):
    full: bool = field(default=False, kw_only=True)
    eps: float = field(default=1e-6, kw_only=True)


class KLDivLoss(_Loss, function=F.kl_div):
    log_target: bool = field(default=False, kw_only=True)

    _reductions: ClassVar[tuple[str, ...]] = (*REDUCTIONS, "batchmean")
