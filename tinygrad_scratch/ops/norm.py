"""Lengths of vectors, and the distances and angles between them. Where a length is 0, so is its gradient."""

from __future__ import annotations

from math import inf
from typing import Any

import numpy as np

from tinygrad_scratch.dtypes import DType
from tinygrad_scratch.ops.arithmetic import clamp, where
from tinygrad_scratch.ops.checks import floating_only
from tinygrad_scratch.ops.conversion import cast
from tinygrad_scratch.ops.dims import Dims, checked_dim, checked_dims, numpy_words
from tinygrad_scratch.ops.reduction import amax, amin, sum
from tinygrad_scratch.ops.shape import broadcast_tensors
from tinygrad_scratch.record.operation import primitive, public
from tinygrad_scratch.record.tensor import Tensor


def _without_zeros(length: Any) -> Any:
    return np.where(length == 0, 1, length)


_euclidean = primitive(
    lambda x, *, dim, keepdim, kept: np.sqrt(np.add.reduce(x * x, dim, keepdims=keepdim)),
    name="norm",
    x=lambda g, x, y, kept: (g / _without_zeros(y)).reshape(kept) * x,
)
_p_norm = primitive(
    lambda x, *, dim, keepdim, kept, p: np.add.reduce(np.abs(x) ** p, dim, keepdims=keepdim) ** (1 / p),
    name="norm",
    x=lambda g, x, y, kept, p: (g / _without_zeros(y) ** (p - 1)).reshape(kept) * _powers(x, p - 1),
)


def _powers(x: Any, p: float) -> Any:
    """|x|ᵖ with the sign of x, and 0 where x is 0 even if p is negative."""
    return np.sign(x) * np.abs(np.where(x == 0, 1, x)) ** p


def vector_norm(x: Tensor, ord: float = 2, dim: Dims = None, keepdim: bool = False, *, dtype: DType = None) -> Tensor:
    """(Σ |x|ᵖ)^(1/p) over ``dim`` (default: all), for p = ``ord``; the largest or smallest |x| for ∞ or -∞.

    For 0 it is the number of values that are not 0.

    >>> tg.linalg.vector_norm(tg.tensor([3.0, 4.0]))
    tensor(5.)
    """
    x = floating_only(x if dtype is None else cast(x, dtype), "vector_norm")
    dims = checked_dims(dim, x.ndim, "vector_norm")
    if ord in (inf, -inf):
        return (amax if ord == inf else amin)(abs(x), dims, keepdim)
    if ord == 0:
        return sum((x != 0).to(x.dtype), dims, keepdim)
    if ord == 1:
        return sum(abs(x), dims, keepdim)
    settings = {"dim": dims, "keepdim": keepdim, "kept": tuple(1 if i in dims else n for i, n in enumerate(x.shape))}
    return _euclidean(x, **settings) if ord == 2 else _p_norm(x, p=ord, **settings)


public(vector_norm, namespace="linalg")


@public
@numpy_words
def norm(input: Tensor, p: Any = "fro", dim: Dims = None, keepdim: bool = False, dtype: DType = None) -> Tensor:
    """The length of the vector that the values over ``dim`` (default: all) are: see `linalg.vector_norm`.

    ``p`` "fro" is 2, also for matrices.

    >>> tg.norm(tg.tensor([3.0, 4.0]))
    tensor(5.)
    """
    return vector_norm(input, 2 if p in ("fro", None) else p, dim, keepdim, dtype=dtype)


@public(is_method=False)
def normalize(input: Tensor, p: float = 2.0, dim: int = 1, eps: float = 1e-12) -> Tensor:
    """``input`` divided by its norm along ``dim``, or by ``eps`` where that is larger.

    >>> tg.normalize(tg.tensor([3.0, 4.0]), dim=0)
    tensor([0.6000, 0.8000])
    """
    return input / clamp(vector_norm(input, p, dim, keepdim=True), min=eps)


@public(is_method=False)
def cosine_similarity(x1: Tensor, x2: Tensor, dim: int = 1, eps: float = 1e-8) -> Tensor:
    """The cosine of the angle between vectors along ``dim``, whose lengths count at least as ``eps``.

    >>> tg.cosine_similarity(tg.tensor([1.0, 0.0]), tg.tensor([1.0, 1.0]), dim=0)
    tensor(0.7071)
    """
    x1, x2 = broadcast_tensors(x1, x2)
    left = x1 / clamp(vector_norm(x1, 2, dim, keepdim=True), min=eps)
    right = x2 / clamp(vector_norm(x2, 2, dim, keepdim=True), min=eps)
    return sum(left * right, dim)


@public(is_method=False)
def pairwise_distance(x1: Tensor, x2: Tensor, p: float = 2.0, eps: float = 1e-6, keepdim: bool = False) -> Tensor:
    """The distance between vectors along the last dimension: the p-norm of x1 - x2 + ``eps``.

    >>> tg.pairwise_distance(tg.tensor([[0.0, 0.0]]), tg.tensor([[3.0, 4.0]]))
    tensor([5.0000])
    """
    return vector_norm(x1 - x2 + eps, p, -1, keepdim)


@public(is_method=False)
def cdist(x1: Tensor, x2: Tensor, p: float = 2.0) -> Tensor:
    """The distances between all rows of ``x1`` (…, n, d) and all rows of ``x2`` (…, m, d): (…, n, m), as p-norms.

    >>> tg.cdist(tg.tensor([[0.0, 0.0]]), tg.tensor([[3.0, 4.0], [0.0, 1.0]]))
    tensor([[5., 1.]])
    """
    if x1.ndim < 2 or x2.ndim < 2 or x1.shape[-1] != x2.shape[-1]:
        raise ValueError(f"cdist: needs rows of equal length, got shapes {x1.shape} and {x2.shape}")
    return vector_norm(x1.unsqueeze(-2) - x2.unsqueeze(-3), p, -1)


@public(is_method=False)
def pdist(input: Tensor, p: float = 2.0) -> Tensor:
    """The distances between every two rows of a matrix of n rows, as p-norms: the n (n - 1) / 2 above its diagonal.

    >>> tg.pdist(tg.tensor([[0.0], [1.0], [3.0]]))
    tensor([1., 3., 2.])
    """
    if input.ndim != 2:
        raise ValueError(f"pdist: needs a matrix, got shape {input.shape}")
    first, second = (Tensor(place) for place in np.triu_indices(len(input), 1))
    return vector_norm(input[first] - input[second], p, -1)


@public
def dist(input: Tensor, other: Tensor, p: float = 2) -> Tensor:
    """The p-norm of input - other.

    >>> tg.dist(tg.tensor([1.0, 1.0]), tg.tensor([4.0, 5.0]))
    tensor(5.)
    """
    return vector_norm(input - other, p)


@public(in_place=True)
def renorm(input: Tensor, p: float, dim: int, maxnorm: float) -> Tensor:
    """``input``, with each slice along ``dim`` whose p-norm is above ``maxnorm`` scaled down to it.

    >>> tg.renorm(tg.tensor([[3.0, 4.0], [0.3, 0.4]]), 2, 0, 1.0)
    tensor([[0.6000, 0.8000],
            [0.3000, 0.4000]])
    """
    dim = checked_dim(dim, input.ndim, "renorm")
    if input.ndim < 2:
        raise ValueError(f"renorm: needs at least 2 dimensions, got shape {input.shape}")
    size = vector_norm(input, p, [i for i in range(input.ndim) if i != dim], keepdim=True)
    # The small number is PyTorch's.
    return input * where(size > maxnorm, maxnorm / (size + 1e-7), 1.0)
