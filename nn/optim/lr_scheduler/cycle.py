"""Schedulers under which the learning rate rises and falls, and the momentum falls and rises (Smith, 2017)."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from math import cos, floor, pi, prod
from typing import Any

from tinygrad_scratch.nn.optim.lr_scheduler.function import attributes, restore_attributes
from tinygrad_scratch.nn.optim.lr_scheduler.scheduler import LRScheduler, check_optimizer, for_each_group
from tinygrad_scratch.nn.optim.optimizer import Group, Optimizer


class CycleLR(LRScheduler):
    """The base of schedulers that can also set the momentum: the optimizer's ``momentum``, or the first of ``betas``.

    A subclass writes `_momentum`.
    """

    cycle_momentum: bool

    def _prepare_momentum(self, base_momentum: float | Sequence[float], max_momentum: float | Sequence[float]) -> None:
        """Give each group its bounds."""
        optimizer = self.optimizer
        if "momentum" not in optimizer.defaults and "betas" not in optimizer.defaults:
            raise ValueError(
                f"{self._name}: cycle_momentum needs an optimizer with momentum or betas, which "
                f"{type(optimizer).__name__} has not; pass cycle_momentum=False"
            )
        bounds = [
            for_each_group(value, optimizer, f"{self._name}: {name}")
            for name, value in (("base_momentum", base_momentum), ("max_momentum", max_momentum))
        ]
        for group, base, most in zip(optimizer.param_groups, *bounds, strict=True):
            group["base_momentum"], group["max_momentum"] = base, most

    def _set_lr(self, rates: Sequence[float]) -> None:
        super()._set_lr(rates)
        if not self.cycle_momentum:
            return
        for group in self.optimizer.param_groups:
            momentum = self._momentum(group)
            if "betas" in group:
                group["betas"] = (momentum, *group["betas"][1:])
            else:
                group["momentum"] = momentum

    def _momentum(self, group: Group) -> float:
        """The momentum of a group for the epoch ``last_epoch``."""
        raise NotImplementedError(f"{self._name} has no momentum")


class CyclicLR(CycleLR):
    """Lets the rate rise from ``base_lr`` to ``max_lr`` in ``step_size_up`` steps, then fall in ``step_size_down``.

    This is repeated. Under the ``mode`` "triangular", all cycles are alike; under "triangular2", each rises half as
    high as the one before; under "exp_range", the height is multiplied by ``gamma`` in every step. Instead,
    ``scale_fn`` can give the height as a function of the cycle's number (from 1) or, under the ``scale_mode``
    "iterations", of the step's. With ``cycle_momentum``, the momentum moves between ``max_momentum`` and
    ``base_momentum`` the other way. ``step`` is called after every batch.

    >>> from nn.optim import SGD
    >>> optimizer = SGD([tg.zeros(1, requires_grad=True)], lr=1.0)
    >>> scheduler = CyclicLR(optimizer, base_lr=1.0, max_lr=5.0, step_size_up=2)
    >>> for batch in range(5):
    ...     print(scheduler.get_last_lr(), round(optimizer.param_groups[0]["momentum"], 2), end="; ")
    ...     optimizer.step()
    ...     scheduler.step()
    [1.0] 0.9; [3.0] 0.85; [5.0] 0.8; [3.0] 0.85; [1.0] 0.9;
    """

    def __init__(
        self,
        optimizer: Optimizer,
        base_lr: float | Sequence[float],
        max_lr: float | Sequence[float],
        step_size_up: int = 2000,
        step_size_down: int | None = None,
        mode: str = "triangular",
        gamma: float = 1.0,
        scale_fn: Callable[[float], float] | None = None,
        scale_mode: str = "cycle",
        cycle_momentum: bool = True,
        base_momentum: float | Sequence[float] = 0.8,
        max_momentum: float | Sequence[float] = 0.9,
        last_epoch: int = -1,
    ) -> None:
        self.optimizer = check_optimizer(optimizer, "CyclicLR")
        modes = ("triangular", "triangular2", "exp_range")
        if mode not in modes and scale_fn is None:
            raise ValueError(f"CyclicLR: mode must be one of {', '.join(modes)}, or scale_fn given; got {mode!r}")
        base_lrs = for_each_group(base_lr, optimizer, "CyclicLR: base_lr")
        self.max_lrs = for_each_group(max_lr, optimizer, "CyclicLR: max_lr")
        if last_epoch == -1:
            for group, rate in zip(optimizer.param_groups, base_lrs, strict=True):
                group["lr"] = rate
        self.total_size = step_size_up + (step_size_up if step_size_down is None else step_size_down)
        if not 0 < step_size_up < self.total_size:
            raise ValueError(
                f"CyclicLR: step_size_up and step_size_down must be positive, got {step_size_up} and {step_size_down}"
            )
        self.step_ratio = step_size_up / self.total_size
        self.mode = mode
        self.gamma = gamma
        self._scale_fn_custom = scale_fn
        self.scale_mode = scale_mode if scale_fn is not None else "iterations" if mode == "exp_range" else "cycle"
        self.cycle_momentum = cycle_momentum
        if cycle_momentum:
            self._prepare_momentum(base_momentum, max_momentum)
        super().__init__(optimizer, last_epoch)
        self.base_lrs = base_lrs

    def scale_fn(self, x: float) -> float:
        """The height of cycle or step ``x``, where the first cycle's is 1."""
        if self._scale_fn_custom is not None:
            return self._scale_fn_custom(x)
        if self.mode == "triangular2":
            return float(1 / 2 ** (x - 1))
        return float(self.gamma**x) if self.mode == "exp_range" else 1.0

    def get_lr(self) -> list[float]:
        return [self._between(base, top) for base, top in zip(self.base_lrs, self.max_lrs, strict=True)]

    def _momentum(self, group: Group) -> float:
        return self._between(group["max_momentum"], group["base_momentum"])

    def _between(self, start: float, top: float) -> float:
        """How far a value has gone from ``start``, where a cycle begins and ends, to ``top``, in its middle."""
        cycle = floor(1 + self.last_epoch / self.total_size)
        position = 1 + self.last_epoch / self.total_size - cycle
        fraction = position / self.step_ratio if position <= self.step_ratio else (position - 1) / (self.step_ratio - 1)
        scale = self.scale_fn(cycle if self.scale_mode == "cycle" else self.last_epoch)
        return start + (top - start) * fraction * scale

    def state_dict(self) -> dict[str, Any]:
        return {**super().state_dict(), "_scale_fn_custom": attributes(self._scale_fn_custom)}

    def load_state_dict(self, state_dict: Mapping[str, Any]) -> None:
        function = self._scale_fn_custom
        super().load_state_dict(state_dict)
        self._scale_fn_custom = function
        restore_attributes(function, state_dict["_scale_fn_custom"])


class OneCycleLR(CycleLR):
    """Lets the rate rise once to ``max_lr``, for the fraction ``pct_start`` of all steps, and fall for the rest.

    It begins at max_lr / ``div_factor`` and ends at that / ``final_div_factor``, moving along half cosines or, by
    ``anneal_strategy`` "linear", straight lines. With ``three_phase``, it falls to where it began in as many steps as
    it rose in, and to the end in what remains. With ``cycle_momentum``, the momentum moves between ``max_momentum``
    and ``base_momentum`` the other way. There are ``total_steps`` steps, or ``epochs`` of ``steps_per_epoch``;
    ``step`` is called after every batch. ValueError if that is more often.

    >>> from nn.optim import SGD
    >>> optimizer = SGD([tg.zeros(1, requires_grad=True)], lr=1.0)
    >>> scheduler = OneCycleLR(optimizer, 8.0, total_steps=5, pct_start=0.6, div_factor=8, final_div_factor=1)
    >>> for batch in range(5):
    ...     print([round(rate, 6) for rate in scheduler.get_last_lr()], end=" ")
    ...     optimizer.step()
    ...     scheduler.step()
    [1.0] [4.5] [8.0] [4.5] [1.0]
    """

    def __init__(
        self,
        optimizer: Optimizer,
        max_lr: float | Sequence[float],
        total_steps: int | None = None,
        epochs: int | None = None,
        steps_per_epoch: int | None = None,
        pct_start: float = 0.3,
        anneal_strategy: str = "cos",
        cycle_momentum: bool = True,
        base_momentum: float | Sequence[float] = 0.85,
        max_momentum: float | Sequence[float] = 0.95,
        div_factor: float = 25.0,
        final_div_factor: float = 1e4,
        three_phase: bool = False,
        last_epoch: int = -1,
    ) -> None:
        self.optimizer = check_optimizer(optimizer, "OneCycleLR")
        self.total_steps = _total_steps(total_steps, epochs, steps_per_epoch)
        if not 0 <= pct_start <= 1:
            raise ValueError(f"OneCycleLR: pct_start must lie in [0, 1], got {pct_start}")
        if anneal_strategy not in ("cos", "linear"):
            raise ValueError(f"OneCycleLR: anneal_strategy must be 'cos' or 'linear', got {anneal_strategy!r}")
        self.pct_start = pct_start
        self.anneal_strategy = anneal_strategy
        self.three_phase = three_phase
        self.cycle_momentum = cycle_momentum
        max_lrs = for_each_group(max_lr, optimizer, "OneCycleLR: max_lr")
        if last_epoch == -1:
            for group, highest in zip(optimizer.param_groups, max_lrs, strict=True):
                group["initial_lr"] = highest / div_factor
                group["max_lr"] = highest
                group["min_lr"] = group["initial_lr"] / final_div_factor
        if cycle_momentum:
            self._prepare_momentum(base_momentum, max_momentum)
        super().__init__(optimizer, last_epoch)

    def get_lr(self) -> list[float]:
        if self.last_epoch > self.total_steps:
            raise ValueError(f"OneCycleLR: this would be step {self.last_epoch} of {self.total_steps}")
        names = ("initial_lr", "max_lr", "initial_lr" if self.three_phase else "min_lr", "min_lr")
        return [self._on_the_way([group[name] for name in names]) for group in self.optimizer.param_groups]

    def _momentum(self, group: Group) -> float:
        base, most = group["base_momentum"], group["max_momentum"]
        return self._on_the_way([most, base, most, most])

    def _on_the_way(self, stations: Sequence[float]) -> float:
        """Where a value is that passes through all ``stations``, one for the start and for the end of each phase."""
        ends = self._phase_ends()
        phase = next((i for i, end in enumerate(ends) if self.last_epoch <= end), len(ends) - 1)
        start, end = ends[phase - 1] if phase else 0, ends[phase]
        value, next_value = stations[phase : phase + 2]
        fraction = (self.last_epoch - start) / (end - start) if end != start else 1.0
        if self.anneal_strategy == "linear":
            return (next_value - value) * fraction + value
        return next_value + (value - next_value) / 2 * (cos(pi * fraction) + 1)

    def _phase_ends(self) -> list[float]:
        """The last step of each phase."""
        rise = self.pct_start * self.total_steps
        return [rise - 1, *([2 * rise - 2] if self.three_phase else []), self.total_steps - 1]


def _total_steps(total_steps: int | None, epochs: int | None, steps_per_epoch: int | None) -> int:
    given = (
        {"epochs": epochs, "steps_per_epoch": steps_per_epoch} if total_steps is None else {"total_steps": total_steps}
    )
    for name, value in given.items():
        if value is None:
            raise ValueError("OneCycleLR: either total_steps must be given, or both epochs and steps_per_epoch")
        if not isinstance(value, int) or value < 1:
            raise ValueError(f"OneCycleLR: {name} must be a positive integer, got {value!r}")
    return prod(value for value in given.values() if value is not None)
