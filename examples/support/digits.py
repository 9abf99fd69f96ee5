"""Which handwritten digits an example learns from."""

from __future__ import annotations

from pathlib import Path

from support.command_line import UserError
from tinygrad_scratch.nn.datasets import MNIST, DataError, Digits, data_folders
from tinygrad_scratch.utils.data import TensorDataset


def mnist(folder: Path | None = None) -> tuple[TensorDataset, TensorDataset]:
    """MNIST's digits for training and for testing; `UserError` if they are not to be had."""
    try:
        return MNIST(folder), MNIST(folder, train=False)
    except DataError as error:
        raise UserError(f"this needs the MNIST digits: {error}\n{_advice()}") from error


def mnist_or_small_digits(folder: Path | None) -> tuple[TensorDataset, TensorDataset]:
    """Digits for training and for testing: MNIST's, or else those of scikit-learn; it is printed which, and why.

    If MNIST is to be in ``folder``, there is no way round it: DataError if it is not.
    """
    name = "MNIST"
    train: TensorDataset
    test: TensorDataset
    try:
        train, test = (MNIST(folder, is_train, download=folder is None) for is_train in (True, False))
    except DataError as error:
        if folder is not None:
            raise
        print(f"MNIST was neither found nor downloaded: {error}\n{_advice()}")
        print("The accuracies below are those of other, smaller digits.\n")
        train, test, name = Digits(), Digits(train=False), "the digits of scikit-learn, 8 × 8 pixels"
    print(f"data: {name}; {len(train):,} to learn from, {len(test):,} to test with")
    return train, test


def _advice() -> str:
    places = " or ".join(str(place / "mnist") for place in data_folders())
    return f"Put its four files into {places}."
