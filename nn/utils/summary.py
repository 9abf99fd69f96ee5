"""`summary`: what a model consists of, as a table of its layers, their outputs and their parameters."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from functools import partial
from typing import Any

import tinygrad_scratch as tg
from tinygrad_scratch import Tensor
from tinygrad_scratch.nn.module import Module

_HEADER = ("Layer", "Output shape", "Parameters")


@dataclass(frozen=True, slots=True)
class LayerSummary:
    """A row of the table: a module, ``depth`` levels below the model.

    ``output_shape`` is that of its last result: a shape, lists or dicts of shapes where forward returns such, or None
    if it did not run. ``parameters`` counts its own that were not counted in a row above.
    """

    path: str
    module_type: str
    depth: int
    output_shape: Any
    parameters: int


@dataclass(frozen=True, slots=True, repr=False)
class ModelSummary:
    """The rows of the table, and the numbers below it; printing it shows the table."""

    layers: tuple[LayerSummary, ...]
    trainable: int
    frozen: int
    bytes: int

    @property
    def total(self) -> int:
        """The number of all parameters."""
        return self.trainable + self.frozen

    def __repr__(self) -> str:
        rows = [
            (
                _name(layer),
                _or_dash(layer.output_shape),
                _or_dash(f"{layer.parameters:,}" if layer.parameters else None),
            )
            for layer in self.layers
        ]
        widths = [max(len(row[column]) for row in (_HEADER, *rows)) for column in range(3)]
        rule = "-" * (sum(widths) + 4)
        lines = [f"{a:{widths[0]}}  {b:{widths[1]}}  {c:>{widths[2]}}" for a, b, c in (_HEADER, *rows)]
        counts = f"{self.total:,} parameters: {self.trainable:,} trainable, {self.frozen:,} frozen"
        return "\n".join([lines[0], rule, *lines[1:], rule, counts, f"{_readable(self.bytes)} of memory for them"])


def summary(model: Module, input: Any) -> ModelSummary:
    """A table of the layers of ``model``, found by running it once on ``input``, in evaluation mode.

    ``input`` is what the model is called with: a tensor, or a tuple of several. In place of a tensor, a shape will do;
    it stands for zeros of the dtype of the model's parameters. Neither the model nor its mode nor later random numbers
    are changed, whatever happens.

    >>> import nn
    >>> print(summary(nn.Sequential(nn.Flatten(), nn.Linear(784, 10), nn.ReLU()), (32, 28, 28)))
    Layer         Output shape  Parameters
    --------------------------------------
    Sequential    (32, 10)               -
      0: Flatten  (32, 784)              -
      1: Linear   (32, 10)           7,850
      2: ReLU     (32, 10)               -
    --------------------------------------
    7,850 parameters: 7,850 trainable, 0 frozen
    30.7 KiB of memory for them
    """
    shapes: dict[Module, Any] = {}
    with ExitStack() as stack:
        stack.enter_context(_left_as_found(model))
        for module in model.modules():
            stack.enter_context(module.register_forward_hook(partial(_note_shape, shapes)))
        model(*_arguments(input, model))
    parameters = list(model.parameters())
    return ModelSummary(
        tuple(_rows(model, shapes)),
        trainable=sum(parameter.numel() for parameter in parameters if parameter.requires_grad),
        frozen=sum(parameter.numel() for parameter in parameters if not parameter.requires_grad),
        bytes=sum(parameter.nbytes for parameter in parameters),
    )


@contextmanager
def _left_as_found(model: Module) -> Iterator[None]:
    """In the ``with`` block nothing is recorded, and ``model`` is in evaluation mode; all is put back at its end."""
    modes = [(module, module.training) for module in model.modules()]
    buffers = [(buffer, buffer.clone()) for buffer in model.buffers() if buffer._data.flags.writeable]
    random_state = tg.get_rng_state()
    model.eval()
    try:
        with tg.no_grad():
            yield
    finally:
        tg.set_rng_state(random_state)
        for buffer, values in buffers:
            buffer.data.copy_(values)
        for module, training in modes:
            module.training = training


def _note_shape(shapes: dict[Module, Any], module: Module, _: Any, result: Any) -> None:
    shapes[module] = _shape(result)


def _shape(result: Any) -> Any:
    """The shape of ``result``, or for a nest of tensors one of shapes; for what is no tensor, its type's name."""
    if isinstance(result, Tensor):
        return result.shape
    if isinstance(result, Mapping):
        return {key: _shape(part) for key, part in result.items()}
    if isinstance(result, list | tuple):
        return [_shape(part) for part in result]
    return type(result).__name__


def _arguments(input: Any, model: Module) -> tuple[Any, ...]:
    dtypes = (parameter.dtype for parameter in model.parameters())
    dtype = next(dtypes, tg.get_default_dtype())
    inputs = input if isinstance(input, tuple) and not _is_shape(input) else (input,)
    return tuple(tg.zeros(part, dtype=dtype) if _is_shape(part) else part for part in inputs)


def _is_shape(value: Any) -> bool:
    return isinstance(value, list | tuple) and all(isinstance(size, int) for size in value)


def _rows(model: Module, shapes: Mapping[Module, Any]) -> Iterator[LayerSummary]:
    counted: set[Tensor] = set()
    for path, module in model.named_modules():
        new = set(module.parameters(recurse=False)) - counted
        counted |= new
        yield LayerSummary(
            path,
            type(module).__name__,
            depth=path.count(".") + 1 if path else 0,
            output_shape=shapes.get(module),
            parameters=sum(parameter.numel() for parameter in new),
        )


def _name(layer: LayerSummary) -> str:
    name = layer.path.rpartition(".")[2]
    return "  " * layer.depth + (f"{name}: {layer.module_type}" if name else layer.module_type)


def _or_dash(value: Any) -> str:
    return "-" if value is None else str(value)


def _readable(size: float) -> str:
    """A number of bytes as people write it."""
    for unit in ("bytes", "KiB", "MiB"):
        if size < 1024:
            return f"{size:.1f} {unit}" if unit != "bytes" else f"{size:.0f} bytes"
        size /= 1024
    return f"{size:.1f} GiB"
