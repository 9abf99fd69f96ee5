"""Digits in a CSV file as Kaggle's digit recognizer has them: ``label,pixel0,…,pixel783`` and a row for each."""

from __future__ import annotations

import csv
from contextlib import suppress
from pathlib import Path

import numpy as np

from tinygrad_scratch import from_numpy
from tinygrad_scratch.engine import Array
from tinygrad_scratch.nn.data import TensorDataset
from tinygrad_scratch.nn.datasets.csv_text import lines_of
from tinygrad_scratch.nn.datasets.files import DataError

PIXELS = 784
HEADER = ["label", *(f"pixel{i}" for i in range(PIXELS))]


class DigitsCSV(TensorDataset):
    """Digits from a CSV file of Kaggle's form: images (1, 28, 28), float32 in [0, 1], and labels 0 to 9, row by row.

    Raises FileNotFoundError if there is no file, DataError, with the line, if it is not as it should be.
    """

    classes = tuple("0123456789")

    def __init__(self, path: str | Path) -> None:
        table = _read(Path(path))
        labels = table[:, 0].astype(np.int64)
        pixels = np.divide(table[:, 1:], 255, dtype=np.float32).reshape(-1, 1, 28, 28)
        super().__init__(from_numpy(pixels), from_numpy(labels))


def _read(path: Path) -> Array:
    with path.open(newline="", encoding="utf-8-sig") as file, suppress(ValueError):
        header = [name.strip() for name in next(csv.reader([file.readline()]), [])]
        rows = file.tell()
        if header == HEADER and any(line.strip() for line in file):  # where there are no rows, NumPy warns
            file.seek(rows)
            table = np.loadtxt(file, np.int64, comments=None, delimiter=",", ndmin=2, quotechar='"')
            if table.shape[1] == len(HEADER) and _in_range(table).all():
                return table
    raise _problem(path)


def _in_range(table: Array) -> Array:
    return (table >= 0).all(1) & (table[:, 0] <= 9) & (table[:, 1:] <= 255).all(1)


def _header_problem(header: list[str]) -> str:
    missing = [name for name in HEADER if name not in header]
    if missing:
        return f"there is no column {missing[0]!r} ({len(missing)} are missing); expected label,pixel0,…,pixel783"
    return "the columns are not in the order label,pixel0,…,pixel783"


def _problem(path: Path) -> DataError:
    """What is wrong, in the first line that is: looked for slowly, once something is known to be."""
    lines = lines_of(path)
    line, header = next(lines)
    if header != HEADER:
        return DataError(f"{path}, line {line}: {_header_problem(header)}")
    for line, row in lines:
        for name, cell in zip(HEADER, row, strict=True):
            highest = 9 if name == "label" else 255
            if not (cell.isascii() and cell.isdecimal() and int(cell) <= highest):
                return DataError(f"{path}, line {line}: {name} is {cell!r}, not an integer from 0 to {highest}")
    return DataError(f"{path} cannot be read as numbers")


def write_digits_csv(path: str | Path, images: Array, labels: Array) -> None:
    """Write digits as `DigitsCSV` reads them: ``images``, bytes (N, 28, 28) or (N, 784), and ``labels`` (N,)."""
    pixels = images.reshape(len(images), PIXELS)
    if len(pixels) != len(labels):
        raise ValueError(f"write_digits_csv: {len(pixels)} images, but {len(labels)} labels")
    table = np.column_stack([labels, pixels])
    np.savetxt(path, table, fmt="%d", delimiter=",", header=",".join(HEADER), comments="")
