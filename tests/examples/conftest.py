"""What the tests of the examples share: a small MNIST, and what a script says when it gives up."""

from __future__ import annotations

import gzip
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

import examples  # noqa: F401 - which lets `support` be found
from nn.datasets import Digits
from support.command_line import run

Main = Callable[[list[str]], None]


def idx(array: np.ndarray) -> bytes:
    sizes = b"".join(size.to_bytes(4, "big") for size in array.shape)
    return bytes([0, 0, 8, array.ndim]) + sizes + array.tobytes()


@pytest.fixture(scope="session")
def small_mnist(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder whose ``mnist`` holds scikit-learn's digits, enlarged and with a margin, as MNIST's files."""
    folder = tmp_path_factory.mktemp("data")
    (folder / "mnist").mkdir()
    for part, is_train in (("train", True), ("t10k", False)):
        images, labels = (tensor.numpy() for tensor in Digits(train=is_train).tensors)
        large = np.pad(np.kron(images[:, 0], np.ones((1, 3, 3))), ((0, 0), (2, 2), (2, 2)))
        for name, array in (("images-idx3", large * 255), ("labels-idx1", labels)):
            packed = gzip.compress(idx(array.astype(np.uint8)), compresslevel=1)
            (folder / "mnist" / f"{part}-{name}-ubyte.gz").write_bytes(packed)
    return folder


@pytest.fixture(autouse=True)
def _use_small_mnist(small_mnist: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """The scripts find that MNIST, and leave what they leave in a folder of the test's own."""
    monkeypatch.setenv("TINYGRAD_SCRATCH_DATA", str(small_mnist))
    monkeypatch.chdir(tmp_path)


@pytest.fixture
def complaint() -> Callable[..., str]:
    """The message with which a script ends, as it would on the command line; the exit code is not 0."""

    def of(main: Main, *arguments: str) -> str:
        with pytest.raises(SystemExit) as stop:
            run(lambda: main(list(arguments)))
        assert stop.value.code not in (0, None)
        return str(stop.value.code)

    return of


def words(text: str) -> str:
    """``text`` with single spaces, to look for what a table says."""
    return " ".join(text.split())
