"""PyTorch with forward and backward pass compiled; a compiled optimizer step was slower than the fused one."""

from __future__ import annotations

from collections.abc import Sequence

import torch

from benchmarks.configurations import Configuration
from benchmarks.peers import torch_eager
from benchmarks.peers.torch_like import Array

SETTINGS = "torch.compile of model and loss, optim(fused=True)"


class Trainer(torch_eager.Trainer):
    """Training with torch.compile."""

    def __init__(self, configuration: Configuration, parameters: Sequence[Array]) -> None:
        super().__init__(configuration, parameters)
        torch._dynamo.reset()  # or it gives up compiling after a number of configurations
        self.forward = torch.compile(super().forward)  # type: ignore[method-assign]
