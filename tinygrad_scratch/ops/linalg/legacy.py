"""What PyTorch had before `linalg`, and still has, with the arguments and results of that time."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np

from tinygrad_scratch.dtypes import DType
from tinygrad_scratch.ops.dims import Dims, checked_dims, numpy_words
from tinygrad_scratch.ops.linalg import matrices, matrix_functions
from tinygrad_scratch.ops.linalg.matrices import QR
from tinygrad_scratch.ops.linalg.norm import vector_norm
from tinygrad_scratch.ops.shape.rearrange import flip
from tinygrad_scratch.record.operation import public
from tinygrad_scratch.record.tensor import Tensor


class SVDWithV(NamedTuple):
    """Left singular vectors, singular values, right singular vectors; the vectors are columns."""

    U: Tensor
    S: Tensor
    V: Tensor


@public
def svd(input: Tensor, some: bool = True) -> SVDWithV:
    """`linalg.svd` with V instead of its transpose, and full matrices only if not ``some``.

    >>> [part.shape for part in tg.svd(tg.ones(4, 2))]
    [(4, 2), (2,), (2, 2)]
    """
    u, s, vh = matrices.svd(input, full_matrices=not some)
    return SVDWithV(u, s, vh.mT)


@public
def qr(input: Tensor, some: bool = True) -> QR:
    """`linalg.qr`, in its complete mode if not ``some``.

    >>> [part.shape for part in tg.qr(tg.ones(4, 2))]
    [(4, 2), (2, 2)]
    """
    return matrices.qr(input, "reduced" if some else "complete")


@public
@numpy_words
def norm(input: Tensor, p: Any = "fro", dim: Dims = None, keepdim: bool = False, dtype: DType = None) -> Tensor:
    """The length of the vector that the values over ``dim`` (default: all) are: see `linalg.vector_norm`.

    ``p`` "fro" is 2, also for matrices; "nuc" is that of `linalg.matrix_norm`, over two dimensions.

    >>> tg.norm(tg.tensor([3.0, 4.0]))
    tensor(5.)
    """
    if p == "nuc":
        matrix = input if dtype is None else input.to(dtype)
        return matrices.matrix_norm(
            matrix, p, (-2, -1) if dim is None else checked_dims(dim, input.ndim, "norm"), keepdim
        )
    return vector_norm(input, 2 if p in ("fro", None) else p, dim, keepdim, dtype=dtype)


@public(is_method=False, numpy=(np.vander,))
def vander(x: Tensor, N: int | None = None, increasing: bool = False) -> Tensor:
    """For each value of a vector a row of its powers, from N - 1 down to 0 or, if ``increasing``, up.

    >>> tg.vander(tg.tensor([2, 3]), 3)
    tensor([[4, 2, 1],
            [9, 3, 1]])
    """
    if x.ndim != 1:
        raise ValueError(f"vander: needs a vector, got shape {x.shape}")
    powers = matrix_functions.vander(x, N=N)
    return powers if increasing else flip(powers, 1)
