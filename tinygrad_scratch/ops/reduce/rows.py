"""An array as its memory has it: rows of values that lie side by side, and quick sums over some of its dimensions.

What is done to all values of an array, and to sums of them, need not know which dimension is which. Taken in the order
in which they lie in memory, and with neighbours that are all summed over, or all not, as one, few dimensions are left:
two for layer norm, and for batch norm of images whose batch is innermost. NumPy and BLAS are quickest at long rows.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from math import prod
from typing import Any

import numpy as np

from tinygrad_scratch.ops.reduce.pairwise import Dims, ones, pairwise_sum

# The longest row that BLAS sums. It adds to eight totals or more by turns, so that each takes no more values than
# `pairwise_sum` adds one after another.
_LONGEST = 1024


@dataclass(frozen=True, slots=True)
class Rows:
    """How arrays of one shape and order in memory are seen as rows, to sum them over dimensions ``dim``.

    ``order``    the dimensions, the outermost in memory first; ``inverse`` leads back
    ``shape``    the sizes of what is seen, in this order, of which those ``summed`` belong to ``dim``
    ``sums``     the sizes of sums over these, 1 where summed; ``in_order`` before neighbours are taken as one
    ``n``        how many values are summed
    """

    order: Dims
    inverse: Dims
    shape: Dims
    summed: Dims
    sums: Dims
    in_order: Dims
    n: int

    def seen(self, x: Any) -> Any:
        """The array as rows: a view of its memory, unless that has another order."""
        return np.ascontiguousarray(x.transpose(self.order)).reshape(self.shape)

    def sum(self, seen: Any) -> Any:
        """The sums over ``dim``, with size 1 there."""
        if self._are_short:
            return self._summed_up(seen @ ones(seen.shape[-1], seen.dtype))
        return pairwise_sum(seen, dim=self.summed, keepdim=True)

    def sum_of_products(self, seen: Any, other: Any) -> Any:
        """The `sum` of the product of two."""
        if self._are_short:
            return self._summed_up(np.vecdot(seen, other))
        return pairwise_sum(seen * other, dim=self.summed, keepdim=True)

    def unseen(self, sums: Any) -> Any:
        """Sums with the dimensions of the array, each of which is there again, in its own place."""
        return sums.reshape(self.in_order).transpose(self.inverse)

    def seen_sums(self, sums: Any) -> Any:
        """The inverse of `unseen`."""
        return sums.transpose(self.order).reshape(self.sums)

    @property
    def _are_short(self) -> bool:
        """Whether all rows are summed, and short enough for BLAS."""
        return self.summed[-1:] == (len(self.shape) - 1,) and self.shape[-1] <= _LONGEST

    def _summed_up(self, sums_of_rows: Any) -> Any:
        further = self.summed[:-1]
        return (pairwise_sum(sums_of_rows, dim=further, keepdim=True) if further else sums_of_rows).reshape(self.sums)


def rows_of(x: Any, dim: Dims) -> Rows:
    """How to see the contiguous array ``x``, in whatever order its dimensions lie, and arrays of its shape."""
    return _rows(x.shape, x.strides, dim)


@lru_cache(maxsize=512)
def _rows(shape: Dims, strides: Dims, dim: Dims) -> Rows:
    order = sorted(range(len(shape)), key=lambda i: -strides[i])
    sizes: list[int] = []  # innermost first
    summed: list[bool] = []
    for i in reversed(order):
        if shape[i] == 1:
            continue
        grows_too_long = summed == [True] and sizes[0] * shape[i] > _LONGEST
        if summed and summed[-1] == (i in dim) and not grows_too_long:
            sizes[-1] *= shape[i]
        else:
            sizes.append(shape[i])
            summed.append(i in dim)
    sizes.reverse()
    summed.reverse()
    return Rows(
        order=tuple(order),
        inverse=tuple(order.index(i) for i in range(len(order))),
        shape=tuple(sizes),
        summed=tuple(i for i, is_summed in enumerate(summed) if is_summed),
        sums=tuple(1 if is_summed else size for size, is_summed in zip(sizes, summed, strict=True)),
        in_order=tuple(1 if i in dim else shape[i] for i in order),
        n=prod(shape[i] for i in dim),
    )
