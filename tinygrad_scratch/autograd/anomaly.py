"""Anomaly detection: stop at the first NaN or infinity, and say which line of the program it came from."""

from __future__ import annotations

import linecache
import os
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, NamedTuple
from weakref import WeakKeyDictionary

import numpy as np

from tinygrad_scratch.record.mode import OBSERVERS, SCOPE, Observer, observing, told
from tinygrad_scratch.record.node import Node
from tinygrad_scratch.record.primitive import Primitive
from tinygrad_scratch.record.tensor import Tensor

_PACKAGE = f"{Path(__file__).parents[1]}{os.sep}"


class Origin(NamedTuple):
    """The line of the user's program in which an operation ran."""

    filename: str
    line: int
    function: str

    def __str__(self) -> str:
        code = linecache.getline(self.filename, self.line).strip()
        return f"{self.filename}:{self.line}, in {self.function}: {code}"


# Where the operations that ran under anomaly detection stand in the user's program.
ORIGINS: WeakKeyDictionary[Node, Origin] = WeakKeyDictionary()


class AnomalyError(RuntimeError):
    """An operation gave NaN or infinity, though it was given neither."""


@contextmanager
def detect_anomaly(check_nan: bool = True) -> Iterator[None]:
    """Inside the ``with`` block, raise AnomalyError at the first NaN or infinity, in operations and backward passes.

    The message names the operation, the module it ran in, and the line of the program. Values that are infinite or NaN
    to begin with are no anomaly. Without ``check_nan`` only the lines are remembered. Every value is looked at, so it
    is slow.

    >>> import tinygrad_scratch as tg
    >>> with np.errstate(divide="ignore"), detect_anomaly():
    ...     tg.log(tg.tensor(0.0))
    Traceback (most recent call last):
    ...
    tinygrad_scratch.autograd.AnomalyError: log gave infinity...
    """
    with observing(_AnomalyDetector(check_nan)):
        yield


def set_detect_anomaly(mode: bool, check_nan: bool = True) -> None:
    """Switch anomaly detection on from here on, or off: `detect_anomaly` for all that follows."""
    others = tuple(observer for observer in OBSERVERS.get() if not isinstance(observer, _AnomalyDetector))
    OBSERVERS.set((*others, _AnomalyDetector(check_nan)) if mode else others)


class _AnomalyDetector(Observer):
    """Watches for NaN and infinity, and remembers where operations ran."""

    def __init__(self, checks_values: bool) -> None:
        self.checks_values = checks_values

    def ran(
        self,
        primitive: Primitive,
        inputs: Sequence[Any],
        settings: Mapping[str, Any],  # noqa: ARG002
        result: Any,
    ) -> None:
        origin = user_line()
        results = result if isinstance(result, tuple) else (result,)
        for tensor in results:
            if tensor.node is not None:
                ORIGINS[tensor.node] = origin
        if self.checks_values and all(map(_is_finite, inputs)):
            for tensor in results:
                if not _is_finite(tensor):
                    raise AnomalyError(f"{primitive.name} gave {_kind(tensor)}{told(SCOPE.get())}, at {origin}")

    def pulled(self, node: Node, position: int, gradient: Any) -> None:
        if self.checks_values and not _is_finite(gradient):
            where = ORIGINS.get(node, "a line outside of detect_anomaly()")
            raise AnomalyError(
                f"the gradient of {node.name} for its input {position} is {_kind(gradient)}{told(node.scope)}; "
                f"it ran at {where}"
            )


def user_line() -> Origin:
    """The line that is running now in the innermost function that is not part of these packages."""
    frame = sys._getframe(1)
    while frame.f_back is not None and frame.f_code.co_filename.startswith((_PACKAGE, "<tinygrad_scratch")):
        frame = frame.f_back
    return Origin(frame.f_code.co_filename, frame.f_lineno, frame.f_code.co_name)


def _is_finite(value: Any) -> bool:
    if isinstance(value, Tensor):
        value = value._data
    if isinstance(value, list | tuple):
        return all(map(_is_finite, value))
    return not isinstance(value, float | np.ndarray | np.floating) or bool(np.isfinite(value).all())


def _kind(value: Any) -> str:
    return "NaN" if np.isnan(value._data if isinstance(value, Tensor) else value).any() else "infinity"
