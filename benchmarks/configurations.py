"""The networks that are trained: their layers, loss and optimizer, their first parameters, and their batches."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby, pairwise
from typing import Any, Self

import numpy as np

Array = np.ndarray[Any, np.dtype[Any]]

CROSS_ENTROPY, BINARY_CROSS_ENTROPY, SQUARED_ERROR = "cross-entropy", "binary cross-entropy", "squared error"


@dataclass(frozen=True)
class Configuration:
    """A multilayer perceptron and how it is trained, in float32 and by batches of ``batch`` samples.

    ``sizes`` are those of its layers, the input's first. After every layer but the last comes ``activation``, "relu" or
    "sigmoid". ``loss`` is one of

    ``CROSS_ENTROPY``         of softmax, on logits and class numbers; the mean over the batch
    ``BINARY_CROSS_ENTROPY``  of sigmoid, on logits and targets (N, 1) of 0 or 1; the mean over the batch
    ``SQUARED_ERROR``         summed over everything, of outputs after another ``activation`` and targets of their shape

    ``optimizer`` is "SGD", plain gradient descent, or "Adam" with its usual settings, and ``lr`` its learning rate.
    """

    sizes: tuple[int, ...]
    batch: int
    optimizer: str
    lr: float
    loss: str = CROSS_ENTROPY
    activation: str = "relu"

    @classmethod
    def of(cls, values: Mapping[str, Any]) -> Self:
        """The configuration whose `dataclasses.asdict` has been through JSON, which has no tuples."""
        return cls(**{**values, "sizes": tuple(values["sizes"])})

    def __str__(self) -> str:
        return f"{self.network}, {self.optimizer}"

    @property
    def network(self) -> str:
        """The network and its batch size, in words."""
        runs = [(size, len(list(equal))) for size, equal in groupby(self.sizes)]
        layers = "-".join(f"{size}×{count}" if count > 2 else "-".join([str(size)] * count) for size, count in runs)
        if self.loss == BINARY_CROSS_ENTROPY:
            return f"XOR {layers}"
        return f"{layers}, {'one sample' if self.batch == 1 else f'batch {self.batch}'}"


def _sgd_and_adam(sizes: tuple[int, ...], batch: int) -> list[Configuration]:
    return [Configuration(sizes, batch, "SGD", 0.1), Configuration(sizes, batch, "Adam", 1e-3)]


CONFIGURATIONS = [
    Configuration((2, 8, 1), 4, "SGD", 0.1, BINARY_CROSS_ENTROPY),
    Configuration((2, 8, 1), 4, "Adam", 1e-2, BINARY_CROSS_ENTROPY),
    Configuration((784, 64, 64, 10), 1, "SGD", 0.003, SQUARED_ERROR, "sigmoid"),
    *_sgd_and_adam((784, 128, 10), 32),
    *_sgd_and_adam((784, 256, 128, 10), 128),
    *_sgd_and_adam((784, 1024, 1024, 10), 512),
]
SMALL = [configuration for configuration in CONFIGURATIONS if max(configuration.sizes[1:]) <= 256]
FOR_QUICK_RUNS = [
    configuration for configuration in SMALL if configuration.optimizer == "SGD" or configuration.batch == 32
]


def first_parameters(configuration: Configuration, seed: int = 0) -> list[Array]:
    """Weight (out, in) and bias (out,) of each layer, float32, uniform within ±√(6/in), for deep networks' sake."""
    random = np.random.default_rng(seed)
    parameters = []
    for inputs, outputs in pairwise(configuration.sizes):
        bound = (6 / inputs) ** 0.5
        parameters += [random.uniform(-bound, bound, shape) for shape in ((outputs, inputs), (outputs,))]
    return [parameter.astype(np.float32) for parameter in parameters]


def batches_of_xor(count: int) -> tuple[Array, Array]:
    """The four points of XOR, ``count`` times: inputs (count, 4, 2) and targets (count, 4, 1)."""
    points = np.array([[0, 0], [0, 1], [1, 0], [1, 1]], np.float32)
    targets = points[:, :1] != points[:, 1:]
    return np.tile(points, (count, 1, 1)), np.tile(targets.astype(np.float32), (count, 1, 1))


def batches_of_digits(configuration: Configuration, images: Array, labels: Array) -> tuple[Array, Array]:
    """The digits in batches, as many as are full: inputs (count, batch, 784) and targets that fit the loss."""
    batch = configuration.batch
    used = len(images) // batch * batch
    inputs = images[:used].reshape(-1, batch, configuration.sizes[0])
    targets: Array = labels[:used].astype(np.int64)
    if configuration.loss == SQUARED_ERROR:
        targets = np.eye(configuration.sizes[-1], dtype=np.float32)[targets]
    return inputs, targets.reshape(-1, batch, *targets.shape[1:])


def outputs(configuration: Configuration, parameters: Sequence[Array], x: Array) -> Array:
    """What the network gives for ``x`` (N, in), shape (N, out): logits, or for the squared error its outputs."""
    layers = list(zip(parameters[::2], parameters[1::2], strict=True))
    for place, (weight, bias) in enumerate(layers):
        x = x @ weight.T + bias
        if place < len(layers) - 1 or configuration.loss == SQUARED_ERROR:
            x = np.maximum(x, 0) if configuration.activation == "relu" else 1 / (1 + np.exp(-x))
    return x
