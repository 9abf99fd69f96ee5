"""Layers that only rearrange values."""

from __future__ import annotations

from collections.abc import Sequence

import tinygrad_scratch as tg
from tinygrad_scratch import Tensor
from tinygrad_scratch.nn.configured import Configured


class Flatten(Configured, function=tg.flatten):
    """Makes dimensions ``start_dim`` to ``end_dim`` one: by default all but the first, which counts the samples.

    >>> Flatten()(tg.zeros(5, 28, 28)).shape
    (5, 784)
    """

    start_dim: int = 1
    end_dim: int = -1


class Unflatten(Configured):
    """Makes dimension ``dim`` several, of sizes ``unflattened_size``, of which one may be -1.

    >>> Unflatten(1, (28, 28))(tg.zeros(5, 784)).shape
    (5, 28, 28)
    """

    dim: int
    unflattened_size: Sequence[int]

    def forward(self, input: Tensor) -> Tensor:
        return input.unflatten(self.dim, self.unflattened_size)
