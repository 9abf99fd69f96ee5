"""A record of a program's run, as a list of events, and the replay of that list on other values.

What a reader of the record, such as a compiler, has to go on: the list names every primitive that ran, every write and
every gradient accumulated. A number that was computed out of its sight stands in it as a constant, and is stale in the
replay. To be found in the replay, an array is looked up by its memory and its place in it, so that views, writes in
place, `detach` and ``t.data`` are what they were.

>>> from tinygrad_scratch.record.mode import observing
>>> record = Record()
>>> x, factor = tg.tensor([1.0, 2.0]), tg.tensor(3.0)
>>> with observing(record):
...     y = x[:1] * factor
>>> record.replay({x: np.array([5.0, 6.0])}).values(y)
array([15.], dtype=float32)
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from tinygrad_scratch import Tensor, no_grad
from tinygrad_scratch.autograd.function import FunctionPrimitive
from tinygrad_scratch.ops.index.indexing import filled
from tinygrad_scratch.record.dispatch import apply
from tinygrad_scratch.record.mode import Observer
from tinygrad_scratch.record.primitive import Primitive
from tinygrad_scratch.record.tensor import make_tensor

Array = np.ndarray[Any, np.dtype[Any]]


@dataclass(frozen=True)
class Ran:
    """``primitive`` was run on ``inputs``: arrays, numbers and None. A random draw has none."""

    primitive: Primitive
    inputs: Sequence[Any]
    settings: Mapping[str, Any]
    results: Sequence[Array]

    def again(self, replay: Replay) -> None:
        inputs = [make_tensor(replay.array(value)) if isinstance(value, np.ndarray) else value for value in self.inputs]
        results = apply(self.primitive, inputs, self.settings)
        for old, new in zip(self.results, results if isinstance(results, tuple) else (results,), strict=True):
            replay.put(old, new._data)


@dataclass(frozen=True)
class Converted:
    """``array`` was made of ``source``, which has another dtype."""

    source: Array
    array: Array

    def again(self, replay: Replay) -> None:
        replay.put(self.array, replay.array(self.source).astype(self.array.dtype))


@dataclass(frozen=True)
class Wrote:
    """``value`` was written at ``index`` of ``target``, in which the ``arrays`` are to be filled in."""

    target: Array
    value: Array
    index: tuple[Any, ...]
    arrays: Sequence[Array]

    def again(self, replay: Replay) -> None:
        replay.array(self.target)[filled(self.index, [*map(replay.array, self.arrays)])] = replay.array(self.value)


@dataclass(frozen=True)
class Accumulated:
    """``gradient`` was added to ``grad``, in place."""

    grad: Array
    gradient: Array

    def again(self, replay: Replay) -> None:
        replay.array(self.grad)[...] += replay.array(self.gradient)


class Record(Observer):
    """All that happens, in order; which tensors were read; and what was in memory before.

    ``memories`` holds for the memory of each array, by its id, the array that owns it, and a copy of that as it was
    when first seen: None if the program computed it.
    """

    watches_rules = True

    def __init__(self) -> None:
        self.events: list[Ran | Converted | Wrote | Accumulated] = []
        self.reads: list[Tensor] = []
        self.memories: dict[int, tuple[Array, Array | None]] = {}

    def ran(self, primitive: Any, inputs: Sequence[Any], settings: Mapping[str, Any], result: Any) -> None:
        if isinstance(primitive, FunctionPrimitive):
            return  # what it did was seen before
        arrays = [self._seen(value) for value in inputs]
        results = [part._data for part in (result if isinstance(result, tuple) else (result,))]
        for memory in map(memory_of, results):
            self.memories.setdefault(id(memory), (memory, None))
        self.events.append(Ran(primitive, arrays, settings, results))

    def converted(self, input: Any, array: Any) -> None:
        source = self._seen(input)
        self.memories.setdefault(id(memory_of(array)), (memory_of(array), None))
        self.events.append(Converted(source, array))

    def wrote(self, target: Any, value: Any, index: tuple[Any, ...], arrays: Sequence[Any], node: Any) -> None:  # noqa: ARG002
        self.events.append(Wrote(self._seen(target), self._seen(value), index, [*map(self._seen, arrays)]))

    def accumulated(self, tensor: Any, gradient: Any) -> None:
        grad, added = self._seen(tensor.grad), self._seen(gradient)
        was_computed = isinstance(self.events[-1], Ran) and self.events[-1].results[0] is grad
        if memory_of(grad) is not memory_of(added) and not was_computed:
            self.events.append(Accumulated(grad, added))

    def read(self, tensor: Any) -> None:
        self.reads.append(tensor)

    def _seen(self, value: Any) -> Any:
        """A value that an event names, as an array or number; what was there before is noted."""
        value = value._data if isinstance(value, Tensor) else value
        if isinstance(value, np.ndarray):
            memory = memory_of(value)
            if id(memory) not in self.memories:
                self.memories[id(memory)] = memory, memory.copy(order="K")
        return value

    def primitives(self) -> list[Primitive]:
        return [event.primitive for event in self.events if isinstance(event, Ran)]

    def replay(self, given: Mapping[Tensor, Any]) -> Replay:
        """Do it all again, with the values ``given`` for some of the tensors that were there before.

        Random draws are made again, too: who wants the same ones sets the generator back first.
        """
        replay = Replay(self.memories)
        for tensor, values in given.items():
            replay.array(tensor._data)[...] = values
        with no_grad():
            for event in self.events:
                event.again(replay)
        return replay


class Replay:
    """The memory of a replay: the arrays that stand for those of the record."""

    def __init__(self, memories: Mapping[int, tuple[Array, Array | None]]) -> None:
        self._blocks: dict[int, Array] = {}
        for memory, before in memories.values():
            whole = self.array(memory)
            if before is not None:
                whole[...] = before

    def array(self, recorded: Array) -> Array:
        """What lies where ``recorded`` lay in its memory; `Record` has seen that, or it is new and holds its values."""
        memory = memory_of(recorded)
        start, end = np.lib.array_utils.byte_bounds(memory)
        if id(memory) not in self._blocks:
            self._blocks[id(memory)] = np.zeros(end - start, np.uint8)
        if not recorded.size:
            return np.empty(recorded.shape, recorded.dtype)
        offset = recorded.__array_interface__["data"][0] - start
        return np.ndarray(recorded.shape, recorded.dtype, self._blocks[id(memory)].data, offset, recorded.strides)

    def put(self, recorded: Array, values: Array) -> None:
        """Have ``values`` where ``recorded`` was; if that was a view of something, so are they."""
        place = self.array(recorded)
        assert (values.shape, values.dtype) == (place.shape, place.dtype), f"{values!r} in place of {recorded!r}"
        if not np.may_share_memory(place, values):
            place[...] = values

    def values(self, tensor: Tensor) -> Array:
        """The values that stand for those of a tensor of the recorded run."""
        return self.array(tensor._data)


def memory_of(array: Array) -> Array:
    """The array that owns the memory of ``array``, also if that is seen through ``t.data``."""
    return next(memory for memory in _bases(array) if not isinstance(memory.base, np.ndarray | memoryview))


def _bases(array: Array) -> Iterator[Any]:
    while True:
        yield array
        array = array.base.obj if isinstance(array.base, memoryview) else array.base  # type: ignore[assignment]
