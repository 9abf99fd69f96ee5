"""NAdam: Adam with Nesterov's look one step ahead."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import numpy as np

from tinygrad_scratch import Tensor
from tinygrad_scratch.nn.optim.averages import average, average_of_squares
from tinygrad_scratch.nn.optim.optimizer import Group, Optimizer


class NAdam(Optimizer):
    """parameter -= lr · ((1 - μₜ) · gradient / (1 - ∏μ) + μₜ₊₁ · mean / (1 - ∏μ·μₜ₊₁)) / (√variance + eps).

    Mean and variance are the running averages of `Adam`, whose ``betas`` are (β₁, β₂). The momentum grows towards β₁,
    as μₜ = β₁ · (1 - 0.96^(t · ``momentum_decay``) / 2), and ∏μ is the product of all μ up to step t (Dozat, 2016).
    ``weight_decay`` · parameter is added to the gradient first; with ``decoupled_weight_decay``, it shrinks the
    parameters instead, as in `AdamW`.

    >>> weight = Tensor([1.0], requires_grad=True)
    >>> (weight * 3).sum().backward()
    >>> NAdam([weight], lr=0.1).step()
    >>> weight
    tensor([0.8944], requires_grad=True)
    """

    def __init__(
        self,
        params: Iterable[Tensor] | Iterable[Group],
        lr: float = 2e-3,
        betas: tuple[float, float] = (0.9, 0.999),
        eps: float = 1e-8,
        weight_decay: float = 0,
        momentum_decay: float = 4e-3,
        decoupled_weight_decay: bool = False,
        *,
        maximize: bool = False,
    ) -> None:
        options = dict(
            lr=lr,
            betas=betas,
            eps=eps,
            weight_decay=weight_decay,
            momentum_decay=momentum_decay,
            decoupled_weight_decay=decoupled_weight_decay,
            maximize=maximize,
        )
        super().__init__(params, options)

    def _initial_scalars(self) -> dict[str, float]:
        return {"mu_product": 1.0}

    @staticmethod
    def update(parameter: Any, gradient: Any, state: Any, step: Any, options: Any) -> Any:
        beta1, beta2 = options.betas
        momentum, next_momentum = (beta1 * (1 - 0.5 * 0.96 ** (t * options.momentum_decay)) for t in (step, step + 1))
        state.mu_product = state.mu_product * momentum
        mean = state.exp_avg = average(state.exp_avg, gradient, beta1)
        variance = state.exp_avg_sq = average_of_squares(state.exp_avg_sq, gradient, beta2)
        of_gradient = options.lr * (1 - momentum) / (1 - state.mu_product)
        of_mean = options.lr * next_momentum / (1 - state.mu_product * next_momentum)
        deviation = np.sqrt(variance / (1 - beta2**step)) + options.eps
        return parameter - (of_gradient * gradient + of_mean * mean) / deviation
