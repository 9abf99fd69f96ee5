"""RAdam: Adam that waits until its variance can be trusted."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import numpy as np

from tinygrad_scratch import Tensor
from tinygrad_scratch.nn.optim.averages import average, average_of_squares
from tinygrad_scratch.nn.optim.optimizer import Group, Optimizer


class RAdam(Optimizer):
    """`Adam`'s step, multiplied by a factor that grows to 1 as the variance is averaged over more gradients.

    Before it is averaged over more than 5, parameter -= lr · mean. The number that counts is ρ = ρ∞ - 2 t β₂ᵗ /
    (1 - β₂ᵗ) in step t, where ρ∞ = 2 / (1 - β₂) - 1, and the factor is the square root of
    (ρ - 4)(ρ - 2) ρ∞ / ((ρ∞ - 4)(ρ∞ - 2) ρ) (Liu et al., 2020). ``weight_decay`` · parameter is added to the gradient
    first; with ``decoupled_weight_decay``, it shrinks the parameters instead, as in `AdamW`.

    >>> weight = Tensor([1.0], requires_grad=True)
    >>> (weight * 3).sum().backward()
    >>> RAdam([weight], lr=0.1).step()
    >>> weight
    tensor([0.7000], requires_grad=True)
    """

    def __init__(
        self,
        params: Iterable[Tensor] | Iterable[Group],
        lr: float = 1e-3,
        betas: tuple[float, float] = (0.9, 0.999),
        eps: float = 1e-8,
        weight_decay: float = 0,
        decoupled_weight_decay: bool = False,
        *,
        maximize: bool = False,
    ) -> None:
        options = dict(
            lr=lr,
            betas=betas,
            eps=eps,
            weight_decay=weight_decay,
            decoupled_weight_decay=decoupled_weight_decay,
            maximize=maximize,
        )
        super().__init__(params, options)

    @staticmethod
    def update(parameter: Any, gradient: Any, state: Any, step: Any, options: Any) -> Any:
        beta1, beta2 = options.betas
        mean = state.exp_avg = average(state.exp_avg, gradient, beta1)
        variance = state.exp_avg_sq = average_of_squares(state.exp_avg_sq, gradient, beta2)
        size = options.lr / (1 - beta1**step)
        limit = 2 / (1 - beta2) - 1
        length = limit - 2 * step * beta2**step / (1 - beta2**step)
        if length <= 5:
            return parameter - size * mean
        factor = ((length - 4) * (length - 2) * limit / ((limit - 4) * (limit - 2) * length)) ** 0.5
        return parameter - mean / (np.sqrt(variance) + options.eps) * (size * (1 - beta2**step) ** 0.5 * factor)
