"""Values added at the edges of a tensor, or taken away there."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import lru_cache
from itertools import pairwise
from typing import Any

import numpy as np

from tinygrad_scratch.ops.dims import at
from tinygrad_scratch.record.operation import Operation, primitive, public
from tinygrad_scratch.record.tensor import Array, Tensor

Widths = tuple[tuple[int, int], ...]
Places = tuple[int, ...]


def _inside(sizes: Sequence[int], widths: Widths) -> tuple[slice, ...]:
    return tuple(slice(before, before + n) for n, (before, _) in zip(sizes, widths, strict=True))


def _surrounded(x: Any, *, widths: Widths, value: float) -> Any:
    sizes = tuple(before + n + after for n, (before, after) in zip(x.shape, widths, strict=True))
    result = np.empty_like(x, shape=sizes)  # in the memory order of x, as np.pad's is not
    result.fill(value)
    result[_inside(x.shape, widths)] = x
    return result


_pad = primitive(_surrounded, name="pad", x=lambda g, x_shape, widths: g[_inside(x_shape, widths)])


# Slices picked along a dimension, at places that are known beforehand, and added up where they were picked


@lru_cache(256)
def _runs(places: Places) -> tuple[tuple[slice, slice], ...]:
    """Where ``places`` follow each other: slices of the result, and of what they are picked from."""
    starts = [i for i, place in enumerate(places) if not i or place != places[i - 1] + 1]
    bounds = pairwise([*starts, len(places)])
    return tuple((slice(start, end), slice(places[start], places[start] + end - start)) for start, end in bounds)


def _slices(x: Any, *, dim: int, places: Places) -> Any:
    result = np.empty_like(x, shape=(*x.shape[:dim], len(places), *x.shape[dim + 1 :]))
    for run, picked in _runs(places):
        result[at(dim, run)] = x[at(dim, picked)]
    return result


def _summed(g: Any, *, dim: int, places: Places, size: int) -> Any:
    result = np.zeros_like(g, shape=(*g.shape[:dim], size, *g.shape[dim + 1 :]))
    for run, picked in _runs(places):
        part = result[at(dim, picked)]
        part += g[at(dim, run)]
    return result


_slices_at: Operation = primitive(
    _slices,
    name="slices_at",
    x=lambda g, x_shape, dim, places: _summed_slices(g, dim=dim, places=places, size=x_shape[dim]),
)
_summed_slices: Operation = primitive(
    _summed, name="summed_slices", g=lambda g, dim, places: _slices_at(g, dim=dim, places=places)
)


def slices_at(input: Tensor, dim: int, places: Array) -> Tensor:
    """As `index_select`, for places that do not depend on values: the quicker, the more of them follow each other."""
    return _slices_at(input, dim=dim, places=tuple(places.tolist()))


@public(is_method=False)
def pad(input: Tensor, pad: Sequence[int], mode: str = "constant", value: float | None = None) -> Tensor:
    """``input`` with values added at the edges: ``pad`` holds, from the last dimension on, how many before and after.

    ``mode`` "constant" adds ``value`` (0), "reflect" what lies inwards of the edge, "replicate" the edge itself and
    "circular" the other end. Negative numbers take values away. ValueError if there are not so many values, or for a
    ``value`` in a mode that has no use for it.

    >>> tg.pad(tg.tensor([1, 2]), (1, 2), value=9)
    tensor([9, 1, 2, 9, 9])
    """
    if len(pad) % 2 or len(pad) > 2 * input.ndim:
        raise ValueError(
            f"pad: expected at most {input.ndim} pairs of numbers for shape {input.shape}, got {list(pad)}"
        )
    pairs = [(0, 0)] * (input.ndim - len(pad) // 2) + [(pad[i], pad[i + 1]) for i in range(len(pad) - 2, -1, -2)]
    if any(before + n + after < 0 for n, (before, after) in zip(input.shape, pairs, strict=True)):
        raise ValueError(f"pad: {list(pad)} takes away more than there is in shape {input.shape}")
    if mode == "constant":
        inside = tuple(slice(max(-a, 0), n - max(-b, 0)) for (a, b), n in zip(pairs, input.shape, strict=True))
        widths = tuple((max(a, 0), max(b, 0)) for a, b in pairs)
        return _pad(input[inside] if any(n < 0 for n in pad) else input, widths=widths, value=value or 0)
    if mode not in _MODES:
        raise ValueError(f"pad: mode must be constant, {', '.join(_MODES)}, not {mode!r}")
    if value is not None:
        raise ValueError(f"pad: mode {mode!r} takes no value, but got {value!r}")
    for dim, (before, after) in enumerate(pairs):
        if before or after:
            input = slices_at(input, dim, _places(input.shape[dim], before, after, mode))
    return input


def _places(size: int, before: int, after: int, mode: str) -> Array:
    """Which of ``size`` values stand along a dimension padded with so many ``before`` and ``after`` them."""
    places = np.arange(-before, size + after)
    first, last = max(-before, 0), min(size + after, size) - 1
    most = {"reflect": size - 1, "circular": last - first + 1, "replicate": np.inf if size else 0}[mode]
    if max(before, after) > most or last < first - 1:
        raise ValueError(f"pad: {size} values have no {before} before and {after} after them for mode {mode!r}")
    return _MODES[mode](places, first, last, size)


# Where each place before 0 or after size - 1 gets its value from. ``first`` and ``last`` are the outermost places that
# are not taken away: only "circular" goes round those alone.
_MODES: dict[str, Callable[[Array, int, int, int], Array]] = {
    "reflect": lambda places, first, last, size: size - 1 - abs(size - 1 - abs(places)),
    "replicate": lambda places, first, last, size: np.clip(places, 0, size - 1),
    "circular": lambda places, first, last, size: first + (places - first) % (last - first + 1),
}
