"""A network of two layers on the digits of a Kaggle CSV file, by plain gradient descent on all rows at once.

    python examples/kaggle_digits.py --make-csv           # first writes such a file from MNIST
    python examples/kaggle_digits.py --csv train.csv      # the file downloaded from Kaggle's digit recognizer
    python examples/kaggle_digits.py --show 7 21          # the network's opinion on these validation digits

The file has a header, label,pixel0,…,pixel783, and a row for each digit. The rows are shuffled, the first 1,000 kept to
validate. 784 → 10 → 10: a relu, then a softmax.
"""

from __future__ import annotations

import time
from pathlib import Path

from tqdm import trange

import tinygrad_scratch as tg
from support import digits
from support.command_line import CtrlC, Options, UserError, count, positive_float, positive_int, run
from support.plots import digit_as_text, learning_curves, sheet_of_digits
from tinygrad_scratch import Tensor, nn, optim
from tinygrad_scratch.nn import functional as F
from tinygrad_scratch.nn.datasets import DigitsCSV, write_digits_csv


class Network(nn.Module):
    """Two layers, whose weights and biases start uniform in (-0.5, 0.5)."""

    def __init__(self) -> None:
        super().__init__()
        self.hidden, self.output = nn.Linear(784, 10), nn.Linear(10, 10)
        for parameter in self.parameters():
            nn.init.uniform_(parameter, -0.5, 0.5)

    def forward(self, images: Tensor) -> Tensor:
        return self.output(self.hidden(images.flatten(1)).relu())


def accuracy(logits: Tensor, labels: Tensor) -> float:
    return (logits.argmax(1) == labels).float().mean().item()


def train(network: Network, images: Tensor, labels: Tensor, lr: float, iterations: int) -> tuple[list[float], ...]:
    """The losses and the accuracies, before each iteration."""
    optimizer = optim.SGD(network.parameters(), lr=lr)
    losses, accuracies = [], []
    with CtrlC() as ctrl_c, trange(iterations, desc="training", unit=" iterations", leave=False) as bar:
        for iteration in bar:
            optimizer.zero_grad()
            logits = network(images)
            loss = F.cross_entropy(logits, labels)
            loss.backward()
            optimizer.step()
            losses.append(loss.item())
            accuracies.append(accuracy(logits, labels))
            if (iteration + 1) % 10 == 0:
                bar.write(f"iteration {iteration + 1:4}: train accuracy {accuracies[-1]:.2%}")
            if ctrl_c.pressed:
                break
    return losses, accuracies


def test_prediction(network: Network, images: Tensor, labels: Tensor, i: int) -> int:
    """Print digit ``i``, what the network takes it for, and what it is; returns the former."""
    with tg.no_grad():
        predicted = network(images[i : i + 1]).argmax(1).item()
    print(digit_as_text(images[i, 0].numpy()))
    print(f"validation digit {i}: predicted {predicted}, true label {labels[i].item()}\n")
    return predicted


def write_mnist(path: Path) -> None:
    """As many digits of MNIST as Kaggle's file has, in the same form."""
    print(f"writing {path}")
    path.parent.mkdir(parents=True, exist_ok=True)
    mnist, _ = digits.mnist()
    write_digits_csv(path, mnist.data[:42_000], mnist.targets.numpy()[:42_000])


def main(arguments: list[str] | None = None) -> None:
    options = Options("kaggle_digits", __doc__)
    options.add_argument(
        "--csv", type=Path, default=Path("runs/kaggle_digits/train.csv"), help="the file with the digits"
    )
    options.add_argument("--make-csv", action="store_true", help="first write that file, 42,000 digits of MNIST")
    options.add_argument("--iterations", type=positive_int, default=500, help="steps, each over all training rows")
    options.add_argument("--learning-rate", type=positive_float, default=0.1, help="of gradient descent")
    options.add_argument("--validation", type=positive_int, default=1000, help="rows that are kept to validate")
    options.add_argument("--show", type=count, nargs="*", default=[0, 1], help="validation digits to show in the end")
    chosen = options.parse(arguments)

    if chosen.make_csv:
        write_mnist(chosen.csv)
    elif not chosen.csv.exists():
        raise UserError(f"there is no {chosen.csv}; --csv names one that you have, --make-csv writes one from MNIST")
    data = DigitsCSV(chosen.csv)
    if len(data) <= chosen.validation:
        raise UserError(f"{chosen.csv} has {len(data)} digits, so with --validation {chosen.validation} none are left")
    if max(chosen.show, default=0) >= chosen.validation:
        raise UserError(f"--show takes the numbers of validation digits, from 0 to {chosen.validation - 1}")
    images, labels = data.take(tg.randperm(len(data)).tolist())
    validation_images, validation_labels = images[: chosen.validation], labels[: chosen.validation]
    images, labels = images[chosen.validation :], labels[chosen.validation :]
    print(f"{chosen.csv}: {len(images):,} rows to learn from, {len(validation_images):,} to validate")

    network = Network()
    start = time.perf_counter()
    losses, accuracies = train(network, images, labels, chosen.learning_rate, chosen.iterations)
    milliseconds = (time.perf_counter() - start) / len(losses) * 1e3
    with tg.no_grad():
        predicted = network(validation_images)
        train_accuracy = accuracy(network(images), labels)

    print("                        ours   the original")
    print(f"train accuracy       {train_accuracy:7.2%}          83.7 %")
    print(f"validation accuracy  {accuracy(predicted, validation_labels):7.2%}   never computed")
    print(f"an iteration       {milliseconds:6.1f} ms           48 ms\n")
    for i in chosen.show:
        test_prediction(network, validation_images, validation_labels, i)
    curves = {"loss": {"train": losses}, "accuracy": {"train": accuracies}}
    learning_curves(chosen.output / "learning_curves.png", curves, along="iteration")
    shown = validation_images[:100, 0].numpy(), predicted[:100].argmax(1).tolist(), validation_labels[:100].tolist()
    sheet_of_digits(chosen.output / "validation_digits.png", *shown)
    print(f"pictures: {chosen.output}")


if __name__ == "__main__":
    run(main)
