"""RMSprop: each gradient is divided by its own recent size."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import numpy as np

from tinygrad_scratch import Tensor
from tinygrad_scratch.nn.optim.averages import average, average_of_squares
from tinygrad_scratch.nn.optim.optimizer import Group, Optimizer


class RMSprop(Optimizer):
    """parameter -= lr · gradient / (√square + eps), of a running average of the gradient's square.

    ``alpha`` is the weight that the average gives to the past (Tieleman and Hinton, 2012). ``centered`` subtracts the
    square of the gradient's average, so that the variance is left (Graves, 2013). With ``momentum``, what is divided
    so is added up as velocity = momentum · velocity + quotient. ``weight_decay`` · parameter is added to the gradient
    first.

    >>> weight = Tensor([1.0], requires_grad=True)
    >>> (weight * 3).sum().backward()
    >>> RMSprop([weight], lr=0.01).step()
    >>> weight
    tensor([0.9000], requires_grad=True)
    """

    def __init__(
        self,
        params: Iterable[Tensor] | Iterable[Group],
        lr: float = 1e-2,
        alpha: float = 0.99,
        eps: float = 1e-8,
        weight_decay: float = 0,
        momentum: float = 0,
        centered: bool = False,
        *,
        maximize: bool = False,
    ) -> None:
        options = dict(
            lr=lr,
            alpha=alpha,
            eps=eps,
            weight_decay=weight_decay,
            momentum=momentum,
            centered=centered,
            maximize=maximize,
        )
        super().__init__(params, options)

    @staticmethod
    def update(parameter: Any, gradient: Any, state: Any, step: Any, options: Any) -> Any:
        variance = state.square_avg = average_of_squares(state.square_avg, gradient, options.alpha)
        if options.centered:
            mean = state.grad_avg = average(state.grad_avg, gradient, options.alpha)
            variance = np.maximum(variance - mean * mean, 0)  # which rounding can miss by a little
        change = gradient / (np.sqrt(variance) + options.eps)
        if options.momentum:
            change = state.momentum_buffer = options.momentum * state.momentum_buffer + change
        return parameter - options.lr * change
