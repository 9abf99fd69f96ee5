"""The generic multilayer perceptron."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from itertools import pairwise

from tinygrad_scratch import Tensor
from tinygrad_scratch.nn.containers import Sequential
from tinygrad_scratch.nn.layers.activation import ReLU
from tinygrad_scratch.nn.layers.linear import Linear
from tinygrad_scratch.nn.layers.shape import Flatten
from tinygrad_scratch.nn.module import Module


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
        if not isinstance(hidden, Iterable):
            raise TypeError(f"MLP: hidden lists the sizes in between, such as [{hidden}], got {hidden!r}")
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
        return self.layers(self.flatten(input))
