"""Schedulers made of schedulers: one after another, or all together."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Mapping, Sequence
from typing import Any

from tinygrad_scratch.nn.optim.lr_scheduler.plateau import ReduceLROnPlateau
from tinygrad_scratch.nn.optim.lr_scheduler.scheduler import LRScheduler, check_optimizer
from tinygrad_scratch.nn.optim.optimizer import Optimizer


class CombinedScheduler(LRScheduler):
    """The base of both: checks the schedulers, and saves their states in its own."""

    def __init__(self, schedulers: Sequence[LRScheduler], optimizer: Optimizer | None) -> None:
        if not schedulers:
            raise ValueError(f"{self._name}: needs at least one scheduler")
        for i, scheduler in enumerate(schedulers):
            if not isinstance(scheduler, LRScheduler):
                raise TypeError(f"{self._name}: expected schedulers, got {type(scheduler).__name__} at place {i}")
            if isinstance(scheduler, ReduceLROnPlateau):
                raise ValueError(f"{self._name}: ReduceLROnPlateau, at place {i}, needs a value for each step")
        self.optimizer = check_optimizer(optimizer or schedulers[0].optimizer, self._name)
        for i, scheduler in enumerate(schedulers):
            if scheduler.optimizer is not self.optimizer:
                raise ValueError(f"{self._name}: {scheduler._name}, at place {i}, is for another optimizer")
        self._schedulers = list(schedulers)

    def state_dict(self) -> dict[str, Any]:
        return {**super().state_dict(), "_schedulers": [scheduler.state_dict() for scheduler in self._schedulers]}

    def load_state_dict(self, state_dict: Mapping[str, Any]) -> None:
        schedulers = self._schedulers
        super().load_state_dict(state_dict)
        self._schedulers = schedulers
        for scheduler, state in zip(schedulers, state_dict["_schedulers"], strict=True):
            scheduler.load_state_dict(state)

    def _check_state(self, state_dict: Mapping[str, Any]) -> None:
        super()._check_state(state_dict)
        states = state_dict["_schedulers"]
        if len(states) != len(self._schedulers):
            raise ValueError(
                f"{self._name}: the state is for {len(states)} schedulers, here are {len(self._schedulers)}"
            )
        for scheduler, state in zip(self._schedulers, states, strict=True):
            scheduler._check_state(state)

    def _reset_lr(self) -> None:
        self._set_lr([group["initial_lr"] for group in self.optimizer.param_groups])


class SequentialLR(CombinedScheduler):
    """Lets ``schedulers`` work one after another: the next one begins, from its start, at each of ``milestones``.

    ValueError unless there is one milestone fewer than schedulers.

    >>> from nn.optim import SGD
    >>> from nn.optim.lr_scheduler import ConstantLR, ExponentialLR
    >>> optimizer = SGD([tg.zeros(1, requires_grad=True)], lr=8.0)
    >>> parts = [ConstantLR(optimizer, factor=0.5, total_iters=10), ExponentialLR(optimizer, gamma=0.5)]
    >>> scheduler = SequentialLR(optimizer, parts, milestones=[2])
    >>> for epoch in range(5):
    ...     print(scheduler.get_last_lr(), end=" ")
    ...     optimizer.step()
    ...     scheduler.step()
    [4.0] [4.0] [8.0] [4.0] [2.0]
    """

    def __init__(
        self,
        optimizer: Optimizer,
        schedulers: Sequence[LRScheduler],
        milestones: Sequence[int],
        last_epoch: int = -1,
    ) -> None:
        super().__init__(schedulers, optimizer)
        if len(milestones) != len(schedulers) - 1:
            raise ValueError(
                f"SequentialLR: {len(schedulers)} schedulers need {len(schedulers) - 1} milestones, "
                f"got {len(milestones)}"
            )
        self._milestones = list(milestones)
        for scheduler in self._schedulers:
            scheduler._undo_start()
        self._start()
        self.last_epoch = last_epoch + 1

    def step(self) -> None:
        self.last_epoch += 1
        phase = bisect_right(self._milestones, self.last_epoch)
        scheduler = self._schedulers[phase]
        if phase and self._milestones[phase - 1] == self.last_epoch:
            scheduler._restart()
        else:
            scheduler.step()
        self._last_lr = scheduler.get_last_lr()

    def _start(self) -> None:
        self._reset_lr()
        self.last_epoch = 0
        self._first()._start()
        self._last_lr = self._group_lrs()

    def _restart(self) -> None:
        self.last_epoch = 0
        self._first()._restart()
        self._last_lr = self._group_lrs()

    def _undo_start(self) -> None:
        self._first()._undo_start()

    def _first(self) -> LRScheduler:
        return self._schedulers[bisect_right(self._milestones, 0)]


class ChainedScheduler(CombinedScheduler):
    """Lets all ``schedulers`` work in each step, one on what the other has set.

    >>> from nn.optim import SGD
    >>> from nn.optim.lr_scheduler import ConstantLR, ExponentialLR
    >>> optimizer = SGD([tg.zeros(1, requires_grad=True)], lr=8.0)
    >>> parts = [ConstantLR(optimizer, factor=0.5, total_iters=2), ExponentialLR(optimizer, gamma=0.5)]
    >>> scheduler = ChainedScheduler(parts)
    >>> for epoch in range(4):
    ...     print(scheduler.get_last_lr(), end=" ")
    ...     optimizer.step()
    ...     scheduler.step()
    [4.0] [2.0] [2.0] [1.0]
    """

    def __init__(self, schedulers: Sequence[LRScheduler], optimizer: Optimizer | None = None) -> None:
        super().__init__(schedulers, optimizer)
        self._last_lr = self._group_lrs()

    def step(self) -> None:
        for scheduler in self._schedulers:
            scheduler.step()
        self._last_lr = self._group_lrs()

    def _start(self) -> None:
        self._reset_lr()
        for scheduler in self._schedulers:
            scheduler._start()
        self._last_lr = self._group_lrs()

    def _restart(self) -> None:
        self._start()

    def _undo_start(self) -> None:
        for scheduler in self._schedulers:
            scheduler._undo_start()
