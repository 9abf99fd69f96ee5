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

from tinygrad_scratch.ops.dims import inverse_order, memory_order
from tinygrad_scratch.ops.reduce.pairwise import Dims, pairwise_sum, row_length


@dataclass(frozen=True, slots=True)
class Layout:
    """How arrays of one shape and order in memory are seen as rows, to sum them over dimensions ``dim``.

    ``order``    the dimensions, the outermost in memory first; ``inverse`` leads back
    ``shape``    the sizes of what is seen, in this order, of which those ``summed`` belong to ``dim``
    ``sums``     the sizes of sums over these, 1 where summed; ``in_order`` before neighbours are taken as one
    ``n``        how many values are summed
    ``has_rows`` whether the innermost are, and are so few that BLAS may sum them
    """

    order: Dims
    inverse: Dims
    shape: Dims
    summed: Dims
    sums: Dims
    in_order: Dims
    n: int
    has_rows: bool

    def seen(self, x: Any) -> Any:
        """The array as rows: a view of its memory, unless that has another order."""
        return np.ascontiguousarray(x.transpose(self.order)).reshape(self.shape)

    def sum(self, seen: Any) -> Any:
        """The sums over ``dim``, with size 1 there."""
        return pairwise_sum(seen, dim=self.summed, keepdim=True)

    def sum_of_products(self, seen: Any, other: Any) -> Any:
        """The `sum` of the product of two."""
        if not self.has_rows:
            return pairwise_sum(seen * other, dim=self.summed, keepdim=True)
        products, further = np.vecdot(seen, other)[..., None], self.summed[:-1]
        return pairwise_sum(products, dim=further, keepdim=True) if further else products

    def spread(self, sums: Any) -> Any:
        """``sums`` to calculate with, repeated for all values within the outermost dimension, if that is summed.

        NumPy takes half the time for rows of numbers that it takes for one number and a row.
        """
        if 0 not in self.summed or len(self.shape) == len(self.summed):
            return sums
        return np.ascontiguousarray(np.broadcast_to(sums, (1, *self.shape[1:])))

    def unseen(self, sums: Any) -> Any:
        """Sums with the dimensions of the array, each of which is there again, in its own place."""
        return sums.reshape(self.in_order).transpose(self.inverse)

    def seen_sums(self, sums: Any) -> Any:
        """The inverse of `unseen`."""
        return sums.transpose(self.order).reshape(self.sums)


def layout_of(x: Any, dim: Dims) -> Layout:
    """How the contiguous array ``x`` lies in memory, to be summed over ``dim``."""
    return _layout(x.shape, x.strides, dim)


@lru_cache(maxsize=512)
def _layout(shape: Dims, strides: Dims, dim: Dims) -> Layout:
    order = memory_order(strides)
    sizes: list[int] = []
    summed: list[bool] = []
    for i in order:
        if shape[i] == 1:
            continue
        if summed and summed[-1] == (i in dim):
            sizes[-1] *= shape[i]
        else:
            sizes.append(shape[i])
            summed.append(i in dim)
    row = row_length(sizes[-1]) if summed and summed[-1] else 0
    if 0 < row < sizes[-1]:
        sizes[-1:] = [sizes[-1] // row, row]
        summed.append(True)
    return Layout(
        order=order,
        inverse=inverse_order(order),
        shape=tuple(sizes),
        summed=tuple(i for i, is_summed in enumerate(summed) if is_summed),
        sums=tuple(1 if is_summed else size for size, is_summed in zip(sizes, summed, strict=True)),
        in_order=tuple(1 if i in dim else shape[i] for i in order),
        n=prod(shape[i] for i in dim),
        has_rows=row > 0,
    )
