"""MyGrad, without the guard that makes arrays read-only, and with the updates in plain NumPy."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import mygrad as mg
import numpy as np
from mygrad.nnet.activations import relu, sigmoid
from mygrad.nnet.losses import softmax_crossentropy

from benchmarks.by_hand.updates import Adam, Array, GradientDescent
from benchmarks.configurations import BINARY_CROSS_ENTROPY, CROSS_ENTROPY, Configuration

SETTINGS = "turn_memory_guarding_off(), updates by hand in place"

mg.turn_memory_guarding_off()


class Trainer:
    """Training with MyGrad."""

    def __init__(self, configuration: Configuration, parameters: Sequence[Array]) -> None:
        self.configuration = configuration
        self.activation = {"relu": relu, "sigmoid": sigmoid}[configuration.activation]
        self.tensors = [mg.tensor(parameter) for parameter in parameters]
        update = {"SGD": GradientDescent, "Adam": Adam}[configuration.optimizer]
        self.update = update([tensor.data for tensor in self.tensors], configuration.lr)

    def prepare(self, x: Array, y: Array) -> list[tuple[Array, Array]]:
        return list(zip(x, y, strict=True))

    def train(self, batches: list[tuple[Array, Array]]) -> float:
        for x, y in batches:
            loss = self.loss(x, y)
            loss.backward()
            self.update.step([tensor.grad for tensor in self.tensors])
        return float(loss)

    def loss(self, x: Any, y: Array) -> Any:
        *hidden, (weight, bias) = zip(self.tensors[::2], self.tensors[1::2], strict=True)
        for hidden_weight, hidden_bias in hidden:
            x = self.activation(x @ hidden_weight.T + hidden_bias)
        z = x @ weight.T + bias
        if self.configuration.loss == CROSS_ENTROPY:
            return softmax_crossentropy(z, y)
        if self.configuration.loss == BINARY_CROSS_ENTROPY:
            return mg.mean(mg.logaddexp(np.float32(0), z) - z * y)
        return mg.sum((self.activation(z) - y) ** 2)

    def parameters(self) -> list[Array]:
        return [tensor.data.copy() for tensor in self.tensors]
