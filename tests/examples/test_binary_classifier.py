"""The binary classifier: what it learns, and what it says of a file that it cannot learn from."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from examples import binary_classifier

Complaint = Callable[..., str]


def accuracies(printed: str) -> tuple[float, float]:
    """On the samples to learn from, and on those to test with, in percent."""
    train, test = (line for line in printed.splitlines() if line.startswith(("  train", "  test")))
    return float(train.split()[2].rstrip("%")), float(test.split()[2].rstrip("%"))


def test_xor_from_50_seeds(capsys: pytest.CaptureFixture[str]) -> None:
    binary_classifier.main(["--seeds", "50", "--hidden", "8", "--epochs", "200"])
    printed = capsys.readouterr().out
    assert "network: 2 → 8 → 1" in printed
    assert int(printed.split("learned from ")[1].split()[0]) >= 48
    assert Path("runs/binary_classifier/boundary.png").exists()
    assert Path("runs/binary_classifier/learning_curves.png").exists()


@pytest.mark.parametrize(
    ("options", "at_least"),
    [
        (["--data", "flowers"], 90),
        (["--data", "breast_cancer", "--epochs", "20"], 90),
        (["--data", "moons", "--hidden", "16", "16"], 90),
        (["--data", "circles", "--activation", "relu"], 90),
        (["--data", "circles", "--optimizer", "sgd", "--learning-rate", "0.5"], 90),
        (["--mnist", "--epochs", "10", "--hidden", "32", "--batch-size", "16"], 80),
    ],
)
def test_what_it_learns(options: list[str], at_least: float, capsys: pytest.CaptureFixture[str]) -> None:
    binary_classifier.main(options)
    assert min(accuracies(capsys.readouterr().out)) >= at_least


def csv_file(text: str) -> str:
    Path("mine.csv").write_text(text)
    return "mine.csv"


def test_a_csv_file_of_ones_own(capsys: pytest.CaptureFixture[str]) -> None:
    rows = "".join(f"{i % 7},{'yes' if i % 7 > 3 else 'no'},{i % 3}\n" for i in range(60))
    data = csv_file(f"size,ripe,weight\n{rows}")
    binary_classifier.main(["--data", data, "--target", "ripe"])
    printed = capsys.readouterr().out
    assert "45 samples to learn from, 15 to test with" in printed
    assert accuracies(printed) == (100, 100)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("size,colour\n1,2\n", "mine.csv has no column 'ripe'; its columns are size, colour"),
        ("size,ripe\n1,yes\nbig,no\n", "mine.csv, line 3: size is 'big', not a number"),
        ("size,ripe\n1,2\n1,3\n1,5\n", "mine.csv: the target has 3 different values (2, 3, 5); a binary one has 2"),
        ("size,ripe\n1,yes\n1,yes\n", "the target has 1 different values (yes); a binary one has 2"),
        ("", "mine.csv is empty"),
        ("size,ripe\n", "mine.csv has a header, but no rows"),
        ("size,ripe\n1,yes\n2\n", "mine.csv, line 3: 1 values, but there are 2 columns"),
        ("size,ripe\n1,yes\n2,no\n", "2 samples are too few"),
    ],
)
def test_a_csv_file_that_will_not_do(text: str, message: str, complaint: Complaint) -> None:
    assert message in complaint(binary_classifier.main, "--data", csv_file(text), "--target", "ripe")


def test_data_that_is_not_there(complaint: Complaint) -> None:
    assert "No such file" in complaint(binary_classifier.main, "--data", "none.csv")
    assert "--data is one of xor, flowers" in complaint(binary_classifier.main, "--data", "weather")
    said = complaint(binary_classifier.main, "--data", "moons", "--target", "x1")
    assert "--target names a column of a CSV file, but --data is moons" in said
