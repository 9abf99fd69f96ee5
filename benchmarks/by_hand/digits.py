"""MNIST as plain arrays."""

from __future__ import annotations

from typing import Any

import numpy as np

from benchmarks.configurations import Array
from tinygrad_scratch.nn.datasets import MNIST


def digits(train: bool, dtype: Any = np.float32) -> tuple[Array, Array]:
    """Pixels (N, 784) from 0 to 1, and labels (N,)."""
    data = MNIST(train=train)
    return np.divide(data.data.reshape(-1, 784), 255, dtype=dtype), data.targets.numpy()
