"""Samples of two classes: from a handful of points to a CSV file of your own; and the digits, for the same model."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from sklearn import datasets

import tinygrad_scratch as tg
from support import digits
from support.command_line import UserError
from support.plots import Array
from tinygrad_scratch import Tensor
from tinygrad_scratch.nn import functional as F
from tinygrad_scratch.nn.datasets import TableCSV
from tinygrad_scratch.utils.data import TensorDataset


@dataclass
class Problem:
    """Samples (N, features) with targets (N, outputs), zeros and ones: some to learn from, and some to test with.

    What else it has are the settings that suit it: sizes of hidden layers, and Adam's learning rate, for instance.
    """

    train: TensorDataset
    test: TensorDataset
    features: Sequence[str]
    hidden: Sequence[int] = (8,)
    learning_rate: float = 0.02
    epochs: int = 100
    batch_size: int = 32


def xor() -> Problem:
    """Four points in the plane that no line divides. All are for learning, and the same for testing."""
    points = TensorDataset(tg.tensor([[0.0, 0], [0, 1], [1, 0], [1, 1]]), tg.tensor([[0.0], [1], [1], [0]]))
    return Problem(points, points, ["x1", "x2"], epochs=300)


def flowers() -> Problem:
    """150 irises, by the sizes of their leaves: is it an Iris virginica?"""
    iris = datasets.load_iris()
    return _divided(iris.data, iris.target == 2, iris.feature_names)


def breast_cancer() -> Problem:
    """569 tumours, by 30 measurements: is it benign?"""
    cancer = datasets.load_breast_cancer()
    return _divided(cancer.data, cancer.target, cancer.feature_names)


def moons() -> Problem:
    """Two half circles that reach into each other."""
    return _divided(*datasets.make_moons(400, noise=0.2, random_state=0), ["x1", "x2"])


def circles() -> Problem:
    """A circle inside another."""
    return _divided(*datasets.make_circles(400, noise=0.1, factor=0.5, random_state=0), ["x1", "x2"])


def mnist() -> Problem:
    """Handwritten digits: ten outputs, each of which says whether it is that digit."""
    train, test = (
        TensorDataset(images, F.one_hot(labels, 10).float()) for images, labels in (d.tensors for d in digits.mnist())
    )
    pixels = [f"pixel {i}" for i in range(784)]
    return Problem(train, test, pixels, hidden=(128, 64), learning_rate=0.002, epochs=5, batch_size=128)


PROBLEMS = {problem.__name__: problem for problem in (xor, flowers, breast_cancer, moons, circles, mnist)}


def problem_of(name: str, target: str | None = None) -> Problem:
    """One of `PROBLEMS`, or that of a CSV file whose column ``target`` has two different values."""
    if target is not None and not name.endswith(".csv"):
        raise UserError(f"--target names a column of a CSV file, but --data is {name}")
    if name in PROBLEMS:
        return PROBLEMS[name]()
    if not name.endswith(".csv"):
        raise UserError(f"--data is one of {', '.join(PROBLEMS)} or a file that ends in .csv, not {name!r}")
    table = TableCSV(Path(name), target)
    if len(table.classes) != 2:
        some = ", ".join(table.classes[:4]) + (", …" if len(table.classes) > 4 else "")
        raise UserError(f"{name}: the target has {len(table.classes)} different values ({some}); a binary one has 2")
    features, labels = (tensor.numpy() for tensor in table.tensors)
    return _divided(features, labels, table.feature_names)


def _divided(features: Array, labels: Array, names: Sequence[str]) -> Problem:
    """A quarter, at random, to test with. Features are scaled to mean 0 and deviation 1 in the other three."""
    order = tg.randperm(len(labels)).numpy()
    test, train = order[: len(labels) // 4], order[len(labels) // 4 :]
    if not len(test):
        raise UserError(f"{len(labels)} samples are too few: a quarter is kept to test with, so there must be 4")
    deviation = features[train].std(0)
    scaled = (features - features[train].mean(0)) / np.where(deviation > 0, deviation, 1)
    samples, targets = Tensor(scaled.astype(np.float32)), Tensor(labels.astype(np.float32)[:, None])
    return Problem(*(TensorDataset(samples[part], targets[part]) for part in (train, test)), names)
