"""scikit-learn's `MLPClassifier`, through ``partial_fit`` on all batches at once, which it cuts up itself.

Its step does more than the others': it checks the input and binarizes the labels (once for each call, so once for many
batches), and adds an L2 penalty, of weight 0 here, to loss and gradients.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from sklearn.neural_network import MLPClassifier

from benchmarks.configurations import SQUARED_ERROR, Array, Configuration
from benchmarks.peers.trainer import UnsupportedError

SETTINGS = "MLPClassifier.partial_fit of many batches in one call, which also checks the input"


class Trainer:
    """Training with scikit-learn."""

    def __init__(self, configuration: Configuration, parameters: Sequence[Array]) -> None:
        if configuration.loss == SQUARED_ERROR:
            raise UnsupportedError("MLPClassifier has no squared error")
        if configuration.optimizer == "Adam":
            raise UnsupportedError("its Adam is another: ε is added before the averages are corrected")
        inputs, *hidden, outputs = configuration.sizes
        self.model = MLPClassifier(
            hidden,
            {"relu": "relu", "sigmoid": "logistic"}[configuration.activation],
            solver=configuration.optimizer.lower(),
            alpha=0,
            batch_size=configuration.batch,
            learning_rate_init=configuration.lr,
            momentum=0,
            shuffle=False,
        )
        # It makes weights of its own in a first call, and with them the optimizer, which is then to start afresh.
        nothing = np.zeros((configuration.batch, inputs), np.float32), np.zeros(configuration.batch, np.int64)
        self.model.partial_fit(*nothing, classes=range(max(outputs, 2)))
        del self.model._optimizer
        for own, given in zip(self._own_parameters(), parameters, strict=True):
            own[...] = given

    def _own_parameters(self) -> list[Array]:
        layers = zip(self.model.coefs_, self.model.intercepts_, strict=True)
        return [parameter for weight, bias in layers for parameter in (weight.T, bias)]

    def prepare(self, x: Array, y: Array) -> tuple[Array, Array]:
        return x.reshape(-1, x.shape[-1]), y.reshape(-1).astype(np.int64)

    def train(self, batches: tuple[Array, Array]) -> float:
        self.model.partial_fit(*batches)
        return float(self.model.loss_)

    def parameters(self) -> list[Array]:
        return [parameter.copy() for parameter in self._own_parameters()]
