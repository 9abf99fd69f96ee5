"""RMSprop: each gradient is divided by its own recent size."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np

from tinygrad_scratch import Tensor
from tinygrad_scratch.engine import Array
from tinygrad_scratch.nn.optim.averages import average_in, average_in_squares
from tinygrad_scratch.nn.optim.bucket import State
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
        options = {
            "lr": lr,
            "alpha": alpha,
            "eps": eps,
            "weight_decay": weight_decay,
            "momentum": momentum,
            "centered": centered,
            "maximize": maximize,
        }
        super().__init__(params, options)

    def _check_options(self, group: Group) -> None:
        super()._check_options(group)
        self._check_not_negative(group, "eps", "momentum")
        self._check_share(group, "alpha")

    def _state_names(self, group: Group) -> tuple[str, ...]:
        momentum = ("momentum_buffer",) if group["momentum"] else ()
        return ("square_avg", *momentum, *(("grad_avg",) if group["centered"] else ()))

    def _update(self, gradient: Array, change: Array, scratch: Array, state: State, step: int, group: Group) -> None:
        square, alpha, momentum = state["square_avg"], group["alpha"], group["momentum"]
        average_in_squares(square, gradient, alpha, scratch)
        if group["centered"]:
            mean = state["grad_avg"]
            average_in(mean, gradient, alpha, scratch)
            np.subtract(square, np.multiply(mean, mean, out=scratch), out=scratch)
            square = np.maximum(scratch, 0, out=scratch)  # which rounding can miss by a little
        deviation = np.sqrt(square, out=scratch)
        deviation += group["eps"]
        np.divide(gradient, deviation, out=change)
        if momentum:
            velocity = state["momentum_buffer"]
            velocity *= momentum
            velocity += change
            change[...] = velocity
        change *= group["lr"]
