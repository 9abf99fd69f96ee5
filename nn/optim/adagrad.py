"""Adagrad: each gradient is divided by the size of all before it."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import numpy as np

from tinygrad_scratch import Tensor
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
        options = dict(
            lr=lr,
            lr_decay=lr_decay,
            weight_decay=weight_decay,
            initial_accumulator_value=initial_accumulator_value,
            eps=eps,
            maximize=maximize,
        )
        super().__init__(params, options)

    @staticmethod
    def update(parameter: Any, gradient: Any, state: Any, step: Any, options: Any) -> Any:
        total = options.initial_accumulator_value if step == 1 else state.sum
        total = state.sum = total + gradient * gradient
        size = options.lr / (1 + (step - 1) * options.lr_decay)
        return parameter - gradient / (np.sqrt(total) + options.eps) * size
