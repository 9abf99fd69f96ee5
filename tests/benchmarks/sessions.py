"""Contenders for the tests of the harness, which are not what they should be."""

from __future__ import annotations

from typing import Any

import numpy as np

from benchmarks.peers import NUMPY
from benchmarks.sessions.training import TrainingSession

Array = np.ndarray[Any, np.dtype[Any]]


class OneOfThemDoesNotTrain(TrainingSession):
    """NumPy by hand has the right losses, but leaves its parameters as they are; the others train."""

    def first_steps(self, x: Array, y: Array) -> dict[str, Any]:
        before = self._trainer.parameters()
        found = super().first_steps(x, y)
        return {**found, "parameters": before} if self._name == NUMPY else found


class OneOfThemFails:
    """NumPy by hand raises an error, another prints and answers."""

    def __init__(self, peer: str) -> None:
        self._name = peer

    def turn(self) -> dict[str, Any]:
        if self._name == NUMPY:
            raise ArithmeticError("cannot count to three")
        print("this must not get in among the answers")
        return {"numbers": np.arange(3), "text": self._name}
