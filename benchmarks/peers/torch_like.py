"""Training as PyTorch's users write it, which is also how this project's users do."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from itertools import pairwise
from typing import Any

from benchmarks.configurations import BINARY_CROSS_ENTROPY, CROSS_ENTROPY, SQUARED_ERROR, Array, Configuration
from benchmarks.models import Model


class TorchLikeTrainer:
    """The `Trainer` of a library with PyTorch's names, which can train each `Model`, too.

    ``torch``, ``nn`` and ``optim`` are its modules, ``optimizer_options`` more arguments for the optimizer.
    """

    torch: Any
    nn: Any
    optim: Any
    optimizer_options: Mapping[str, Any] = {}

    def __init__(self, configuration: Configuration | Model, parameters: Sequence[Array]) -> None:
        if isinstance(configuration, Model):
            self.model = configuration.make(self.torch)
        else:
            self.model = self.nn.Sequential(*self._layers(configuration))
        names = list(self.model.state_dict())
        copies = [self.torch.from_numpy(parameter.copy()) for parameter in parameters]
        self.model.load_state_dict(dict(zip(names, copies, strict=True)))
        self.loss = {
            CROSS_ENTROPY: self.nn.CrossEntropyLoss(),
            BINARY_CROSS_ENTROPY: self.nn.BCEWithLogitsLoss(),
            SQUARED_ERROR: self.nn.MSELoss(reduction="sum"),
        }[configuration.loss]
        optimizer = getattr(self.optim, configuration.optimizer)
        self.optimizer = optimizer(self.model.parameters(), lr=configuration.lr, **self.optimizer_options)

    def _layers(self, configuration: Configuration) -> Iterable[Any]:
        activation = {"relu": self.nn.ReLU, "sigmoid": self.nn.Sigmoid}[configuration.activation]
        for place, (inputs, outputs) in enumerate(pairwise(configuration.sizes)):
            if place:
                yield activation()
            yield self.nn.Linear(inputs, outputs)
        if configuration.loss == SQUARED_ERROR:
            yield activation()

    def prepare(self, x: Array, y: Array) -> list[tuple[Any, Any]]:
        return [
            (self.torch.from_numpy(inputs), self.torch.from_numpy(targets))
            for inputs, targets in zip(x, y, strict=True)
        ]

    def forward(self, x: Any, y: Any) -> Any:
        """The loss of a batch."""
        return self.loss(self.model(x), y)

    def train(self, batches: list[tuple[Any, Any]]) -> float:
        for x, y in batches:
            self.optimizer.zero_grad()
            loss = self.forward(x, y)
            loss.backward()
            self.optimizer.step()
        return float(loss.item())

    def parameters(self) -> list[Array]:
        return [value.detach().numpy().copy() for value in self.model.state_dict().values()]
