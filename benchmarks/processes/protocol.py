"""Messages between the harness and a contender's process: JSON and arrays, in frames that start with their length.

A message is whatever JSON can say, with NumPy arrays among it. The arrays follow the JSON text in NumPy's own format,
each in a frame of its own. Nothing that is read can run code: there is no pickle.
"""

from __future__ import annotations

import io
import json
import struct
from typing import Any, BinaryIO

import numpy as np

_LENGTH = struct.Struct(">Q")
_ARRAY = "array in frame"  # the key of the object that stands in the JSON text for an array


def send(stream: BinaryIO, message: Any) -> None:
    """Write ``message``; TypeError if it holds anything but what JSON can say and arrays of plain numbers."""
    arrays: list[np.ndarray] = []

    def stand_in(value: Any) -> dict[str, int]:
        if not isinstance(value, np.ndarray):
            raise TypeError(f"a message holds JSON values and arrays, not {type(value).__name__}")
        arrays.append(value)
        return {_ARRAY: len(arrays) - 1}

    text = json.dumps(message, default=stand_in)
    frames = [text.encode(), *map(_packed, arrays)]
    stream.write(_LENGTH.pack(len(frames)))
    for frame in frames:
        stream.write(_LENGTH.pack(len(frame)))
        stream.write(frame)
    stream.flush()


def receive(stream: BinaryIO) -> Any:
    """Read the next message; EOFError if the stream ends instead."""
    (count,) = _LENGTH.unpack(_read(stream, _LENGTH.size))
    text, *arrays = [_read(stream, _LENGTH.unpack(_read(stream, _LENGTH.size))[0]) for _ in range(count)]

    def restored(value: dict[str, Any]) -> Any:
        return _unpacked(arrays[value[_ARRAY]]) if value.keys() == {_ARRAY} else value

    return json.loads(text, object_hook=restored)


def _packed(array: np.ndarray) -> bytes:
    buffer = io.BytesIO()
    np.save(buffer, array, allow_pickle=False)
    return buffer.getvalue()


def _unpacked(frame: bytes) -> np.ndarray:
    array: np.ndarray = np.load(io.BytesIO(frame), allow_pickle=False)
    return array


def _read(stream: BinaryIO, size: int) -> bytes:
    data = stream.read(size)
    if len(data) < size:
        raise EOFError("the other end closed the stream")
    return data
