"""Activation functions that write their result over their input."""

from __future__ import annotations

import numpy as np

from benchmarks.configurations import Array


def relu(z: Array) -> None:
    np.maximum(z, 0, out=z)


def sigmoid(z: Array) -> None:
    """As (1 + tanh(z / 2)) / 2, which cannot overflow, and takes less time than with the exponential function."""
    z *= 0.5
    np.tanh(z, out=z)
    z += 1
    z *= 0.5


def softmax(z: Array) -> None:
    z -= z.max(axis=1, keepdims=True)
    np.exp(z, out=z)
    z /= z.sum(axis=1, keepdims=True)


ACTIVATIONS = {"relu": relu, "sigmoid": sigmoid, "softmax": softmax}
