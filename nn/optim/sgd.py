"""Stochastic gradient descent."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np

from tinygrad_scratch import Tensor
from tinygrad_scratch.engine import Array
from tinygrad_scratch.nn.optim.bucket import State
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
        options = {"lr": lr, "momentum": momentum, "dampening": dampening, "weight_decay": weight_decay}
        super().__init__(params, {**options, "nesterov": nesterov, "maximize": maximize})

    def _check_options(self, group: Group) -> None:
        super()._check_options(group)
        self._check_not_negative(group, "momentum")
        if group["nesterov"] and (group["momentum"] == 0 or group["dampening"] != 0):
            raise ValueError("SGD: nesterov needs momentum, and no dampening")

    def _state_names(self, group: Group) -> tuple[str, ...]:
        return ("momentum_buffer",) if group["momentum"] else ()

    def _update(self, gradient: Array, change: Array, scratch: Array, state: State, step: int, group: Group) -> None:
        """Write into ``change`` what is then subtracted from the parameters: lr · gradient, or lr · velocity."""
        momentum = group["momentum"]
        if momentum:
            velocity = state["momentum_buffer"]
            velocity *= momentum
            velocity += gradient if step == 1 else np.multiply(gradient, 1 - group["dampening"], out=scratch)
            ahead = np.multiply(velocity, momentum, out=scratch) if group["nesterov"] else None
            gradient = velocity if ahead is None else np.add(gradient, ahead, out=scratch)
        np.multiply(gradient, group["lr"], out=change)
