"""This project, used as its README shows."""

from __future__ import annotations

import tinygrad_scratch as tg
from benchmarks.peers.torch_like import TorchLikeTrainer
from tinygrad_scratch import nn, optim

SETTINGS = "nn.Sequential and nn.optim, eager"


class Trainer(TorchLikeTrainer):
    """Training with this project."""

    torch, nn, optim = tg, nn, optim
