"""Schedulers beside PyTorch's: the same learning rates, and momentum, in every epoch."""

from __future__ import annotations

import inspect
import math
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

import tinygrad_scratch as tg
from nn import optim
from nn.optim import lr_scheduler

torch = pytest.importorskip("torch", reason="needs PyTorch: pip install -e .[peers]")

EPOCHS = 120
SGD = "SGD([{'params': a, 'lr': 0.3}, {'params': b}], 0.1, momentum=0.9)"
ADAM = "Adam([{'params': a, 'lr': 0.3}, {'params': b}], 0.1)"
ADAGRAD = "Adagrad([{'params': a, 'lr': 0.3}, {'params': b}], 0.1)"
SCHEDULERS = [
    "StepLR(o, 7)",
    "StepLR(o, 30, gamma=0.5)",
    "MultiStepLR(o, [3, 50, 50, 90], 0.5)",
    "ConstantLR(o)",
    "ConstantLR(o, 0.5, total_iters=40)",
    "LinearLR(o)",
    "LinearLR(o, 0.01, total_iters=60)",
    "LinearLR(o, 1.0, 0.0, total_iters=100)",
    "ExponentialLR(o, 0.9)",
    "PolynomialLR(o)",
    "PolynomialLR(o, 70, power=2.5)",
    "CosineAnnealingLR(o, 10)",
    "CosineAnnealingLR(o, 100, eta_min=0.01)",
    "CosineAnnealingLR(o, 7.5, eta_min=0.2)",
    "CosineAnnealingWarmRestarts(o, 10)",
    "CosineAnnealingWarmRestarts(o, 5, T_mult=2, eta_min=0.01)",
    "LambdaLR(o, lambda epoch: 1 / (1 + epoch))",
    "LambdaLR(o, [lambda epoch: 0.9**epoch, math.exp])",
    "MultiplicativeLR(o, lambda epoch: 1 - 1 / (2 + epoch))",
    "OneCycleLR(o, 1.0, total_steps=120)",
    "OneCycleLR(o, [1.0, 0.5], epochs=12, steps_per_epoch=10, pct_start=0.6, three_phase=True)",
    "OneCycleLR(o, 1.0, 130, pct_start=0.2, three_phase=True, anneal_strategy='linear', div_factor=10.0)",
    "OneCycleLR(o, 1.0, 120, base_momentum=[0.5, 0.6], max_momentum=0.99, final_div_factor=100.0)",
    "OneCycleLR(o, 1.0, 120, pct_start=0.0, cycle_momentum=False)",
    "CyclicLR(o, 0.1, 1.0, step_size_up=10)",
    "CyclicLR(o, [0.1, 0.2], [1.0, 2.0], step_size_up=10, step_size_down=25, mode='triangular2')",
    "CyclicLR(o, 0.1, 1.0, step_size_up=7, mode='exp_range', gamma=0.98, base_momentum=0.1, max_momentum=0.95)",
    "CyclicLR(o, 0.1, 1.0, 13, scale_fn=lambda x: 1 / x, cycle_momentum=False)",
    "CyclicLR(o, 0.1, 1.0, 13, scale_fn=lambda x: 0.99**x, scale_mode='iterations')",
    "SequentialLR(o, [S.LinearLR(o, 0.1, total_iters=10), S.CosineAnnealingLR(o, 110)], [10])",
    "SequentialLR(o, [S.ConstantLR(o, 0.5, 20), S.ExponentialLR(o, 0.9), S.StepLR(o, 10)], [20, 60])",
    "SequentialLR(o, [S.LambdaLR(o, lambda e: 1 / (1 + e)), S.MultiplicativeLR(o, lambda e: 0.9)], [30])",
    "SequentialLR(o, [S.PolynomialLR(o, 20), S.CosineAnnealingWarmRestarts(o, 10, 2), S.LinearLR(o)], [25, 77])",
    "SequentialLR(o, [S.ExponentialLR(o, 0.9), S.MultiStepLR(o, [10, 20], 0.5), S.PolynomialLR(o)], [15, 50])",
    "ChainedScheduler([S.ConstantLR(o, 0.1, 4), S.ExponentialLR(o, 0.95)])",
    "ChainedScheduler([S.CosineAnnealingLR(o, 30), S.StepLR(o, 20, 0.5), S.LinearLR(o, total_iters=10)])",
    "ChainedScheduler([S.MultiplicativeLR(o, lambda e: 0.99), S.PolynomialLR(o, 100)], o)",
]


def run(
    make_optimizer: str, call: str, ours: bool, step: Callable[[Any, int], None], resume: bool = False
) -> list[list[Any]]:
    """The learning rates, and momentum where there is such a thing, of both groups in every epoch.

    To ``resume`` is to go on with a new scheduler, told the last epoch, from the middle.
    """
    if ours:
        package, schedulers, a, b = optim, lr_scheduler, tg.zeros(2), tg.zeros(1)
    else:
        package, schedulers, a, b = torch.optim, torch.optim.lr_scheduler, torch.zeros(2), torch.zeros(1)
    names = {"optim": package, "S": schedulers, "math": math, "a": [a.requires_grad_()], "b": [b.requires_grad_()]}
    names["o"] = optimizer = eval(f"optim.{make_optimizer}", names)
    scheduler = eval(f"S.{call}", names)
    rows = []
    for epoch in range(EPOCHS):
        groups = optimizer.param_groups
        assert scheduler.get_last_lr() == [group["lr"] for group in groups]
        momentum = [group.get("momentum", group.get("betas", (0, 0))[0]) for group in groups]
        rows.append([*scheduler.get_last_lr(), *momentum])
        if resume and epoch == EPOCHS // 2:
            scheduler = eval(f"S.{call[:-1]}, last_epoch=epoch - 1)", {**names, "epoch": epoch})
        optimizer.step()
        step(scheduler, epoch)
    return rows


def compare(
    make_optimizer: str,
    call: str,
    step: Callable[[Any, int], None] = lambda scheduler, _: scheduler.step(),
    resume: bool = False,
) -> None:
    mine, other = (run(make_optimizer, call, ours, step, resume) for ours in (True, False))
    assert len(mine) == EPOCHS
    assert mine == other


@pytest.mark.parametrize("call", SCHEDULERS)
def test_learning_rates_and_momentum(call: str) -> None:
    compare(SGD, call)


@pytest.mark.parametrize("call", [call for call in SCHEDULERS if not call.startswith(("Sequential", "Chained"))])
def test_going_on_from_a_last_epoch(call: str) -> None:
    compare(SGD, call, resume=True)


@pytest.mark.parametrize("call", [call for call in SCHEDULERS if "Cycl" in call])
def test_the_first_of_betas_is_the_momentum_of_adam(call: str) -> None:
    compare(ADAM, call)


@pytest.mark.parametrize("call", [call for call in SCHEDULERS if "cycle_momentum=False" in call])
def test_cycles_without_momentum(call: str) -> None:
    compare(ADAGRAD, call)


@pytest.mark.parametrize(
    "options",
    [
        "",
        "patience=2, factor=0.5",
        "mode='max', patience=3, threshold=0.2",
        "patience=1, threshold=0.05, threshold_mode='abs', cooldown=3",
        "mode='max', patience=0, threshold=0.01, threshold_mode='abs', min_lr=[0.01, 0.02]",
        "patience=0, factor=0.3, min_lr=1e-3, eps=1e-3",
    ],
)
def test_plateaus(options: str) -> None:
    values = np.random.default_rng(0).standard_normal(EPOCHS).cumsum() / 10
    values[30] = float("nan")
    call = f"ReduceLROnPlateau(o, {options})"
    compare(SGD, call, lambda scheduler, epoch: scheduler.step(values[epoch]))


@pytest.mark.parametrize("options", ["10", "4, T_mult=2", "5, T_mult=3, eta_min=0.1"])
def test_warm_restarts_within_epochs(options: str) -> None:
    compare(
        SGD,
        f"CosineAnnealingWarmRestarts(o, {options})",
        lambda scheduler, epoch: scheduler.step(epoch * 7 % 50 + epoch / 10),
    )


@pytest.mark.parametrize("name", sorted(set(lr_scheduler.__all__)))
def test_arguments_and_defaults(name: str) -> None:
    mine, other = (
        {p.name: p.default for p in inspect.signature(getattr(package, name)).parameters.values()}
        for package in (lr_scheduler, torch.optim.lr_scheduler)
    )
    assert list(mine.items()) == list(other.items())
