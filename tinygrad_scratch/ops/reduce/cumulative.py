"""Running sums, products and extremes along a dimension."""

from __future__ import annotations

from typing import Any

import numpy as np

from tinygrad_scratch.dtypes import DType
from tinygrad_scratch.ops.create.conversion import cast
from tinygrad_scratch.ops.dims import along, checked_dim, numpy_words
from tinygrad_scratch.ops.index.indexing import ValuesAndIndices, gather
from tinygrad_scratch.ops.reduce.pairwise import dtype_of_sums, in_float32, pairwise_cumsum
from tinygrad_scratch.ops.shape.shape import transpose
from tinygrad_scratch.record.operation import Function, Operation, primitive, public
from tinygrad_scratch.record.tensor import Tensor, make_tensor

_cumsum: Operation = primitive(
    pairwise_cumsum,
    name="cumsum",
    x=lambda g, dim: np.flip(_cumsum(np.flip(g, dim), dim=dim), dim),
)
_cumprod = primitive(in_float32(lambda x, *, dim: np.cumprod(x, dim, dtype_of_sums(x))), name="cumprod")


def running(operation: Function, x: Any) -> Any:
    """The first 1, 2, … values along the last dimension of an array or Tensor, joined by an associative operation.

    It takes log₂ n operations on the whole: after each, every value joins twice as many as before.
    """
    reach = 1
    while reach < x.shape[-1]:
        x = np.concatenate([x[..., :reach], operation(x[..., reach:], x[..., :-reach])], -1)
        reach *= 2
    return x


def running_product(x: Any) -> Any:
    """The products of the first 1, 2, … values along the last dimension, by multiplication.

    So its gradient, to any order, needs no division, and is right where values are 0.
    """
    return running(np.multiply, x)


def product_of_others(x: Any) -> Any:
    """For each value along the last dimension, the product of all the others."""
    one = np.ones_like(x[..., :1])
    before = running_product(np.concatenate([one, x[..., :-1]], -1))
    after = running_product(np.concatenate([one, x[..., :0:-1]], -1))[..., ::-1]
    return before * after


@public(in_place=True)
@numpy_words
def cumsum(input: Tensor, dim: int, *, dtype: DType = None) -> Tensor:
    """The sums of the first 1, 2, … values along ``dim``; those of integers and booleans in int64.

    >>> tg.cumsum(tg.tensor([1, 2, 3]), dim=0)
    tensor([1, 3, 6])
    """
    if dtype is not None:
        return cast(cumsum(cast(input, dtype), dim), dtype)
    dim = checked_dim(dim, input.ndim, "cumsum")
    return _cumsum(input, dim=dim) if input.ndim else _cumsum(input.reshape(1), dim=0).reshape(())


@public(in_place=True)
@numpy_words
def cumprod(input: Tensor, dim: int, *, dtype: DType = None) -> Tensor:
    """The products of the first 1, 2, … values along ``dim``; those of integers and booleans in int64.

    >>> tg.cumprod(tg.tensor([1, 2, 3]), dim=0)
    tensor([1, 2, 6])
    """
    if dtype is not None:
        return cast(cumprod(cast(input, dtype), dim), dtype)
    dim = checked_dim(dim, input.ndim, "cumprod")
    if not input.ndim:
        return cumprod(input.reshape(1), 0).reshape(())
    if not input.requires_grad:
        return _cumprod(input, dim=dim)
    return transpose(running_product(transpose(input, dim, -1)), dim, -1)


@public
@numpy_words
def logcumsumexp(input: Tensor, dim: int) -> Tensor:
    """ln of the sums of the exponentials of the first 1, 2, … values along ``dim``, without overflow.

    >>> tg.logcumsumexp(tg.tensor([100.0, 100.0]), dim=0)
    tensor([100.0000, 100.6931])
    """
    dim = checked_dim(dim, input.ndim, "logcumsumexp")
    if not input.ndim:
        return input.clone()
    return transpose(running(np.logaddexp, transpose(input, dim, -1)), dim, -1)


@public
def cummax(input: Tensor, dim: int) -> ValuesAndIndices:
    """The largest of the first 1, 2, … values along ``dim``, and where it is: the last place of several.

    >>> tg.cummax(tg.tensor([1, 3, 2, 3]), dim=0).indices
    tensor([0, 1, 1, 3])
    """
    return _running_extreme(input, dim, np.maximum, "cummax")


@public
def cummin(input: Tensor, dim: int) -> ValuesAndIndices:
    """The smallest of the first 1, 2, … values along ``dim``, and where it is: the last place of several.

    >>> tg.cummin(tg.tensor([3, 1, 2, 1]), dim=0).indices
    tensor([0, 1, 1, 3])
    """
    return _running_extreme(input, dim, np.minimum, "cummin")


def _running_extreme(input: Tensor, dim: int, better: np.ufunc, name: str) -> ValuesAndIndices:
    dim = checked_dim(dim, input.ndim, name)
    if not input.ndim:
        return ValuesAndIndices(input.clone(), make_tensor(np.zeros((), np.int64)))
    places = _places_of_extremes(input, dim=dim, better=better)
    return ValuesAndIndices(gather(input, dim, places), places)


@primitive
def _places_of_extremes(x: Any, *, dim: int, better: np.ufunc) -> Any:
    """For each value, where the best of those up to it stands, the last place of several. NaN is the best."""
    reached = (x == better.accumulate(x, dim)) | (x != x)
    numbers = np.arange(x.shape[dim]).reshape(along(dim, x.ndim))
    return np.maximum.accumulate(np.where(reached, numbers, 0), dim)
