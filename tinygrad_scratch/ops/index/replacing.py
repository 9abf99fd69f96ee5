"""A copy with a part replaced: `select`, `narrow`, `diagonal` and `take`, the other way round."""

from __future__ import annotations

from tinygrad_scratch.ops.dims import at, checked_dim
from tinygrad_scratch.ops.index.scatter import index_put
from tinygrad_scratch.ops.shape.diagonal import diagonal
from tinygrad_scratch.ops.shape.joining import select
from tinygrad_scratch.ops.shape.shape import reshape
from tinygrad_scratch.record.operation import public
from tinygrad_scratch.record.tensor import Tensor


@public
def select_scatter(input: Tensor, src: Tensor, dim: int, index: int) -> Tensor:
    """``input`` with ``src`` in place of the slice at ``index`` along ``dim``.

    >>> tg.select_scatter(tg.zeros(2, 2), tg.ones(2), 0, 1)
    tensor([[0., 0.],
            [1., 1.]])
    """
    result = input.clone()
    return _replaced(result, select(result, dim, index), src, "select_scatter")


@public
def slice_scatter(
    input: Tensor, src: Tensor, dim: int = 0, start: int | None = None, end: int | None = None, step: int = 1
) -> Tensor:
    """``input`` with ``src`` in place of the values from ``start`` up to ``end`` (not included), ``step`` apart.

    >>> tg.slice_scatter(tg.zeros(4), tg.ones(2), start=1, end=3)
    tensor([0., 1., 1., 0.])
    """
    dim = checked_dim(dim, input.ndim, "slice_scatter")
    result = input.clone()
    part = result[at(dim, slice(start, end, step))]
    return _replaced(result, part, src, "slice_scatter")


@public
def diagonal_scatter(input: Tensor, src: Tensor, offset: int = 0, dim1: int = 0, dim2: int = 1) -> Tensor:
    """``input`` with ``src`` in place of a `diagonal`.

    >>> tg.diagonal_scatter(tg.zeros(2, 2), tg.ones(2))
    tensor([[1., 0.],
            [0., 1.]])
    """
    result = input.clone()
    return _replaced(result, diagonal(result, offset, dim1, dim2), src, "diagonal_scatter")


def _replaced(whole: Tensor, part: Tensor, source: Tensor, name: str) -> Tensor:
    if source.shape != part.shape:
        raise ValueError(f"{name}: the part to replace has shape {part.shape}, but the source {source.shape}")
    part.copy_(source)
    return whole


@public(in_place=True)
def put(input: Tensor, index: Tensor, source: Tensor, accumulate: bool = False) -> Tensor:
    """``input`` with the values of ``source`` put, or with ``accumulate`` added, at places counted as if it were flat.

    >>> tg.put(tg.zeros(2, 2), tg.tensor([0, 3]), tg.tensor([1.0, 2.0]))
    tensor([[1., 0.],
            [0., 2.]])
    """
    if index.numel() != source.numel():
        raise ValueError(f"put: {index.numel()} places in the index, but {source.numel()} values in the source")
    places = reshape(index, -1)
    return reshape(index_put(reshape(input, -1), [places], reshape(source, -1), accumulate), input.shape)
