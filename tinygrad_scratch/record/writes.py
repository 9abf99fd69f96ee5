"""Which memory was written in place, and when: how a backward pass notices that a value it saved is gone.

A write counts for the whole block of memory that an array is part of, so it is seen through every view and alias.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from weakref import ref

import numpy as np

from tinygrad_scratch.record.node import tick

Array = np.ndarray[Any, np.dtype[Any]]


@dataclass(slots=True)
class Write:
    """The latest in-place write to a block of memory: its time and the name of the operation."""

    time: int
    operation: str
    owner: ref[Any]


_latest_writes: dict[int, Write] = {}
latest_time = 0  # of any write, so that a backward pass without one in between need not look further


def owner(array: Array) -> Array:
    """The array that owns the memory of ``array``, or the first to have been made on memory that NumPy does not own."""
    memory, base = array, array.base
    while base is not None:
        if isinstance(base, np.ndarray):
            memory = base
        base = getattr(base, "base", None)
    return memory


def with_own_log(array: Array) -> Array:
    """The same memory with a write log of its own: writes to it and its views are noted there, not at ``array``."""
    return np.asarray(memoryview(array))  # type: ignore[arg-type]  # which `owner` does not look behind


def has_own_log(array: Array, other: Array) -> bool:
    """Whether ``array`` is what `with_own_log` returned for ``other``."""
    return isinstance(array.base, memoryview) and array.base.obj is other


def note_write(array: Array, operation: str) -> None:
    """Remember that ``operation`` has just written to the memory of ``array``."""
    global latest_time
    memory = array if array.base is None else owner(array)
    key = id(memory)
    write = _latest_writes.get(key)
    latest_time = time = tick()
    if write is None:
        _latest_writes[key] = Write(time, operation, ref(memory, lambda _: _latest_writes.pop(key, None)))
    else:
        write.time, write.operation = time, operation


def write_since(array: Array, time: int) -> Write | None:
    """The latest write to the memory of ``array``, if it came after ``time``."""
    write = _latest_writes.get(id(owner(array)))
    return write if write is not None and write.time > time else None
