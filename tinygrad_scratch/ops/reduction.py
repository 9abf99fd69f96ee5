"""Many values to one: sums, means, extremes, along some dimensions or over all.

In the table, ``dim`` are the reduced dimensions, ``n`` is the number of values that become one, and ``kept`` the shape
of the result had they been kept with size 1: in that shape ``g`` and ``y`` broadcast against the input.
"""

from __future__ import annotations

from math import prod
from typing import Any, NamedTuple

import numpy as np

from tinygrad_scratch.dtypes import DType
from tinygrad_scratch.ops.conversion import cast
from tinygrad_scratch.ops.dims import Dims, checked_dim, checked_dims, numpy_words
from tinygrad_scratch.ops.elementwise import in_floating_dtype, maximum, minimum
from tinygrad_scratch.ops.indexing import gather
from tinygrad_scratch.record.operation import Function, Operation, primitive, public
from tinygrad_scratch.record.tensor import Tensor

_sum = primitive(
    lambda x, *, dim, keepdim, kept, n: np.add.reduce(x, dim, keepdims=keepdim),
    name="sum",
    x=lambda g, x_shape, kept: np.broadcast_to(g.reshape(kept), x_shape),
)
_mean = primitive(
    lambda x, *, dim, keepdim, kept, n: np.add.reduce(x, dim, keepdims=keepdim) / n,
    name="mean",
    x=lambda g, x_shape, kept, n: np.broadcast_to(g.reshape(kept) / n, x_shape),
)
_var = primitive(
    lambda x, *, dim, keepdim, kept, n, correction: x.var(dim, ddof=correction, keepdims=keepdim),
    name="var",
    x=lambda g, x, dim, kept, n, correction: g.reshape(kept) * _deviation(x, dim) * (2 / (n - correction)),
)
_std = primitive(
    lambda x, *, dim, keepdim, kept, n, correction: x.std(dim, ddof=correction, keepdims=keepdim),
    name="std",
    x=lambda g, x, y, dim, kept, n, correction: (
        g.reshape(kept) * _deviation(x, dim) / (np.where(y == 0, 1, y).reshape(kept) * (n - correction))
    ),
)
_amax = primitive(
    lambda x, *, dim, keepdim, kept, n: x.max(dim, keepdims=keepdim),
    name="amax",
    x=lambda g, x, y, dim, kept: g.reshape(kept) * _shares(x == y.reshape(kept), dim),
)
_amin = primitive(
    lambda x, *, dim, keepdim, kept, n: x.min(dim, keepdims=keepdim),
    name="amin",
    x=lambda g, x, y, dim, kept: g.reshape(kept) * _shares(x == y.reshape(kept), dim),
)
_logsumexp = primitive(
    lambda x, *, dim, keepdim, kept, n: _stable_logsumexp(x, dim, keepdim),
    name="logsumexp",
    prepare=in_floating_dtype,
    x=lambda g, x, y, kept: g.reshape(kept) * np.exp(x - y.reshape(kept)),
)


def _deviation(x: Any, dim: tuple[int, ...]) -> Any:
    return x - np.mean(x, dim, keepdims=True)


def _shares(is_extreme: Any, dim: tuple[int, ...]) -> Any:
    """Equal shares of a gradient for all the values that reach the extreme."""
    return is_extreme / np.sum(is_extreme, dim, keepdims=True)


def _stable_logsumexp(x: Any, dim: tuple[int, ...], keepdim: bool) -> Any:
    largest = x.max(dim, keepdims=True, initial=-np.inf)
    shift = np.where(np.isfinite(largest), largest, 0)
    total = np.exp(x - shift).sum(dim, keepdims=keepdim)
    return np.log(total) + shift.reshape(np.shape(total))


def _reduce(operation: Operation, input: Tensor, dim: Dims, keepdim: bool, **settings: Any) -> Tensor:
    dims = checked_dims(dim, input.ndim, operation.__name__)
    kept = tuple(1 if i in dims else size for i, size in enumerate(input.shape))
    n = prod(input.shape[i] for i in dims)
    return operation(input, dim=dims, keepdim=keepdim, kept=kept, n=n, **settings)


@public(numpy=(np.sum,))
@numpy_words
def sum(input: Tensor, dim: Dims = None, keepdim: bool = False, *, dtype: DType = None) -> Tensor:
    """The sum over ``dim``: one, several or, by default, all dimensions. Integers and booleans add up in int64.

    ``keepdim`` keeps the reduced dimensions with size 1. ``dtype`` converts the input first.

    >>> tg.sum(tg.tensor([[1.0, 2.0], [3.0, 4.0]]), dim=0)
    tensor([4., 6.])
    """
    return _reduce(_sum, input if dtype is None else cast(input, dtype), dim, keepdim)


@public(numpy=(np.mean,))
@numpy_words
def mean(input: Tensor, dim: Dims = None, keepdim: bool = False, *, dtype: DType = None) -> Tensor:
    """The mean over ``dim`` (default: all) of a floating point tensor. TypeError for integers, as in PyTorch.

    >>> tg.mean(tg.tensor([[1.0, 2.0], [3.0, 4.0]]), dim=1, keepdim=True)
    tensor([[1.5000],
            [3.5000]])
    """
    return _reduce(_mean, _floating(input if dtype is None else cast(input, dtype), "mean"), dim, keepdim)


@public(numpy=(np.var,))
@numpy_words
def var(input: Tensor, dim: Dims = None, keepdim: bool = False, *, correction: float = 1) -> Tensor:
    """The variance over ``dim`` (default: all): the sum of squared deviations over n - ``correction``.

    >>> tg.var(tg.tensor([1.0, 2.0, 3.0]))
    tensor(1.)
    """
    return _reduce(_var, _floating(input, "var"), dim, keepdim, correction=correction)


@public(numpy=(np.std,))
@numpy_words
def std(input: Tensor, dim: Dims = None, keepdim: bool = False, *, correction: float = 1) -> Tensor:
    """The standard deviation, the root of `var`. Where it is 0, so is its gradient.

    >>> tg.std(tg.tensor([1.0, 2.0, 3.0]))
    tensor(1.)
    """
    return _reduce(_std, _floating(input, "std"), dim, keepdim, correction=correction)


@public
@numpy_words
def logsumexp(input: Tensor, dim: Dims, keepdim: bool = False) -> Tensor:
    """ln Σ exp(x) over ``dim``, without overflow.

    >>> tg.logsumexp(tg.tensor([1e4, 1.0]), dim=0)
    tensor(10000.)
    """
    return _reduce(_logsumexp, input, dim, keepdim)


@public(numpy=(np.amax, np.max))
@numpy_words
def amax(input: Tensor, dim: Dims = None, keepdim: bool = False) -> Tensor:
    """The largest value over ``dim`` (default: all); values that tie share the gradient equally.

    >>> tg.amax(tg.tensor([[1, 5], [7, 2]]), dim=1)
    tensor([5, 7])
    """
    return _reduce(_amax, input, dim, keepdim)


@public(numpy=(np.amin, np.min))
@numpy_words
def amin(input: Tensor, dim: Dims = None, keepdim: bool = False) -> Tensor:
    """The smallest value over ``dim`` (default: all); values that tie share the gradient equally.

    >>> tg.amin(tg.tensor([[1, 5], [7, 2]]), dim=1)
    tensor([1, 2])
    """
    return _reduce(_amin, input, dim, keepdim)


_all = primitive(lambda x, *, dim, keepdim, kept, n: x.astype(bool).all(dim, keepdims=keepdim), name="all")
_any = primitive(lambda x, *, dim, keepdim, kept, n: x.astype(bool).any(dim, keepdims=keepdim), name="any")


@public(numpy=(np.all,))
@numpy_words
def all(input: Tensor, dim: Dims = None, keepdim: bool = False) -> Tensor:
    """Whether all values over ``dim`` (default: all) are nonzero.

    >>> tg.all(tg.tensor([[True, False], [True, True]]), dim=1)
    tensor([False,  True])
    """
    return _reduce(_all, input, dim, keepdim)


@public(numpy=(np.any,))
@numpy_words
def any(input: Tensor, dim: Dims = None, keepdim: bool = False) -> Tensor:
    """Whether any value over ``dim`` (default: all) is nonzero.

    >>> tg.any(tg.tensor([[True, False], [False, False]]), dim=1)
    tensor([ True, False])
    """
    return _reduce(_any, input, dim, keepdim)


class ValuesAndIndices(NamedTuple):
    """Values found along a dimension, and where."""

    values: Tensor
    indices: Tensor


@public
@numpy_words
def max(input: Tensor, dim: Any = None, keepdim: bool = False) -> Any:
    """The largest value; along ``dim``, the values and their indices; if ``dim`` is a tensor, the `maximum` of both.

    Along a dimension the gradient goes to the first of the values that tie.

    >>> tg.max(tg.tensor([[1, 5], [7, 2]]), dim=1)
    ValuesAndIndices(values=tensor([5, 7]), indices=tensor([1, 0]))
    """
    return _extreme(input, dim, keepdim, amax, maximum, argmax)


@public
@numpy_words
def min(input: Tensor, dim: Any = None, keepdim: bool = False) -> Any:
    """The smallest value; along ``dim``, the values and their indices; if ``dim`` is a tensor, the `minimum` of both.

    Along a dimension the gradient goes to the first of the values that tie.

    >>> tg.min(tg.tensor([[1, 5], [7, 2]]), dim=1)
    ValuesAndIndices(values=tensor([1, 2]), indices=tensor([0, 1]))
    """
    return _extreme(input, dim, keepdim, amin, minimum, argmin)


def _extreme(input: Tensor, dim: Any, keepdim: bool, of_all: Function, of_two: Function, position: Function) -> Any:
    if dim is None:
        return of_all(input)
    if isinstance(dim, Tensor):
        return of_two(input, dim)
    if not input.ndim:
        return ValuesAndIndices(input, position(input))
    indices = position(input, dim, keepdim=True)
    values = gather(input, dim, indices)
    if keepdim:
        return ValuesAndIndices(values, indices)
    return ValuesAndIndices(values.squeeze(dim), indices.squeeze(dim))


_argmax = primitive(
    lambda x, *, dim, keepdim: np.argmax(x, dim, keepdims=keepdim),
    name="argmax",
)
_argmin = primitive(lambda x, *, dim, keepdim: np.argmin(x, dim, keepdims=keepdim), name="argmin")


@public(numpy=(np.argmax,))
@numpy_words
def argmax(input: Tensor, dim: int | None = None, keepdim: bool = False) -> Tensor:
    """Where the largest value lies along ``dim`` (default: in the flattened tensor); the first of those that tie.

    >>> tg.argmax(tg.tensor([[1, 5], [7, 2]]), dim=1)
    tensor([1, 0])
    """
    return _argmax(input, dim=_argument_dim(input, dim, "argmax"), keepdim=keepdim)


@public(numpy=(np.argmin,))
@numpy_words
def argmin(input: Tensor, dim: int | None = None, keepdim: bool = False) -> Tensor:
    """Where the smallest value lies along ``dim`` (default: in the flattened tensor); the first of those that tie.

    >>> tg.argmin(tg.tensor([[1, 5], [7, 2]]), dim=1)
    tensor([0, 1])
    """
    return _argmin(input, dim=_argument_dim(input, dim, "argmin"), keepdim=keepdim)


def _argument_dim(input: Tensor, dim: int | None, name: str) -> int | None:
    return None if dim is None or not input.ndim else checked_dim(dim, input.ndim, name)


def _floating(input: Tensor, name: str) -> Tensor:
    if input.dtype.kind != "f":
        raise TypeError(f"{name}: needs a floating point tensor, not {input.dtype}; convert it with float()")
    return input
