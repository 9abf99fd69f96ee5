"""Schedulers under which the learning rate falls along half a cosine (Loshchilov and Hutter, 2017)."""

from __future__ import annotations

from math import cos, floor, log, pi

from tinygrad_scratch.nn.optim.lr_scheduler.scheduler import LRScheduler
from tinygrad_scratch.nn.optim.optimizer import Optimizer


class CosineAnnealingLR(LRScheduler):
    """rate = eta_min + (first rate - eta_min) · (1 + cos(π · epoch / T_max)) / 2.

    That is ``eta_min`` after ``T_max`` epochs; the rate rises again beyond. It is computed from the one before, so
    that other schedulers can work on the same optimizer.

    >>> from nn.optim import SGD
    >>> optimizer = SGD([tg.zeros(1, requires_grad=True)], lr=8.0)
    >>> scheduler = CosineAnnealingLR(optimizer, T_max=2)
    >>> for epoch in range(4):
    ...     print([round(rate, 6) for rate in scheduler.get_last_lr()], end=" ")
    ...     optimizer.step()
    ...     scheduler.step()
    [8.0] [4.0] [0.0] [4.0]
    """

    def __init__(self, optimizer: Optimizer, T_max: int, eta_min: float = 0.0, last_epoch: int = -1) -> None:  # noqa: N803
        if not T_max > 0:
            raise ValueError(f"CosineAnnealingLR: T_max must be a positive number of epochs, got {T_max}")
        self.T_max = T_max
        self.eta_min = eta_min
        super().__init__(optimizer, last_epoch)

    def get_lr(self) -> list[float]:
        rates, period, epoch = self._group_lrs(), self.T_max, self.last_epoch
        if self._is_initial:
            return rates
        if (epoch - 1 - period) % (2 * period) == 0:  # just past the lowest point, from which no factor leads up
            rise = (1 - cos(pi / period)) / 2
            return [rate + (base - self.eta_min) * rise for rate, base in zip(rates, self.base_lrs, strict=True)]
        factor = (1 + cos(pi * epoch / period)) / (1 + cos(pi * (epoch - 1) / period))
        return [self.eta_min + (rate - self.eta_min) * factor for rate in rates]

    def _restart_lr(self) -> list[float]:
        return list(self.base_lrs)


class CosineAnnealingWarmRestarts(LRScheduler):
    """As `CosineAnnealingLR`, but from ``eta_min`` the rate jumps up to the first one, and the fall begins anew.

    The first fall takes ``T_0`` epochs, and each ``T_mult`` times as many as the one before. ``step`` can also be given
    an epoch, with a fraction, to change the rate within epochs: ``scheduler.step(epoch + batch / batches)``.

    >>> from nn.optim import SGD
    >>> optimizer = SGD([tg.zeros(1, requires_grad=True)], lr=8.0)
    >>> scheduler = CosineAnnealingWarmRestarts(optimizer, T_0=2)
    >>> for epoch in range(4):
    ...     print([round(rate, 6) for rate in scheduler.get_last_lr()], end=" ")
    ...     optimizer.step()
    ...     scheduler.step()
    [8.0] [4.0] [8.0] [4.0]
    """

    def __init__(
        self,
        optimizer: Optimizer,
        T_0: int,  # noqa: N803
        T_mult: int = 1,  # noqa: N803
        eta_min: float = 0.0,
        last_epoch: int = -1,
    ) -> None:
        for name, value in (("T_0", T_0), ("T_mult", T_mult)):
            if not isinstance(value, int) or value < 1:
                raise ValueError(f"CosineAnnealingWarmRestarts: {name} must be a positive integer, got {value!r}")
        self.T_0 = T_0
        self.T_i = T_0
        self.T_mult = T_mult
        self.eta_min = eta_min
        self.T_cur: float = last_epoch
        super().__init__(optimizer, last_epoch)

    def get_lr(self) -> list[float]:
        fraction = (1 + cos(pi * self.T_cur / self.T_i)) / 2
        return [self.eta_min + (base - self.eta_min) * fraction for base in self.base_lrs]

    def step(self, epoch: float | None = None) -> None:
        """Go on to the next epoch, or to ``epoch``. ValueError if that is negative."""
        if epoch is None and self.last_epoch < 0:
            epoch = 0
        if epoch is None:
            epoch = self.last_epoch + 1
            self.T_cur += 1
            if self.T_cur >= self.T_i:
                self.T_cur %= self.T_i
                self.T_i *= self.T_mult
        else:
            self._go_to(epoch)
        self.last_epoch = floor(epoch)
        self._set_lr(self.get_lr())

    def _restart(self) -> None:
        self.step(0)

    def _go_to(self, epoch: float) -> None:
        if epoch < 0:
            raise ValueError(f"CosineAnnealingWarmRestarts: epoch must not be negative, got {epoch}")
        if self.T_mult == 1:
            self.T_cur = epoch % self.T_0
            return
        falls = int(log(epoch / self.T_0 * (self.T_mult - 1) + 1, self.T_mult))
        self.T_i = self.T_0 * self.T_mult**falls
        self.T_cur = epoch - self.T_0 * (self.T_mult**falls - 1) / (self.T_mult - 1)
