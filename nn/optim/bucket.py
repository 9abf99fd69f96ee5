"""`Bucket`: the parameters whose update is computed together, as arrays that fit the processor's cache.

The update of a small parameter costs mostly the calls that make it, that of a large one mostly memory traffic. Small
ones as one flat array share the calls; a large one, some of its rows at a time, saves the traffic.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from math import ceil
from types import EllipsisType
from typing import Any

import numpy as np

from tinygrad_scratch import Tensor
from tinygrad_scratch.engine import Array, note_write
from tinygrad_scratch.nn.optim.expression import Program

State = Mapping[str, Array]
Scalars = Mapping[str, Array]  # of shape ()

BLOCK = 65_536  # elements that are updated at once, at most
TOGETHER = 16_384  # elements of parameters that are in one bucket, at most: the gradients of such are copied together


class Bucket:
    """Several small parameters, or a single large one, of one dtype, that have taken equally many steps.

    ``known`` gives for a parameter the state that it already has; what is not known starts as zeros. ``scalars`` are
    numbers that are kept, too, and are the same for all of the parameters; the bucket has its own copies.
    """

    def __init__(
        self, parameters: Sequence[Tensor], steps: int, scalars: Scalars, known: Mapping[Tensor, State]
    ) -> None:
        self.parameters = list(parameters)
        self.steps = steps
        self.scalars = {name: value.copy() for name, value in scalars.items()}
        size = sum(parameter.numel() for parameter in parameters)
        self.dtype = parameters[0].dtype
        self.shape = (size,) if len(parameters) > 1 else parameters[0].shape
        self.rows: list[slice | EllipsisType] = [...] if size <= BLOCK else _blocks_of_rows(parameters[0])
        self._state: dict[str, Array] = {}
        self._arguments: dict[Program, list[Any]] = {}  # for each block, or all that is together
        self.keep(name for state in known.values() for name in state)
        for parameter, state in self.states():
            for name in state.keys() & known.get(parameter, {}).keys():
                state[name][...] = known[parameter][name]

    def __getstate__(self) -> dict[str, Any]:
        return {**vars(self), "_arguments": {}}  # whose arrays are parts of others: copies would not be

    def keep(self, names: Iterable[str]) -> None:
        """Have a state of each of these names, which starts as zeros."""
        for name in names:
            if name not in self._state:
                self._state[name] = np.zeros(self.shape, self.dtype)

    def states(self) -> Iterator[tuple[Tensor, State]]:
        """Each parameter with its state, in its shape."""
        views = {name: self._parts(whole) for name, whole in self._state.items()}
        for i, parameter in enumerate(self.parameters):
            yield parameter, {name: of_all[i] for name, of_all in views.items()}

    def update(self, program: Program, numbers: Sequence[Any], name: str) -> None:
        """Change the parameters and their state by ``program``. ``name`` is that of the in-place operation."""
        arguments = self._arguments.get(program) or self._prepared(program)
        if len(self.parameters) > 1:
            parameters = [parameter._data for parameter in self.parameters]
            gradients = [parameter._grad._data for parameter in self.parameters]  # type: ignore[union-attr]
            program.update_together(parameters, gradients, *arguments, *numbers)
        else:
            (parameter,) = self.parameters
            data, gradient = parameter._data, parameter._grad._data  # type: ignore[union-attr]
            for rows, arrays in zip(self.rows, arguments, strict=True):
                program.update(data[rows], gradient[rows], *arrays, *numbers)
        for parameter in self.parameters:
            note_write(parameter._data, name)

    def _prepared(self, program: Program) -> list[Any]:
        """What a program is called with beside parameters, gradients and numbers."""
        self.keep(program.state_names)
        state = [self._state[name] for name in program.state_names]
        if len(self.parameters) > 1:
            gradient, *memory = (np.empty(self.shape, self.dtype) for _ in range(program.memory + 1))
            whole = [gradient, *state, *memory]
            arguments: list[Any] = [[self._parts(array) for array in whole], *whole]
        else:
            largest = self.parameters[0]._data[self.rows[0]].shape
            memory = [np.empty(largest, self.dtype) for _ in range(program.memory)]
            arguments = [
                [*(array[rows] for array in state), *(array[_from_start(rows)] for array in memory)]
                for rows in self.rows
            ]
        self._arguments[program] = arguments
        return arguments

    def _parts(self, whole: Array) -> list[Array]:
        """The part of ``whole`` that belongs to each parameter, in its shape."""
        ends = np.cumsum([parameter.numel() for parameter in self.parameters]).tolist()
        flat = whole.reshape(-1)
        triples = zip(self.parameters, [0, *ends], ends, strict=False)
        return [flat[start:stop].reshape(parameter.shape) for parameter, start, stop in triples]


def _blocks_of_rows(parameter: Tensor) -> list[slice | EllipsisType]:
    size = ceil(len(parameter) / ceil(parameter.numel() / BLOCK))
    return [slice(start, min(start + size, len(parameter))) for start in range(0, len(parameter), size)]


def _from_start(rows: slice | EllipsisType) -> slice | EllipsisType:
    return slice(rows.stop - rows.start) if isinstance(rows, slice) else rows


def sorted_into_buckets(parameters: Sequence[Tensor]) -> Iterator[list[Tensor]]:
    """The parameters in groups for one `Bucket` each: several small ones, or a large one alone."""
    members: list[Tensor] = []
    size = 0
    for parameter in sorted(parameters, key=Tensor.numel):
        if members and size + parameter.numel() > TOGETHER:
            yield members
            members, size = [], 0
        members.append(parameter)
        size += parameter.numel()
    yield members
