"""Values added at the edges of a tensor, or taken away there."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np

from tinygrad_scratch.ops.index.scatter import index_select
from tinygrad_scratch.record.operation import primitive, public
from tinygrad_scratch.record.tensor import Array, Tensor, make_tensor

_pad = primitive(
    lambda x, *, widths, value: np.pad(x, widths, constant_values=value),
    name="pad",
    x=lambda g, x_shape, widths: g[tuple(slice(w[0], w[0] + n) for w, n in zip(widths, x_shape, strict=True))],
)


@public(is_method=False)
def pad(input: Tensor, pad: Sequence[int], mode: str = "constant", value: float | None = None) -> Tensor:
    """``input`` with values added at the edges: ``pad`` holds, from the last dimension on, how many before and after.

    ``mode`` "constant" adds ``value`` (0), "reflect" what lies inwards of the edge, "replicate" the edge itself and
    "circular" the other end. Negative numbers take values away. ValueError if there are not so many values.

    >>> tg.pad(tg.tensor([1, 2]), (1, 2), value=9)
    tensor([9, 1, 2, 9, 9])
    """
    if len(pad) % 2 or len(pad) > 2 * input.ndim:
        raise ValueError(
            f"pad: expected at most {input.ndim} pairs of numbers for shape {input.shape}, got {list(pad)}"
        )
    pairs = [(0, 0)] * (input.ndim - len(pad) // 2) + [(pad[i], pad[i + 1]) for i in range(len(pad) - 2, -1, -2)]
    if mode == "constant":
        inside = tuple(slice(max(-a, 0), n - max(-b, 0)) for (a, b), n in zip(pairs, input.shape, strict=True))
        widths = tuple((max(a, 0), max(b, 0)) for a, b in pairs)
        return _pad(input[inside] if any(n < 0 for n in pad) else input, widths=widths, value=value or 0)
    if mode not in _MODES:
        raise ValueError(f"pad: mode must be constant, {', '.join(_MODES)}, not {mode!r}")
    for dim, (before, after) in enumerate(pairs):
        if before or after:
            input = index_select(input, dim, make_tensor(_places(input.shape[dim], before, after, mode)))
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
