"""Training convolutional and recurrent networks and a Transformer with one peer, and the memory that it takes."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from benchmarks.configurations import Array
from benchmarks.models import MODELS
from benchmarks.sessions.memory import MemorySession


class ModelSession(MemorySession):
    """The networks of `benchmarks.models`, one after another, with a ``peer`` that has PyTorch's names."""

    def start(self, configuration: str, parameters: Sequence[Array]) -> None:  # type: ignore[override]
        """Make the network of that name."""
        self._trainer = self._peer.Trainer(MODELS[configuration], parameters)

    def first_steps_in_float64(self, x: Array, y: Array) -> dict[str, Any]:
        """As `first_steps`; the network must be new."""
        self._trainer.model.double()  # type: ignore[attr-defined]
        return self.first_steps(x.astype(np.float64) if x.dtype.kind == "f" else x, y)
