"""What is worth showing of an array: all of it if it is small, and how its values are distributed if it is not."""

from __future__ import annotations

from dataclasses import dataclass
from math import prod, sqrt
from typing import Any

import numpy as np

from tinygrad_scratch.record.tensor import Array
from tinygrad_scratch.visualize.images import Images, Imaging

SMALL = 64  # an array with at most this many values is shown value by value
_BINS = 24


@dataclass(frozen=True, slots=True)
class Summary:
    """The shape, dtype and distribution of an array, and a copy of its ``values`` if they are few, or ``images`` of it.

    ``minimum``, ``maximum``, ``mean`` and ``std`` are those of the finite values, or None if there are none. The bins
    of the ``histogram``, all equally wide, reach from the minimum to the maximum. ``nans`` and ``infinities`` count the
    values that are not finite.
    """

    shape: tuple[int, ...]
    dtype: np.dtype[Any]
    values: Array | None
    minimum: float | None
    maximum: float | None
    mean: float | None
    std: float | None
    histogram: tuple[int, ...]
    nans: int
    infinities: int
    images: Images | None = None

    def text(self, most: int = SMALL) -> str:
        """The values, one line for each row, if there are at most ``most``; otherwise their range and mean.

        >>> print(summarized(np.array([[1.0, 0.25], [-2.0, 1e-5]])).text())
        [[    1,  0.25],
         [   -2, 1e-05]]
        >>> summarized(np.arange(100.0)).text()
        '0 … 99, mean 49.5'
        """
        if self.values is not None and self.values.size <= most:
            return values_text(self.values)
        text = f"{number(self.minimum)} … {number(self.maximum)}, mean {number(self.mean)}"
        return f"{text}, {self.alarm}" if self.alarm else text

    @property
    def alarm(self) -> str:
        """How many values are NaN or infinite, in words; empty if none is."""
        found = [(self.nans, "NaN"), (self.infinities, "infinite")]
        return ", ".join(f"{count} {kind}" for count, kind in found if count)


@dataclass(frozen=True, slots=True)
class Contribution:
    """What one rule gave for one input, and the sum of all that had been given for that input by then."""

    given: Summary
    total: Summary


def summarized(array: Any, imaging: Imaging | None = None) -> Summary:
    """The `Summary` of an array or number, with the images that ``imaging`` makes of it unless it is small.

    >>> summary = summarized([1.0, 3.0, np.inf])
    >>> summary.mean, summary.std, summary.alarm
    (2.0, 1.0, '1 infinite')
    """
    array = np.asarray(array)
    nans, infinities, finite = 0, 0, array
    if array.dtype.kind == "f" and not (is_finite := np.isfinite(array)).all():
        nans, infinities, finite = int(np.isnan(array).sum()), int(np.isinf(array).sum()), array[is_finite]
    minimum = maximum = mean = std = None
    histogram: tuple[int, ...] = ()
    if finite.size:
        wide = finite.astype(np.float64)  # no sum or square overflows in it that did not in float32
        minimum, maximum = float(np.minimum.reduce(wide, None)), float(np.maximum.reduce(wide, None))
        with np.errstate(over="ignore"):
            # As NumPy's mean and std, which take several times as long for small arrays.
            mean = float(np.add.reduce(wide, None)) / wide.size
            std = sqrt(np.add.reduce(np.square(wide - mean), None) / wide.size)
        histogram = _histogram(wide, minimum, maximum)
    values = array.copy() if array.size <= SMALL else None
    images = None if imaging is None or values is not None else imaging(array)
    return Summary(array.shape, array.dtype, values, minimum, maximum, mean, std, histogram, nans, infinities, images)


def _histogram(values: Array, minimum: float, maximum: float) -> tuple[int, ...]:
    """As np.histogram, which takes several times as long for small arrays; empty if the range is infinite."""
    width = (maximum - minimum) / _BINS
    if not np.isfinite(width):
        return ()
    if not width:
        return tuple(values.size if number == _BINS // 2 else 0 for number in range(_BINS))
    bins = (values.ravel() - minimum) / width
    return tuple(np.bincount(np.minimum(bins, _BINS - 1).astype(np.intp), minlength=_BINS).tolist())


def values_text(values: Array) -> str:
    """An array's values to four digits, in columns, and in brackets as NumPy's are.

    >>> values_text(np.zeros((2, 0))), values_text(np.zeros((0, 2)))
    ('[[],\\n []]', '[]')
    """
    texts = [number(value) for value in values.ravel().tolist()]
    width = max(map(len, texts), default=0) if values.ndim > 1 else 0
    for depth in range(values.ndim, 0, -1):
        size = values.shape[depth - 1]
        separator = ", " if depth == values.ndim else ",\n" + " " * depth
        starts = [row * size for row in range(prod(values.shape[: depth - 1]))]
        texts = [f"[{separator.join(text.rjust(width) for text in texts[start : start + size])}]" for start in starts]
    return texts[0]


def number(value: float | None) -> str:
    """A number to four significant digits.

    >>> number(0.693147), number(3), number(float("inf")), number(None)
    ('0.6931', '3', 'inf', '–')
    """
    if value is None:
        return "–"
    return f"{value:.4g}" if isinstance(value, float) else str(value)
