"""Adamax: Adam with the largest recent gradient in place of the deviation."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import numpy as np

from tinygrad_scratch import Tensor
from tinygrad_scratch.nn.optim.averages import average
from tinygrad_scratch.nn.optim.optimizer import Group, Optimizer


class Adamax(Optimizer):
    """parameter -= lr · mean / largest, of a running average of the gradient and its largest recent absolute value.

    That is largest = max(beta₂ · largest, |gradient| + eps), for ``betas`` (β₁, β₂); the mean is corrected for having
    started from zero (Kingma and Ba, 2015, algorithm 2). ``weight_decay`` · parameter is added to the gradient first.

    >>> weight = Tensor([1.0], requires_grad=True)
    >>> (weight * 3).sum().backward()
    >>> Adamax([weight], lr=0.1).step()
    >>> weight
    tensor([0.9000], requires_grad=True)
    """

    def __init__(
        self,
        params: Iterable[Tensor] | Iterable[Group],
        lr: float = 2e-3,
        betas: tuple[float, float] = (0.9, 0.999),
        eps: float = 1e-8,
        weight_decay: float = 0,
        *,
        maximize: bool = False,
    ) -> None:
        options = dict(lr=lr, betas=betas, eps=eps, weight_decay=weight_decay, maximize=maximize)
        super().__init__(params, options)

    @staticmethod
    def update(parameter: Any, gradient: Any, state: Any, step: Any, options: Any) -> Any:
        beta1, beta2 = options.betas
        mean = state.exp_avg = average(state.exp_avg, gradient, beta1)
        largest = state.exp_inf = np.maximum(beta2 * state.exp_inf, abs(gradient) + options.eps)
        return parameter - mean / largest * (options.lr / (1 - beta1**step))
