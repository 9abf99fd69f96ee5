"""Adadelta: steps whose size follows from the sizes of the last gradients and of the last steps."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np

from tinygrad_scratch import Tensor
from tinygrad_scratch.engine import Array
from tinygrad_scratch.nn.optim.averages import average_in_squares
from tinygrad_scratch.nn.optim.bucket import State
from tinygrad_scratch.nn.optim.optimizer import Group, Optimizer


class Adadelta(Optimizer):
    """parameter -= lr · change, where change = √(mean change² + eps) / √(mean gradient² + eps) · gradient.

    Both means are running averages that give the weight ``rho`` to the past (Zeiler, 2012). ``weight_decay`` ·
    parameter is added to the gradient first.

    >>> weight = Tensor([1.0], requires_grad=True)
    >>> (weight * 3).sum().backward()
    >>> Adadelta([weight], lr=10.0).step()
    >>> weight
    tensor([0.9684], requires_grad=True)
    """

    def __init__(
        self,
        params: Iterable[Tensor] | Iterable[Group],
        lr: float = 1.0,
        rho: float = 0.9,
        eps: float = 1e-6,
        weight_decay: float = 0,
        *,
        maximize: bool = False,
    ) -> None:
        super().__init__(params, {"lr": lr, "rho": rho, "eps": eps, "weight_decay": weight_decay, "maximize": maximize})

    def _check_options(self, group: Group) -> None:
        super()._check_options(group)
        self._check_not_negative(group, "eps")
        self._check_share(group, "rho")

    def _state_names(self, group: Group) -> tuple[str, ...]:
        return ("square_avg", "acc_delta")

    def _update(self, gradient: Array, change: Array, scratch: Array, state: State, step: int, group: Group) -> None:
        squares, changes, rho = state["square_avg"], state["acc_delta"], group["rho"]
        average_in_squares(squares, gradient, rho, scratch)
        np.add(changes, group["eps"], out=change)
        change /= np.add(squares, group["eps"], out=scratch)
        np.sqrt(change, out=change)
        change *= gradient
        average_in_squares(changes, change, rho, scratch)
        change *= group["lr"]
