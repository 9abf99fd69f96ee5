"""A nested state as a JSON value and a list of arrays, and back.

JSON's own None, booleans, integers, finite floats and strings stand for themselves. Everything else is an object with
one entry, whose name says what it is: ``{"tuple": [1, 2]}``, ``{"dict": [[0, "a"]]}``, ``{"tensor": [3, true]}`` for
array number 3 as a tensor that requires grad. So keys of a dict may be anything, and a tuple does not come back a list.
"""

from __future__ import annotations

import math
from collections import Counter, OrderedDict
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from tinygrad_scratch.record.tensor import Array, Tensor, make_tensor, to_array

_SEQUENCES: dict[str, type] = {"list": list, "tuple": tuple, "set": set, "frozenset": frozenset}
_MAPPINGS: dict[str, type] = {"dict": dict, "OrderedDict": OrderedDict, "Counter": Counter}
_NAMES = {kind: name for name, kind in (*_SEQUENCES.items(), *_MAPPINGS.items())}

DTYPES = {
    name: np.dtype(name)
    for name in (
        *("bool", "int8", "int16", "int32", "int64", "uint8", "uint16", "uint32", "uint64"),
        *("float16", "float32", "float64", "complex64", "complex128"),
    )
}


class ArrayList:
    """The arrays of a state, numbered; one that occurs twice, or has the same memory as another, is listed once."""

    def __init__(self) -> None:
        self.arrays: list[Array] = []
        self._numbers: dict[Any, int] = {}

    def number(self, array: Array, path: str) -> int:
        """The number of ``array``, which stands at ``path``; it is added if it is new."""
        if array.dtype.name not in DTYPES:
            raise TypeError(f"save: {path} is an array of {array.dtype}; a checkpoint holds numbers and booleans")
        memory = (array.__array_interface__["data"][0], array.shape, array.strides, array.dtype)
        if memory not in self._numbers:
            self._numbers[memory] = len(self.arrays)
            self.arrays.append(array)
        return self._numbers[memory]


def described(value: Any, arrays: ArrayList, path: str = "state") -> Any:
    """``value`` as a JSON value, its arrays added to ``arrays``; TypeError, with the place, for what is not data."""
    kind = type(value)
    if value is None or kind in (bool, int, str):
        return value
    if kind is float:
        return value if math.isfinite(value) else {"float": str(value)}
    name = _NAMES.get(kind, "")
    if name in _SEQUENCES:
        return {name: [described(part, arrays, f"{path}[{i}]") for i, part in enumerate(value)]}
    if name in _MAPPINGS:
        pairs = ((key, part, f"{path}[{key!r}]") for key, part in value.items())
        return {name: [[described(key, arrays, at), described(part, arrays, at)] for key, part, at in pairs]}
    if isinstance(value, Tensor):
        return {"tensor": [arrays.number(value._data, path), value.requires_grad]}
    if kind is np.ndarray:
        return {"array": arrays.number(value, path)}
    if isinstance(value, np.generic):
        return {"number": arrays.number(np.asarray(value), path)}
    if kind is bytes:
        return {"bytes": arrays.number(np.frombuffer(value, np.uint8), path)}
    if isinstance(value, np.dtype) and value.name in DTYPES:
        return {"dtype": value.name}
    raise TypeError(
        f"save: {path} is {_a(kind)}, and a checkpoint holds data only: Tensors, NumPy arrays, numbers, strings, "
        f"bytes, dtypes, None, and lists, tuples, sets and dicts of them{_remedy(value)}"
    )


def _a(kind: type) -> str:
    return f"a{'n' if kind.__name__[0] in 'AEIOUaeiou' else ''} {kind.__name__}"


def _remedy(value: Any) -> str:
    for name in ("state_dict", "get_state"):
        if hasattr(value, name):
            return f"; save its {name}()"
    return ""


_OF_ARRAY: dict[str, Callable[[Array], Any]] = {
    "array": lambda array: array,
    "number": lambda array: array[()],
    "bytes": lambda array: array.tobytes(),
}


def restored(description: Any, arrays: Sequence[Array]) -> Any:
    """The value that ``description`` describes; LookupError, TypeError or ValueError if it describes none."""
    if isinstance(description, list):
        raise ValueError("a list without a name")
    if not isinstance(description, dict):
        return description
    ((name, content),) = description.items()
    if name in _SEQUENCES:
        return _SEQUENCES[name](restored(part, arrays) for part in content)
    if name in _MAPPINGS:
        return _MAPPINGS[name]({restored(key, arrays): restored(part, arrays) for key, part in content})
    if name == "tensor":
        number, requires_grad = content
        return make_tensor(to_array(arrays[number])).requires_grad_(requires_grad)
    if name == "float":
        return float(content)
    if name == "dtype":
        return DTYPES[content]
    return _OF_ARRAY[name](arrays[content])
