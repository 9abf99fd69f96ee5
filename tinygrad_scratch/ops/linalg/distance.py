"""Distances and angles between vectors. Where a distance is 0, so is its gradient."""

from __future__ import annotations

import numpy as np

from tinygrad_scratch.ops.linalg.norm import vector_norm
from tinygrad_scratch.ops.math.arithmetic import clamp
from tinygrad_scratch.ops.reduce.reduction import sum
from tinygrad_scratch.ops.shape.shape import broadcast_tensors
from tinygrad_scratch.record.operation import public
from tinygrad_scratch.record.tensor import Tensor, make_tensor


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
def cdist(
    x1: Tensor,
    x2: Tensor,
    p: float = 2.0,
    compute_mode: str = "use_mm_for_euclid_dist_if_necessary",  # noqa: ARG001
) -> Tensor:
    """The distances between all rows of ``x1`` (…, n, d) and all rows of ``x2`` (…, m, d): (…, n, m), as p-norms.

    ``compute_mode`` has no effect: no distance is computed as a difference of products, which would lose digits.

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
    first, second = (make_tensor(place) for place in np.triu_indices(len(input), 1))
    return vector_norm(input[first] - input[second], p, -1)


@public
def dist(input: Tensor, other: Tensor, p: float = 2) -> Tensor:
    """The p-norm of input - other.

    >>> tg.dist(tg.tensor([1.0, 1.0]), tg.tensor([4.0, 5.0]))
    tensor(5.)
    """
    return vector_norm(input - other, p)
