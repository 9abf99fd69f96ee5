"""tinygrad, with the whole step in its JIT, compiled by clang."""

from __future__ import annotations

import os
from collections.abc import Sequence
from itertools import pairwise

os.environ["DEV"] = "CPU"  # read when it is imported

from tinygrad import Tensor, TinyJit, nn
from tinygrad.helpers import Context

from benchmarks.configurations import BINARY_CROSS_ENTROPY, CROSS_ENTROPY, Array, Configuration

SETTINGS = "TinyJit of the whole step, DEV=CPU"


class Trainer:
    """Training with tinygrad."""

    def __init__(self, configuration: Configuration, parameters: Sequence[Array]) -> None:
        self.configuration = configuration
        self.layers = [nn.Linear(inputs, outputs) for inputs, outputs in pairwise(configuration.sizes)]
        for tensor, parameter in zip(self._tensors(), parameters, strict=True):
            tensor.assign(Tensor(parameter)).realize()
        optimizer = {"SGD": nn.optim.SGD, "Adam": nn.optim.Adam}[configuration.optimizer]
        self.optimizer = optimizer(self._tensors(), lr=configuration.lr)
        self.step = TinyJit(self._step)

    def _tensors(self) -> list[Tensor]:
        return [tensor for layer in self.layers for tensor in (layer.weight, layer.bias)]

    def prepare(self, x: Array, y: Array) -> list[tuple[Tensor, Tensor]]:
        return [(Tensor(inputs).realize(), Tensor(targets).realize()) for inputs, targets in zip(x, y, strict=True)]

    def train(self, batches: list[tuple[Tensor, Tensor]]) -> float:
        with Context(TRAINING=1):
            for x, y in batches:
                loss = self.step(x, y)
        return float(loss.item())

    def _step(self, x: Tensor, y: Tensor) -> Tensor:
        self.optimizer.zero_grad()
        loss = self.loss(x, y)
        loss.backward()
        return loss.realize(*self.optimizer.schedule_step())

    def loss(self, x: Tensor, y: Tensor) -> Tensor:
        *hidden, last = self.layers
        for layer in hidden:
            x = self.activation(layer(x))
        z = last(x)
        if self.configuration.loss == CROSS_ENTROPY:
            return z.sparse_categorical_crossentropy(y)
        if self.configuration.loss == BINARY_CROSS_ENTROPY:
            return z.binary_crossentropy_logits(y)
        return (self.activation(z) - y).square().sum()

    def activation(self, z: Tensor) -> Tensor:
        return z.relu() if self.configuration.activation == "relu" else z.sigmoid()

    def parameters(self) -> list[Array]:
        return [tensor.numpy() for tensor in self._tensors()]
