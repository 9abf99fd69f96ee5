"""Losses of predicted numbers and distributions."""

from __future__ import annotations

from dataclasses import field
from typing import ClassVar

from tinygrad_scratch import Tensor
from tinygrad_scratch.engine import REDUCTIONS
from tinygrad_scratch.nn import functional as F
from tinygrad_scratch.nn.losses.loss import Loss


class MSELoss(Loss):
    """Squared errors (input - target)²."""

    def forward(self, input: Tensor, target: Tensor) -> Tensor:
        return F.mse_loss(input, target, reduction=self.reduction)


class L1Loss(Loss):
    """Errors |input - target|."""

    def forward(self, input: Tensor, target: Tensor) -> Tensor:
        return F.l1_loss(input, target, reduction=self.reduction)


class SmoothL1Loss(Loss):
    """Errors, but squared, over 2 · ``beta``, where they are below ``beta``."""

    beta: float = field(default=1.0, kw_only=True)

    def forward(self, input: Tensor, target: Tensor) -> Tensor:
        return F.smooth_l1_loss(input, target, reduction=self.reduction, beta=self.beta)


class HuberLoss(Loss):
    """Half the squared errors up to ``delta``, and growing only linearly beyond it."""

    reduction: str = "mean"
    delta: float = 1.0

    def forward(self, input: Tensor, target: Tensor) -> Tensor:
        return F.huber_loss(input, target, reduction=self.reduction, delta=self.delta)


class PoissonNLLLoss(Loss):
    """-ln of the probability of counts under Poisson distributions with the predicted means (or their logarithms)."""

    log_input: bool = True
    full: bool = False
    eps: float = field(default=1e-8, kw_only=True)

    def forward(self, input: Tensor, target: Tensor) -> Tensor:
        return F.poisson_nll_loss(input, target, self.log_input, self.full, eps=self.eps, reduction=self.reduction)


class GaussianNLLLoss(Loss):
    """-ln of the density of targets under normal distributions with the predicted means and variances."""

    full: bool = field(default=False, kw_only=True)
    eps: float = field(default=1e-6, kw_only=True)

    def forward(self, input: Tensor, target: Tensor, var: Tensor | float) -> Tensor:
        return F.gaussian_nll_loss(input, target, var, self.full, self.eps, self.reduction)


class KLDivLoss(Loss):
    """Kullback-Leibler divergence of log-probabilities from probabilities (or, ``log_target``, log-probabilities).

    The divergence itself, per sample, is what the reduction "batchmean" gives.
    """

    log_target: bool = field(default=False, kw_only=True)

    _reductions: ClassVar[tuple[str, ...]] = (*REDUCTIONS, "batchmean")

    def forward(self, input: Tensor, target: Tensor) -> Tensor:
        return F.kl_div(input, target, reduction=self.reduction, log_target=self.log_target)
