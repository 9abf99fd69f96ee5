"""Arrays as images: which of their values are seen, each as a pixel, and how they are arranged.

Filters, feature maps, attention and hidden states are best read as images. A page holds many arrays, so only the first
few images of each are kept, and of a large one only every so many rows and columns.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum, auto
from math import ceil, prod, sqrt

import numpy as np

from tinygrad_scratch.record.tensor import Array

NOT_FINITE = -128  # the pixel of a value that is NaN or infinite
_STRONGEST = 127  # that of the largest value
_MOST_PIXELS = 12_288  # of one array
_MOST_IMAGES = 16  # along one dimension
_LONGEST_SIDE = 64  # pixels


class Kind(Enum):
    """What an array is, as far as it matters to how it is drawn."""

    PARAMETER = auto()
    RESULT = auto()
    STATES = auto()  # of a recurrent layer, the steps along the first dimension


# The arrays that are drawn as images, and along how many dimensions there are several of them. The last two dimensions
# are those of an image; of the others, the first entry is seen.
_DIMS_OF_SEVERAL: Mapping[tuple[Kind, int], int] = {
    (Kind.PARAMETER, 3): 1,  # filters: an image for each of the results, input channels × places
    (Kind.PARAMETER, 4): 2,  # filters: an image for each result and each input channel
    (Kind.RESULT, 3): 0,  # one sample: steps × features, or channels × places
    (Kind.RESULT, 4): 1,  # one sample: an image for each channel, or for each head what it attends to
    (Kind.RESULT, 5): 1,
    (Kind.STATES, 2): 0,
    (Kind.STATES, 3): 0,  # one sample: steps × features
}


@dataclass(frozen=True, slots=True)
class Images:
    """The values of an array at ``index``, written as in Python, as images in rows of ``columns``.

    ``pixels``, of shape (images, height, width), are the values as 127ths of the ``strongest``, the largest in size;
    those that are not finite are `NOT_FINITE`.
    """

    index: str
    columns: int
    strongest: float
    pixels: Array


def images_of(array: Array, kind: Kind) -> Images | None:
    """The images that an array of that kind is drawn as; None if it is not.

    >>> images = images_of(np.ones((8, 3, 10, 10)), Kind.RESULT)
    >>> images.index, images.columns, images.pixels.shape
    ('[0]', 2, (3, 10, 10))
    """
    several = _DIMS_OF_SEVERAL.get((kind, array.ndim))
    if several is None or not array.size:
        return None
    images = np.moveaxis(array, 0, -2) if kind is Kind.STATES else array
    every = [ceil(side / _LONGEST_SIDE) for side in images.shape[-2:]]
    thinned = images[..., :: every[0], :: every[1]]
    if min(thinned.shape[-2:]) < 2:
        return None
    counts = _counts(thinned.shape, several)
    pixels, strongest = _pixels(thinned[tuple(slice(count) for count in counts)])
    columns = counts[-1] if several == 2 and counts[-1] > 1 else ceil(sqrt(prod(counts)))
    return Images(_index_text(images.shape[:-2], counts, every, kind), columns, strongest, pixels)


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


def _index_text(sizes: tuple[int, ...], counts: list[int], every: list[int], kind: Kind) -> str:
    texts = [_slice_text(count, size) for count, size in zip(counts, sizes, strict=True)]
    height, width = (":" if step == 1 else f"::{step}" for step in every)
    texts = [height, *texts, width] if kind is Kind.STATES else [*texts, height, width]
    while len(texts) > 1 and texts[-1] == ":":
        texts.pop()
    return f"[{', '.join(texts)}]"


def _slice_text(count: int, size: int) -> str:
    return "0" if count == 1 else ":" if count == size else f":{count}"
