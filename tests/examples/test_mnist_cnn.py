"""The convolutional network: that it learns, what it draws, and how it moves digits about."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

import tinygrad_scratch as tg
from examples import mnist_cnn
from nn.datasets import Digits
from nn.utils import load_safetensors
from support.plots import filters_and_maps

SMALL = ["--channels", "4", "8", "--hidden", "32", "--epochs", "2", "--batch-size", "16", "--learning-rate", "0.01"]


def test_it_learns_and_leaves_what_mnist_does_and_its_first_layer(capsys: pytest.CaptureFixture[str]) -> None:
    mnist_cnn.main(SMALL)
    printed = capsys.readouterr().out
    assert "data: MNIST; 1,437 to learn from, 360 to test with" in printed
    assert "0: Conv2d" in printed
    assert float(printed.split("test accuracy: ")[1].split("%")[0]) > 90
    left = {path.name: path for path in Path("runs/mnist_cnn").iterdir()}
    pictures = {"graph.svg", "learning_curves.png", "test_images.png", "mistakes.png", "first_layer.png"}
    assert set(left) == {*pictures, "weights.safetensors"}
    assert left["first_layer.png"].read_bytes().startswith(b"\x89PNG")
    weights = load_safetensors(left["weights.safetensors"])
    assert weights["features.0.weight"].shape == (4, 1, 5, 5)
    assert weights["classifier.1.weight"].shape == (32, 8 * 7 * 7)


def test_saved_weights_are_tested(capsys: pytest.CaptureFixture[str], complaint: Callable[..., str]) -> None:
    mnist_cnn.main([*SMALL, "--epochs", "1"])
    accuracy = capsys.readouterr().out.split("test accuracy: ")[1].split("%")[0]
    again = ["--epochs", "0", "--weights", "runs/mnist_cnn/weights.safetensors", "--output", "again"]
    mnist_cnn.main([*SMALL, *again])
    assert f"test accuracy: {accuracy}%" in capsys.readouterr().out
    assert "has the weights of another model" in complaint(mnist_cnn.main, *again)


def test_small_digits_fit_as_well() -> None:
    images, labels = Digits(train=False).tensors
    model = mnist_cnn.CNN(images.shape[-1], [4, 8], hidden=16, shift=1)
    assert model(images).shape == (len(labels), 10)


def test_digits_are_shifted_in_training_only() -> None:
    images = tg.zeros(3, 1, 6, 6)
    images[:, :, 2:4, 2:4] = tg.arange(1.0, 5.0).reshape(2, 2)
    shift = mnist_cnn.RandomShift(2)
    places = set()
    for _ in range(100):
        shifted = shift(images).numpy()
        assert shifted.shape == images.shape
        np.testing.assert_array_equal(shifted.sum((1, 2, 3)), 10)
        places |= {tuple(np.argwhere(image == 1)[0]) for image in shifted[:, 0]}
    assert places == {(row, column) for row in range(5) for column in range(5)}
    assert shift.eval()(images) is images


def test_a_single_filter_is_drawn_as_well(tmp_path: Path) -> None:
    path = tmp_path / "first_layer.png"
    filters_and_maps(path, np.ones((1, 3, 3)), np.ones((1, 8, 8)), np.ones((1, 1, 8, 8)))
    assert path.read_bytes().startswith(b"\x89PNG")
