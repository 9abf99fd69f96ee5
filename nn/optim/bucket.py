"""`Bucket`: the parameters whose update is computed together, as arrays that fit the processor's cache.

The update of a small parameter costs mostly the calls that make it, that of a large one mostly memory traffic. Small
ones as one flat array share the calls; a large one, some of its rows at a time, saves the traffic.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from types import EllipsisType
from typing import Any

import numpy as np

from tinygrad_scratch import Tensor
from tinygrad_scratch.record.tensor import Array
from tinygrad_scratch.record.writes import note_write

State = Mapping[str, Array]

BLOCK = 32_768  # elements


@dataclass(slots=True)
class Block:
    """What is updated at once: ``parts`` says which rows of which parameters, and where in ``gradient`` each goes.

    ``gradient``, the arrays of ``state`` and ``scratch``, memory to use, are all of one shape.
    """

    parts: list[tuple[Tensor, slice | EllipsisType, Array]]
    gradient: Array
    state: State
    scratch: Array


class Bucket:
    """Several small parameters, or a single large one, of one dtype, that have taken equally many steps.

    ``known`` gives for a parameter the state that it already has; what is not known starts as zeros.
    """

    def __init__(
        self, parameters: Sequence[Tensor], steps: int, state_names: Sequence[str], known: Mapping[Tensor, State]
    ) -> None:
        self.parameters = list(parameters)
        self.steps = steps
        size = sum(parameter.numel() for parameter in parameters)
        shape = (size,) if len(parameters) > 1 else parameters[0].shape
        self._state = {name: np.zeros(shape, parameters[0].dtype) for name in state_names}
        self._blocks = self._of_rows(parameters[0]) if size > BLOCK else [self._of_all(shape)]
        for parameter, state in self.states():
            for name in state.keys() & known.get(parameter, {}).keys():
                state[name][...] = known[parameter][name]

    def _of_all(self, shape: tuple[int, ...]) -> Block:
        gradient, scratch = (np.empty(shape, self.parameters[0].dtype) for _ in range(2))
        views = self._views(gradient)
        return Block(
            [(p, ..., view) for p, view in zip(self.parameters, views, strict=True)], gradient, self._state, scratch
        )

    def _of_rows(self, parameter: Tensor) -> list[Block]:
        rows = max(1, BLOCK * len(parameter) // parameter.numel())
        gradient, scratch = (np.empty((rows, *parameter.shape[1:]), parameter.dtype) for _ in range(2))
        blocks = []
        for start in range(0, len(parameter), rows):
            chosen = slice(start, min(start + rows, len(parameter)))
            part = gradient[: chosen.stop - start]
            state = {name: whole[chosen] for name, whole in self._state.items()}
            blocks.append(Block([(parameter, chosen, part)], part, state, scratch[: len(part)]))
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

    def step(
        self,
        update: Callable[[Array, State, Array, int], Any],
        *,
        weight_decay: float,
        shrinking: float,
        maximize: bool,
        name: str,
    ) -> None:
        """Subtract from the parameters what ``update(gradient, state, scratch, steps)`` makes of their gradients.

        ``weight_decay`` · parameter is first added to the gradient, which ``maximize`` negates; the parameter itself is
        multiplied by ``shrinking``. ``name`` is that of the in-place operation.
        """
        self.steps += 1
        for block in self._blocks:
            for parameter, rows, into in block.parts:
                gradient: Array = parameter.grad.data[rows]  # type: ignore[union-attr]
                if maximize:
                    gradient = np.negative(gradient, out=into)
                if weight_decay:
                    np.add(np.multiply(parameter.data[rows], weight_decay), gradient, out=into)
                elif gradient is not into:
                    into[...] = gradient
            update(block.gradient, block.state, block.scratch, self.steps)
            for parameter, rows, change in block.parts:
                values = parameter.data[rows]
                if shrinking != 1:
                    values *= shrinking
                values -= change
        for parameter in self.parameters:
            note_write(parameter.data, name)


def shared_out(parameters: Sequence[Tensor]) -> Iterator[list[Tensor]]:
    """The parameters in groups for one `Bucket` each: as many small ones as fit a block, a large one alone."""
    members: list[Tensor] = []
    size = 0
    for parameter in sorted(parameters, key=Tensor.numel):
        if members and size + parameter.numel() > BLOCK:
            yield members
            members, size = [], 0
        members.append(parameter)
        size += parameter.numel()
    yield members
