"""HIPS autograd: gradients of a function written in its NumPy, and the update in plain NumPy."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import autograd.numpy as np
from autograd import value_and_grad

from benchmarks.by_hand.updates import Adam, Array, GradientDescent
from benchmarks.configurations import BINARY_CROSS_ENTROPY, CROSS_ENTROPY, Configuration

SETTINGS = "value_and_grad, one-hot targets, updates by hand in place"


class Trainer:
    """Training with autograd."""

    def __init__(self, configuration: Configuration, parameters: Sequence[Array]) -> None:
        self.configuration = configuration
        self._parameters = [parameter.copy() for parameter in parameters]
        update = {"SGD": GradientDescent, "Adam": Adam}[configuration.optimizer]
        self.update = update(self._parameters, configuration.lr)
        self.loss_and_gradients = value_and_grad(self.loss)

    def prepare(self, x: Array, y: Array) -> list[tuple[Array, Array]]:
        if self.configuration.loss == CROSS_ENTROPY:
            y = np.eye(self.configuration.sizes[-1], dtype=np.float32)[y]
        return list(zip(x, y, strict=True))

    def train(self, batches: list[tuple[Array, Array]]) -> float:
        for x, y in batches:
            loss, gradients = self.loss_and_gradients(self._parameters, x, y)
            self.update.step(gradients)
        return float(loss)

    def loss(self, parameters: list[Array], x: Array, y: Array) -> Any:
        *hidden, (weight, bias) = zip(parameters[::2], parameters[1::2], strict=True)
        for hidden_weight, hidden_bias in hidden:
            x = self.activation(x @ hidden_weight.T + hidden_bias)
        z = x @ weight.T + bias
        if self.configuration.loss == CROSS_ENTROPY:
            shifted = z - np.max(z, axis=1, keepdims=True)
            log_probabilities = shifted - np.log(np.sum(np.exp(shifted), axis=1, keepdims=True))
            return -np.sum(log_probabilities * y) / len(y)
        if self.configuration.loss == BINARY_CROSS_ENTROPY:
            return np.mean(np.logaddexp(0, z) - z * y)
        return np.sum((self.activation(z) - y) ** 2)

    def activation(self, z: Any) -> Any:
        return np.maximum(z, 0) if self.configuration.activation == "relu" else 1 / (1 + np.exp(-z))

    def parameters(self) -> list[Array]:
        return [parameter.copy() for parameter in self._parameters]
