"""RAdam: Adam that waits until its variance can be trusted."""

from __future__ import annotations

from collections.abc import Iterable
from math import sqrt

import numpy as np

from tinygrad_scratch import Tensor
from tinygrad_scratch.engine import Array
from tinygrad_scratch.nn.optim.averages import average_in, average_in_squares
from tinygrad_scratch.nn.optim.bucket import State
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
        options = {
            "lr": lr,
            "betas": betas,
            "eps": eps,
            "weight_decay": weight_decay,
            "decoupled_weight_decay": decoupled_weight_decay,
            "maximize": maximize,
        }
        super().__init__(params, options)

    def _check_options(self, group: Group) -> None:
        super()._check_options(group)
        self._check_not_negative(group, "eps")
        self._check_betas(group)

    def _decays_apart(self, group: Group) -> bool:
        return bool(group["decoupled_weight_decay"])

    def _state_names(self, group: Group) -> tuple[str, ...]:
        return ("exp_avg", "exp_avg_sq")

    def _update(self, gradient: Array, change: Array, scratch: Array, state: State, step: int, group: Group) -> None:
        beta1, beta2 = group["betas"]
        mean, variance = state["exp_avg"], state["exp_avg_sq"]
        average_in(mean, gradient, beta1, scratch)
        average_in_squares(variance, gradient, beta2, scratch)
        size = group["lr"] / (1 - beta1**step)
        rectification = _rectification(step, beta2)
        if rectification is None:
            np.multiply(mean, size, out=change)
            return
        deviation = np.sqrt(variance, out=scratch)
        deviation += group["eps"]
        np.divide(mean, deviation, out=change)
        change *= size * sqrt(1 - beta2**step) * rectification


def _rectification(step: int, beta2: float) -> float | None:
    """The factor for the step, or None while the variance is not to be used."""
    limit = 2 / (1 - beta2) - 1
    length = limit - 2 * step * beta2**step / (1 - beta2**step)
    if length <= 5:
        return None
    return sqrt((length - 4) * (length - 2) * limit / ((limit - 4) * (limit - 2) * length))
