"""What a peer's file provides."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Protocol

from benchmarks.configurations import Array, Configuration


class UnsupportedError(Exception):
    """The library cannot do this configuration; the message says why."""


class Trainer(Protocol):
    """A network and its optimizer, as the library's users would write them.

    ``parameters`` are its first weights (out, in) and biases (out,), in turn, float32; it works on copies of them.
    UnsupportedError if the library cannot do that.
    """

    def __init__(self, configuration: Configuration, parameters: Sequence[Array]) -> None: ...

    def prepare(self, x: Array, y: Array) -> Any:
        """The batches that are stacked in ``x`` (count, batch, in) and ``y`` (count, batch, …), as `train` likes them.

        Not timed.
        """

    def train(self, batches: Any) -> float:
        """Make a step on each batch, and finish all work; returns the loss of the last batch before its step."""

    def parameters(self) -> list[Array]:
        """The weights (out, in) and biases (out,) by now, in turn."""
