"""Schedulers: what they refuse, their states, and how they work together."""

from __future__ import annotations

import warnings
from collections.abc import Callable
from typing import Any

import pytest

import nn
import tinygrad_scratch as tg
from nn import optim
from nn.optim.lr_scheduler import (
    ChainedScheduler,
    ConstantLR,
    CosineAnnealingLR,
    CosineAnnealingWarmRestarts,
    CyclicLR,
    ExponentialLR,
    LambdaLR,
    LinearLR,
    LRScheduler,
    MultiplicativeLR,
    MultiStepLR,
    OneCycleLR,
    PolynomialLR,
    ReduceLROnPlateau,
    SequentialLR,
    StepLR,
)


def sgd(lr: float = 1.0, **options: Any) -> optim.SGD:
    return optim.SGD([tg.zeros(1, requires_grad=True)], lr, **options)


def two_groups() -> optim.SGD:
    groups = [{"params": tg.zeros(1, requires_grad=True)}, {"params": tg.zeros(1, requires_grad=True), "lr": 2.0}]
    return optim.SGD(groups, 1.0, momentum=0.9)


def rates(scheduler: LRScheduler, epochs: int) -> list[float]:
    seen = []
    for _ in range(epochs):
        seen += scheduler.get_last_lr()
        scheduler.optimizer.step()
        scheduler.step()
    return seen


@pytest.mark.parametrize(
    ("make", "kind", "message"),
    [
        (lambda _: StepLR(None, 1), TypeError, "StepLR: expected an optimizer, got NoneType"),
        (lambda o: StepLR(o, 0), ValueError, "StepLR: step_size must be a positive number of epochs, got 0"),
        (lambda o: StepLR(o, 1, last_epoch=3), KeyError, "StepLR: group 0 of the optimizer has no 'initial_lr'"),
        (lambda o: ConstantLR(o, 1.5), ValueError, r"ConstantLR: factor must lie in \[0, 1\], got 1.5"),
        (lambda o: LinearLR(o, 0.0), ValueError, r"LinearLR: start_factor must lie in \(0, 1\], got 0"),
        (lambda o: LinearLR(o, end_factor=-1), ValueError, r"LinearLR: end_factor must lie in \[0, 1\], got -1"),
        (lambda o: PolynomialLR(o, 0), ValueError, "PolynomialLR: total_iters must be a positive number"),
        (lambda o: CosineAnnealingLR(o, 0), ValueError, "CosineAnnealingLR: T_max must be a positive number"),
        (lambda o: CosineAnnealingWarmRestarts(o, 0), ValueError, "T_0 must be a positive integer, got 0"),
        (lambda o: CosineAnnealingWarmRestarts(o, 1, 1.5), ValueError, "T_mult must be a positive integer, got 1.5"),
        (lambda o: CosineAnnealingWarmRestarts(o, 1).step(-1), ValueError, "epoch must not be negative, got -1"),
        (lambda o: LambdaLR(o, 0.5), TypeError, "LambdaLR: lr_lambda must be a function, not float"),
        (lambda o: MultiplicativeLR(o, [abs, abs, abs]), ValueError, "lr_lambda: expected one value, or 2, one for"),
        (lambda o: OneCycleLR(o, 1.0), ValueError, "OneCycleLR: either total_steps must be given, or both epochs"),
        (lambda o: OneCycleLR(o, 1.0, 0), ValueError, "OneCycleLR: total_steps must be a positive integer, got 0"),
        (lambda o: OneCycleLR(o, 1.0, epochs=2, steps_per_epoch=0.5), ValueError, "steps_per_epoch must be a positive"),
        (lambda o: OneCycleLR(o, 1.0, 9, pct_start=2), ValueError, r"pct_start must lie in \[0, 1\], got 2"),
        (lambda o: OneCycleLR(o, 1.0, 9, anneal_strategy="x"), ValueError, "anneal_strategy must be 'cos' or 'linear'"),
        (lambda o: OneCycleLR(o, [1.0], 9), ValueError, "OneCycleLR: max_lr: expected one value, or 2"),
        (lambda o: CyclicLR(o, 0.1, 1.0, mode="x"), ValueError, "CyclicLR: mode must be one of triangular, .*got 'x'"),
        (lambda o: CyclicLR(o, 0.1, 1.0, 0), ValueError, "step_size_up and step_size_down must be positive, got 0"),
        (
            lambda o: CyclicLR(optim.Adagrad(o.param_groups[0]["params"]), 0.1, 1.0),
            ValueError,
            "CyclicLR: cycle_momentum needs an optimizer with momentum or betas, which Adagrad has not",
        ),
        (lambda o: ReduceLROnPlateau(o, factor=1.0), ValueError, "factor must be less than 1, got 1.0"),
        (lambda o: ReduceLROnPlateau(o, "least"), ValueError, "mode must be 'min' or 'max', got 'least'"),
        (lambda o: ReduceLROnPlateau(o, threshold_mode="x"), ValueError, "threshold_mode must be 'rel' or 'abs'"),
        (lambda o: ReduceLROnPlateau(o, min_lr=[0.1]), ValueError, "min_lr: expected one value, or 2"),
        (lambda o: SequentialLR(o, [], []), ValueError, "SequentialLR: needs at least one scheduler"),
        (lambda o: SequentialLR(o, [StepLR(o, 1)], [3]), ValueError, "1 schedulers need 0 milestones, got 1"),
        (lambda o: ChainedScheduler([StepLR(o, 1), abs]), TypeError, "expected schedulers, got builtin.* at place 1"),
        (
            lambda o: ChainedScheduler([ReduceLROnPlateau(o)]),
            ValueError,
            "ReduceLROnPlateau, at place 0, needs a value",
        ),
        (lambda o: ChainedScheduler([StepLR(o, 1), StepLR(sgd(), 1)]), ValueError, "at place 1, is for another"),
    ],
)
def test_what_is_refused(make: Callable[[optim.SGD], object], kind: type[Exception], message: str) -> None:
    with pytest.raises(kind, match=message):
        make(two_groups())


def test_a_step_too_many_of_one_cycle() -> None:
    scheduler = OneCycleLR(sgd(), 1.0, total_steps=3)
    rates(scheduler, 3)
    with pytest.raises(ValueError, match="OneCycleLR: this would be step 4 of 3"):
        scheduler.step()


def test_a_phase_of_no_length() -> None:
    scheduler = OneCycleLR(sgd(), 1.0, total_steps=10, pct_start=0.1)
    assert scheduler.get_last_lr() == [1.0]


def test_nothing_leads_back_from_a_factor_of_zero() -> None:
    scheduler = ConstantLR(sgd(), 0.0, total_iters=2)
    assert rates(scheduler, 1) == [0]
    with pytest.raises(ZeroDivisionError, match="ConstantLR: after a factor of 0"):
        scheduler.step()


def test_a_first_step_before_the_optimizers_is_noticed() -> None:
    scheduler = StepLR(sgd(), 1)
    with pytest.warns(UserWarning, match=r"StepLR\.step\(\) was called before optimizer\.step\(\)"):
        scheduler.step()


def test_an_optimizer_with_a_step_of_its_own_is_not_suspected() -> None:
    class Still(optim.SGD):
        def step(self, closure: Any = None) -> None:
            pass

    scheduler = StepLR(Still([tg.zeros(1, requires_grad=True)], 1.0), 1, 0.5)
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        scheduler.step()
    assert scheduler.get_last_lr() == [0.5]


SCHEDULERS: list[Callable[[optim.SGD], LRScheduler]] = [
    lambda o: StepLR(o, 3, 0.5),
    lambda o: MultiStepLR(o, [3, 7], 0.5),
    lambda o: ConstantLR(o, 0.5, 7),
    lambda o: LinearLR(o, 0.1, total_iters=9),
    lambda o: ExponentialLR(o, 0.9),
    lambda o: PolynomialLR(o, 9, 2.0),
    lambda o: CosineAnnealingLR(o, 4),
    lambda o: CosineAnnealingWarmRestarts(o, 2, 2),
    lambda o: LambdaLR(o, lambda epoch: 0.9**epoch),
    lambda o: MultiplicativeLR(o, lambda _: 0.9),
    lambda o: OneCycleLR(o, 3.0, 20, three_phase=True),
    lambda o: CyclicLR(o, 0.1, 1.0, 3, mode="triangular2"),
    lambda o: CyclicLR(o, 0.1, 1.0, 3, scale_fn=lambda _: 0.5),
    lambda o: SequentialLR(o, [LinearLR(o), ExponentialLR(o, 0.9), CosineAnnealingWarmRestarts(o, 2)], [3, 7]),
    lambda o: ChainedScheduler([LinearLR(o), ExponentialLR(o, 0.9)]),
]


@pytest.mark.parametrize("make", SCHEDULERS)
@pytest.mark.parametrize("stop", [1, 5, 8])
def test_a_run_that_goes_on_from_saved_states_is_the_run_that_never_stopped(
    make: Callable[[optim.SGD], LRScheduler], stop: int
) -> None:
    whole = make(two_groups())
    expected = rates(whole, 12)
    first = make(two_groups())
    seen = rates(first, stop)
    second = make(two_groups())
    second.optimizer.load_state_dict(first.optimizer.state_dict())
    second.load_state_dict(first.state_dict())
    assert seen + rates(second, 12 - stop) == expected
    momentum = [group["momentum"] for group in whole.optimizer.param_groups]
    assert [group["momentum"] for group in second.optimizer.param_groups] == momentum


def test_a_plateau_goes_on_from_its_saved_state() -> None:
    losses = [3.0, 2.0, 2.5, 2.6, 2.7, 1.0, 1.1, 1.2, 1.3, 1.4]

    def steps(scheduler: ReduceLROnPlateau, some: list[float]) -> list[float]:
        seen = []
        for loss in some:
            scheduler.step(tg.tensor(loss))
            seen += scheduler.get_last_lr()
        return seen

    expected = steps(ReduceLROnPlateau(sgd(), patience=2, cooldown=1), losses)
    assert len(set(expected)) > 2
    first, second = (ReduceLROnPlateau(sgd(), patience=2, cooldown=1) for _ in range(2))
    seen = steps(first, losses[:4])
    second.optimizer.load_state_dict(first.optimizer.state_dict())
    second.load_state_dict(first.state_dict())
    assert seen + steps(second, losses[4:]) == expected


def test_a_run_goes_on_from_a_last_epoch() -> None:
    whole = StepLR(sgd(), 3, 0.5)
    expected = rates(whole, 8)
    optimizer = sgd()
    seen = rates(StepLR(optimizer, 3, 0.5), 4)
    assert seen + rates(StepLR(optimizer, 3, 0.5, last_epoch=3), 4) == expected


def test_a_state_holds_only_plain_values() -> None:
    def is_plain(value: Any) -> bool:
        if isinstance(value, dict):
            return all(isinstance(key, str) and is_plain(entry) for key, entry in value.items())
        if isinstance(value, list):
            return all(map(is_plain, value))
        return value is None or type(value) in (bool, int, float, str)

    for make in [*SCHEDULERS, ReduceLROnPlateau]:
        state = make(two_groups()).state_dict()
        assert is_plain(state), state


def test_a_state_of_another_kind_is_refused_and_nothing_changed() -> None:
    scheduler = CosineAnnealingLR(sgd(), 5)
    before = dict(scheduler.state_dict())
    with pytest.raises(ValueError, match="CosineAnnealingLR: the state has no T_max, eta_min; is it of another kind"):
        scheduler.load_state_dict(StepLR(sgd(), 5).state_dict())
    with pytest.raises(ValueError, match="the state is for 2 groups of parameters, the optimizer has 1"):
        scheduler.load_state_dict(CosineAnnealingLR(two_groups(), 5).state_dict())
    assert scheduler.state_dict() == before
    o = sgd()
    chain = ChainedScheduler([StepLR(o, 1), StepLR(o, 1)])
    with pytest.raises(ValueError, match="ChainedScheduler: the state is for 1 schedulers, here are 2"):
        chain.load_state_dict(ChainedScheduler([StepLR(o, 1)]).state_dict())
    with pytest.raises(ValueError, match="ChainedScheduler: the state has no _schedulers"):
        chain.load_state_dict(StepLR(o, 1).state_dict())
    with pytest.raises(ValueError, match="StepLR: the state has no step_size; is it of another kind"):
        chain.load_state_dict(ChainedScheduler([StepLR(o, 7), ExponentialLR(o, 0.5)]).state_dict())
    assert [part["step_size"] for part in chain.state_dict()["_schedulers"]] == [1, 1]


def test_attributes_of_callable_objects_are_saved() -> None:
    class Decay:
        def __init__(self, base: float) -> None:
            self.base = base

        def __call__(self, x: float) -> float:
            return self.base**x

    for make in (lambda f: LambdaLR(sgd(), f), lambda f: CyclicLR(sgd(), 0.1, 1.0, scale_fn=f, cycle_momentum=False)):
        other = Decay(0.9)
        make(other).load_state_dict(make(Decay(0.5)).state_dict())
        assert other.base == 0.5


def test_schedulers_made_of_combined_ones_begin_at_the_first_rate() -> None:
    def warm_up_while_decaying(o: optim.SGD) -> ChainedScheduler:
        return ChainedScheduler([ConstantLR(o, 0.5, total_iters=2), ExponentialLR(o, 0.5)])

    expected = [4.0, 2.0, 2.0, 1.0]
    o = sgd(8.0)
    assert rates(SequentialLR(o, [warm_up_while_decaying(o), StepLR(o, 9)], [4]), 6) == [*expected, 8.0, 8.0]
    o = sgd(8.0)
    assert rates(SequentialLR(o, [StepLR(o, 9), warm_up_while_decaying(o)], [2]), 6) == [8.0, 8.0, *expected]
    o = sgd(8.0)
    inner = SequentialLR(o, [StepLR(o, 9), warm_up_while_decaying(o)], [1])
    assert rates(SequentialLR(o, [StepLR(o, 1, 0.5), inner], [2]), 7) == [8.0, 4.0, 8.0, *expected]
    o = sgd(8.0)
    inner = SequentialLR(o, [StepLR(o, 9), warm_up_while_decaying(o)], [1])
    assert rates(SequentialLR(o, [inner, StepLR(o, 9)], [5]), 6) == [8.0, *expected, 8.0]


def test_a_scheduler_of_ones_own() -> None:
    class Warm(LRScheduler):
        def get_lr(self) -> list[float]:
            return [base * min(1, (self.last_epoch + 1) / 4) for base in self.base_lrs]

    assert rates(Warm(sgd()), 5) == [0.25, 0.5, 0.75, 1.0, 1.0]
    with pytest.raises(NotImplementedError, match="LRScheduler has no get_lr"):
        LRScheduler(sgd())


def test_names_by_which_it_is_found() -> None:
    assert nn.optim.lr_scheduler.StepLR is StepLR
    assert tg.optim.lr_scheduler.StepLR is StepLR
