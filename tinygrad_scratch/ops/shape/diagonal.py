"""Diagonals and triangles of matrices."""

from __future__ import annotations

from itertools import accumulate
from typing import Any

import numpy as np

from tinygrad_scratch.ops.dims import checked_dims
from tinygrad_scratch.ops.math.arithmetic import where
from tinygrad_scratch.ops.shape.joining import cat
from tinygrad_scratch.ops.shape.padding import pad
from tinygrad_scratch.record.operation import Operation, method, primitive, public
from tinygrad_scratch.record.tensor import Tensor, make_tensor


def _writable_diagonal(x: Any, offset: int, dim1: int, dim2: int) -> Any:
    view = np.diagonal(x, offset, dim1, dim2)
    view.flags.writeable = x.flags.writeable
    return view


_diagonal: Operation = primitive(
    lambda x, *, offset, dim1, dim2: _writable_diagonal(x, offset, dim1, dim2),
    name="diagonal",
    is_view=True,
    x=lambda g, x_shape, offset, dim1, dim2: _put_diagonal(g, shape=x_shape, offset=offset, dim1=dim1, dim2=dim2),
)


def _zeros_with_diagonal(x: Any, *, shape: tuple[int, ...], offset: int, dim1: int, dim2: int) -> Any:
    result = np.zeros(shape, x.dtype)
    _writable_diagonal(result, offset, dim1, dim2)[...] = x
    return result


_put_diagonal: Operation = primitive(
    _zeros_with_diagonal,
    name="diag_embed",
    x=lambda g, offset, dim1, dim2: _diagonal(g, offset=offset, dim1=dim1, dim2=dim2),
)


@public
def diagonal(input: Tensor, offset: int = 0, dim1: int = 0, dim2: int = 1) -> Tensor:
    """A view of the diagonal in the plane of two dimensions, ``offset`` above the main one, as a last dimension.

    >>> tg.diagonal(tg.tensor([[1, 2], [3, 4]]))
    tensor([1, 4])
    """
    dims = checked_dims((dim1, dim2), input.ndim, "diagonal")
    return _diagonal(input, offset=offset, dim1=dims[0], dim2=dims[1])


@public
def diag_embed(input: Tensor, offset: int = 0, dim1: int = -2, dim2: int = -1) -> Tensor:
    """Matrices with the values of the last dimension of ``input`` on the diagonal, and zeros elsewhere.

    ``dim1`` and ``dim2`` are the dimensions of the result that hold the rows and the columns.

    >>> tg.diag_embed(tg.tensor([1, 2]))
    tensor([[1, 0],
            [0, 2]])
    """
    size = input.shape[-1] + abs(offset)
    rows, columns = checked_dims((dim1, dim2), input.ndim + 1, "diag_embed")
    shape = list(input.shape[:-1])
    for place in sorted((rows, columns)):
        shape.insert(place, size)
    return _put_diagonal(input, shape=tuple(shape), offset=offset, dim1=rows, dim2=columns)


@public(numpy=(np.diag,))
def diag(input: Tensor, diagonal: int = 0) -> Tensor:
    """The diagonal of a matrix, as a copy; or, of a vector, the matrix that has it on the diagonal.

    >>> tg.diag(tg.tensor([[1, 2], [3, 4]]), 1)
    tensor([2])
    """
    if input.ndim == 1:
        return diag_embed(input, diagonal)
    if input.ndim != 2:
        raise ValueError(f"diag: needs a vector or matrix, got shape {input.shape}")
    return _diagonal(input, offset=diagonal, dim1=0, dim2=1).clone()


@public(numpy=(np.diagflat,))
def diagflat(input: Tensor, offset: int = 0) -> Tensor:
    """The matrix that has all values of ``input``, row by row, on a diagonal, and zeros elsewhere.

    >>> tg.diagflat(tg.tensor([1, 2]))
    tensor([[1, 0],
            [0, 2]])
    """
    return diag_embed(input.reshape(-1), offset)


@public
def trace(input: Tensor) -> Tensor:
    """The sum of a matrix's diagonal.

    >>> tg.trace(tg.tensor([[1, 2], [3, 4]]))
    tensor(5)
    """
    if input.ndim != 2:
        raise ValueError(f"trace: needs a matrix, got shape {input.shape}")
    return diagonal(input).sum()


@public(in_place=True, numpy=(np.tril,))
def tril(input: Tensor, diagonal: int = 0) -> Tensor:
    """The lower triangle of each matrix, up to a diagonal, and zeros above it.

    >>> tg.tril(tg.ones(2, 2))
    tensor([[1., 0.],
            [1., 1.]])
    """
    rows, columns = input.shape[-2:]
    return where(
        make_tensor(np.tri(rows, columns, diagonal, dtype=bool)), input, make_tensor(np.zeros((), input.dtype))
    )


@public(in_place=True, numpy=(np.triu,))
def triu(input: Tensor, diagonal: int = 0) -> Tensor:
    """The upper triangle of each matrix, from a diagonal on, and zeros below it.

    >>> tg.triu(tg.ones(2, 2))
    tensor([[1., 1.],
            [0., 1.]])
    """
    rows, columns = input.shape[-2:]
    return where(
        make_tensor(~np.tri(rows, columns, diagonal - 1, dtype=bool)), input, make_tensor(np.zeros((), input.dtype))
    )


@public(is_method=False)
def block_diag(*tensors: Tensor) -> Tensor:
    """The matrices along the diagonal of one that is otherwise zeros; vectors count as rows.

    >>> tg.block_diag(tg.tensor([[1, 2]]), tg.tensor([[3]]))
    tensor([[1, 2, 0],
            [0, 0, 3]])
    """
    blocks = [tensor.reshape(1, -1) if tensor.ndim < 2 else tensor for tensor in tensors]
    width = sum(block.shape[1] for block in blocks)
    starts = accumulate([0, *(block.shape[1] for block in blocks)])
    return cat([pad(b, (start, width - start - b.shape[1])) for b, start in zip(blocks, starts, strict=False)])


@method
def fill_diagonal_(self: Tensor, fill_value: float) -> Tensor:
    """Make all values on the diagonal of a matrix ``fill_value``."""
    diagonal(self).fill_(fill_value)
    return self
