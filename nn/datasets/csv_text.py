"""The text of CSV files, line by line: what is wrong with one is said with the number of the line."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from pathlib import Path

from tinygrad_scratch.nn.datasets.files import DataError


def lines_of(path: Path) -> Iterator[tuple[int, list[str]]]:
    """The lines as lists of cells, with their numbers: the header, then the rows; empty lines are passed over.

    Raises FileNotFoundError if there is no file, DataError if it is not text, has no header or no rows, or a row has
    another length than the header.
    """
    header: list[str] = []
    has_rows = False
    with path.open(newline="", encoding="utf-8-sig") as file:
        reader = csv.reader(file)
        try:
            for cells in filter(None, reader):
                if not header:
                    header = cells
                elif len(cells) == len(header):
                    has_rows = True
                else:
                    raise DataError(
                        f"{path}, line {reader.line_num}: {len(cells)} values, but there are {len(header)} columns"
                    )
                yield reader.line_num, [cell.strip() for cell in cells]
        except (csv.Error, UnicodeDecodeError) as error:
            raise DataError(f"{path} cannot be read as CSV text: {error}") from error
    if not header:
        raise DataError(f"{path} is empty; its first line should name the columns")
    if not has_rows:
        raise DataError(f"{path} has a header, but no rows")
