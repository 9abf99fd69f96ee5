"""Schedulers under which the learning rate falls: in steps, exponentially, or as a power."""

from __future__ import annotations

from collections.abc import Iterable

from tinygrad_scratch.nn.optim.lr_scheduler.scheduler import FactorLR
from tinygrad_scratch.nn.optim.optimizer import Optimizer


class StepLR(FactorLR):
    """Multiplies the learning rate by ``gamma`` every ``step_size`` epochs.

    >>> from nn.optim import SGD
    >>> optimizer = SGD([tg.zeros(1, requires_grad=True)], lr=8.0)
    >>> scheduler = StepLR(optimizer, step_size=2, gamma=0.5)
    >>> for epoch in range(5):
    ...     print(scheduler.get_last_lr(), end=" ")
    ...     optimizer.step()
    ...     scheduler.step()
    [8.0] [8.0] [4.0] [4.0] [2.0]
    """

    def __init__(self, optimizer: Optimizer, step_size: int, gamma: float = 0.1, last_epoch: int = -1) -> None:
        if step_size < 1:
            raise ValueError(f"StepLR: step_size must be a positive number of epochs, got {step_size}")
        self.step_size = step_size
        self.gamma = gamma
        super().__init__(optimizer, last_epoch)

    def _factor(self) -> float:
        return self.gamma if self.last_epoch and self.last_epoch % self.step_size == 0 else 1


class MultiStepLR(FactorLR):
    """Multiplies the learning rate by ``gamma`` at each epoch in ``milestones``.

    >>> from nn.optim import SGD
    >>> optimizer = SGD([tg.zeros(1, requires_grad=True)], lr=8.0)
    >>> scheduler = MultiStepLR(optimizer, milestones=[1, 3], gamma=0.5)
    >>> for epoch in range(4):
    ...     print(scheduler.get_last_lr(), end=" ")
    ...     optimizer.step()
    ...     scheduler.step()
    [8.0] [4.0] [4.0] [2.0]
    """

    def __init__(
        self, optimizer: Optimizer, milestones: Iterable[int], gamma: float = 0.1, last_epoch: int = -1
    ) -> None:
        self.milestones = sorted(milestones)
        self.gamma = gamma
        super().__init__(optimizer, last_epoch)

    def _factor(self) -> float:
        return self.gamma ** self.milestones.count(self.last_epoch)


class ExponentialLR(FactorLR):
    """Multiplies the learning rate by ``gamma`` in every epoch."""

    def __init__(self, optimizer: Optimizer, gamma: float, last_epoch: int = -1) -> None:
        self.gamma = gamma
        super().__init__(optimizer, last_epoch)

    def _factor(self) -> float:
        return 1 if self._is_initial or self.last_epoch == 0 else self.gamma


class PolynomialLR(FactorLR):
    """rate = first rate · (1 - epoch / total_iters)^power, until it is 0 after ``total_iters`` epochs.

    >>> from nn.optim import SGD
    >>> optimizer = SGD([tg.zeros(1, requires_grad=True)], lr=4.0)
    >>> scheduler = PolynomialLR(optimizer, total_iters=4)
    >>> for epoch in range(6):
    ...     print(scheduler.get_last_lr(), end=" ")
    ...     optimizer.step()
    ...     scheduler.step()
    [4.0] [3.0] [2.0] [1.0] [0.0] [0.0]
    """

    def __init__(self, optimizer: Optimizer, total_iters: int = 5, power: float = 1.0, last_epoch: int = -1) -> None:
        if total_iters < 1:
            raise ValueError(f"PolynomialLR: total_iters must be a positive number of epochs, got {total_iters}")
        self.total_iters = total_iters
        self.power = power
        super().__init__(optimizer, last_epoch)

    def _factor(self) -> float:
        if self._is_initial or not 0 < self.last_epoch <= self.total_iters:
            return 1
        left, left_before = (1 - epoch / self.total_iters for epoch in (self.last_epoch, self.last_epoch - 1))
        return float((left / left_before) ** self.power)
