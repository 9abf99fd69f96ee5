"""What to draw: the tensors that a user hands over, or the results of a function that is run to see what it does."""

from __future__ import annotations

import inspect
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from tinygrad_scratch.record.tensor import Tensor
from tinygrad_scratch.visualize.recording import Given, node_of, recording


@dataclass(frozen=True, slots=True)
class Roots:
    """Where a drawing ends and starts, and what things are called; it keeps the tensors alive meanwhile.

    ``outputs`` are the results. ``inputs`` are what a function was run on, or None if none was run: then all that was
    not computed and needs no gradient counts as an input. ``names`` pairs names with tensors, arrays and modules.
    """

    outputs: Mapping[str, Tensor]
    inputs: Sequence[Any] | None
    names: Sequence[tuple[str, Any]]


def is_call(root: Any) -> bool:
    """Whether ``root`` is a pair of a function (or model) and its inputs."""
    return isinstance(root, tuple) and len(root) == 2 and callable(root[0])


def roots_of(root: Any, names: Mapping[str, Any] | None = None) -> Roots:
    """The `Roots` of what the user wants drawn; a function is run, and what it does is recorded.

    Raises TypeError if there is no tensor, RuntimeError if it is not known how any of them was computed.
    """
    named = list((names or {}).items())
    if not is_call(root):
        return Roots(_outputs(root), None, named)
    function, inputs = root
    arguments = arguments_of(function, inputs)
    with recording():
        result = function(*arguments.args, **arguments.kwargs)
    given = [found for name, value in arguments.arguments.items() for found in _found(name, value, Tensor | np.ndarray)]
    # Of a method, such as model.forward, it is the object that knows the parameters.
    model = getattr(function, "__self__", function)
    return Roots(_outputs(result), [value for _, value in given], [("", model), *given, *named])


def _outputs(value: Any) -> dict[str, Tensor]:
    outputs = dict(_found("", value, Tensor))
    if not outputs:
        raise TypeError(
            "there is nothing to draw: expected a Tensor, several, or (model or function, inputs), and Tensors as the "
            f"result of that, but got {type(value).__name__}"
        )
    nodes = [node_of(tensor) for tensor in outputs.values()]
    if all(node is None or isinstance(node, Given) for node in nodes):
        raise RuntimeError(
            "there is no graph behind this: it was not computed from tensors that require grad, or while nothing was "
            "recorded (no_grad, detach); to see everything that runs, draw (function, inputs)"
        )
    return outputs


def arguments_of(function: Any, inputs: Any) -> inspect.BoundArguments:
    """The inputs by the names of the function's parameters, or of those of a model's ``forward``.

    Raises TypeError if the function does not take them.
    """
    signature = inspect.signature(getattr(function, "forward", function))
    try:
        if isinstance(inputs, Mapping):
            return signature.bind(**inputs)
        return signature.bind(*(inputs if isinstance(inputs, tuple | list) else (inputs,)))
    except TypeError as error:
        name = getattr(function, "__name__", type(function).__name__)
        raise TypeError(f"{name} takes {signature}, and these inputs do not fit: {error}") from None


def _found(name: str, value: Any, kind: Any) -> Iterator[tuple[str, Any]]:
    """What of ``kind`` is in nested lists, tuples and mappings, each with a name that says where it was."""
    if isinstance(value, kind):
        yield name or "output", value
    elif isinstance(value, Mapping):
        for key, part in value.items():
            yield from _found(f"{name}[{key!r}]" if name else str(key), part, kind)
    elif isinstance(value, list | tuple):
        for i, part in enumerate(value):
            yield from _found(f"{name or 'output'}[{i}]", part, kind)
