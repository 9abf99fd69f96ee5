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

X = np.random.default_rng(0).standard_normal((40, 5)).astype(np.float32)
Y = X.sum(axis=1, keepdims=True) ** 2


class Run:
    """A model in training, with everything in it that changes: the weights, three sources of randomness, the rest."""

    def __init__(self, seed: int, make_optimizer: Callable[[Iterator[tg.Tensor]], optim.Optimizer]) -> None:
        tg.manual_seed(seed)
        self.model = nn.Sequential(nn.Linear(5, 16), nn.BatchNorm1d(16), nn.ReLU(), nn.Dropout(0.3), nn.Linear(16, 1))
        self.optimizer = make_optimizer(self.model.parameters())
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
            for group in self.optimizer.param_groups:
                group["lr"] *= 0.9

    def state(self) -> dict[str, Any]:
        return {
            "model": self.model.state_dict(),
            "optimizer": self.optimizer.state_dict(),
            "order": self.order.get_state(),
            "random": tg.get_rng_state(),
            "losses": self.losses,
        }

    def load(self, state: dict[str, Any]) -> None:
        self.model.load_state_dict(state["model"])
        self.optimizer.load_state_dict(state["optimizer"])
        self.order.set_state(state["order"])
        tg.set_rng_state(state["random"])
        self.losses = state["losses"]


OPTIMIZERS: dict[str, Callable[[Iterator[tg.Tensor]], optim.Optimizer]] = {
    "SGD": lambda parameters: optim.SGD(parameters, 0.01, momentum=0.9, nesterov=True),
    "Adam": lambda parameters: optim.Adam(parameters, 0.01, weight_decay=0.01, amsgrad=True),
    "groups": lambda parameters: optim.AdamW([{"params": [p], "lr": 0.01 + p.ndim / 100} for p in parameters]),
}


@pytest.mark.parametrize("name", OPTIMIZERS)
def test_6_epochs_are_3_and_3(name: str, tmp_path: Path) -> None:
    whole = Run(1, OPTIMIZERS[name])
    whole.train(6)

    first = Run(1, OPTIMIZERS[name])
    first.train(3)
    tg.save(first.state(), tmp_path / "run.ckpt")
    first.train(1)  # what it does from here on has no influence on the file

    second = Run(2, OPTIMIZERS[name])
    second.train(1)
    second.load(tg.load(tmp_path / "run.ckpt"))
    second.train(3)

    assert second.losses == whole.losses
    assert len(whole.losses) == 30
    for mine, other in zip(second.model.state_dict().values(), whole.model.state_dict().values(), strict=True):
        assert mine.data.tobytes() == other.data.tobytes()
    assert [group["lr"] for group in second.optimizer.param_groups] == [
        group["lr"] for group in whole.optimizer.param_groups
    ]
