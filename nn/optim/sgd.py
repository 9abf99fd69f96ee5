"""Stochastic gradient descent."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from tinygrad_scratch import Tensor
from tinygrad_scratch.nn.optim.optimizer import Group, Optimizer


class SGD(Optimizer):
    """parameter -= lr · gradient; with ``momentum``, the gradient is replaced by a running sum of gradients.

    The sum is velocity = momentum · velocity + (1 - dampening) · gradient, starting from the first gradient;
    ``nesterov`` looks one step ahead (Sutskever et al., 2013). ``weight_decay`` · parameter is added to the gradient
    first.

    >>> weight = Tensor([1.0], requires_grad=True)
    >>> (weight * 3).sum().backward()
    >>> SGD([weight], lr=0.1).step()
    >>> weight
    tensor([0.7000], requires_grad=True)
    """

    def __init__(
        self,
        params: Iterable[Tensor] | Iterable[Group],
        lr: float = 1e-3,
        momentum: float = 0,
        dampening: float = 0,
        weight_decay: float = 0,
        nesterov: bool = False,
        *,
        maximize: bool = False,
    ) -> None:
        options = dict(
            lr=lr,
            momentum=momentum,
            dampening=dampening,
            weight_decay=weight_decay,
            nesterov=nesterov,
            maximize=maximize,
        )
        super().__init__(params, options)

    def _check_options(self, group: Group) -> None:
        super()._check_options(group)
        if group["nesterov"] and (group["momentum"] == 0 or group["dampening"] != 0):
            raise ValueError("SGD: nesterov needs momentum, and no dampening")

    @staticmethod
    def update(parameter: Any, gradient: Any, state: Any, step: Any, options: Any) -> Any:
        if options.momentum:
            if step == 1:
                velocity = gradient
            elif options.dampening:
                velocity = options.momentum * state.momentum_buffer + (1 - options.dampening) * gradient
            else:
                velocity = options.momentum * state.momentum_buffer + gradient
            state.momentum_buffer = velocity
            gradient = gradient + options.momentum * velocity if options.nesterov else velocity
        return parameter - options.lr * gradient
