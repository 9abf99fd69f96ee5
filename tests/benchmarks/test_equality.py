"""Everyone trains the same networks from the same parameters, and who computes something else is found out."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

import nn
import tinygrad_scratch as tg
from benchmarks import equality
from benchmarks.by_hand.mnist_from_layers import Network
from benchmarks.by_hand.updates import GradientDescent
from benchmarks.configurations import (
    BINARY_CROSS_ENTROPY,
    SMALL,
    Configuration,
    batches_of_digits,
    batches_of_xor,
    first_parameters,
)
from benchmarks.peers import NUMPY, PEERS, THIS_PROJECT, TORCH
from benchmarks.peers.trainer import UnsupportedError

Array = np.ndarray[Any, np.dtype[Any]]

IN_THIS_PROCESS = (THIS_PROJECT, NUMPY, "numpy-naive", TORCH, "sklearn", "micrograd")


def batches(configuration: Configuration, count: int) -> tuple[Array, Array]:
    if configuration.loss == BINARY_CROSS_ENTROPY:
        return batches_of_xor(count)
    # Like digits: mostly zeros, elsewhere much the same within a class. Noise would have gradients of almost zero, the
    # sign of which, and so Adam's step, is a matter of rounding.
    random = np.random.default_rng(1)
    labels = random.integers(10, size=count * configuration.batch)
    shapes = random.random((10, 784)) < 0.2
    images = shapes[labels] * random.uniform(0.5, 1, (len(labels), 784))
    return batches_of_digits(configuration, images.astype(np.float32), labels)


def trainer_of(name: str, configuration: Configuration) -> Any:
    if PEERS[name].missing:
        pytest.skip(str(PEERS[name].missing))
    try:
        return PEERS[name].load().Trainer(configuration, first_parameters(configuration))
    except UnsupportedError as reason:
        pytest.skip(str(reason))


def trained(name: str, configuration: Configuration, x: Array, y: Array) -> dict[str, Any]:
    trainer = trainer_of(name, configuration)
    losses = [trainer.train(trainer.prepare(x[i : i + 1], y[i : i + 1])) for i in range(len(x))]
    return {"losses": losses, "parameters": trainer.parameters()}


@pytest.mark.parametrize("configuration", [c for c in SMALL if c.batch <= 32], ids=str)
@pytest.mark.parametrize("name", IN_THIS_PROCESS)
def test_everyone_starts_from_the_same_parameters_and_takes_the_same_steps(
    name: str, configuration: Configuration
) -> None:
    first = first_parameters(configuration)
    for own, given in zip(trainer_of(name, configuration).parameters(), first, strict=True):
        np.testing.assert_array_equal(own, given)
    x, y = batches(configuration, equality.STEPS)
    expected = equality.reference(configuration, first, x, y)
    assert equality.difference(trained(name, configuration, x, y), expected, first) is None


@pytest.mark.parametrize("configuration", SMALL, ids=str)
def test_this_project_trains_as_careful_numpy_does(configuration: Configuration) -> None:
    x, y = batches(configuration, 10)
    ours, by_hand = (trained(name, configuration, x, y) for name in (THIS_PROJECT, NUMPY))
    np.testing.assert_allclose(ours["losses"], by_hand["losses"], rtol=2e-5)
    assert equality.difference(ours, by_hand, first_parameters(configuration)) is None


def test_a_loss_that_is_wrong_is_found() -> None:
    expected = {"losses": [1.0, 0.5], "parameters": [np.zeros(2)]}
    found = {"losses": [1.0, 0.5001], "parameters": [np.zeros(2)]}
    message = "the loss of step 2 is 0.5001, but should be 0.5"
    assert equality.difference(found, expected, [np.ones(2)]) == message


@pytest.mark.parametrize(
    ("parameter", "message"),
    [
        (np.array([0.0, 0.03]), "after 1 steps, parameter 0 is 0.015 of its change away from where it should be"),
        (np.array([0.0, np.nan]), "after 1 steps, parameter 0 is nan of its change away from where it should be"),
        (np.zeros(3), "parameter 0 has shape (3,), but should have (2,)"),
    ],
)
def test_a_parameter_that_is_wrong_is_found(parameter: Array, message: str) -> None:
    expected = {"losses": [1.0], "parameters": [np.zeros(2)]}
    found = {"losses": [1.0], "parameters": [parameter]}
    assert equality.difference(found, expected, [np.full(2, 2**0.5)]) == message


def test_weight_decay_by_hand_is_that_of_the_formula() -> None:
    random = np.random.default_rng(0)
    parameters = [random.normal(size=shape) for shape in ((4, 3), (4,), (4, 4), (4,), (2, 4), (2,))]
    weights = [tg.tensor(parameter, requires_grad=True) for parameter in parameters]
    x, labels, decay = random.random((5, 3)), random.integers(2, size=5), 0.1
    hidden = nn.functional.relu(nn.functional.linear(tg.tensor(x), *weights[:2]))
    logits = nn.functional.linear(nn.functional.linear(hidden, *weights[2:4]).sigmoid(), *weights[4:])
    loss = nn.functional.cross_entropy(logits, tg.tensor(labels))
    (loss + decay / 2 * sum(weight.square().sum() for weight in weights[::2])).backward()

    network = Network(parameters, ("relu", "sigmoid", "softmax"), GradientDescent(parameters, lr=1.0), 5, decay)
    assert network.learn(x, labels) == pytest.approx(loss.item())
    for parameter, weight in zip(parameters, weights, strict=True):
        np.testing.assert_allclose(parameter, weight.detach().numpy() - weight.grad.numpy(), rtol=1e-12)
