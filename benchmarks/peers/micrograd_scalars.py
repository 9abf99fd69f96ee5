"""micrograd, whose values are single numbers: XOR only."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np
from micrograd.engine import Value
from micrograd.nn import MLP

from benchmarks.configurations import BINARY_CROSS_ENTROPY, Array, Configuration
from benchmarks.peers.trainer import UnsupportedError

Batch = list[tuple[list[float], float]]

SETTINGS = "micrograd.nn.MLP, with softplus added as one more operation"


class Trainer:
    """Training with micrograd."""

    def __init__(self, configuration: Configuration, parameters: Sequence[Array]) -> None:
        if configuration.loss != BINARY_CROSS_ENTROPY or configuration.optimizer != "SGD":
            raise UnsupportedError("its values are single numbers: XOR with SGD only")
        inputs, *others = configuration.sizes
        self.lr = configuration.lr
        self.model = MLP(inputs, others)
        for layer, weight, bias in zip(self.model.layers, parameters[::2], parameters[1::2], strict=True):
            for neuron, neuron_weights, neuron_bias in zip(layer.neurons, weight.tolist(), bias.tolist(), strict=True):
                neuron.w = [Value(number) for number in neuron_weights]
                neuron.b = Value(neuron_bias)

    def prepare(self, x: Array, y: Array) -> list[Batch]:
        batches = zip(x.tolist(), y[..., 0].tolist(), strict=True)
        return [list(zip(points, targets, strict=True)) for points, targets in batches]

    def train(self, batches: list[Batch]) -> float:
        for batch in batches:
            losses = [softplus(z := self.model(point)) - z * target for point, target in batch]
            loss = sum(losses) * (1 / len(batch))
            self.model.zero_grad()
            loss.backward()
            for parameter in self.model.parameters():
                parameter.data -= self.lr * parameter.grad
        return float(loss.data)

    def parameters(self) -> list[Array]:
        found = []
        for layer in self.model.layers:
            found.append(np.array([[number.data for number in neuron.w] for neuron in layer.neurons]))
            found.append(np.array([neuron.b.data for neuron in layer.neurons]))
        return found


def softplus(z: Value) -> Value:
    """ln(1 + eᶻ), which micrograd lacks, written as its own operations are."""
    out = Value(max(z.data, 0) + math.log1p(math.exp(-abs(z.data))), (z,), "softplus")

    def _backward() -> None:
        z.grad += out.grad / (1 + math.exp(-z.data))

    out._backward = _backward
    return out
