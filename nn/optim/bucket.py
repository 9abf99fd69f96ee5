"""`Bucket`: the parameters whose update is computed together, as arrays that fit the processor's cache.

The update of a small parameter costs mostly the calls that make it, that of a large one mostly memory traffic. Small
ones as one flat array share the calls; a large one, some of its rows at a time, saves the traffic.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from math import ceil
from types import EllipsisType
from typing import Any

import numpy as np

from tinygrad_scratch import Tensor
from tinygrad_scratch.engine import Array, note_write

State = Mapping[str, Array]
Scalars = Mapping[str, Array]  # of shape ()

BLOCK = 65_536  # elements that are updated at once, at most
SHARED = 16_384  # elements of parameters that share a bucket, at most: the gradients of such are copied together


# Computes from (gradient, change, scratch, state, steps) the change to subtract: see `Optimizer._update`.
Update = Callable[[Array, Array, Array, State, int], Any]


@dataclass(slots=True)
class Part:
    """Some rows of a parameter (... for all), and their places in the arrays of its block."""

    parameter: Tensor
    rows: slice | EllipsisType
    gradient: Array
    change: Array


@dataclass(slots=True)
class Block:
    """What is updated at once. Its arrays, and those of its state, have one shape; ``scratch`` is memory to use.

    In its state are the bucket's scalars, too.
    """

    parts: list[Part]
    gradient: Array
    change: Array
    scratch: Array
    state: State


class Bucket:
    """Several small parameters, or a single large one, of one dtype, that have taken equally many steps.

    ``known`` gives for a parameter the state that it already has; what is not known starts as zeros. ``scalars`` are
    numbers that are kept, too, and are the same for all of the parameters; the bucket has its own copies.
    """

    def __init__(
        self,
        parameters: Sequence[Tensor],
        steps: int,
        scalars: Scalars,
        state_names: Collection[str],
        known: Mapping[Tensor, State],
    ) -> None:
        self.parameters = list(parameters)
        self.steps = steps
        self.scalars = {name: value.copy() for name, value in scalars.items()}
        size = sum(parameter.numel() for parameter in parameters)
        shape = (size,) if len(parameters) > 1 else parameters[0].shape
        self._state = {name: np.zeros(shape, parameters[0].dtype) for name in state_names}
        self._blocks = self._of_rows(parameters[0]) if size > BLOCK else [self._of_all(shape)]
        for parameter, state in self.states():
            for name in state.keys() & known.get(parameter, {}).keys():
                state[name][...] = known[parameter][name]

    def _of_all(self, shape: tuple[int, ...]) -> Block:
        gradient, change, scratch = (np.empty(shape, self.parameters[0].dtype) for _ in range(3))
        views = zip(self.parameters, self._views(gradient), self._views(change), strict=True)
        parts = [Part(parameter, ..., its_gradient, its_change) for parameter, its_gradient, its_change in views]
        return Block(parts, gradient, change, scratch, self._state | self.scalars)

    def _of_rows(self, parameter: Tensor) -> list[Block]:
        size = ceil(len(parameter) / ceil(parameter.numel() / BLOCK))
        arrays = [np.empty((size, *parameter.shape[1:]), parameter.dtype) for _ in range(3)]
        blocks = []
        for start in range(0, len(parameter), size):
            rows = slice(start, min(start + size, len(parameter)))
            gradient, change, scratch = (array[: rows.stop - start] for array in arrays)
            state = {name: whole[rows] for name, whole in self._state.items()} | self.scalars
            blocks.append(Block([Part(parameter, rows, gradient, change)], gradient, change, scratch, state))
        return blocks

    def _views(self, whole: Array) -> list[Array]:
        """The part of ``whole`` that belongs to each parameter, in its shape."""
        ends = np.cumsum([parameter.numel() for parameter in self.parameters]).tolist()
        flat = whole.reshape(-1)
        triples = zip(self.parameters, [0, *ends], ends, strict=False)
        return [flat[start:stop].reshape(parameter.shape) for parameter, start, stop in triples]

    def states(self) -> Iterator[tuple[Tensor, State]]:
        """Each parameter with its state, in its shape."""
        views = {name: self._views(whole) for name, whole in self._state.items()}
        for place, parameter in enumerate(self.parameters):
            yield parameter, {name: of_all[place] for name, of_all in views.items()}

    def step(self, update: Update, *, weight_decay: float, shrinking: float, maximize: bool, name: str) -> None:
        """Subtract from the parameters the change that ``update`` computes from their gradients.

        ``weight_decay`` · parameter is first added to the gradient, which ``maximize`` negates; the parameter itself is
        multiplied by ``shrinking``. ``name`` is that of the in-place operation.
        """
        self.steps += 1
        for block in self._blocks:
            gradient = _collected(block, weight_decay, maximize)
            update(gradient, block.change, block.scratch, block.state, self.steps)
            for part in block.parts:
                values = part.parameter._data[part.rows]
                if shrinking != 1:
                    values *= shrinking
                values -= part.change
        for parameter in self.parameters:
            note_write(parameter._data, name)


def _collected(block: Block, weight_decay: float, maximize: bool) -> Array:
    """The gradient of all of the block: without a copy where it is in one array and to be used as it is."""
    for part in block.parts:
        gradient: Array = part.parameter._grad._data[part.rows]  # type: ignore[union-attr]
        if maximize:
            gradient = np.negative(gradient, out=part.gradient)
        if weight_decay:
            np.add(np.multiply(part.parameter._data[part.rows], weight_decay), gradient, out=part.gradient)
        elif len(block.parts) == 1:
            return gradient
        elif not maximize:
            part.gradient[...] = gradient
    return block.gradient


def shared_out(parameters: Sequence[Tensor]) -> Iterator[list[Tensor]]:
    """The parameters in groups for one `Bucket` each: several small ones, or a large one alone."""
    members: list[Tensor] = []
    size = 0
    for parameter in sorted(parameters, key=Tensor.numel):
        if members and size + parameter.numel() > SHARED:
            yield members
            members, size = [], 0
        members.append(parameter)
        size += parameter.numel()
    yield members
