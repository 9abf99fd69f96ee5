"""Schedulers that begin with another rate than the base: mostly a lower one, to warm up."""

from __future__ import annotations

from tinygrad_scratch.nn.optim.lr_scheduler.scheduler import FactorLR
from tinygrad_scratch.nn.optim.optimizer import Optimizer


class ConstantLR(FactorLR):
    """rate = first rate · ``factor`` for ``total_iters`` epochs, and the first rate from then on.

    >>> from nn.optim import SGD
    >>> optimizer = SGD([tg.zeros(1, requires_grad=True)], lr=8.0)
    >>> scheduler = ConstantLR(optimizer, factor=0.5, total_iters=2)
    >>> for epoch in range(4):
    ...     print(scheduler.get_last_lr(), end=" ")
    ...     optimizer.step()
    ...     scheduler.step()
    [4.0] [4.0] [8.0] [8.0]
    """

    def __init__(self, optimizer: Optimizer, factor: float = 1 / 3, total_iters: int = 5, last_epoch: int = -1) -> None:
        if not 0 <= factor <= 1:
            raise ValueError(f"ConstantLR: factor must lie in [0, 1], got {factor}")
        self.factor = factor
        self.total_iters = total_iters
        super().__init__(optimizer, last_epoch)

    def _factor(self) -> float:
        if self.last_epoch == 0:
            return self.factor
        if self.last_epoch != self.total_iters:
            return 1
        if self.factor == 0:
            raise ZeroDivisionError("ConstantLR: after a factor of 0, nothing leads back to the first learning rate")
        return 1 / self.factor


class LinearLR(FactorLR):
    """rate = first rate · a factor that goes from ``start_factor`` to ``end_factor`` within ``total_iters`` epochs.

    >>> from nn.optim import SGD
    >>> optimizer = SGD([tg.zeros(1, requires_grad=True)], lr=8.0)
    >>> scheduler = LinearLR(optimizer, start_factor=0.25, total_iters=3)
    >>> for epoch in range(5):
    ...     print(scheduler.get_last_lr(), end=" ")
    ...     optimizer.step()
    ...     scheduler.step()
    [2.0] [4.0] [6.0] [8.0] [8.0]
    """

    def __init__(
        self,
        optimizer: Optimizer,
        start_factor: float = 1 / 3,
        end_factor: float = 1.0,
        total_iters: int = 5,
        last_epoch: int = -1,
    ) -> None:
        if not 0 < start_factor <= 1:
            raise ValueError(f"LinearLR: start_factor must lie in (0, 1], got {start_factor}")
        if not 0 <= end_factor <= 1:
            raise ValueError(f"LinearLR: end_factor must lie in [0, 1], got {end_factor}")
        self.start_factor = start_factor
        self.end_factor = end_factor
        self.total_iters = total_iters
        super().__init__(optimizer, last_epoch)

    def _factor(self) -> float:
        if self.last_epoch == 0:
            return self.start_factor
        if self._is_initial or self.last_epoch > self.total_iters:
            return 1
        rise = self.end_factor - self.start_factor
        return 1 + rise / (self.total_iters * self.start_factor + (self.last_epoch - 1) * rise)
