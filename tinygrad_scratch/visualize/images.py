"""Arrays as images: which of their values are seen, each as a pixel, and how they are arranged.

Filters, feature maps, attention and hidden states are best read as images. A page holds many arrays, so only the first
few images of each are kept, and of a large one only every so many rows and columns.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import accumulate
from math import ceil, prod, sqrt

import numpy as np

from tinygrad_scratch.record.tensor import Array

NOT_FINITE = -128  # the pixel of a value that is NaN or infinite
_STRONGEST = 127  # that of the largest value
_MOST_PIXELS = 12_288  # of one array
_MOST_IMAGES = 16  # along one dimension
_LONGEST_SIDE = 64  # pixels


@dataclass(frozen=True, slots=True, eq=False)
class Images:
    """The values of an array at ``index``, written as in Python, as images in rows of ``columns``.

    ``pixels``, of shape (images, height, width), are the values as 127ths of the ``strongest``, the largest in size;
    those that are not finite are `NOT_FINITE`.
    """

    index: str
    columns: int
    strongest: float
    pixels: Array


Imaging = Callable[[Array], Images | None]  # None for an array that is not drawn as images


def filters(array: Array) -> Images | None:
    """A parameter: an image for each channel of the result and, in a row of them, for each of the input."""
    return _images(array, {3: 1, 4: 2})


def maps(array: Array) -> Images | None:
    """The first sample: steps × features, or an image for each channel, or for each head what it attends to.

    >>> images = maps(np.ones((8, 3, 10, 10)))
    >>> images.index, images.columns, images.pixels.shape
    ('[0]', 2, (3, 10, 10))
    """
    return _images(array, {3: 0, 4: 1, 5: 1})


def states(array: Array, batch_sizes: Sequence[int]) -> Images | None:
    """The first of sequences that are packed, ``batch_sizes`` of them in each step: steps × features."""
    if array.ndim != 2 or len(array) != sum(batch_sizes):
        return None
    images = _images(array[[0, *accumulate(batch_sizes[:-1])]], {2: 0})
    return images and replace(images, index=f"first sequence{images.index}".removesuffix("[:]"))


def _images(array: Array, dims_of_several: Mapping[int, int]) -> Images | None:
    """Images of the last two dimensions; ``dims_of_several`` says along how many others there are several of them."""
    several = dims_of_several.get(array.ndim)
    if several is None or not array.size:
        return None
    every = [ceil(side / _LONGEST_SIDE) for side in array.shape[-2:]]
    thinned = array[..., :: every[0], :: every[1]]
    if min(thinned.shape[-2:]) < 2:
        return None
    counts = _counts(thinned.shape, several)
    pixels, strongest = _pixels(thinned[tuple(slice(count) for count in counts)])
    columns = counts[-1] if several == 2 and counts[-1] > 1 else ceil(sqrt(prod(counts)))
    return Images(_index_text(array.shape, counts, every), columns, strongest, pixels)


def _counts(shape: tuple[int, ...], several: int) -> list[int]:
    """How many entries are seen of each dimension before the last two: several of the innermost that have them."""
    room = _MOST_PIXELS // prod(shape[-2:])
    counts: list[int] = []
    for size in reversed(shape[:-2]):
        counts.insert(0, max(1, min(size, room, _MOST_IMAGES)) if several else 1)
        if size > 1:
            several -= several > 0
        room //= counts[0]
    return counts


def _pixels(images: Array) -> tuple[Array, float]:
    values = images.reshape(-1, *images.shape[-2:]).astype(np.float64)
    finite = np.isfinite(values)
    strongest = float(np.max(np.abs(values), where=finite, initial=0.0))
    shares = np.where(finite, values / (strongest or 1.0) * _STRONGEST, NOT_FINITE)
    return np.rint(shares).astype(np.int8), strongest


def _index_text(shape: tuple[int, ...], counts: list[int], every: list[int]) -> str:
    texts = [_slice_text(count, size) for count, size in zip(counts, shape, strict=False)]
    texts += [":" if step == 1 else f"::{step}" for step in every]
    while len(texts) > 1 and texts[-1] == ":":
        texts.pop()
    return f"[{', '.join(texts)}]"


def _slice_text(count: int, size: int) -> str:
    return "0" if count == 1 else ":" if count == size else f":{count}"
