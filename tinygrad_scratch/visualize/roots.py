"""What to draw: the tensors that a user hands over, or the results of a function that is run to see what it does."""

from __future__ import annotations

import inspect
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from tinygrad_scratch.record.tensor import Tensor
from tinygrad_scratch.visualize.recording import recording


@dataclass(frozen=True, slots=True)
class Roots:
    """Where a drawing ends and starts, and what things are called; it keeps the tensors alive meanwhile.

    ``outputs`` are the results. ``inputs`` are what a function was run on, or None if none was run: then all that was
    not computed and needs no gradient counts as an input. ``names`` are the user's, of tensors, arrays and modules.
    """

    outputs: Mapping[str, Tensor]
    inputs: Mapping[str, Any] | None
    names: Sequence[tuple[str, Any]]


def is_call(root: Any) -> bool:
    """Whether ``root`` is a pair of a function (or model) and its inputs."""
    return isinstance(root, tuple) and len(root) == 2 and callable(root[0]) and not isinstance(root[0], Tensor)


def roots_of(root: Any, names: Mapping[str, Any] | None = None) -> Roots:
    """The `Roots` of what the user wants drawn; a function is run, and what it does is recorded."""
    named = list((names or {}).items())
    if not is_call(root):
        outputs = dict(_tensors("", root))
        _require(outputs, root)
        return Roots(outputs, None, named)
    function, inputs = root
    arguments = _arguments(function, inputs)
    with recording():
        result = function(*arguments.args, **arguments.kwargs)
    given = [pair for name, value in arguments.arguments.items() for pair in _tensors(name, value)]
    outputs = dict(_tensors("", result))
    _require(outputs, result)
    return Roots(outputs, dict(given), [("", getattr(function, "__self__", function)), *given, *named])


def _require(outputs: Mapping[str, Tensor], root: Any) -> None:
    if not outputs:
        raise TypeError(
            "there is no Tensor to draw the graph of: expected a Tensor, several, or (model or function, inputs), not "
            f"{type(root).__name__}"
        )


def _arguments(function: Any, inputs: Any) -> inspect.BoundArguments:
    """The inputs by the names of the function's parameters (of a model: those of its ``forward``)."""
    signature = inspect.signature(getattr(function, "forward", function))
    if isinstance(inputs, Mapping):
        return signature.bind(**inputs)
    return signature.bind(*(inputs if isinstance(inputs, tuple | list) else (inputs,)))


def _tensors(name: str, value: Any) -> Iterator[tuple[str, Any]]:
    """The tensors and arrays in nested lists, tuples and mappings, each with a name that says where it was."""
    if isinstance(value, Tensor | np.ndarray):
        yield name or "output", value
        return
    parts = value.items() if isinstance(value, Mapping) else enumerate(value) if isinstance(value, list | tuple) else ()
    for key, part in parts:
        label = str(key) if not name and isinstance(key, str) else f"{name or 'output'}[{key}]"
        yield from _tensors(label, part)
