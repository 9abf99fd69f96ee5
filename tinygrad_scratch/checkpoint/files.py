"""`save` and `load`: a checkpoint as a file.

It consists of, with all numbers little-endian and every byte checked:

- eight bytes by which it is known, the length of the description (8 bytes) and its CRC-32 (4 bytes);
- the description, JSON: ``{"version": 1, "state": …, "arrays": [{"dtype": "float32", "shape": [3, 2]}, …]}``, the state
  as `tinygrad_scratch.checkpoint.tree` says;
- the elements of each array, in C order, each array followed by its CRC-32.
"""

from __future__ import annotations

import io
import json
import math
import os
import struct
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, BinaryIO
from zlib import crc32

import numpy as np

from tinygrad_scratch.atomic_write import atomic_write
from tinygrad_scratch.checkpoint.errors import CheckpointError
from tinygrad_scratch.checkpoint.tree import DTYPES, ArrayList, described, restored
from tinygrad_scratch.device import Device, check_device
from tinygrad_scratch.record.tensor import Array

File = str | os.PathLike[str] | BinaryIO

_MAGIC = b"\x89TGSCP\r\n"  # the line end shows whether the file was taken for text on its way
_START = struct.Struct("<8sQI")
_CHECKSUM = struct.Struct("<I")


def save(obj: Any, f: File) -> None:
    """Write ``obj`` to the file ``f``, which is then complete or, if anything goes wrong, what it was before.

    ``obj`` is a Tensor, a NumPy array, a number, a string, bytes, a dtype, None, or lists, tuples, sets and dicts of
    such: `state_dict()`s above all. A tensor is saved without its graph and its ``grad``; a Parameter as a tensor that
    requires grad. Tensors that have the same memory have so again when they are loaded. ``f`` is a path or a binary
    file, which is written to as it is.

    TypeError, with the place in ``obj``, for anything else; ValueError if ``obj`` contains itself.

    >>> import tempfile
    >>> path = tempfile.mkdtemp() + "/state.ckpt"
    >>> save({"weight": tg.ones(2), "epoch": 3}, path)
    >>> load(path)
    {'weight': tensor([1., 1.]), 'epoch': 3}
    """
    arrays = ArrayList()
    _check_file(f, "save", "write")
    try:
        state = described(obj, arrays)
        table = [{"dtype": array.dtype.name, "shape": array.shape} for array in arrays.arrays]
        description = json.dumps({"version": 1, "state": state, "arrays": table}).encode()
    except RecursionError:
        raise ValueError("save: the state is nested too deeply, or contains itself") from None
    if isinstance(f, str | os.PathLike):
        with atomic_write(f) as file:
            _write(file, description, arrays.arrays)
    else:
        _write(f, description, arrays.arrays)


def load(f: File, map_location: Device = None, *, weights_only: bool = True) -> Any:  # noqa: ARG001
    """What `save` wrote to the file ``f``, a path or a binary file that can be sought in.

    ``map_location`` can only be the CPU. ``weights_only`` has no effect: there is nothing but data in the file, and
    nothing in it is ever executed.

    CheckpointError if the file is damaged, cut off, or something else than a checkpoint of this library; it takes no
    more memory than the file's size, whatever the file says.
    """
    check_device(map_location)
    _check_file(f, "load", "readinto")
    if isinstance(f, str | os.PathLike):
        with Path(f).open("rb") as file:
            return _read(file, Path(f).name)
    return _read(f, getattr(f, "name", "the file"))


def _check_file(file: Any, operation: str, method: str) -> None:
    if isinstance(file, io.TextIOBase) or not (isinstance(file, str | os.PathLike) or hasattr(file, method)):
        raise TypeError(f"{operation}: needs a path or a file opened in binary mode, not {type(file).__name__}")


def _write(file: BinaryIO, description: bytes, arrays: list[Array]) -> None:
    file.write(_START.pack(_MAGIC, len(description), crc32(description)))
    file.write(description)
    for array in arrays:
        elements = _as_bytes(np.ascontiguousarray(array, array.dtype.newbyteorder("<")))
        file.write(elements)
        file.write(_CHECKSUM.pack(crc32(elements)))


def _as_bytes(array: Array) -> memoryview:
    """The memory of a contiguous array."""
    return array.reshape(-1).view(np.uint8).data


def _read(file: BinaryIO, name: str) -> Any:
    start, size = file.tell(), file.seek(0, io.SEEK_END)
    file.seek(start)
    description = _read_description(file, size - start, name)
    with _refusing_nonsense(name):
        table = [(DTYPES[entry["dtype"]], _shape(entry["shape"])) for entry in description["arrays"]]
        _check_size(size - file.tell(), table, name)
        arrays = [_read_array(file, dtype, shape, name) for dtype, shape in table]
        return restored(description["state"], arrays)


def _read_description(file: BinaryIO, size: int, name: str) -> Any:
    start = file.read(_START.size)
    if start[: len(_MAGIC)] != _MAGIC:
        raise CheckpointError(f"{name} is not a checkpoint of tinygrad_scratch: {_looks_like(start)}")
    if len(start) < _START.size:
        raise CheckpointError(f"{name} is cut off: it ends after {size} bytes")
    _, length, checksum = _START.unpack(start)
    if length > size - _START.size:
        raise CheckpointError(f"{name} is cut off or damaged: of {length + _START.size} bytes or more it has {size}")
    text = file.read(length)
    if crc32(text) != checksum:
        raise CheckpointError(f"{name} is damaged: the description is not what was written")
    with _refusing_nonsense(name):
        description = json.loads(text)
        if description["version"] != 1:
            raise CheckpointError(
                f"{name} is a checkpoint of version {description['version']}, and this library reads version 1"
            )
    return description


@contextmanager
def _refusing_nonsense(name: str) -> Iterator[None]:
    """Say, whatever goes wrong, that the description is at fault: it is intact, so that something else wrote it."""
    try:
        yield
    except CheckpointError:
        raise
    except (ValueError, TypeError, LookupError, AttributeError, RecursionError) as error:
        raise CheckpointError(f"{name}: the description of the checkpoint makes no sense: {error!r}") from error


def _looks_like(start: bytes) -> str:
    if not start:
        return "it is empty"
    if start.startswith((b"PK", b"\x80")):
        return (
            "it looks like one of PyTorch's or a pickle, which can run any program when it is read; "
            "write the weights to a safetensors file there, and read that"
        )
    return f"it starts with {start[: len(_MAGIC)]!r}"


def _shape(sizes: Any) -> tuple[int, ...]:
    if not all(type(size) is int and size >= 0 for size in sizes):
        raise TypeError(f"{sizes} is not a shape")
    return tuple(sizes)


def _check_size(size: int, table: list[tuple[np.dtype[Any], tuple[int, ...]]], name: str) -> None:
    """Check, before any memory is taken for them, that the arrays are what the rest of the file, ``size``, holds."""
    expected = sum(dtype.itemsize * math.prod(shape) + _CHECKSUM.size for dtype, shape in table)
    if size < expected:
        raise CheckpointError(f"{name} is cut off: {expected - size} of the last {expected} bytes are missing")
    if size > expected:
        raise CheckpointError(f"{name} is damaged: it is followed by {size - expected} bytes that are not its own")


def _read_array(file: BinaryIO, dtype: np.dtype[Any], shape: tuple[int, ...], name: str) -> Array:
    array = np.empty(shape, dtype.newbyteorder("<"))
    elements = _as_bytes(array)
    file.readinto(elements)  # type: ignore[attr-defined]
    if _CHECKSUM.pack(crc32(elements)) != file.read(_CHECKSUM.size):
        raise CheckpointError(f"{name} is damaged: an array of shape {shape} is not what was written")
    return array.astype(dtype, copy=False)
