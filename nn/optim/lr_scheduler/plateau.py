"""A scheduler that follows what is measured: the learning rate falls when a value stops getting better."""

from __future__ import annotations

from collections.abc import Sequence
from math import inf
from typing import SupportsFloat

from tinygrad_scratch.nn.optim.lr_scheduler.scheduler import LRScheduler, check_optimizer, for_each_group
from tinygrad_scratch.nn.optim.optimizer import Optimizer


class ReduceLROnPlateau(LRScheduler):
    """Multiplies the learning rate by ``factor`` when a value has not improved for more than ``patience`` epochs.

    ``step(value)`` is called with it after each epoch. It is to get smaller, or larger by ``mode`` "max", and only a
    change of more than ``threshold`` counts: a fraction of the best value so far or, by ``threshold_mode`` "abs", a
    difference. After a reduction, ``cooldown`` epochs are not counted. The rate stays above ``min_lr``, and a change
    of no more than ``eps`` is not made.

    >>> from nn.optim import SGD
    >>> optimizer = SGD([tg.zeros(1, requires_grad=True)], lr=1.0)
    >>> scheduler = ReduceLROnPlateau(optimizer, factor=0.5, patience=1)
    >>> for loss in [3.0, 2.0, 2.0, 2.0, 1.0]:
    ...     scheduler.step(loss)
    ...     print(scheduler.get_last_lr(), end=" ")
    [1.0] [1.0] [1.0] [0.5] [0.5]
    """

    def __init__(
        self,
        optimizer: Optimizer,
        mode: str = "min",
        factor: float = 0.1,
        patience: int = 10,
        threshold: float = 1e-4,
        threshold_mode: str = "rel",
        cooldown: int = 0,
        min_lr: float | Sequence[float] = 0,
        eps: float = 1e-8,
    ) -> None:
        self.optimizer = check_optimizer(optimizer, "ReduceLROnPlateau")
        if not factor < 1:
            raise ValueError(f"ReduceLROnPlateau: factor must be less than 1, got {factor}")
        if mode not in ("min", "max"):
            raise ValueError(f"ReduceLROnPlateau: mode must be 'min' or 'max', got {mode!r}")
        if threshold_mode not in ("rel", "abs"):
            raise ValueError(f"ReduceLROnPlateau: threshold_mode must be 'rel' or 'abs', got {threshold_mode!r}")
        for_each_group(min_lr, optimizer, "ReduceLROnPlateau: min_lr")
        self.mode = mode
        self.factor = factor
        self.patience = patience
        self.threshold = threshold
        self.threshold_mode = threshold_mode
        self.cooldown = cooldown
        self.min_lr = min_lr
        self.eps = eps
        self.best = inf if mode == "min" else -inf
        self.cooldown_counter = 0
        self.num_bad_epochs = 0
        self.last_epoch = 0
        self._last_lr = self._group_lrs()

    @property
    def in_cooldown(self) -> bool:
        """Whether epochs are not counted, because the learning rate has just been reduced."""
        return self.cooldown_counter > 0

    def step(self, metrics: SupportsFloat) -> None:  # type: ignore[override]
        """Go on to the next epoch, after one that ended with the value ``metrics``."""
        value = float(metrics)
        self.last_epoch += 1
        if self._is_better(value):
            self.best = value
            self.num_bad_epochs = 0
        else:
            self.num_bad_epochs += 1
        if self.in_cooldown:
            self.cooldown_counter -= 1
            self.num_bad_epochs = 0
        if self.num_bad_epochs > self.patience:
            self._set_lr(self.get_lr())
            self.cooldown_counter = self.cooldown
            self.num_bad_epochs = 0
        self._last_lr = self._group_lrs()

    def get_lr(self) -> list[float]:
        """The reduced learning rate of each group."""
        least = for_each_group(self.min_lr, self.optimizer, "ReduceLROnPlateau: min_lr")
        pairs = [(rate, max(rate * self.factor, low)) for rate, low in zip(self._group_lrs(), least, strict=True)]
        return [reduced if rate - reduced > self.eps else rate for rate, reduced in pairs]

    def _is_better(self, value: float) -> bool:
        if self.mode == "min":
            bound = self.best * (1 - self.threshold) if self.threshold_mode == "rel" else self.best - self.threshold
            return value < bound
        bound = self.best * (1 + self.threshold) if self.threshold_mode == "rel" else self.best + self.threshold
        return value > bound
