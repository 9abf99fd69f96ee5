"""Adagrad: each gradient is divided by the size of all before it."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np

from tinygrad_scratch import Tensor
from tinygrad_scratch.engine import Array
from tinygrad_scratch.nn.optim.bucket import State
from tinygrad_scratch.nn.optim.optimizer import Group, Optimizer


class Adagrad(Optimizer):
    """parameter -= lr / (1 + (t - 1) · lr_decay) · gradient / (√sum + eps) in step t.

    The sum is that of the squares of all gradients, starting from ``initial_accumulator_value`` (Duchi, Hazan and
    Singer, 2011). ``weight_decay`` · parameter is added to the gradient first.

    >>> weight = Tensor([1.0], requires_grad=True)
    >>> (weight * 3).sum().backward()
    >>> Adagrad([weight], lr=0.1).step()
    >>> weight
    tensor([0.9000], requires_grad=True)
    """

    def __init__(
        self,
        params: Iterable[Tensor] | Iterable[Group],
        lr: float = 1e-2,
        lr_decay: float = 0,
        weight_decay: float = 0,
        initial_accumulator_value: float = 0,
        eps: float = 1e-10,
        *,
        maximize: bool = False,
    ) -> None:
        options = {
            "lr": lr,
            "lr_decay": lr_decay,
            "weight_decay": weight_decay,
            "initial_accumulator_value": initial_accumulator_value,
            "eps": eps,
            "maximize": maximize,
        }
        super().__init__(params, options)

    def _check_options(self, group: Group) -> None:
        super()._check_options(group)
        self._check_not_negative(group, "lr_decay", "initial_accumulator_value", "eps")

    def _state_names(self, group: Group) -> tuple[str, ...]:
        return ("sum",)

    def _update(self, gradient: Array, change: Array, scratch: Array, state: State, step: int, group: Group) -> None:
        total = state["sum"]
        if step == 1:
            total[...] = group["initial_accumulator_value"]
        total += np.multiply(gradient, gradient, out=scratch)
        size = np.sqrt(total, out=scratch)
        size += group["eps"]
        np.divide(gradient, size, out=change)
        change *= group["lr"] / (1 + (step - 1) * group["lr_decay"])
