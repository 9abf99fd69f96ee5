"""Adamax: Adam with the largest recent gradient in place of the deviation."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np

from tinygrad_scratch import Tensor
from tinygrad_scratch.engine import Array
from tinygrad_scratch.nn.optim.averages import average_in
from tinygrad_scratch.nn.optim.bucket import State
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
        options = {"lr": lr, "betas": betas, "eps": eps, "weight_decay": weight_decay, "maximize": maximize}
        super().__init__(params, options)

    def _check_options(self, group: Group) -> None:
        super()._check_options(group)
        self._check_not_negative(group, "eps")
        self._check_betas(group)

    def _state_names(self, group: Group) -> tuple[str, ...]:
        return ("exp_avg", "exp_inf")

    def _update(self, gradient: Array, change: Array, scratch: Array, state: State, step: int, group: Group) -> None:
        beta1, beta2 = group["betas"]
        mean, largest = state["exp_avg"], state["exp_inf"]
        average_in(mean, gradient, beta1, scratch)
        largest *= beta2
        np.abs(gradient, out=scratch)
        scratch += group["eps"]
        np.maximum(largest, scratch, out=largest)
        np.divide(mean, largest, out=change)
        change *= group["lr"] / (1 - beta1**step)
