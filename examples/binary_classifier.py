"""A multilayer perceptron of any size that tells two classes apart: its output is the probability of the second.

    python examples/binary_classifier.py                                    # XOR, 2 → 8 → 1
    python examples/binary_classifier.py --data moons --hidden 16 16
    python examples/binary_classifier.py --data mine.csv --target ripe --optimizer sgd --learning-rate 0.1
    python examples/binary_classifier.py --mnist                            # an output for each digit
    python examples/binary_classifier.py --seeds 50                         # is XOR learned from everywhere?

A CSV file has a header, numbers, and a column with two different values (--target; by default the last). A quarter of
the samples is kept to test with, except with XOR, which has only four.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np
from tqdm import trange

import tinygrad_scratch as tg
from support.binary_problems import PROBLEMS, Problem, problem_of
from support.command_line import CtrlC, Options, positive_float, positive_int, run
from support.plots import Array, decision_boundary, learning_curves
from tinygrad_scratch import Tensor, nn, optim
from tinygrad_scratch.nn import functional as F
from tinygrad_scratch.utils.data import DataLoader, TensorDataset

ACTIVATIONS = {"relu": nn.ReLU, "sigmoid": nn.Sigmoid, "tanh": nn.Tanh}
OPTIMIZERS = {"adam": optim.Adam, "sgd": optim.SGD}


def loss_and_accuracy(model: nn.Module, data: TensorDataset) -> tuple[float, float]:
    samples, targets = data.tensors
    with tg.no_grad():
        logits = model(samples)
        loss = F.binary_cross_entropy_with_logits(logits, targets).item()
    outputs = targets.shape[1]
    is_right = (logits > 0) == (targets > 0) if outputs == 1 else logits.argmax(1) == targets.argmax(1)
    return loss, is_right.float().mean().item()


def train(model: nn.Module, problem: Problem, optimizer: optim.Optimizer) -> Array:
    """A row for each epoch: loss and accuracy on the samples to learn from, and on those to test with."""
    batches = DataLoader(problem.train, problem.batch_size, shuffle=True)
    history = []
    with CtrlC() as ctrl_c, trange(problem.epochs, desc="training", unit=" epochs", leave=False) as bar:
        for _ in bar:
            for samples, targets in batches:
                optimizer.zero_grad()
                # From logits, since log(sigmoid(z)) in one go is exact where the sigmoid alone would round to 0 or 1.
                F.binary_cross_entropy_with_logits(model(samples), targets).backward()
                optimizer.step()
                if ctrl_c.pressed:
                    break
            history.append((*loss_and_accuracy(model, problem.train), *loss_and_accuracy(model, problem.test)))
            bar.set_postfix(loss=f"{history[-1][0]:.4f}", accuracy=f"{history[-1][1]:.1%}", refresh=False)
            if ctrl_c.pressed:
                break
    return np.array(history)


def save_pictures(folder: Path, model: nn.Module, problem: Problem, history: Array) -> None:
    """The curves of what was learned, and of two features where the model draws the line."""
    train_loss, train_accuracy, test_loss, test_accuracy = history.T
    loss, accuracy = {"train": train_loss, "test": test_loss}, {"train": train_accuracy, "test": test_accuracy}
    learning_curves(folder / "learning_curves.png", {"loss": loss, "accuracy": accuracy})
    if len(problem.features) == 2:
        points, targets = (tensor.numpy() for tensor in problem.train.tensors)

        def probability(positions: Array) -> Array:
            with tg.no_grad():
                return model(Tensor(positions)).sigmoid().numpy()

        decision_boundary(folder / "boundary.png", probability, points, targets[:, 0], problem.features)


def main(arguments: list[str] | None = None) -> None:
    options = Options("binary_classifier", __doc__)
    options.add_argument("--data", default="xor", help=f"{', '.join(PROBLEMS)}, or a CSV file of your own")
    options.add_argument("--mnist", dest="data", action="store_const", const="mnist", help="the same as --data mnist")
    options.add_argument("--target", help="of a CSV file, the column to predict; if not named, the last")
    options.add_argument("--activation", choices=ACTIVATIONS, default="tanh", help="after each hidden layer")
    options.add_argument("--optimizer", choices=OPTIMIZERS, default="adam", help="sgd: weight - rate · gradient")
    suiting = options.add_argument_group("settings that, if not named, are what suits the data")
    suiting.add_argument("--hidden", type=positive_int, nargs="*", help="sizes of the hidden layers")
    suiting.add_argument("--learning-rate", type=positive_float, help="of either optimizer")
    suiting.add_argument("--epochs", type=positive_int, help="times through the samples")
    suiting.add_argument("--batch-size", type=positive_int, help="samples for each step")
    options.add_argument("--seeds", type=positive_int, default=1, help="train from so many seeds, and count successes")
    chosen = options.parse(arguments)

    problem = problem_of(chosen.data, chosen.target)
    for setting in ("hidden", "learning_rate", "epochs", "batch_size"):
        if getattr(chosen, setting) is not None:
            setattr(problem, setting, getattr(chosen, setting))
    samples, targets = problem.train.tensors
    sizes = [samples[0].numel(), *problem.hidden, targets.shape[1]]
    print(f"{chosen.data}: {len(samples):,} samples to learn from, {len(problem.test):,} to test with")
    print(f"network: {' → '.join(map(str, sizes))}, {chosen.activation}, then sigmoid")

    successes = 0
    for seed in range(chosen.seed, chosen.seed + chosen.seeds):
        tg.manual_seed(seed)
        model = nn.MLP(sizes[0], problem.hidden, sizes[-1], ACTIVATIONS[chosen.activation])
        optimizer = OPTIMIZERS[chosen.optimizer](model.parameters(), lr=problem.learning_rate)
        history = train(model, problem, optimizer)
        successes += bool(history[-1, 1] == 1)
        if len(history) < problem.epochs:  # stopped by Ctrl-C
            break
    if chosen.seeds > 1:
        print(f"all {len(samples)} samples learned from {successes} of {chosen.seeds} seeds; below is the last")

    train_loss, train_accuracy, test_loss, test_accuracy = history[-1]
    print(f"after {len(history)} epochs   loss    accuracy")
    print(f"  train          {train_loss:8.4f}  {train_accuracy:.2%}")
    print(f"  test           {test_loss:8.4f}  {test_accuracy:.2%}   (the original never ran)")
    save_pictures(chosen.output, model, problem, history)
    print(f"pictures: {chosen.output}")


if __name__ == "__main__":
    run(main)
