"""JAX, with the whole step compiled and the memory of parameters and state given back to it."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import Any

import jax
import jax.numpy as jnp
import numpy as np

from benchmarks.configurations import BINARY_CROSS_ENTROPY, CROSS_ENTROPY, SQUARED_ERROR, Array, Configuration

SETTINGS = "jit of the whole step, donate_argnums, batches on the device"

ACTIVATIONS = {"relu": jax.nn.relu, "sigmoid": jax.nn.sigmoid}
BETA1, BETA2, EPSILON = 0.9, 0.999, 1e-8


class Trainer:
    """Training with JAX."""

    def __init__(self, configuration: Configuration, parameters: Sequence[Array]) -> None:
        layers = [jnp.asarray(parameter) for parameter in parameters]
        step = sgd_step
        self.state: Any = (layers,)
        if configuration.optimizer == "Adam":
            step = adam_step
            means, variances = ([jnp.zeros_like(layer) for layer in layers] for _ in range(2))
            self.state = (layers, means, variances, jnp.zeros(()))
        self.step = jax.jit(partial(step, configuration), donate_argnums=0)

    def prepare(self, x: Array, y: Array) -> list[tuple[jax.Array, jax.Array]]:
        return [(jax.device_put(inputs), jax.device_put(targets)) for inputs, targets in zip(x, y, strict=True)]

    def train(self, batches: list[tuple[jax.Array, jax.Array]]) -> float:
        for x, y in batches:
            self.state, loss = self.step(self.state, x, y)
        jax.block_until_ready(self.state)
        return float(loss)

    def parameters(self) -> list[Array]:
        return [np.array(parameter) for parameter in self.state[0]]


def loss_of(configuration: Configuration, parameters: list[jax.Array], x: jax.Array, y: jax.Array) -> jax.Array:
    activation = ACTIVATIONS[configuration.activation]
    *hidden, (weight, bias) = zip(parameters[::2], parameters[1::2], strict=True)
    for hidden_weight, hidden_bias in hidden:
        x = activation(x @ hidden_weight.T + hidden_bias)
    z = x @ weight.T + bias
    if configuration.loss == CROSS_ENTROPY:
        return -jnp.take_along_axis(jax.nn.log_softmax(z), y[:, None], axis=1).mean()
    if configuration.loss == BINARY_CROSS_ENTROPY:
        return jnp.mean(jnp.logaddexp(0, z) - z * y)
    assert configuration.loss == SQUARED_ERROR
    return jnp.sum((activation(z) - y) ** 2)


def sgd_step(configuration: Configuration, state: Any, x: jax.Array, y: jax.Array) -> Any:
    (parameters,) = state
    loss, gradients = jax.value_and_grad(partial(loss_of, configuration))(parameters, x, y)
    return (jax.tree.map(lambda p, g: p - configuration.lr * g, parameters, gradients),), loss


def adam_step(configuration: Configuration, state: Any, x: jax.Array, y: jax.Array) -> Any:
    parameters, means, variances, steps = state
    loss, gradients = jax.value_and_grad(partial(loss_of, configuration))(parameters, x, y)
    steps += 1
    means = jax.tree.map(lambda m, g: BETA1 * m + (1 - BETA1) * g, means, gradients)
    variances = jax.tree.map(lambda v, g: BETA2 * v + (1 - BETA2) * g * g, variances, gradients)

    def changed(parameter: jax.Array, mean: jax.Array, variance: jax.Array) -> jax.Array:
        deviation = jnp.sqrt(variance / (1 - BETA2**steps)) + EPSILON
        return parameter - configuration.lr * mean / (1 - BETA1**steps) / deviation

    return (jax.tree.map(changed, parameters, means, variances), means, variances, steps), loss
