"""NAdam: Adam with Nesterov's look one step ahead."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np

from tinygrad_scratch import Tensor
from tinygrad_scratch.engine import Array
from tinygrad_scratch.nn.optim.averages import average_in, average_in_squares
from tinygrad_scratch.nn.optim.bucket import Scalars, State
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
        options = {
            "lr": lr,
            "betas": betas,
            "eps": eps,
            "weight_decay": weight_decay,
            "momentum_decay": momentum_decay,
            "decoupled_weight_decay": decoupled_weight_decay,
            "maximize": maximize,
        }
        super().__init__(params, options)

    def _check_options(self, group: Group) -> None:
        super()._check_options(group)
        self._check_not_negative(group, "eps", "momentum_decay")
        self._check_betas(group)

    def _decays_apart(self, group: Group) -> bool:
        return bool(group["decoupled_weight_decay"])

    def _state_names(self, group: Group) -> tuple[str, ...]:
        return ("exp_avg", "exp_avg_sq")

    def _initial_scalars(self) -> dict[str, float]:
        return {"mu_product": 1.0}

    def _update_scalars(self, scalars: Scalars, step: int, group: Group) -> None:
        product = scalars["mu_product"]
        product *= _momentum(step, group)

    def _update(self, gradient: Array, change: Array, scratch: Array, state: State, step: int, group: Group) -> None:
        beta1, beta2 = group["betas"]
        mean, variance, product = state["exp_avg"], state["exp_avg_sq"], state["mu_product"].item()
        average_in(mean, gradient, beta1, scratch)
        average_in_squares(variance, gradient, beta2, scratch)
        momentum, next_momentum = _momentum(step, group), _momentum(step + 1, group)
        np.multiply(gradient, group["lr"] * (1 - momentum) / (1 - product), out=change)
        change += np.multiply(mean, group["lr"] * next_momentum / (1 - product * next_momentum), out=scratch)
        deviation = np.sqrt(np.divide(variance, 1 - beta2**step, out=scratch), out=scratch)
        deviation += group["eps"]
        change /= deviation


def _momentum(step: int, group: Group) -> float:
    """μ at ``step``."""
    return float(group["betas"][0] * (1 - 0.5 * 0.96 ** (step * group["momentum_decay"])))
