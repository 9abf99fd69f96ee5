"""MNIST one sample at a time: 784 → 64 → 64 → 10, a sigmoid after every layer, squared errors, gradient descent.

``python -m benchmarks.by_hand.mnist_one_by_one`` trains it.
"""

from __future__ import annotations

import argparse
import time
from collections.abc import Sequence
from itertools import pairwise

import numpy as np

from benchmarks.by_hand.activations import sigmoid
from benchmarks.by_hand.digits import digits
from benchmarks.configurations import Array

SIZES = (784, 64, 64, 10)
LEARNING_RATE = 0.003


class OneByOne:
    """A network with a sigmoid after every layer, which learns from one sample at a time.

    ``parameters`` are a weight (out, in) and a bias (out,) for each layer; they are changed in place.
    """

    def __init__(self, parameters: Sequence[Array], lr: float) -> None:
        self.weights, self.biases = parameters[::2], parameters[1::2]
        self.lr = lr
        self._outputs = [np.empty_like(bias) for bias in self.biases]
        self._deltas = [np.empty_like(bias) for bias in self.biases]
        self._changes = [np.empty_like(weight) for weight in self.weights]

    def learn(self, x: Array, y: Array) -> float:
        """Make a step for the sample ``x`` (in,) whose target is ``y`` (out,); returns its loss, Σ (ŷ - y)²."""
        error = np.subtract(self._forward(x), y, out=self._deltas[-1])
        loss = float(error @ error)
        error *= 2
        self._backward(x)
        return loss

    def _forward(self, x: Array) -> Array:
        for weight, bias, output in zip(self.weights, self.biases, self._outputs, strict=True):
            np.dot(weight, x, out=output)
            output += bias
            sigmoid(output)
            x = output
        return x

    def _backward(self, x: Array) -> None:
        """Go from the last layer, in whose delta stands the gradient of its output, to the first, and change all."""
        inputs = [x, *self._outputs]
        for layer in range(len(self.weights) - 1, -1, -1):
            weight, output, delta = self.weights[layer], self._outputs[layer], self._deltas[layer]
            delta *= output
            delta *= np.subtract(1, output, out=output)  # no one needs the output again
            if layer:
                np.dot(delta, weight, out=self._deltas[layer - 1])
            delta *= self.lr
            weight -= np.multiply(delta[:, None], inputs[layer], out=self._changes[layer])
            np.subtract(self.biases[layer], delta, out=self.biases[layer])

    def predict(self, images: Array) -> Array:
        """The digits seen in ``images`` (N, 784)."""
        for weight, bias in zip(self.weights, self.biases, strict=True):
            images = images @ weight.T + bias
            sigmoid(images)
        digits_seen: Array = images.argmax(1)
        return digits_seen


def first_parameters(random: np.random.Generator) -> list[Array]:
    """Weights uniform in (-1, 1), biases 1."""
    shapes = [(outputs, inputs) for inputs, outputs in pairwise(SIZES)]
    return [part for shape in shapes for part in (random.uniform(-1, 1, shape), np.ones(shape[0]))]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--epochs", type=int, default=10)
    epochs = parser.parse_args().epochs
    images, labels = digits(train=True, dtype=np.float64)
    test_images, test_labels = digits(train=False, dtype=np.float64)
    targets = np.eye(10)[labels]
    random = np.random.default_rng(1)
    network = OneByOne(first_parameters(random), LEARNING_RATE)
    for epoch in range(1, epochs + 1):
        start = time.perf_counter()
        loss = sum(network.learn(x, y) for x, y in zip(images, targets, strict=True)) / len(images)
        microseconds = (time.perf_counter() - start) / len(images) * 1e6
        accuracy = (network.predict(test_images) == test_labels).mean()
        print(f"epoch {epoch}: loss {loss:.4f}, test accuracy {accuracy:.2%}, {microseconds:.1f} µs a sample")
    place = random.integers(len(test_images))
    seen = network.predict(test_images[place : place + 1])[0]
    print(f"test image {place} is a {test_labels[place]}, seen as a {seen}")


if __name__ == "__main__":
    main()
