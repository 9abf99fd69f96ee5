"""Lengths of vectors. Where a length is 0, so is its gradient."""

from __future__ import annotations

from math import inf
from typing import Any

import numpy as np

from tinygrad_scratch.dtypes import DType
from tinygrad_scratch.ops.checks import floating_only
from tinygrad_scratch.ops.create.conversion import cast
from tinygrad_scratch.ops.dims import Dims, checked_dim, checked_dims
from tinygrad_scratch.ops.math.arithmetic import clamp, where
from tinygrad_scratch.ops.reduce.pairwise import in_float32, pairwise_sum
from tinygrad_scratch.ops.reduce.reduction import amax, amin, sum, unsqueezed
from tinygrad_scratch.record.operation import primitive, public
from tinygrad_scratch.record.tensor import Tensor


def _without_zeros(length: Any) -> Any:
    return np.where(length == 0, 1, length)


_euclidean = primitive(
    in_float32(lambda x, *, dim, keepdim: np.sqrt(pairwise_sum(x * x, dim=dim, keepdim=keepdim))),
    name="norm",
    x=lambda g, x, y, dim: unsqueezed(g / _without_zeros(y), x.shape, dim) * x,
)
_p_norm = primitive(
    in_float32(lambda x, *, dim, keepdim, p: pairwise_sum(np.abs(x) ** p, dim=dim, keepdim=keepdim) ** (1 / p)),
    name="norm",
    x=lambda g, x, y, dim, p: (
        unsqueezed(g, x.shape, dim) * _powers(x / unsqueezed(_without_zeros(y), x.shape, dim), p - 1)
    ),
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
    if ord == 2:
        return _euclidean(x, dim=dims, keepdim=keepdim)
    return _p_norm(x, dim=dims, keepdim=keepdim, p=ord)


public(vector_norm, namespace="linalg")


@public(is_method=False)
def normalize(input: Tensor, p: float = 2.0, dim: int = 1, eps: float = 1e-12) -> Tensor:
    """``input`` divided by its norm along ``dim``, or by ``eps`` where that is larger.

    >>> tg.normalize(tg.tensor([3.0, 4.0]), dim=0)
    tensor([0.6000, 0.8000])
    """
    return input / clamp(vector_norm(input, p, dim, keepdim=True), min=eps)


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
