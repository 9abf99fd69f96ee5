"""The written-by-hand networks learn, and their script refuses what makes no sense."""

from __future__ import annotations

import sys
from typing import Any

import numpy as np
import pytest

from benchmarks.by_hand import kaggle_digits, mnist_from_layers, mnist_one_by_one

Array = np.ndarray[Any, np.dtype[Any]]


def digits(train: bool, dtype: Any = np.float32) -> tuple[Array, Array]:
    """A shape for each class, more or less bright: 1,200 for training, 200 for the test."""
    shapes = np.random.default_rng(0).random((10, 784)) < 0.2
    random = np.random.default_rng(1 + train)
    labels = random.integers(10, size=1200 if train else 200)
    images = shapes[labels] * random.uniform(0.5, 1, (len(labels), 784))
    return images.astype(dtype), labels


def last_percentage(printed: str) -> float:
    return float(printed.rpartition("%")[0].rpartition(" ")[2])


@pytest.mark.parametrize(
    ("script", "arguments", "least"),
    [
        (mnist_one_by_one, ["--epochs", "3"], 70),  # its steps are small
        (mnist_from_layers, ["--epochs", "5", "--batch-size", "20", "--l2", "0.01"], 95),
        (kaggle_digits, ["--iterations", "300"], 95),
    ],
)
def test_scripts_learn(
    script: Any, arguments: list[str], least: float, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(script, "digits", digits)
    monkeypatch.setattr(sys, "argv", ["script", *arguments])
    script.main()
    assert last_percentage(capsys.readouterr().out) > least


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"layers": (784, "relu", 10, "softmax")}, "layers must be sizes with activations between them"),
        ({"layers": (28, "softmax", 10)}, "the first layer must have 784 values and the last 10, not 28 and 10"),
        ({"layers": (784, "tanh", 20, "softmax", 10)}, "the activations must be relu or sigmoid, and the last softmax"),
        ({"layers": (784, "softmax", 20, "relu", 10)}, "the activations must be relu or sigmoid, and the last softmax"),
        ({"batch_size": -1}, "batch size -1 and λ 0 not negative"),
        ({"lr": 0}, "epochs 1 and rate 0 must be positive"),
    ],
)
def test_what_makes_no_sense_is_refused(changes: dict[str, Any], message: str) -> None:
    right = {"layers": mnist_from_layers.LAYERS, "epochs": 1, "lr": 0.1, "batch_size": 0, "l2": 0}
    mnist_from_layers.check(**right)
    with pytest.raises(ValueError, match=message):
        mnist_from_layers.check(**{**right, **changes})
