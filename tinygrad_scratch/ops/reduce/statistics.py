"""How far values lie apart: variances and standard deviations. The table reads as in `reduction`."""

from __future__ import annotations

from math import nan
from typing import Any

import numpy as np

from tinygrad_scratch.ops.checks import floating_only
from tinygrad_scratch.ops.dims import Dims, numpy_words
from tinygrad_scratch.ops.reduce.pairwise import count, in_float32, pairwise_sum
from tinygrad_scratch.ops.reduce.reduction import mean, mean_over, reduce_over, unsqueezed
from tinygrad_scratch.record.operation import Operation, primitive, public
from tinygrad_scratch.record.tensor import Tensor


@primitive(
    x=lambda g, x, dim, correction: (
        unsqueezed(g * (2 / _freedom(x, dim, correction)), x.shape, dim) * _deviation(x, dim)
    )
)
@in_float32
def _var(x: Any, *, dim: tuple[int, ...], keepdim: bool, correction: float) -> Any:
    squares = _deviation(x, dim)
    squares *= squares
    return pairwise_sum(squares, dim=dim, keepdim=keepdim) / max(count(x.shape, dim) - correction, 0)


@primitive(
    x=lambda g, x, y, dim, correction: (
        unsqueezed(g / np.where(y == 0, 1, y) * (1 / _freedom(x, dim, correction)), x.shape, dim) * _deviation(x, dim)
    )
)
@in_float32
def _std(x: Any, *, dim: tuple[int, ...], keepdim: bool, correction: float) -> Any:
    return np.sqrt(_var(x, dim=dim, keepdim=keepdim, correction=correction))


def _deviation(x: Any, dim: tuple[int, ...]) -> Any:
    # The mean of what lies beyond the first value: no digits are lost to what all have in common.
    first = x[tuple(slice(0, 1) if i in dim else slice(None) for i in range(x.ndim))]
    beyond = x - first
    return beyond - mean_over(beyond, dim=dim, keepdim=True)


def _freedom(x: Any, dim: tuple[int, ...], correction: float) -> float:
    """The degrees of freedom: what the squares are divided by. NaN if none are left, as the gradient then is."""
    n = count(x.shape, dim)
    return n - correction if n > correction else nan


@public
@numpy_words
def var(
    input: Tensor,
    dim: Dims = None,
    unbiased: bool = True,
    keepdim: bool = False,
    *,
    correction: float | None = None,
) -> Tensor:
    """The variance over ``dim`` (default: all): the sum of squared deviations over n - ``correction``.

    The correction is 1 or, if not ``unbiased``, 0, unless it is given. A bool in place of ``dim`` is ``unbiased``.
    Of no values, and of one with a correction of 1, it is NaN.

    >>> tg.var(tg.tensor([1.0, 2.0, 3.0]))
    tensor(1.)
    """
    return _spread(_var, input, dim, unbiased, keepdim, correction)


@public
@numpy_words
def std(
    input: Tensor,
    dim: Dims = None,
    unbiased: bool = True,
    keepdim: bool = False,
    *,
    correction: float | None = None,
) -> Tensor:
    """The standard deviation, the root of `var`. Where it is 0, so is its gradient.

    >>> tg.std(tg.tensor([1.0, 2.0, 3.0]))
    tensor(1.)
    """
    return _spread(_std, input, dim, unbiased, keepdim, correction)


def _spread(
    operation: Operation, input: Tensor, dim: Any, unbiased: bool, keepdim: bool, correction: float | None
) -> Tensor:
    if isinstance(dim, bool):
        dim, unbiased = None, dim
    correction = int(unbiased) if correction is None else correction
    return reduce_over(operation, floating_only(input, operation.__name__), dim, keepdim, correction=correction)


@public(is_method=False)
@numpy_words
def var_mean(
    input: Tensor,
    dim: Dims = None,
    unbiased: bool = True,
    keepdim: bool = False,
    *,
    correction: float | None = None,
) -> tuple[Tensor, Tensor]:
    """`var` and `mean`.

    >>> tg.var_mean(tg.tensor([1.0, 2.0, 3.0]))
    (tensor(1.), tensor(2.))
    """
    over = None if isinstance(dim, bool) else dim
    return var(input, dim, unbiased, keepdim, correction=correction), mean(input, over, keepdim)


@public(is_method=False)
@numpy_words
def std_mean(
    input: Tensor,
    dim: Dims = None,
    unbiased: bool = True,
    keepdim: bool = False,
    *,
    correction: float | None = None,
) -> tuple[Tensor, Tensor]:
    """`std` and `mean`.

    >>> tg.std_mean(tg.tensor([1.0, 2.0, 3.0]))
    (tensor(1.), tensor(2.))
    """
    over = None if isinstance(dim, bool) else dim
    return std(input, dim, unbiased, keepdim, correction=correction), mean(input, over, keepdim)
