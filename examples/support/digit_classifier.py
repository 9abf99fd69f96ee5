"""Training a classifier of digits, and what it leaves: weights, curves, sheets of digits and a graph."""

from __future__ import annotations

import argparse
import time
from pathlib import Path
from typing import NamedTuple

from tqdm import tqdm

import tinygrad_scratch as tg
from support.command_line import CtrlC, Options, UserError, count, positive_float, positive_int
from support.plots import learning_curves, save_graph, sheet_of_digits
from tinygrad_scratch import Tensor, nn, optim
from tinygrad_scratch.nn import functional as F
from tinygrad_scratch.nn.utils import load_safetensors, save_safetensors
from tinygrad_scratch.utils.data import DataLoader, TensorDataset


class Score(NamedTuple):
    """How well a model does: its mean loss, and the fraction of digits that it gets right."""

    loss: float
    accuracy: float


def options_of_training(name: str, description: str | None) -> Options:
    """A parser for the example ``name`` with the options that `learn` needs."""
    options = Options(name, description)
    options.add_argument("--epochs", type=count, default=8, help="how often to go through the training digits")
    options.add_argument("--batch-size", type=positive_int, default=128, help="digits for each step")
    options.add_argument("--learning-rate", type=positive_float, default=0.002, help="of Adam; it sinks to 0")
    options.add_argument("--data", type=Path, help="folder of the MNIST files, which else are found or downloaded")
    options.add_argument("--weights", type=Path, help="safetensors file to start from")
    return options


def learn(
    model: nn.Module, train_digits: TensorDataset, test_digits: TensorDataset, chosen: argparse.Namespace
) -> None:
    """Train and test ``model`` as the options in ``chosen`` say, and save what `save_results` does."""
    if chosen.weights:
        load_weights(model, chosen.weights)
    images, _ = train_digits.tensors
    print(f"\n{nn.summary(model, images[: chosen.batch_size])}\n")

    batches = DataLoader(train_digits, chosen.batch_size, shuffle=True)
    optimizer = optim.Adam(model.parameters(), lr=chosen.learning_rate)
    # Ever smaller steps settle down where large ones would keep jumping about.
    steps = chosen.epochs * len(batches)
    scheduler = optim.lr_scheduler.LinearLR(optimizer, start_factor=1, end_factor=0, total_iters=steps)
    history: list[tuple[Score, Score]] = []
    start = time.perf_counter()
    print("epoch  train loss  test loss  test accuracy  seconds")
    with CtrlC() as ctrl_c:
        for epoch in range(chosen.epochs):
            title = f"epoch {epoch + 1}/{chosen.epochs}"
            train = train_epoch(model, batches, optimizer, scheduler, title, ctrl_c)
            tested = test(model, test_digits)
            history.append((train, tested))
            seconds = time.perf_counter() - start
            line = f"{epoch + 1:5}  {train.loss:10.4f}  {tested.loss:9.4f}  {tested.accuracy:13.2%}  {seconds:7.1f}"
            print(line, flush=True)
            if ctrl_c.pressed:
                break

    print(f"\ntest accuracy: {test(model, test_digits).accuracy:.2%}")
    save_results(chosen.output, model, test_digits, history)
    print(f"pictures and weights: {chosen.output}")


def train_epoch(
    model: nn.Module,
    batches: DataLoader,
    optimizer: optim.Optimizer,
    scheduler: optim.lr_scheduler.LRScheduler,
    title: str,
    ctrl_c: CtrlC,
) -> Score:
    """Go through the digits once, or until Ctrl-C."""
    model.train()
    seen, total_loss, right = 0, 0.0, 0
    with tqdm(total=len(batches.dataset), desc=title, unit=" samples", leave=False) as bar:
        for images, labels in batches:
            optimizer.zero_grad()
            logits = model(images)
            loss = F.cross_entropy(logits, labels)
            loss.backward()
            optimizer.step()
            scheduler.step()

            seen += len(labels)
            total_loss += loss.item() * len(labels)
            right += (logits.argmax(1) == labels).sum().item()
            bar.set_postfix(loss=f"{total_loss / seen:.4f}", accuracy=f"{right / seen:.2%}", refresh=False)
            bar.update(len(labels))
            if ctrl_c.pressed:
                break
    return Score(total_loss / seen, right / seen)


def test(model: nn.Module, digits: TensorDataset) -> Score:
    """How well ``model`` does on ``digits``."""
    images, labels = digits.tensors
    logits = outputs(model, images)
    accuracy = (logits.argmax(1) == labels).float().mean().item()
    return Score(F.cross_entropy(logits, labels).item(), accuracy)


def outputs(model: nn.Module, images: Tensor) -> Tensor:
    """What ``model`` makes of ``images`` when it is not in training; some at a time, which takes less memory."""
    model.eval()
    with tg.no_grad():
        return tg.cat([model(some) for some in images.split(1000)])


def load_weights(model: nn.Module, path: Path) -> None:
    """Take over the weights in a safetensors file; `UserError` if they are those of another model."""
    weights = load_safetensors(path)
    try:
        model.load_state_dict(weights)
    except RuntimeError as error:
        raise UserError(f"{path} has the weights of another model; options say its sizes (--help)\n{error}") from error


def save_results(folder: Path, model: nn.Module, digits: TensorDataset, history: list[tuple[Score, Score]]) -> None:
    """The weights, curves of what was learned, sheets of test digits and of the ones mistaken, and a graph."""
    save_safetensors(model, folder / "weights.safetensors")
    if history:
        train, test = zip(*history, strict=True)
        losses = {"train": [score.loss for score in train], "test": [score.loss for score in test]}
        accuracy = {"train": [score.accuracy for score in train], "test": [score.accuracy for score in test]}
        learning_curves(folder / "learning_curves.png", {"loss": losses, "accuracy": accuracy})

    images, labels = digits.tensors
    predicted = outputs(model, images).argmax(1)
    mistaken = (predicted != labels).nonzero().flatten()
    for name, chosen in {"test_images.png": tg.arange(len(digits)), "mistakes.png": mistaken}.items():
        shown = chosen[:100]
        sheet_of_digits(folder / name, images[shown, 0].numpy(), predicted[shown].tolist(), labels[shown].tolist())

    images, labels = images[:100], labels[:100]
    loss = F.cross_entropy(model(images), labels)
    save_graph(folder / "graph.svg", loss, model=model, labels=labels, loss=loss)
