"""The three networks for MNIST that once were written by hand, on a small set of digits."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from examples import kaggle_digits, mnist_from_layers, mnist_one_by_one
from nn.datasets import MNIST, DigitsCSV
from support.command_line import UserError

Complaint = Callable[..., str]
Printed = pytest.CaptureFixture[str]


def test_one_by_one_and_in_batches(capsys: Printed) -> None:
    mnist_one_by_one.main(["--epochs", "2", "--batch-epochs", "2", "--batch-size", "16", "--guesses", "1"])
    printed = capsys.readouterr().out
    assert "71.85%" in printed
    assert "83.93%" in printed
    assert "guess: " in printed
    assert "With batches, cross-entropy and Adam" in printed
    assert {path.name for path in Path("runs/mnist_one_by_one").iterdir()} == {"guesses.png", "learning_curves.png"}


def test_one_by_one_learns() -> None:
    train, test = (mnist_one_by_one.flat(MNIST(train=part)) for part in (True, False))
    _, accuracies = mnist_one_by_one.one_by_one(train, test, epochs=3, lr=0.05, seed=0)
    assert accuracies[-1] > 0.6


def test_from_layers(capsys: Printed) -> None:
    mnist_from_layers.main(["--epochs", "3", "--batch-sizes", "0", "10", "--l2", "0.1"])
    printed = capsys.readouterr().out
    assert "full batch\nepoch     cost  train accuracy  test accuracy  seconds" in printed
    assert "(the original: 27.29 %)" in printed
    assert float(printed.rsplit("test accuracy ", 1)[1].split("%")[0]) > 85
    assert Path("runs/mnist_from_layers/learning_curves.png").exists()


def test_history_weights_and_cost_of_layers() -> None:
    layers = [784, "sigmoid", 12, "softmax", 10]
    train, test = MNIST(), MNIST(train=False)
    history, weights = mnist_from_layers.train(layers, train, test, epochs=2, lr=1e-9, l2=5.0)
    assert len(history) == 2
    assert {name: value.shape for name, value in weights.items()} == {
        "1.weight": (12, 784),
        "1.bias": (12,),
        "3.weight": (10, 12),
        "3.bias": (10,),
    }
    arrays = [value.numpy().astype(np.float64) for value in weights.values()]
    pixels, labels = train.tensors[0].numpy().reshape(-1, 784), train.tensors[1].numpy()
    hidden = 1 / (1 + np.exp(-(pixels @ arrays[0].T + arrays[1])))
    scores = np.exp(hidden @ arrays[2].T + arrays[3])
    p, y = scores / scores.sum(1, keepdims=True), np.eye(10)[labels]
    cross_entropy = -(y * np.log(p) + (1 - y) * np.log(1 - p)).sum() / len(p)
    penalty = 5.0 / (2 * len(p)) * sum((weight**2).sum() for weight in arrays[::2])
    assert history[-1].cost == pytest.approx(cross_entropy + penalty, rel=1e-5)


@pytest.mark.parametrize(
    ("layers", "message"),
    [
        ([784], "layers are sizes with an activation between any two"),
        ([784, "softmax"], "layers are sizes with an activation between any two"),
        ([784, 200, "softmax", "relu", 10], "entry 2 is 200, but should be an activation: relu, sigmoid or softmax"),
        ([784, "tanh", 200, "softmax", 10], "entry 2 is 'tanh', but should be an activation: relu, sigmoid or softmax"),
        ([784, "relu", "sigmoid", "softmax", 10], "entry 3 is 'sigmoid', but should be a size: a positive integer"),
        ([784, "relu", 0, "softmax", 10], "entry 3 is 0, but should be a size"),
        ([784, "relu", 2.5, "softmax", 10], "entry 3 is 2.5, but should be a size"),
        ([100, "softmax", 10], "the first size is 100, but a digit has 784 pixels"),
        ([784, "softmax", 5], "the last size is 5, but there are 10 digits"),
        ([784, "relu", 10], "the last activation is relu, but only softmax gives probabilities of 10 digits"),
        ([784, "softmax", 20, "softmax", 10], "entry 2 is softmax, which only the last layer has"),
    ],
)
def test_layers_that_contradict_themselves(layers: list[int | str], message: str) -> None:
    with pytest.raises(UserError, match=message):
        mnist_from_layers.check_layers(layers)


def test_the_command_line_says_what_is_wrong_with_the_layers(complaint: Complaint) -> None:
    said = complaint(mnist_from_layers.main, "--layers", "784", "relu", "-5", "softmax", "10")
    assert "entry 3 is -5, but should be a size: a positive integer" in said


def test_kaggle_digits(capsys: Printed) -> None:
    kaggle_digits.main(["--make-csv", "--iterations", "200", "--validation", "200", "--show", "3"])
    printed = capsys.readouterr().out
    assert len(DigitsCSV("runs/kaggle_digits/train.csv")) == 1437
    assert "1,237 rows to learn from, 200 to validate" in printed
    assert "iteration   10: train accuracy" in printed
    assert float(printed.split("\ntrain accuracy ")[1].split("%")[0]) > 60
    assert "validation digit 3: predicted" in printed
    assert Path("runs/kaggle_digits/validation_digits.png").exists()


def test_kaggle_digits_says_what_is_wrong(complaint: Complaint) -> None:
    assert "--make-csv writes one from MNIST" in complaint(kaggle_digits.main, "--csv", "none.csv")
    Path("digits.csv").write_text("label,pixel0\n1,2\n")
    assert "there is no column 'pixel1'" in complaint(kaggle_digits.main, "--csv", "digits.csv")
    Path("digits.csv").write_text("")
    assert "is empty; its first line should name the columns" in complaint(kaggle_digits.main, "--csv", "digits.csv")
    kaggle_digits.write_mnist(Path("small.csv"))
    said = complaint(kaggle_digits.main, "--csv", "small.csv", "--validation", "5000")
    assert "has 1437 digits, so with --validation 5000 none are left" in said
    said = complaint(kaggle_digits.main, "--csv", "small.csv", "--show", "1000")
    assert "--show takes the numbers of validation digits, from 0 to 999" in said


def test_without_mnist_a_script_says_where_to_put_it(
    complaint: Complaint, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    from nn.datasets import mnist

    monkeypatch.setattr(mnist, "MIRRORS", ())
    monkeypatch.setenv("TINYGRAD_SCRATCH_DATA", str(tmp_path / "nowhere"))
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    said = complaint(mnist_one_by_one.main)
    assert "this needs the MNIST digits: cannot download" in said
    assert f"Put its four files into {tmp_path / 'nowhere' / 'mnist'} or" in said
