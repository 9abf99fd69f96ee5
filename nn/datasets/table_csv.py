"""A table in a CSV file: a header, then a row of numbers for each sample, and one column that says its class."""

from __future__ import annotations

import csv
from collections.abc import Sequence
from math import isfinite
from pathlib import Path

import numpy as np

from nn.data import TensorDataset
from nn.datasets.files import DataError
from tinygrad_scratch import Tensor

_LARGEST = float(np.finfo(np.float32).max)
_Rows = Sequence[tuple[int, list[str]]]


class TableCSV(TensorDataset):
    """The samples of such a file: features (N, F), float32, and the number of each one's class, int64.

    The column ``target`` (by default the last) names the class of a sample, in words or numbers; all others are
    features. ``feature_names`` are the names of those, and ``classes`` those of the classes, in order.

    Raises FileNotFoundError if there is no file; DataError, with the line and column, if a cell is missing, or one
    that should be a number is none.
    """

    def __init__(self, path: str | Path, target: str | None = None) -> None:
        path = Path(path)
        header, rows = _read(path)
        target = header[-1] if target is None else target
        if header.count(target) != 1:
            found = "more than one" if target in header else "no"
            raise DataError(f"{path} has {found} column {target!r}; its columns are {', '.join(header)}")
        place = header.index(target)
        self.feature_names = tuple(header[:place] + header[place + 1 :])
        if not self.feature_names:
            raise DataError(f"{path} has no column but {target!r}, so there is nothing to learn from")
        features = [
            [_number(path, line, name, row[i]) for i, name in enumerate(header) if i != place] for line, row in rows
        ]
        named = [_class(path, line, target, row[place]) for line, row in rows]
        self.classes = tuple(sorted(set(named), key=_in_order))
        labels = [self.classes.index(name) for name in named]
        super().__init__(Tensor(np.array(features, np.float32)), Tensor(np.array(labels, np.int64)))


def _read(path: Path) -> tuple[list[str], _Rows]:
    """The names in the header, and the rows with the numbers of their lines; empty lines are passed over."""
    with path.open(newline="", encoding="utf-8-sig") as file:
        reader = csv.reader(file)
        try:
            lines = [(reader.line_num, [cell.strip() for cell in row]) for row in reader if row]
        except (csv.Error, UnicodeDecodeError) as error:
            raise DataError(f"{path} cannot be read as CSV text: {error}") from error
    if not lines:
        raise DataError(f"{path} is empty; its first line should name the columns")
    (_, header), *rows = lines
    if not rows:
        raise DataError(f"{path} has a header, but no rows")
    for line, row in rows:
        if len(row) != len(header):
            raise DataError(f"{path}, line {line}: {len(row)} values, but there are {len(header)} columns")
    return header, rows


def _number(path: Path, line: int, column: str, cell: str) -> float:
    try:
        number = float("" if "_" in cell else cell)  # Python would read 1_0 as 10
    except ValueError:
        number = float("nan")
    if not isfinite(number):
        raise DataError(f"{path}, line {line}: {column} is {cell!r}, not a number")
    if abs(number) > _LARGEST:
        raise DataError(f"{path}, line {line}: {column} is {cell!r}, more than float32 can hold ({_LARGEST:.2g})")
    return number


def _class(path: Path, line: int, column: str, cell: str) -> str:
    if not cell:
        raise DataError(f"{path}, line {line}: {column} is empty, but should name a class")
    return cell


def _in_order(name: str) -> tuple[float, str]:
    """Numbers by size, before words by the alphabet."""
    try:
        return float(name), name
    except ValueError:
        return float("inf"), name
