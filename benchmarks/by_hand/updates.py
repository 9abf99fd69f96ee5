"""The two ways in which parameters are changed by their gradients, in place."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

import numpy as np

from benchmarks.configurations import Array


class Update(Protocol):
    """Changes the parameters that it was made for."""

    def step(self, gradients: Sequence[Array]) -> None:
        """Change each parameter by its gradient, whose memory may be used for the purpose."""


class GradientDescent:
    """parameter -= lr · gradient."""

    def __init__(self, parameters: Sequence[Array], lr: float) -> None:
        self.parameters = parameters
        self.lr = lr

    def step(self, gradients: Sequence[Array]) -> None:
        for parameter, gradient in zip(self.parameters, gradients, strict=True):
            gradient *= self.lr
            parameter -= gradient


class Adam:
    """parameter -= lr · mean / (√variance + ε), of running averages that are corrected for their start from zero."""

    def __init__(
        self,
        parameters: Sequence[Array],
        lr: float = 1e-3,
        betas: tuple[float, float] = (0.9, 0.999),
        epsilon: float = 1e-8,
    ) -> None:
        self.parameters = parameters
        self.lr, self.betas, self.epsilon = lr, betas, epsilon
        self.means = [np.zeros_like(parameter) for parameter in parameters]
        self.variances = [np.zeros_like(parameter) for parameter in parameters]
        self.scratch = [np.empty_like(parameter) for parameter in parameters]
        self.steps = 0

    def step(self, gradients: Sequence[Array]) -> None:
        self.steps += 1
        beta1, beta2 = self.betas
        # √(variance / c₂) + ε, divided into mean · lr / c₁, with the corrections drawn out of the arrays.
        rate = self.lr * (1 - beta2**self.steps) ** 0.5 / (1 - beta1**self.steps)
        epsilon = self.epsilon * (1 - beta2**self.steps) ** 0.5
        for parameter, gradient, mean, variance, scratch in zip(
            self.parameters, gradients, self.means, self.variances, self.scratch, strict=True
        ):
            mean *= beta1
            mean += np.multiply(gradient, 1 - beta1, out=scratch)
            variance *= beta2
            gradient *= gradient
            gradient *= 1 - beta2
            variance += gradient
            np.sqrt(variance, out=scratch)
            scratch += epsilon
            np.divide(mean, scratch, out=scratch)
            scratch *= rate
            parameter -= scratch
