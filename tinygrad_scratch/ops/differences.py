"""Differences and areas along a dimension, and how variables vary together."""

from __future__ import annotations

from typing import Any

from tinygrad_scratch.ops.dims import checked_dim
from tinygrad_scratch.ops.joining import cat, narrow
from tinygrad_scratch.ops.linear_algebra import matmul
from tinygrad_scratch.ops.reduction import mean, sum
from tinygrad_scratch.record.operation import public
from tinygrad_scratch.record.tensor import Tensor


def _neighbours(input: Tensor, dim: int) -> tuple[Tensor, Tensor]:
    count = max(input.shape[dim] - 1, 0)
    return narrow(input, dim, 0, count), narrow(input, dim, input.shape[dim] - count, count)


@public
def diff(
    input: Tensor, n: int = 1, dim: int = -1, prepend: Tensor | None = None, append: Tensor | None = None
) -> Tensor:
    """Each value minus the one before it along ``dim``, ``n`` times over; values can be prepended and appended first.

    >>> tg.diff(tg.tensor([1, 3, 6]))
    tensor([2, 3])
    """
    dim = checked_dim(dim, input.ndim, "diff")
    ends = [part for part in (prepend, input, append) if part is not None]
    input = cat(ends, dim) if len(ends) > 1 else input
    for _ in range(n):
        before, after = _neighbours(input, dim)
        input = after - before
    return input


@public(is_method=False, aliases=("trapz",))
def trapezoid(y: Tensor, x: Tensor | None = None, *, dx: float = 1, dim: int = -1) -> Tensor:
    """The area under values along ``dim``, by trapezoids: at the points ``x``, or ``dx`` apart.

    >>> tg.trapezoid(tg.tensor([1.0, 3.0]))
    tensor(2.)
    """
    before, after = _neighbours(y, checked_dim(dim, y.ndim, "trapezoid"))
    width: Any = dx if x is None else diff(x, dim=dim if x.ndim == y.ndim else -1)
    return sum((before + after) * width, dim) / 2


@public
def cov(input: Tensor, *, correction: float = 1) -> Tensor:
    """The covariances of variables, each of which is a row of observations; of one, its variance.

    >>> tg.cov(tg.tensor([[1.0, 2.0], [2.0, 4.0]]))
    tensor([[0.5000, 1.0000],
            [1.0000, 2.0000]])
    """
    if input.ndim > 2:
        raise ValueError(f"cov: needs a matrix of variables and observations, got shape {input.shape}")
    rows = input if input.ndim == 2 else input.reshape(1, -1)
    deviation = rows - mean(rows, 1, keepdim=True)
    products = matmul(deviation, deviation.mT) / (rows.shape[1] - correction)
    return products if input.ndim == 2 else products.reshape(())


@public
def corrcoef(input: Tensor) -> Tensor:
    """The correlations of variables, each of which is a row of observations.

    >>> tg.corrcoef(tg.tensor([[1.0, 2.0, 3.0], [3.0, 2.0, 1.0]]))
    tensor([[ 1., -1.],
            [-1.,  1.]])
    """
    together = cov(input)
    if not together.ndim:
        return together / together
    deviation = together.diagonal().sqrt()
    return (together / deviation.unsqueeze(1) / deviation).clamp(-1, 1)
