"""The generic multilayer perceptron."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import pairwise

from nn.containers import Sequential
from nn.layers.activation import ReLU
from nn.layers.linear import Linear
from nn.layers.shape import Flatten
from nn.module import Module
from tinygrad_scratch import Tensor


class MLP(Module):
    """Fully connected layers of any number and size, with an activation after each but the last.

    ``hidden`` lists the sizes between ``in_features`` and ``out_features``; ``activation`` makes the activation
    modules. Inputs are flattened: (N, \\*) with in_features values a sample gives (N, out_features).

    >>> import tinygrad_scratch as tg
    >>> MLP(784, [128, 64], 10)(tg.zeros(5, 28, 28)).shape
    (5, 10)
    """

    def __init__(
        self,
        in_features: int,
        hidden: Sequence[int],
        out_features: int,
        activation: Callable[[], Module] = ReLU,
    ) -> None:
        super().__init__()
        sizes = [in_features, *hidden, out_features]
        if not all(isinstance(size, int) and size > 0 for size in sizes):
            raise ValueError(f"MLP: layer sizes are positive integers, got {sizes}")
        self.flatten = Flatten()
        self.layers = Sequential()
        for i, (inputs, outputs) in enumerate(pairwise(sizes)):
            if i:
                self.layers.append(activation())
            self.layers.append(Linear(inputs, outputs))

    def forward(self, input: Tensor) -> Tensor:
        return self.layers(self.flatten(input))  # type: ignore[no-any-return]
