"""Adam, which scales each gradient by its own recent size, and AdamW, which decays weights apart from that."""

from __future__ import annotations

from collections.abc import Iterable
from math import sqrt

import numpy as np

from nn.optim.bucket import State
from nn.optim.optimizer import Group, Optimizer
from tinygrad_scratch import Tensor
from tinygrad_scratch.record.tensor import Array


class Adam(Optimizer):
    """parameter -= lr · mean / (√variance + eps), of running averages of the gradient and of its square.

    ``betas`` are the weights that the averages give to the past; both are corrected for having started from zero
    (Kingma and Ba, 2015, algorithm 1). ``amsgrad`` uses the largest variance so far (Reddi et al., 2018).
    ``weight_decay`` · parameter is added to the gradient first.

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
    ) -> None:
        options = {"lr": lr, "betas": betas, "eps": eps, "weight_decay": weight_decay}
        super().__init__(params, {**options, "amsgrad": amsgrad, "maximize": maximize})

    def _check_options(self, group: Group) -> None:
        super()._check_options(group)
        if not group["eps"] >= 0:
            raise ValueError(f"{self._name}: eps must not be negative, got {group['eps']}")
        if not all(0 <= beta < 1 for beta in group["betas"]):
            raise ValueError(f"{self._name}: each of betas must lie in [0, 1), got {group['betas']}")

    def _state_names(self, group: Group) -> tuple[str, ...]:
        return ("exp_avg", "exp_avg_sq", "max_exp_avg_sq") if group["amsgrad"] else ("exp_avg", "exp_avg_sq")

    def _update(self, gradient: Array, change: Array, scratch: Array, state: State, step: int, group: Group) -> None:
        beta1, beta2 = group["betas"]
        mean, variance = state["exp_avg"], state["exp_avg_sq"]
        np.subtract(gradient, mean, out=scratch)
        scratch *= 1 - beta1
        mean += scratch
        np.multiply(gradient, gradient, out=scratch)
        scratch *= 1 - beta2
        variance *= beta2
        variance += scratch
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
        super().__init__(params, lr, betas, eps, weight_decay, amsgrad, maximize=maximize)

    def _decays_apart(self, group: Group) -> bool:  # noqa: ARG002
        return True
