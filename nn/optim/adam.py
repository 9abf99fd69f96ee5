"""Adam, which scales each gradient by its own recent size, and AdamW, which decays weights apart from that."""

from __future__ import annotations

from collections.abc import Iterable
from math import sqrt

import numpy as np

from tinygrad_scratch import Tensor
from tinygrad_scratch.engine import Array
from tinygrad_scratch.nn.optim.averages import average_in, average_in_squares
from tinygrad_scratch.nn.optim.bucket import State
from tinygrad_scratch.nn.optim.optimizer import Group, Optimizer


class Adam(Optimizer):
    """parameter -= lr · mean / (√variance + eps), of running averages of the gradient and of its square.

    ``betas`` are the weights that the averages give to the past; both are corrected for having started from zero
    (Kingma and Ba, 2015, algorithm 1). ``amsgrad`` uses the largest variance so far (Reddi et al., 2018).
    ``weight_decay`` · parameter is added to the gradient first; with ``decoupled_weight_decay``, it shrinks the
    parameters instead, as in `AdamW`.

    >>> weight = Tensor([1.0], requires_grad=True)
    >>> (weight * 3).sum().backward()
    >>> Adam([weight], lr=0.1).step()
    >>> weight
    tensor([0.9000], requires_grad=True)
    """

    def __init__(
        self,
        params: Iterable[Tensor] | Iterable[Group],
        lr: float = 1e-3,
        betas: tuple[float, float] = (0.9, 0.999),
        eps: float = 1e-8,
        weight_decay: float = 0,
        amsgrad: bool = False,
        *,
        maximize: bool = False,
        decoupled_weight_decay: bool = False,
    ) -> None:
        options = {
            "lr": lr,
            "betas": betas,
            "eps": eps,
            "weight_decay": weight_decay,
            "amsgrad": amsgrad,
            "maximize": maximize,
            "decoupled_weight_decay": decoupled_weight_decay,
        }
        super().__init__(params, options)

    def _check_options(self, group: Group) -> None:
        super()._check_options(group)
        self._check_not_negative(group, "eps")
        self._check_betas(group)

    def _decays_apart(self, group: Group) -> bool:
        return bool(group["decoupled_weight_decay"])

    def _state_names(self, group: Group) -> tuple[str, ...]:
        return ("exp_avg", "exp_avg_sq", "max_exp_avg_sq") if group["amsgrad"] else ("exp_avg", "exp_avg_sq")

    def _update(self, gradient: Array, change: Array, scratch: Array, state: State, step: int, group: Group) -> None:
        beta1, beta2 = group["betas"]
        mean, variance = state["exp_avg"], state["exp_avg_sq"]
        average_in(mean, gradient, beta1, scratch)
        average_in_squares(variance, gradient, beta2, scratch)
        if group["amsgrad"]:
            variance = np.maximum(state["max_exp_avg_sq"], variance, out=state["max_exp_avg_sq"])
        # √(variance / correction) + eps, with the correction drawn out of the arrays
        root = sqrt(1 - beta2**step)
        deviation = np.sqrt(variance, out=scratch)
        deviation += group["eps"] * root
        np.divide(mean, deviation, out=change)
        change *= group["lr"] * root / (1 - beta1**step)


class AdamW(Adam):
    """`Adam`, but weight decay shrinks the parameters, by lr · ``weight_decay`` (Loshchilov and Hutter, 2019)."""

    def __init__(
        self,
        params: Iterable[Tensor] | Iterable[Group],
        lr: float = 1e-3,
        betas: tuple[float, float] = (0.9, 0.999),
        eps: float = 1e-8,
        weight_decay: float = 1e-2,
        amsgrad: bool = False,
        *,
        maximize: bool = False,
    ) -> None:
        super().__init__(params, lr, betas, eps, weight_decay, amsgrad, maximize=maximize, decoupled_weight_decay=True)
