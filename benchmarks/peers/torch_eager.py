"""PyTorch, run eagerly, with the optimizers that update all parameters in one call."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import torch

from benchmarks.peers.torch_like import TorchLikeTrainer

SETTINGS = "nn.Sequential, eager, optim(fused=True)"


class Trainer(TorchLikeTrainer):
    """Training with PyTorch."""

    torch, nn, optim = torch, torch.nn, torch.optim
    optimizer_options: Mapping[str, Any] = {"fused": True}
