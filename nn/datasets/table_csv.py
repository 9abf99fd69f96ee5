"""A table in a CSV file: a header, then a row of numbers for each sample, and one column that says its class."""

from __future__ import annotations

from math import isfinite
from pathlib import Path

import numpy as np

from tinygrad_scratch import from_numpy
from tinygrad_scratch.nn.data import TensorDataset
from tinygrad_scratch.nn.datasets.csv_text import lines_of
from tinygrad_scratch.nn.datasets.files import DataError

_LARGEST = float(np.finfo(np.float32).max)


class TableCSV(TensorDataset):
    """Samples from a CSV file with a header: features (N, F), float32, and the number of each one's class, int64.

    The column ``target`` (by default the last) names the class of a sample, in words or numbers; all others are
    features. ``feature_names`` are the names of those, and ``classes`` those of the classes, in order.

    Raises FileNotFoundError if there is no file; DataError, with the line and column, if a cell is missing, or
    should be a number and is not.
    """

    def __init__(self, path: str | Path, target: str | None = None) -> None:
        path = Path(path)
        (_, header), *rows = lines_of(path)
        target = header[-1] if target is None else target
        if header.count(target) != 1:
            found = "more than one" if target in header else "no"
            raise DataError(f"{path} has {found} column {target!r}; its columns are {', '.join(header)}")
        column = header.index(target)
        self.feature_names = tuple(header[:column] + header[column + 1 :])
        if not self.feature_names:
            raise DataError(f"{path} has no column but {target!r}, so there is nothing to learn from")
        features = [
            [_number(path, line, name, row[i]) for i, name in enumerate(header) if i != column] for line, row in rows
        ]
        named = [_class(path, line, target, row[column]) for line, row in rows]
        self.classes = tuple(sorted(set(named), key=_in_order))
        labels = [self.classes.index(name) for name in named]
        super().__init__(from_numpy(np.array(features, np.float32)), from_numpy(np.array(labels, np.int64)))


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
