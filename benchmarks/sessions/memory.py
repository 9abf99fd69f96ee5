"""The memory that training takes, and what the graph of one step keeps of it."""

from __future__ import annotations

import gc
from collections.abc import Iterable
from typing import Any

import numpy as np

from benchmarks.configurations import Array
from benchmarks.peers import THIS_PROJECT
from benchmarks.sessions import residence
from benchmarks.sessions.training import TrainingSession

STEPS = 20
BYTES_TO_HOLD, MOST_GRAPHS = 2**26, 20_000


class MemorySession(TrainingSession):
    """A network, made as in `TrainingSession`. Each method works on one batch, ``x`` (batch, in) and ``y``.

    `held` and `saved` are for this project and PyTorch only.
    """

    def can_tell(self) -> bool:
        """Whether the system says how much memory a process has."""
        return residence.IS_KNOWN

    def peak(self, x: Array, y: Array) -> int:
        """The most bytes that the process had while it made some steps, beyond those it had before the first."""
        batches = self._trainer.prepare(np.stack([x] * STEPS), np.stack([y] * STEPS))
        residence.forget_peak()
        before = residence.resident_bytes()
        self._trainer.train(batches)
        return residence.peak_bytes() - before

    def held(self, x: Array, y: Array) -> int:
        """The bytes that the process needs for each loss whose graph is alive, all counted."""
        ((inputs, targets),) = self._trainer.prepare(x[None], y[None])
        forward = self._trainer.forward  # type: ignore[attr-defined]
        graphs = 10 + min(MOST_GRAPHS, BYTES_TO_HOLD // self.saved(x, y))
        gc.collect()
        before = residence.resident_bytes()
        losses = [forward(inputs, targets) for _ in range(graphs)]
        return (residence.resident_bytes() - before) // len(losses)

    def saved(self, x: Array, y: Array) -> int:
        """The bytes of the arrays that the graph of a loss keeps for the backward pass, beside parameters and batch."""
        ((inputs, targets),) = self._trainer.prepare(x[None], y[None])
        find = saved_by_this_project if self._name == THIS_PROJECT else saved_by_torch
        return find(self._trainer, inputs, targets)


def saved_by_this_project(trainer: Any, x: Any, y: Any) -> int:
    """As `MemorySession.saved`, read off the nodes."""
    return sum(array.nbytes for array in saved_arrays(trainer.forward(x, y), (x, y, *trainer.model.parameters())))


def saved_arrays(result: Any, others: Iterable[Any]) -> list[Array]:
    """The arrays that own the memory that the graph of ``result`` keeps, but not that of the Tensors ``others``."""
    # Only here, so that the process of another contender does not load this project.
    from tinygrad_scratch.record.node import topological_order
    from tinygrad_scratch.record.writes import owner

    values = [value for node in topological_order([result.node]) for value in node.saved or ()]
    values += [part for value in values if isinstance(value, tuple) for part in value]  # results, where there are more
    arrays = [owner(value) for value in values if isinstance(value, np.ndarray)]
    owners = {id(array): array for array in arrays}
    for tensor in others:
        owners.pop(id(owner(tensor._data)), None)
    return list(owners.values())


def saved_by_torch(trainer: Any, x: Any, y: Any) -> int:
    """As `MemorySession.saved`, through PyTorch's hooks on what it saves."""
    import torch

    blocks: dict[int, int] = {}

    def note(tensor: Any) -> Any:
        storage = tensor.untyped_storage()
        blocks[storage.data_ptr()] = storage.nbytes()
        return tensor

    with torch.autograd.graph.saved_tensors_hooks(note, lambda tensor: tensor):
        loss = trainer.forward(x, y)
    own = {tensor.untyped_storage().data_ptr() for tensor in (x, y, *trainer.model.parameters())}
    del loss  # until here no other tensor could take over a saved one's place
    return sum(size for place, size in blocks.items() if place not in own)
