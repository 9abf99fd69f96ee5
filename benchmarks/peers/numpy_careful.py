"""NumPy by hand, with care: the networks of `benchmarks.by_hand`, in float32."""

from __future__ import annotations

from collections.abc import Sequence

from benchmarks.by_hand.mnist_from_layers import Network
from benchmarks.by_hand.mnist_one_by_one import OneByOne
from benchmarks.by_hand.updates import Adam, Array, GradientDescent
from benchmarks.configurations import CROSS_ENTROPY, SQUARED_ERROR, Configuration
from benchmarks.peers.trainer import UnsupportedError

SETTINGS = "float32, in place, memory taken once"


class Trainer:
    """Training by hand."""

    def __init__(self, configuration: Configuration, parameters: Sequence[Array]) -> None:
        self._parameters = [parameter.copy() for parameter in parameters]
        self._is_one_by_one = configuration.loss == SQUARED_ERROR
        if self._is_one_by_one:
            if (configuration.batch, configuration.activation, configuration.optimizer) != (1, "sigmoid", "SGD"):
                raise UnsupportedError("squared errors are written out only for single samples, sigmoid and SGD")
            self._learn = OneByOne(self._parameters, configuration.lr).learn
        else:
            update = {"SGD": GradientDescent, "Adam": Adam}[configuration.optimizer]
            hidden_layers = len(configuration.sizes) - 2
            last = "softmax" if configuration.loss == CROSS_ENTROPY else "sigmoid"
            self._learn = Network(
                self._parameters,
                [configuration.activation] * hidden_layers + [last],
                update(self._parameters, configuration.lr),
                configuration.batch,
            ).learn

    def prepare(self, x: Array, y: Array) -> list[tuple[Array, Array]]:
        return list(zip(x[:, 0], y[:, 0], strict=True) if self._is_one_by_one else zip(x, y, strict=True))

    def train(self, batches: list[tuple[Array, Array]]) -> float:
        for x, y in batches:
            loss = self._learn(x, y)
        return loss

    def parameters(self) -> list[Array]:
        return [parameter.copy() for parameter in self._parameters]
