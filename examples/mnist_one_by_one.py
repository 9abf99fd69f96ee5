"""MNIST as a beginner writes it, one digit at a time; and then as the library makes it easy.

    python examples/mnist_one_by_one.py
    python examples/mnist_one_by_one.py --epochs 2 --guesses 5

784 → 64 → 64 → 10 with a sigmoid after every layer, weights uniform in (-1, 1), biases 1, squared errors added up over
the outputs, a step of plain gradient descent for each digit, in order. Then the same layers with batches, cross-entropy
and Adam.
"""

from __future__ import annotations

import time
from pathlib import Path

import nn
import nn.functional as F
import tinygrad_scratch as tg
from nn import optim
from nn.data import DataLoader, TensorDataset
from support import digits
from support.command_line import CtrlC, Options, count, positive_float, positive_int, run
from support.plots import digit_as_text, learning_curves, sheet_of_digits
from tinygrad_scratch import Tensor
from tqdm import tqdm

# The original's test accuracy after each of its first epochs, in percent, and its microseconds for each digit.
ORIGINAL = (71.85, 83.93, 86.62, 88.54, 89.40)
ORIGINAL_MICROSECONDS = 125


def network() -> nn.Sequential:
    """The layers without what comes after the last."""
    return nn.Sequential(nn.Linear(784, 64), nn.Sigmoid(), nn.Linear(64, 64), nn.Sigmoid(), nn.Linear(64, 10))


def test_accuracy(model: nn.Module, data: TensorDataset) -> float:
    images, labels = data.tensors
    with tg.no_grad():
        return (model(images).argmax(1) == labels).float().mean().item()


def learn_one_by_one(train: TensorDataset, test: TensorDataset, epochs: int, lr: float) -> tuple[nn.Module, list[float]]:
    """The trained network, and its test accuracy after each epoch."""
    model = network().append(nn.Sigmoid())
    for parameter in model.parameters():
        if parameter.ndim == 2:
            nn.init.uniform_(parameter, -1, 1)
        else:
            nn.init.ones_(parameter)
    optimizer = optim.SGD(model.parameters(), lr=lr)
    images, labels = train.tensors
    targets = F.one_hot(labels, 10).float()
    accuracies = []
    print("\nepoch  mean loss  test accuracy  the original  µs a digit  the original")
    with CtrlC() as ctrl_c:
        for epoch in range(epochs):
            start, seen, total_loss = time.perf_counter(), 0, 0.0
            for image, target in tqdm(zip(images, targets, strict=True), f"epoch {epoch + 1}", len(train), leave=False):
                optimizer.zero_grad()
                loss = F.mse_loss(model(image), target, reduction="sum")
                loss.backward()
                optimizer.step()
                seen += 1
                total_loss += loss.item()
                if ctrl_c.pressed:
                    break
            microseconds = (time.perf_counter() - start) / seen * 1e6
            accuracies.append(test_accuracy(model, test))
            original = f"{ORIGINAL[epoch]:12.2f}%" if epoch < len(ORIGINAL) else " " * 13
            print(f"{epoch + 1:5}  {total_loss / seen:9.4f}  {accuracies[-1]:13.2%} {original}  {microseconds:10.0f}           125")
            if ctrl_c.pressed:
                break
    return model, accuracies


def learn_in_batches(train: TensorDataset, test: TensorDataset, epochs: int, batch_size: int, lr: float) -> list[float]:
    """The same layers, as one would train them: the test accuracy after each epoch."""
    model = network()
    optimizer = optim.Adam(model.parameters(), lr=lr)
    batches = DataLoader(train, batch_size, shuffle=True)
    accuracies = []
    print("\nepoch  mean loss  test accuracy   with batches, cross-entropy and Adam")
    with CtrlC() as ctrl_c:
        for epoch in range(epochs):
            ...


def guess(model: nn.Module, test: TensorDataset, count: int, picture: Path) -> None:
    """Show ``count`` test digits at random, what the model takes them for, and what they are."""
    images, labels = test.take(tg.randint(0, len(test), (count,)).tolist())
    with tg.no_grad():
        guesses = model(images).argmax(1).tolist()
    for image, guessed, label in zip(images.numpy(), guesses, labels.tolist(), strict=True):
        ...
