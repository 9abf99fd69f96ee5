"""A two-layer network on Kaggle's digits: 784 → 10 → 10, relu and softmax, gradient descent on all rows at once.

``python -m benchmarks.by_hand.kaggle_digits train.csv`` trains it; without the file, on as many rows of MNIST.
"""

from __future__ import annotations

import argparse
import time
from pathlib import Path

import numpy as np

from benchmarks.by_hand.digits import digits
from benchmarks.by_hand.mnist_from_layers import Network
from benchmarks.by_hand.updates import GradientDescent
from benchmarks.configurations import Array

ROWS = 42_000
VALIDATION_ROWS = 1_000


def rows(path: Path | None) -> tuple[Array, Array]:
    """Pixels (N, 784) from 0 to 1, and labels (N,)."""
    if path is None:
        images, labels = digits(train=True)
        return images[:ROWS], labels[:ROWS]
    table = np.loadtxt(path, np.int64, delimiter=",", skiprows=1)
    return np.divide(table[:, 1:], 255, dtype=np.float32), table[:, 0]


def test_prediction(network: Network, image: Array, label: int) -> None:
    """Print the digit that the network sees in ``image`` (784,), and which it is."""
    seen = network.predict(image[None]).argmax()
    print(f"prediction: {seen}, label: {label}")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("csv", type=Path, nargs="?")
    parser.add_argument("--iterations", type=int, default=500)
    options = parser.parse_args()
    images, labels = rows(options.csv)
    random = np.random.default_rng(2)
    order = random.permutation(len(images))
    images, labels = images[order], labels[order]
    validation_images, validation_labels = images[:VALIDATION_ROWS], labels[:VALIDATION_ROWS]
    images, labels = images[VALIDATION_ROWS:], labels[VALIDATION_ROWS:]
    shapes = ((10, 784), (10,), (10, 10), (10,))
    parameters = [random.uniform(-0.5, 0.5, shape).astype(np.float32) for shape in shapes]
    network = Network(parameters, ("relu", "softmax"), GradientDescent(parameters, lr=0.10), len(images))
    seconds = 0.0
    for iteration in range(1, options.iterations + 1):
        start = time.perf_counter()
        network.learn(images, labels)
        seconds += time.perf_counter() - start
        if iteration % 10 == 0:
            accuracy = (network.predict(images).argmax(1) == labels).mean()
            print(
                f"iteration {iteration}: train accuracy {accuracy:.2%}, {seconds / iteration * 1e3:.1f} ms an iteration"
            )
    accuracy = (network.predict(validation_images).argmax(1) == validation_labels).mean()
    print(f"validation accuracy {accuracy:.2%}")
    test_prediction(network, validation_images[0], validation_labels[0])


if __name__ == "__main__":
    main()
