"""A run that is saved, rebuilt and loaded goes on bit for bit as if nothing had happened."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import nn
import tinygrad_scratch as tg
from nn import optim
from nn.data import DataLoader, TensorDataset
from nn.optim import lr_scheduler

X = np.random.default_rng(0).standard_normal((40, 5)).astype(np.float32)
Y = X.sum(axis=1, keepdims=True) ** 2


class Run:
    """A model in training, with everything in it that changes: the weights, three sources of randomness, the rest."""

    def __init__(
        self,
        seed: int,
        make_optimizer: Callable[[Iterator[tg.Tensor]], optim.Optimizer],
        make_scheduler: Callable[[optim.Optimizer], Any],
    ) -> None:
        tg.manual_seed(seed)
        self.model = nn.Sequential(nn.Linear(5, 16), nn.BatchNorm1d(16), nn.ReLU(), nn.Dropout(0.3), nn.Linear(16, 1))
        self.optimizer = make_optimizer(self.model.parameters())
        self.scheduler = make_scheduler(self.optimizer)
        self.order = tg.Generator().manual_seed(seed)
        self.loader = DataLoader(TensorDataset(tg.tensor(X), tg.tensor(Y)), 8, shuffle=True, generator=self.order)
        self.losses: list[float] = []

    def train(self, epochs: int) -> None:
        for _ in range(epochs):
            for x, y in self.loader:
                self.optimizer.zero_grad()
                loss = nn.functional.mse_loss(self.model(x + tg.randn(5) * 0.01), y)
                loss.backward()
                self.optimizer.step()
                self.losses.append(loss.item())
            is_plateau = isinstance(self.scheduler, lr_scheduler.ReduceLROnPlateau)
            self.scheduler.step(*((self.losses[-1],) if is_plateau else ()))

    def state(self) -> dict[str, Any]:
        return {
            "model": self.model.state_dict(),
            "optimizer": self.optimizer.state_dict(),
            "scheduler": self.scheduler.state_dict(),
            "order": self.order.get_state(),
            "random": tg.get_rng_state(),
            "losses": self.losses,
        }

    def load(self, state: dict[str, Any]) -> None:
        self.model.load_state_dict(state["model"])
        self.optimizer.load_state_dict(state["optimizer"])
        self.scheduler.load_state_dict(state["scheduler"])
        self.order.set_state(state["order"])
        tg.set_rng_state(state["random"])
        self.losses = state["losses"]


RUNS: dict[str, tuple[Callable[[Iterator[tg.Tensor]], optim.Optimizer], Callable[[optim.Optimizer], Any]]] = {
    "SGD, OneCycleLR": (
        lambda parameters: optim.SGD(parameters, 0.001, momentum=0.9, nesterov=True),
        lambda optimizer: lr_scheduler.OneCycleLR(optimizer, 0.002, total_steps=8),
    ),
    "Adam, MultiStepLR": (
        lambda parameters: optim.Adam(parameters, 0.01, weight_decay=0.01, amsgrad=True),
        lambda optimizer: lr_scheduler.MultiStepLR(optimizer, [2, 5], gamma=0.5),
    ),
    "AdamW in groups, SequentialLR": (
        lambda parameters: optim.AdamW([{"params": [p], "lr": 0.01 + p.ndim / 100} for p in parameters]),
        lambda optimizer: lr_scheduler.SequentialLR(
            optimizer,
            [
                lr_scheduler.LinearLR(optimizer, total_iters=2),
                lr_scheduler.LambdaLR(optimizer, lambda epoch: 1 / (1 + epoch)),
            ],
            milestones=[2],
        ),
    ),
    "RMSprop, ReduceLROnPlateau": (
        lambda parameters: optim.RMSprop(parameters, 0.02, momentum=0.5, centered=True),
        lambda optimizer: lr_scheduler.ReduceLROnPlateau(optimizer, factor=0.5, patience=0),
    ),
    "NAdam, CosineAnnealingWarmRestarts": (
        lambda parameters: optim.NAdam(parameters, 0.01),
        lambda optimizer: lr_scheduler.CosineAnnealingWarmRestarts(optimizer, T_0=2, T_mult=2),
    ),
}


@pytest.mark.parametrize("name", RUNS)
def test_6_epochs_are_3_and_3(name: str, tmp_path: Path) -> None:
    whole = Run(1, *RUNS[name])
    whole.train(6)

    first = Run(1, *RUNS[name])
    first.train(3)
    tg.save(first.state(), tmp_path / "run.ckpt")
    first.train(1)  # what it does from here on has no influence on the file

    second = Run(2, *RUNS[name])
    second.train(1)
    second.load(tg.load(tmp_path / "run.ckpt"))
    second.train(3)

    assert second.losses == whole.losses
    assert len(whole.losses) == 30
    for mine, other in zip(second.model.state_dict().values(), whole.model.state_dict().values(), strict=True):
        assert mine.numpy().tobytes() == other.numpy().tobytes()
    assert [group["lr"] for group in second.optimizer.param_groups] == [
        group["lr"] for group in whole.optimizer.param_groups
    ]
