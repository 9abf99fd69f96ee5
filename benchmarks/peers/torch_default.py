"""PyTorch, run eagerly, with the optimizers as most scripts make them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from benchmarks.peers import torch_eager

SETTINGS = "nn.Sequential, eager, optim() without options"


class Trainer(torch_eager.Trainer):
    """Training with PyTorch's default optimizers."""

    optimizer_options: Mapping[str, Any] = {}
