"""`LRScheduler`: what all schedulers share. Each one adds only its options and the next learning rates."""

from __future__ import annotations

import warnings
from collections.abc import Mapping, Sequence
from typing import Any, ClassVar

from tinygrad_scratch.nn.optim.optimizer import Optimizer


class LRScheduler:
    """The base of all schedulers: counts epochs, and writes learning rates into the groups of ``optimizer``.

    A subclass writes `get_lr`. It can use ``last_epoch`` (the number of the epoch that the rates are for, from 0),
    ``base_lrs`` (the rates that the optimizer began with) and the present rates, ``group["lr"]``. Most schedulers
    multiply the present rate, so that several can work on one optimizer together.

    To go on with a run, load the optimizer's state, and give as ``last_epoch`` the last one that was finished; or load
    the scheduler's state, too.

    TypeError if ``optimizer`` is not one; KeyError if it has never had a scheduler and ``last_epoch`` is not -1.

    >>> from nn.optim import SGD
    >>> class HalfLR(LRScheduler):
    ...     def get_lr(self):
    ...         return [rate / 2**self.last_epoch for rate in self.base_lrs]
    >>> optimizer = SGD([tg.zeros(1, requires_grad=True)], lr=0.4)
    >>> scheduler = HalfLR(optimizer)
    >>> optimizer.step()
    >>> scheduler.step()
    >>> scheduler.get_last_lr()
    [0.2]
    """

    _not_saved: ClassVar[tuple[str, ...]] = ("optimizer", "_is_initial")
    _is_initial = False  # whether the constructor takes the step

    def __init__(self, optimizer: Optimizer, last_epoch: int = -1) -> None:
        self.optimizer = check_optimizer(optimizer, self._name)
        for i, group in enumerate(optimizer.param_groups):
            if last_epoch == -1:
                group.setdefault("initial_lr", group["lr"])
            elif "initial_lr" not in group:
                raise KeyError(
                    f"{self._name}: group {i} of the optimizer has no 'initial_lr' to continue from; load the "
                    "optimizer's state first, or leave last_epoch out to start a new run"
                )
        self.base_lrs: list[float] = [group["initial_lr"] for group in optimizer.param_groups]
        self.last_epoch = last_epoch
        self._start()

    @property
    def _name(self) -> str:
        return type(self).__name__

    def get_lr(self) -> list[float]:
        """The learning rate of each group for the epoch ``last_epoch``."""
        raise NotImplementedError(f"{self._name} has no get_lr")

    def get_last_lr(self) -> list[float]:
        """The learning rates that the last step has set, one for each group."""
        return self._last_lr

    def step(self) -> None:
        """Go on to the next epoch. Called after the optimizer's steps, or the first learning rate is left out."""
        if self._step_count == 1 and not _has_stepped(self.optimizer):
            warnings.warn(
                f"{self._name}.step() was called before optimizer.step(), so that the first learning rate is left out",
                UserWarning,
                stacklevel=2,
            )
        self._step_count += 1
        self.last_epoch += 1
        self._set_lr(self.get_lr())

    def _start(self) -> None:
        """Take the step to the first epoch: what the constructor does last."""
        self._step_count = 0
        self._is_initial = True
        self.step()
        self._is_initial = False

    def _restart(self) -> None:
        """Begin from epoch 0 in the middle of a run: what `SequentialLR` does when the turn comes to a scheduler."""
        self.last_epoch = 0
        self._set_lr(self._restart_lr())

    def _undo_start(self) -> None:
        """Forget the step to the first epoch, so that `_start` can be called again."""
        self.last_epoch -= 1

    def _restart_lr(self) -> list[float]:
        """The learning rates with which to `_restart`."""
        return self.get_lr()

    def _group_lrs(self) -> list[float]:
        return [group["lr"] for group in self.optimizer.param_groups]

    def _set_lr(self, rates: Sequence[float]) -> None:
        for group, rate in zip(self.optimizer.param_groups, rates, strict=True):
            group["lr"] = rate
        self._last_lr = self._group_lrs()

    def state_dict(self) -> dict[str, Any]:
        """Everything but the optimizer, whose own state has the present learning rates."""
        return {name: value for name, value in vars(self).items() if name not in self._not_saved}

    def load_state_dict(self, state_dict: Mapping[str, Any]) -> None:
        """Take over ``state_dict``. Load the optimizer's state after making the scheduler, which sets its rates.

        ValueError, before anything is changed, if it comes from another kind of scheduler or number of groups.
        """
        self._check_state(state_dict)
        vars(self).update({name: state_dict[name] for name in self.state_dict()})

    def _check_state(self, state_dict: Mapping[str, Any]) -> None:
        missing = self.state_dict().keys() - state_dict.keys()
        if missing:
            raise ValueError(
                f"{self._name}: the state has no {', '.join(sorted(missing))}; is it of another kind of scheduler?"
            )
        if len(state_dict["_last_lr"]) != len(self.optimizer.param_groups):
            raise ValueError(
                f"{self._name}: the state is for {len(state_dict['_last_lr'])} groups of parameters, "
                f"the optimizer has {len(self.optimizer.param_groups)}"
            )


class FactorLR(LRScheduler):
    """The base of schedulers that multiply the learning rates by one factor in each epoch.

    A subclass writes `_factor`, which is that of the epoch ``last_epoch``.
    """

    def get_lr(self) -> list[float]:
        factor = self._factor()
        return [rate * factor for rate in self._group_lrs()]

    def _restart_lr(self) -> list[float]:
        factor = self._factor()
        return [rate * factor for rate in self.base_lrs]

    def _factor(self) -> float:
        raise NotImplementedError(f"{self._name} has no factor")


def check_optimizer(optimizer: Any, name: str) -> Optimizer:
    """``optimizer``, which must be one; the error names ``name``."""
    if not isinstance(optimizer, Optimizer):
        raise TypeError(f"{name}: expected an optimizer, got {type(optimizer).__name__}")
    return optimizer


def for_each_group(value: Any, optimizer: Optimizer, name: str) -> list[Any]:
    """``value`` as a list of one for each group, if it is not such a list already; the error names ``name``."""
    groups = len(optimizer.param_groups)
    if not isinstance(value, list | tuple):
        return [value] * groups
    if len(value) != groups:
        raise ValueError(f"{name}: expected one value, or {groups}, one for each group, got {len(value)}")
    return list(value)


def _has_stepped(optimizer: Optimizer) -> bool:
    """Whether the optimizer has taken a step, as far as can be known: one with a ``step`` of its own does not say."""
    return optimizer.has_stepped or type(optimizer).step is not Optimizer.step
