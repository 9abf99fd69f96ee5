"""A network described by one list of sizes and activations, trained on MNIST by gradient descent on cross-entropy.

    python examples/mnist_from_layers.py                  # the whole training set at once, then batches of 1000 and 100
    python examples/mnist_from_layers.py --layers 784 relu 300 relu 100 softmax 10 --batch-sizes 100 --l2 1

The cost that is reported is the binary cross-entropy of each of the ten outputs, added up, the mean over the digits;
and λ/2m · Σ weight² of m digits, with λ (--l2) to keep weights small.
"""

from __future__ import annotations

import time
from collections.abc import Sequence
from typing import NamedTuple

from tqdm import tqdm

import tinygrad_scratch as tg
from support import digits
from support.command_line import CtrlC, Options, UserError, count, not_negative_float, positive_float, positive_int, run
from support.plots import learning_curves
from tinygrad_scratch import Tensor, nn, optim
from tinygrad_scratch.nn import functional as F
from tinygrad_scratch.utils.data import DataLoader, TensorDataset

ACTIVATIONS = {"relu": nn.ReLU, "sigmoid": nn.Sigmoid}
# The original's test accuracy after 10 epochs, by batch size.
ORIGINAL = {0: "27.29 %", 1000: "10 %, exp overflowed"}
ORIGINAL_AT_BEST = "98 %, in batches, after more epochs"


class Epoch(NamedTuple):
    """How things stand after an epoch; ``seconds`` are those since the start."""

    cost: float
    train_accuracy: float
    test_accuracy: float
    seconds: float


def check_layers(layers: Sequence[int | str]) -> None:
    """`UserError` unless ``layers`` are [784, activation, size, activation, size, …, "softmax", 10]."""
    if len(layers) < 3 or len(layers) % 2 == 0:
        raise UserError(f"layers are sizes with an activation between any two, such as 784 softmax 10; not {layers}")
    for place, entry in enumerate(layers, start=1):
        if place % 2 and not (type(entry) is int and entry > 0):
            raise UserError(f"layers: entry {place} is {entry!r}, but should be a size: a positive integer")
        if not place % 2 and entry not in (*ACTIVATIONS, "softmax"):
            raise UserError(
                f"layers: entry {place} is {entry!r}, but should be an activation: relu, sigmoid or softmax"
            )
    if layers[0] != 784:
        raise UserError(f"layers: the first size is {layers[0]}, but a digit has 784 pixels")
    if layers[-1] != 10:
        raise UserError(f"layers: the last size is {layers[-1]}, but there are 10 digits")
    if layers[-2] != "softmax":
        raise UserError(
            f"layers: the last activation is {layers[-2]}, but only softmax gives probabilities of 10 digits"
        )
    if "softmax" in layers[:-2]:
        raise UserError(f"layers: entry {layers.index('softmax') + 1} is softmax, which only the last layer has")


def network(layers: Sequence[int | str]) -> nn.Sequential:
    """The modules that the list stands for, but for the softmax, which the loss includes."""
    model = nn.Sequential(nn.Flatten())
    for size, activation, next_size in zip(layers[::2], layers[1::2], layers[2::2], strict=False):
        model.append(nn.Linear(size, next_size))
        if activation in ACTIVATIONS:
            model.append(ACTIVATIONS[activation]())
    for parameter in model.parameters():
        nn.init.normal_(parameter, 0, 0.1)
    return model


def penalty(model: nn.Module, l2: float, samples: int) -> Tensor:
    """λ/2m · Σ weight², of weights, not of biases."""
    squares = [(weight**2).sum() for name, weight in model.named_parameters() if name.endswith("weight")]
    return l2 / (2 * samples) * sum(squares[1:], squares[0])


def cost_and_accuracy(model: nn.Module, data: TensorDataset, l2: float) -> tuple[float, float]:
    images, labels = data.tensors
    with tg.no_grad():
        probabilities = model(images).softmax(1)
        entropy = F.binary_cross_entropy(probabilities, F.one_hot(labels, 10).float(), reduction="sum") / len(data)
        cost = entropy + penalty(model, l2, len(data))
    return cost.item(), (probabilities.argmax(1) == labels).float().mean().item()


def train(
    layers: Sequence[int | str],
    train_digits: TensorDataset,
    test_digits: TensorDataset,
    epochs: int = 10,
    lr: float = 0.1,
    batch_size: int = 0,
    l2: float = 0.0,
) -> tuple[list[Epoch], dict[str, Tensor]]:
    """Train the network that ``layers`` describe; ``batch_size`` 0 means the whole training set.

    Returns what was reported after each epoch, and the trained weights by name. `UserError` for layers that contradict
    themselves.
    """
    check_layers(layers)
    model = network(layers)
    optimizer = optim.SGD(model.parameters(), lr=lr)
    batches = DataLoader(train_digits, batch_size, shuffle=True) if batch_size else [train_digits.tensors]
    history = []
    start = time.perf_counter()
    with CtrlC() as ctrl_c, tqdm(total=epochs * len(batches), unit=" steps", leave=False) as bar:
        for epoch in range(1, epochs + 1):
            for images, labels in batches:
                optimizer.zero_grad()
                loss = F.cross_entropy(model(images), labels)
                if l2:
                    loss = loss + penalty(model, l2, len(train_digits))
                loss.backward()
                optimizer.step()
                bar.update()
                if ctrl_c.pressed:
                    break
            cost, train_accuracy = cost_and_accuracy(model, train_digits, l2)
            _, test_accuracy = cost_and_accuracy(model, test_digits, l2)
            seconds = time.perf_counter() - start
            history.append(Epoch(cost, train_accuracy, test_accuracy, seconds))
            bar.write(f"{epoch:5}  {cost:7.4f}  {train_accuracy:14.2%}  {test_accuracy:13.2%}  {seconds:7.1f}")
            if ctrl_c.pressed:
                break
    return history, model.state_dict()


def main(arguments: list[str] | None = None) -> None:
    options = Options("mnist_from_layers", __doc__)
    layers = [784, "relu", 200, "sigmoid", 80, "softmax", 10]
    options.add_argument("--layers", nargs="+", default=layers, help="sizes, with activations between them")
    options.add_argument("--epochs", type=positive_int, default=10, help="how often to go through the training digits")
    options.add_argument("--learning-rate", type=positive_float, default=0.1, help="of gradient descent")
    options.add_argument("--batch-sizes", type=count, nargs="+", default=[0, 1000, 100], help="0: all at once")
    options.add_argument("--l2", type=not_negative_float, default=0.0, help="λ, the weight of the weights' squares")
    chosen = options.parse(arguments)
    layers = [int(entry) if str(entry).lstrip("-").isdigit() else entry for entry in chosen.layers]
    check_layers(layers)

    train_digits, test_digits = digits.mnist()
    histories = {}
    for batch_size in chosen.batch_sizes:
        name = f"batches of {batch_size}" if batch_size else "full batch"
        print(f"\n{name}\nepoch     cost  train accuracy  test accuracy  seconds")
        tg.manual_seed(chosen.seed)
        settings = (chosen.epochs, chosen.learning_rate, batch_size, chosen.l2)
        history, _ = train(layers, train_digits, test_digits, *settings)
        histories[name] = history
        original = ORIGINAL.get(batch_size, ORIGINAL_AT_BEST)
        print(f"test accuracy {history[-1].test_accuracy:.2%} (the original: {original})")
        if len(history) < chosen.epochs:  # stopped by Ctrl-C
            break

    curves = {
        "cost": {name: [epoch.cost for epoch in history] for name, history in histories.items()},
        "test accuracy": {name: [epoch.test_accuracy for epoch in history] for name, history in histories.items()},
    }
    learning_curves(chosen.output / "learning_curves.png", curves)
    print(f"\npictures: {chosen.output}")


if __name__ == "__main__":
    run(main)
