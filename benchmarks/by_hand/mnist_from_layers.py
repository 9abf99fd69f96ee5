"""MNIST with a network described by one list, ``784 relu 200 sigmoid 80 softmax 10``, trained in batches.

``python -m benchmarks.by_hand.mnist_from_layers`` trains that one, by default on the whole training set at a time.
"""

from __future__ import annotations

import argparse
import time
from collections.abc import Sequence
from itertools import pairwise

import numpy as np

from benchmarks.by_hand.activations import ACTIVATIONS
from benchmarks.by_hand.digits import digits
from benchmarks.by_hand.updates import GradientDescent, Update
from benchmarks.configurations import Array

LAYERS = (784, "relu", 200, "sigmoid", 80, "softmax", 10)


class Network:
    """Layers that each have a weight (out, in), a bias (out,) and an activation, and learn by cross-entropy.

    ``activations`` are "relu", "sigmoid" or, after the last layer only, "softmax". After a last sigmoid each output is
    the probability of something of its own. ``parameters`` are the weights and biases in turn, which ``update`` changes
    in place. ``decay`` · weight is added to the gradient of each weight. Memory is taken once, for batches of up to
    ``batch_size`` samples.
    """

    def __init__(
        self,
        parameters: Sequence[Array],
        activations: Sequence[str],
        update: Update,
        batch_size: int,
        decay: float = 0.0,
    ) -> None:
        self.weights, self.biases = parameters[::2], parameters[1::2]
        self.activations = activations
        self.update = update
        self.decay = decay
        self._gradients = [np.empty_like(parameter) for parameter in parameters]
        shapes = [(batch_size, len(bias)) for bias in self.biases]
        self._outputs = [np.empty(shape, parameters[0].dtype) for shape in shapes]
        self._deltas = [np.empty(shape, parameters[0].dtype) for shape in shapes]
        self._rows = np.arange(batch_size)

    def learn(self, x: Array, targets: Array) -> float:
        """Make a step for the batch ``x`` (N, in); returns the mean cross-entropy before it.

        ``targets`` are class numbers (N,) or, for a last sigmoid, 0 or 1 for each output (N, out).
        """
        outputs = self._forward(x)
        delta = self._deltas[-1][: len(x)]
        loss = self._loss(outputs[-1], targets, delta)
        self._backward([x, *outputs], delta)
        self.update.step(self._gradients)
        return loss

    def _forward(self, x: Array) -> list[Array]:
        outputs = [memory[: len(x)] for memory in self._outputs]
        for weight, bias, activation, output in zip(self.weights, self.biases, self.activations, outputs, strict=True):
            np.matmul(x, weight.T, out=output)
            output += bias
            ACTIVATIONS[activation](output)
            x = output
        return outputs

    def _loss(self, probabilities: Array, targets: Array, delta: Array) -> float:
        """The mean loss. Its gradient before the last activation goes to ``delta``: (probability - target) / N."""
        if self.activations[-1] == "softmax":
            chosen = (self._rows[: len(targets)], targets)
            delta[...] = probabilities
            delta[chosen] -= 1
            loss = -np.log(probabilities[chosen]).sum()
        else:
            np.subtract(probabilities, targets, out=delta)
            loss = -np.log1p(-np.abs(delta)).sum()  # the target has probability 1 - |delta|
        delta /= len(targets)
        return float(loss) / len(targets)

    def _backward(self, inputs: Sequence[Array], delta: Array) -> None:
        """Go from the last layer, with the gradient before its activation, to the first, and fill in the gradients."""
        for layer in range(len(self.weights) - 1, -1, -1):
            weight, x = self.weights[layer], inputs[layer]
            np.matmul(delta.T, x, out=self._gradients[2 * layer])
            np.sum(delta, axis=0, out=self._gradients[2 * layer + 1])
            if self.decay:
                self._gradients[2 * layer] += self.decay * weight
            if layer:
                delta = np.matmul(delta, weight, out=self._deltas[layer - 1][: len(x)])
                if self.activations[layer - 1] == "relu":
                    delta *= x > 0
                else:
                    delta *= x
                    delta *= np.subtract(1, x, out=x)  # no one needs the output again

    def predict(self, x: Array) -> Array:
        """The probabilities (N, out) for ``x`` (N, in)."""
        for weight, bias, activation in zip(self.weights, self.biases, self.activations, strict=True):
            x = x @ weight.T + bias
            ACTIVATIONS[activation](x)
        return x

    def cost(self, x: Array, labels: Array) -> float:
        """Binary cross-entropy summed over the classes, its mean over the samples, plus ½ · decay · Σ weight²."""
        probabilities = self.predict(x)
        is_label = labels[:, None] == np.arange(probabilities.shape[1])
        of_target = np.where(is_label, probabilities, 1 - probabilities)
        entropy = -np.log(np.maximum(of_target, np.finfo(of_target.dtype).tiny)).sum() / len(x)
        return float(entropy + self.decay / 2 * sum(np.vdot(weight, weight) for weight in self.weights))


def check(layers: Sequence[int | str], epochs: int, lr: float, batch_size: int, l2: float) -> None:
    """ValueError that says what is wrong and what would be right."""
    sizes, activations = layers[::2], layers[1::2]
    if len(sizes) != len(activations) + 1 or not all(isinstance(size, int) and size > 0 for size in sizes):
        raise ValueError(f"layers must be sizes with activations between them, such as {LAYERS}, not {layers}")
    if (sizes[0], sizes[-1]) != (784, 10):
        raise ValueError(f"the first layer must have 784 values and the last 10, not {sizes[0]} and {sizes[-1]}")
    if activations[-1] != "softmax" or not {"relu", "sigmoid"}.issuperset(activations[:-1]):
        raise ValueError(f"the activations must be relu or sigmoid, and the last softmax, not {activations}")
    if epochs < 1 or lr <= 0 or batch_size < 0 or l2 < 0:
        raise ValueError(
            f"epochs {epochs} and rate {lr} must be positive, batch size {batch_size} and λ {l2} not negative"
        )


def train(
    layers: Sequence[int | str] = LAYERS, epochs: int = 10, lr: float = 0.1, batch_size: int = 0, l2: float = 0.0
) -> tuple[list[float], list[Array]]:
    """Train the network of ``layers`` on MNIST; returns the cost after each epoch, and weights and biases in turn.

    A ``batch_size`` of 0 means the whole training set. ``l2`` is λ of the L2 regularization λ/2m · Σ weight².
    """
    check(layers, epochs, lr, batch_size, l2)
    images, labels = digits(train=True)
    test_images, test_labels = digits(train=False)
    batch_size = batch_size or len(images)
    random = np.random.default_rng(0)
    shapes = [shape for inputs, outputs in pairwise(layers[::2]) for shape in ((outputs, inputs), (outputs,))]
    parameters = [random.normal(0, 0.1, shape).astype(np.float32) for shape in shapes]
    network = Network(parameters, layers[1::2], GradientDescent(parameters, lr), batch_size, l2 / len(images))
    costs = []
    start = time.perf_counter()
    for epoch in range(1, epochs + 1):
        order = random.permutation(len(images)) if batch_size < len(images) else slice(None)
        shuffled_images, shuffled_labels = images[order], labels[order]
        for first in range(0, len(images), batch_size):
            batch = slice(first, first + batch_size)
            network.learn(shuffled_images[batch], shuffled_labels[batch])
        costs.append(network.cost(images, labels))
        train_accuracy, test_accuracy = (
            (network.predict(x).argmax(1) == y).mean() for x, y in ((images, labels), (test_images, test_labels))
        )
        print(
            f"epoch {epoch}: cost {costs[-1]:.4f}, train accuracy {train_accuracy:.2%}, "
            f"test accuracy {test_accuracy:.2%}, {time.perf_counter() - start:.1f} s"
        )
    return costs, parameters


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--layers", nargs="+", type=lambda word: int(word) if word.isdigit() else word, default=LAYERS)
    parser.add_argument("--epochs", type=int, default=10)
    parser.add_argument("--lr", type=float, default=0.1)
    parser.add_argument("--batch-size", type=int, default=0)
    parser.add_argument("--l2", type=float, default=0.0)
    train(**vars(parser.parse_args()))


if __name__ == "__main__":
    main()
