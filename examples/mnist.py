"""Trains a multilayer perceptron on the MNIST digits.

    python examples/mnist.py
    python examples/mnist.py --hidden 1000 500 --epochs 20
    python examples/mnist.py --weights runs/mnist/weights.safetensors --epochs 0

The last only tests the weights that an earlier run has saved. Ctrl-C stops early and keeps what has been learned.
"""

from __future__ import annotations

from support.command_line import positive_int, run
from support.digit_classifier import learn, options_of_training
from support.digits import mnist_or_small_digits
from tinygrad_scratch import nn


def main(arguments: list[str] | None = None) -> None:
    options = options_of_training("mnist", __doc__)
    options.add_argument("--hidden", type=positive_int, nargs="*", default=[512, 256], help="hidden layers' sizes")
    chosen = options.parse(arguments)

    train, test = mnist_or_small_digits(chosen.data)
    images, _ = train.tensors
    learn(nn.MLP(images[0].numel(), chosen.hidden, 10), train, test, chosen)


if __name__ == "__main__":
    run(main)
