"""Schedulers whose factor is a function of the epoch that the user gives.

Functions are not saved with a scheduler's state. Of a callable object, its attributes are.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from tinygrad_scratch.nn.optim.lr_scheduler.scheduler import LRScheduler, check_optimizer, for_each_group
from tinygrad_scratch.nn.optim.optimizer import Optimizer

Factor = Callable[[int], float]


class FunctionLR(LRScheduler):
    """The base of the schedulers with a function for each group, or one for all."""

    def __init__(self, optimizer: Optimizer, lr_lambda: Factor | Sequence[Factor], last_epoch: int = -1) -> None:
        check_optimizer(optimizer, self._name)
        self.lr_lambdas: list[Factor] = for_each_group(lr_lambda, optimizer, f"{self._name}: lr_lambda")
        for function in self.lr_lambdas:
            if not callable(function):
                raise TypeError(f"{self._name}: lr_lambda must be a function, not {type(function).__name__}")
        super().__init__(optimizer, last_epoch)

    def state_dict(self) -> dict[str, Any]:
        return {**super().state_dict(), "lr_lambdas": [attributes(function) for function in self.lr_lambdas]}

    def load_state_dict(self, state_dict: Mapping[str, Any]) -> None:
        functions = self.lr_lambdas
        super().load_state_dict(state_dict)
        self.lr_lambdas = functions
        for function, saved in zip(functions, state_dict["lr_lambdas"], strict=True):
            restore_attributes(function, saved)


class LambdaLR(FunctionLR):
    """rate = first rate · ``lr_lambda(epoch)``; ``lr_lambda`` is a function, or a list of one for each group.

    >>> from nn.optim import SGD
    >>> optimizer = SGD([tg.zeros(1, requires_grad=True)], lr=8.0)
    >>> scheduler = LambdaLR(optimizer, lambda epoch: 1 / (1 + epoch))
    >>> for epoch in range(4):
    ...     print(scheduler.get_last_lr(), end=" ")
    ...     optimizer.step()
    ...     scheduler.step()
    [8.0] [4.0] [2.6666666666666665] [2.0]
    """

    def get_lr(self) -> list[float]:
        pairs = zip(self.base_lrs, self.lr_lambdas, strict=True)
        return [base * function(self.last_epoch) for base, function in pairs]


class MultiplicativeLR(FunctionLR):
    """Multiplies the learning rate by ``lr_lambda(epoch)`` in each epoch; see `LambdaLR`."""

    def get_lr(self) -> list[float]:
        rates = self._group_lrs()
        if self._is_initial:
            return rates
        return [rate * function(self.last_epoch) for rate, function in zip(rates, self.lr_lambdas, strict=True)]


def attributes(function: Callable[..., Any] | None) -> dict[str, Any]:
    """What is to be saved of ``function``: nothing, unless it is an object with attributes."""
    return dict(getattr(function, "__dict__", {}))


def restore_attributes(function: Callable[..., Any] | None, saved: Mapping[str, Any]) -> None:
    """Give ``function`` back what `attributes` returned."""
    if saved:
        vars(function).update(saved)
