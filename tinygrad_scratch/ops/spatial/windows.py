"""Windows that slide over the spatial dimensions: their sizes, places and errors."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from functools import lru_cache
from inspect import cleandoc, signature
from itertools import product
from numbers import Integral
from typing import Any, NamedTuple, TypeVar

from tinygrad_scratch.record.operation import Function, public
from tinygrad_scratch.record.rows import written_in
from tinygrad_scratch.record.tensor import Tensor

F = TypeVar("F", bound=Function)

Sizes = int | Sequence[int]  # one for each spatial dimension, or one for all of them
Index = tuple[Any, ...]

_SPATIAL = ("L", "H, W", "D, H, W")  # what one, two and three spatial dimensions are called


class Windows(NamedTuple):
    """How windows lie along one dimension: ``number`` of them, of ``size`` places each.

    The first begins ``padding`` places before the input, each other ``stride`` places behind the one before it. The
    places of a window lie ``dilation`` apart.
    """

    number: int
    size: int
    stride: int
    padding: int
    dilation: int

    @property
    def overlap(self) -> bool:
        """Whether a value may lie in several windows."""
        return self.stride <= self.dilation * (self.size - 1)

    @property
    def end(self) -> int:
        """The place behind the last one of the last window."""
        return (self.number - 1) * self.stride + (self.size - 1) * self.dilation + 1 - self.padding

    def is_padded(self, length: int) -> bool:
        """Whether some place of a window lies outside of an input of this ``length``."""
        return self.padding > 0 or self.end > length

    def spans(self, length: int) -> list[tuple[int, slice, slice]]:
        """For each place of a window: its number, the windows where it lies in an input of this ``length``, and where.

        A place that never does is left out.
        """
        found = []
        for place in range(self.size):
            offset = place * self.dilation - self.padding
            first = max(-(offset // self.stride), 0)
            end = min((length - 1 - offset) // self.stride + 1, self.number)
            if first < end:
                inputs = slice(first * self.stride + offset, (end - 1) * self.stride + offset + 1, self.stride)
                found.append((place, slice(first, end), inputs))
        return found


AllWindows = tuple[Windows, ...]  # along each spatial dimension


@lru_cache(1024)
def spans(windows: AllWindows, lengths: tuple[int, ...]) -> tuple[tuple[tuple[int, ...], Index, Index], ...]:
    """`Windows.spans` along several dimensions: the numbers of each place, the windows and where, as tuples."""
    along = (one.spans(length) for one, length in zip(windows, lengths, strict=True))
    return tuple(tuple(zip(*parts, strict=True)) for parts in product(*along))


@lru_cache(1024)
def places(windows: AllWindows, lengths: tuple[int, ...]) -> tuple[tuple[Index, Index], ...]:
    """For each place of a window, in order: an index of the windows where it lies in the input, and one of the input.

    Both are of the last dimensions of an array, which in the input have these ``lengths``.
    """
    return tuple(((..., *outputs), (..., *inputs)) for _, outputs, inputs in spans(windows, lengths))


def per_dimension(given: Any, dims: int, what: str, operation: str, least: int = 1) -> tuple[int, ...]:
    """``given``, an integer or one for each of ``dims`` dimensions, as a tuple.

    TypeError unless they are integers, ValueError unless they are so many, none of them smaller than ``least``.
    """
    numbers = tuple(given) if isinstance(given, Sequence) else (given,)
    if not all(isinstance(number, Integral) for number in numbers):
        raise TypeError(f"{operation}: {what} must be an integer or a tuple of {dims}, got {given!r}")
    if len(numbers) not in (1, dims):
        raise ValueError(f"{operation}: {what} must be an integer or a tuple of {dims}, got {given!r}")
    if min(numbers) < least:
        raise ValueError(f"{operation}: {what} must be at least {least}, got {given!r}")
    return tuple(map(int, numbers)) * (dims if len(numbers) == 1 else 1)


def windows_within(
    lengths: Sequence[int],
    sizes: Sequence[int],
    stride: Sizes,
    paddings: Sequence[tuple[int, int]],
    dilation: Sizes,
    operation: str,
) -> AllWindows:
    """All windows that fit into an input of these ``lengths`` with so much padding before and after it.

    ValueError if there are none.
    """
    strides = per_dimension(stride, len(lengths), "stride", operation)
    dilations = per_dimension(dilation, len(lengths), "dilation", operation)
    reaches = tuple((size - 1) * step + 1 for size, step in zip(sizes, dilations, strict=True))
    padded = tuple(length + sum(padding) for length, padding in zip(lengths, paddings, strict=True))
    numbers = [(length - reach) // step + 1 for length, reach, step in zip(padded, reaches, strides, strict=True)]
    if min(numbers) < 1:
        raise ValueError(f"{operation}: windows over {reaches} values are larger than the padded input, over {padded}")
    return tuple(map(Windows, numbers, sizes, strides, (before for before, _ in paddings), dilations))


def check_spatial(input: Tensor, dims: int, operation: str) -> None:
    """ValueError unless ``input`` has ``dims`` spatial dimensions behind the channels, and perhaps samples before."""
    if input.ndim - dims not in (1, 2):
        sizes = _SPATIAL[dims - 1]
        raise ValueError(f"{operation}: needs an input (N, C, {sizes}) or (C, {sizes}), not one of shape {input.shape}")
    if 0 in input.shape[-dims - 1 :]:
        raise ValueError(f"{operation}: only the number of samples may be 0, but the input has shape {input.shape}")


def spatial_row(operation: F, name: str, dims: int, example: str) -> F:
    """``operation`` made public under ``name``: for the function that a row calls for its number of ``dims``.

    In what the operation says of itself, (N, C, L) stands for the shape of its inputs.
    """
    text = cleandoc(operation.__doc__ or "").replace(", L)", f", {_SPATIAL[dims - 1]})")
    operation.__doc__ = f"{text}\n\n>>> {example}"
    operation.__name__ = name
    operation.__signature__ = signature(operation)  # type: ignore[attr-defined]
    written_in(sys._getframe(2), operation)
    return public(operation, is_method=False)
