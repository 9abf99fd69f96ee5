"""NumPy by hand as it is first written: in float64, straight from the formulas. The others are checked against it."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from benchmarks.configurations import BINARY_CROSS_ENTROPY, CROSS_ENTROPY, SQUARED_ERROR, Array, Configuration

SETTINGS = "float64, a new array for every result"

BETA1, BETA2, EPSILON = 0.9, 0.999, 1e-8


class Trainer:
    """Training by the book."""

    def __init__(self, configuration: Configuration, parameters: Sequence[Array]) -> None:
        self.configuration = configuration
        self._parameters = [parameter.astype(np.float64) for parameter in parameters]
        self.means = [np.zeros_like(parameter) for parameter in self._parameters]
        self.variances = [np.zeros_like(parameter) for parameter in self._parameters]
        self.steps = 0

    def prepare(self, x: Array, y: Array) -> list[tuple[Array, Array]]:
        if self.configuration.loss == CROSS_ENTROPY:
            y = np.eye(self.configuration.sizes[-1])[y]
        return list(zip(x.astype(np.float64), y.astype(np.float64), strict=True))

    def train(self, batches: list[tuple[Array, Array]]) -> float:
        for x, y in batches:
            layers = self.forward(x)
            loss = self.loss(layers[-1], y)
            self.update(self.gradients(layers, y))
        return loss

    def parameters(self) -> list[Array]:
        return self._parameters

    def forward(self, x: Array) -> list[Array]:
        """The input and what follows each layer; after the last, probabilities or, for the squared error, outputs."""
        weights, biases = self._parameters[::2], self._parameters[1::2]
        layers = [x]
        for place, (weight, bias) in enumerate(zip(weights, biases, strict=True), start=1):
            z = layers[-1] @ weight.T + bias
            is_last = place == len(weights)
            if is_last and self.configuration.loss == CROSS_ENTROPY:
                e = np.exp(z - z.max(axis=1, keepdims=True))
                layers.append(e / e.sum(axis=1, keepdims=True))
            elif self.configuration.activation == "sigmoid" or is_last:
                layers.append(1 / (1 + np.exp(-z)))
            else:
                layers.append(np.maximum(z, 0))
        return layers

    def loss(self, p: Array, y: Array) -> float:
        if self.configuration.loss == CROSS_ENTROPY:
            return float(-np.sum(y * np.log(p)) / len(p))
        if self.configuration.loss == BINARY_CROSS_ENTROPY:
            return float(-np.mean(y * np.log(p) + (1 - y) * np.log(1 - p)))
        return float(np.sum((p - y) ** 2))

    def gradients(self, layers: list[Array], y: Array) -> list[Array]:
        output = layers[-1]
        if self.configuration.loss == SQUARED_ERROR:
            delta = 2 * (output - y) * output * (1 - output)
        else:
            delta = (output - y) / len(y)
        gradients: list[Array] = []
        weights = self._parameters[::2]
        for place in reversed(range(len(weights))):
            x = layers[place]
            gradients = [delta.T @ x, delta.sum(axis=0), *gradients]
            if self.configuration.activation == "sigmoid":
                delta = (delta @ weights[place]) * x * (1 - x)
            else:
                delta = (delta @ weights[place]) * (x > 0)
        return gradients

    def update(self, gradients: list[Array]) -> None:
        self.steps += 1
        lr = self.configuration.lr
        for i, g in enumerate(gradients):
            if self.configuration.optimizer == "SGD":
                self._parameters[i] -= lr * g
                continue
            self.means[i] = BETA1 * self.means[i] + (1 - BETA1) * g
            self.variances[i] = BETA2 * self.variances[i] + (1 - BETA2) * g**2
            mean = self.means[i] / (1 - BETA1**self.steps)
            variance = self.variances[i] / (1 - BETA2**self.steps)
            self._parameters[i] -= lr * mean / (np.sqrt(variance) + EPSILON)
