"""Adadelta: steps whose size follows from the sizes of the last gradients and of the last steps."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import numpy as np

from tinygrad_scratch import Tensor
from tinygrad_scratch.nn.optim.averages import average_of_squares
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
        options = dict(lr=lr, rho=rho, eps=eps, weight_decay=weight_decay, maximize=maximize)
        super().__init__(params, options)

    @staticmethod
    def update(parameter: Any, gradient: Any, state: Any, step: Any, options: Any) -> Any:
        squares = state.square_avg = average_of_squares(state.square_avg, gradient, options.rho)
        change = np.sqrt((state.acc_delta + options.eps) / (squares + options.eps)) * gradient
        state.acc_delta = average_of_squares(state.acc_delta, change, options.rho)
        return parameter - options.lr * change
