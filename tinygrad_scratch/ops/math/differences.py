"""Differences and areas along a dimension, and how variables vary together."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from tinygrad_scratch.dtypes import get_default_dtype
from tinygrad_scratch.ops.checks import check_shape, not_negative
from tinygrad_scratch.ops.dims import along, checked_dim, checked_dims
from tinygrad_scratch.ops.linalg.products import matmul
from tinygrad_scratch.ops.reduce.cumulative import cumsum
from tinygrad_scratch.ops.reduce.reduction import sum
from tinygrad_scratch.ops.shape.joining import cat, narrow
from tinygrad_scratch.record.operation import public
from tinygrad_scratch.record.tensor import Tensor, make_tensor


def _neighbours(input: Tensor, dim: int) -> tuple[Tensor, Tensor]:
    count = max(input.shape[dim] - 1, 0)
    return narrow(input, dim, 0, count), narrow(input, dim, input.shape[dim] - count, count)


@public
def diff(
    input: Tensor, n: int = 1, dim: int = -1, prepend: Tensor | None = None, append: Tensor | None = None
) -> Tensor:
    """Each value minus the one before it along ``dim``, ``n`` times over; values can be prepended and appended first.

    Of booleans, whether it is another than the one before.

    >>> tg.diff(tg.tensor([1, 3, 6]))
    tensor([2, 3])
    """
    dim = checked_dim(dim, input.ndim, "diff")
    if n < 0:
        raise ValueError(f"diff: n must not be negative, got {n}")
    if n == 0:
        return input
    ends = [part for part in (prepend, input, append) if part is not None]
    input = cat(ends, dim) if len(ends) > 1 else input
    for _ in range(n):
        before, after = _neighbours(input, dim)
        input = after != before if input.dtype == np.bool_ else after - before
    return input


@public(is_method=False, aliases=("trapz",))
def trapezoid(y: Tensor, x: Tensor | None = None, *, dx: float = 1, dim: int = -1) -> Tensor:
    """The area under values along ``dim``, by trapezoids: at the points ``x``, or ``dx`` apart.

    >>> tg.trapezoid(tg.tensor([1.0, 3.0]))
    tensor(2.)
    """
    return sum(_trapezoids(y, x, dx, dim), dim)


@public(is_method=False)
def cumulative_trapezoid(y: Tensor, x: Tensor | None = None, *, dx: float = 1, dim: int = -1) -> Tensor:
    """The area of `trapezoid` up to each value but the first.

    >>> tg.cumulative_trapezoid(tg.tensor([1.0, 3.0, 5.0]))
    tensor([2., 6.])
    """
    return cumsum(_trapezoids(y, x, dx, dim), dim)


def _trapezoids(y: Tensor, x: Tensor | None, dx: float, dim: int) -> Tensor:
    before, after = _neighbours(y, checked_dim(dim, y.ndim, "trapezoid"))
    width: Any = dx if x is None else diff(x, dim=dim if x.ndim == y.ndim else -1)
    areas: Tensor = (before + after) * width / 2
    return areas


@public(is_method=False)
def gradient(
    input: Tensor, *, spacing: Any = 1, dim: int | Sequence[int] | None = None, edge_order: int = 1
) -> tuple[Tensor, ...]:
    """The slope of the values along each of ``dim`` (default: all), from both neighbours: a tensor for each.

    ``spacing`` is the distance of neighbours, a number or one for each dimension, or a vector of coordinates for each.
    At the edges the slope is that towards the only neighbour or, with ``edge_order`` 2, of a parabola through three.

    >>> tg.gradient(tg.tensor([1.0, 2.0, 5.0]))
    (tensor([1., 2., 3.]),)
    """
    dims = checked_dims(dim, input.ndim, "gradient")
    spacing = 1 if spacing is None else spacing
    spacings = list(spacing) if isinstance(spacing, Sequence) else [spacing] * len(dims)
    if len(spacings) != len(dims):
        raise ValueError(f"gradient: {len(spacings)} spacings for {len(dims)} dimensions")
    if edge_order not in (1, 2):
        raise ValueError(f"gradient: edge_order must be 1 or 2, not {edge_order}")
    return tuple(_slopes(input, one, its_spacing, edge_order) for one, its_spacing in zip(dims, spacings, strict=True))


def _slopes(input: Tensor, dim: int, spacing: Any, edge_order: int) -> Tensor:
    size = input.shape[dim]
    if size <= edge_order:
        raise ValueError(f"gradient: needs more than {edge_order} values along dim {dim}, got shape {input.shape}")
    dtype = input.dtype if input.dtype.kind == "f" else get_default_dtype()
    widths = diff(spacing) if isinstance(spacing, Tensor) else make_tensor(np.full(size - 1, spacing, dtype))
    widths = widths.reshape(along(dim, input.ndim))
    slopes = diff(input, dim=dim) / widths
    before, after = _neighbours(slopes, dim)
    left, right = _neighbours(widths, dim)
    # Each slope counts the more, the nearer it is, so that a parabola's slope comes out exactly.
    inner = (before * right + after * left) / (left + right)
    first, last = narrow(slopes, dim, 0, 1), narrow(slopes, dim, size - 2, 1)
    if edge_order == 2:
        bend = (after - before) / (left + right)
        first = first - narrow(bend, dim, 0, 1) * narrow(widths, dim, 0, 1)
        last = last + narrow(bend, dim, size - 3, 1) * narrow(widths, dim, size - 2, 1)
    return cat([first, inner, last], dim)


@public
def cov(
    input: Tensor, *, correction: float = 1, fweights: Tensor | None = None, aweights: Tensor | None = None
) -> Tensor:
    """The covariances of variables, each of which is a row of observations; of one, its variance.

    ``fweights``, integers, says how often each observation was made, ``aweights`` how much it counts. ValueError unless
    there is one for each, and none is negative.

    >>> tg.cov(tg.tensor([[1.0, 2.0], [2.0, 4.0]]))
    tensor([[0.5000, 1.0000],
            [1.0000, 2.0000]])
    """
    if input.ndim > 2:
        raise ValueError(f"cov: needs a matrix of variables and observations, got shape {input.shape}")
    rows = input if input.ndim == 2 else input.reshape(1, -1)
    weights = make_tensor(np.ones(rows.shape[1], rows.dtype))
    if fweights is not None:
        if fweights.dtype.kind not in "iu":
            raise TypeError(f"cov: fweights must be integers, not {fweights.dtype}")
        weights = weights * _checked_weights(fweights, weights.shape, "fweights")
    if aweights is not None:
        weights = weights * _checked_weights(aweights, weights.shape, "aweights")
    total = sum(weights)
    deviation = rows - sum(rows * weights, 1, keepdim=True) / total
    count = total if aweights is None else total - correction * (sum(weights * aweights) / total - 1)
    products = matmul(deviation * weights, deviation.mT) / (count - correction).clamp(min=0)
    return products.squeeze() if len(rows) == 1 else products


def _checked_weights(weights: Tensor, shape: tuple[int, ...], what: str) -> Tensor:
    check_shape(weights, shape, what, "cov")
    return not_negative(weights, what=what, operation="cov")


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
