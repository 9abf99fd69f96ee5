"""Training networks with one peer."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from benchmarks.configurations import Array, Configuration
from benchmarks.peers import PEERS
from benchmarks.peers.trainer import Trainer, UnsupportedError
from benchmarks.sessions.measurement import measured


class TrainingSession:
    """The networks of ``peer``, one after another."""

    def __init__(self, peer: str) -> None:
        self._name, self._peer = peer, PEERS[peer].load()
        self._configuration: Configuration
        self._trainer: Trainer
        self._batches: Any
        self._steps: int

    def start(self, configuration: Mapping[str, Any], parameters: Sequence[Array]) -> str | None:
        """Make the network; returns why the library cannot do it, if so."""
        self._configuration = Configuration.of(configuration)
        try:
            self._trainer = self._peer.Trainer(self._configuration, parameters)
        except UnsupportedError as reason:
            return str(reason)
        return None

    def first_steps(self, x: Array, y: Array) -> dict[str, Any]:
        """Make a step on each batch of ``x`` (count, batch, in); returns all losses, and the parameters at the end."""
        losses = [self._trainer.train(self._trainer.prepare(x[i : i + 1], y[i : i + 1])) for i in range(len(x))]
        return {"losses": losses, "parameters": self._trainer.parameters()}

    def warm_up(self, x: Array, y: Array, seconds: float) -> None:
        """Run, and so find out how many of the batches in ``x`` and ``y`` make a turn of about that many seconds."""
        self._take(x, y, 1)
        while (elapsed := self._shorter_of_two_turns()) < seconds / 2 and self._steps < len(x):
            self._take(x, y, 2 * self._steps)
        self._take(x, y, round(self._steps * seconds / elapsed))

    def _shorter_of_two_turns(self) -> float:
        return min(self.turn()["seconds"] for _ in range(2))

    def _take(self, x: Array, y: Array, steps: int) -> None:
        self._steps = max(1, min(steps, len(x)))
        self._batches = self._trainer.prepare(x[: self._steps], y[: self._steps])

    def turn(self) -> dict[str, Any]:
        """Make a step on each batch; returns how many ``steps`` that were, and what they took (see `measured`)."""
        return {"steps": self._steps, **measured(lambda: self._trainer.train(self._batches))}
