"""Where an operation is written: in the row of a table, as `inspect.getsource` and IPython's ``??`` show it.

What runs an operation is a function that `tinygrad_scratch.record.dispatch` made. Its ``__wrapped__``, which is where
`inspect` looks for a source, stands for the row. Of a row without a lambda, `inspect` takes only the first line.
"""

from __future__ import annotations

import linecache
from tokenize import NEWLINE, generate_tokens
from types import FrameType, FunctionType
from typing import Any


class _Rows:
    """Reads a row for linecache, when it is asked for. A row is found by its place, as in ``elementwise.py:180``."""

    @staticmethod
    def get_source(place: str) -> str:
        path, _, line = place.rpartition(":")
        lines = linecache.getlines(path)[int(line) - 1 :]
        tokens = generate_tokens(iter(lines).__next__)
        end = next(token.end[0] for token in tokens if token.type == NEWLINE)
        return "".join(lines[:end])


def written_in(frame: FrameType, operation: Any) -> None:
    """Say that ``operation`` is written in the statement that runs in ``frame``."""
    place = f"{frame.f_code.co_filename}:{frame.f_lineno}"
    linecache.lazycache(place, {"__name__": place, "__loader__": _Rows})
    row = _row.__code__.replace(co_filename=place, co_firstlineno=1, co_name=operation.__name__)
    operation.__wrapped__ = FunctionType(row, frame.f_globals, operation.__name__)


def _row() -> None:
    """Stands for a row."""
