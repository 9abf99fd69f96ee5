"""Values brought together where an index says: their sum, product, mean or extreme, along one dimension."""

from __future__ import annotations

from typing import Any

import numpy as np

from tinygrad_scratch.ops.dims import checked_dim
from tinygrad_scratch.ops.index.indexing import _gather, _scatter_sum, positions
from tinygrad_scratch.ops.index.scatter import _checked, _whole_slices, index_put, scatter, scatter_add
from tinygrad_scratch.ops.math.arithmetic import clamp, where
from tinygrad_scratch.ops.reduce.sorting import sort
from tinygrad_scratch.ops.shape.joining import cat
from tinygrad_scratch.record.operation import Operation, primitive, public
from tinygrad_scratch.record.tensor import Tensor, make_tensor

_EXTREMES: dict[str, np.ufunc] = {"amax": np.maximum, "amin": np.minimum}


def _with_extremes(x: Any, index: Any, source: Any, dim: int, which: str) -> Any:
    result = np.array(x)
    _EXTREMES[which].at(result, positions(index, dim), source)
    return result


def _gradient_of_each(g: Any, x: Any, index: Any, source: Any, y: Any, dim: int) -> Any:
    """The gradient in equal shares for all the values that are the extreme of their place."""
    is_extreme = (source == _gather(y, index, dim=dim)).astype(x.dtype)
    return g / np.maximum((x == y) + _scatter_sum(is_extreme, index, dim=dim, shape=x.shape), 1)


_scatter_extreme: Operation = primitive(
    lambda x, index, source, *, dim, which: _with_extremes(x, index, source, dim, which),
    name="scatter_reduce",
    x=lambda g, x, index, source, y, dim: _gradient_of_each(g, x, index, source, y, dim) * (x == y),
    source=lambda g, x, index, source, y, dim: (
        _gather(_gradient_of_each(g, x, index, source, y, dim), index, dim=dim) * (source == _gather(y, index, dim=dim))
    ),
)


@public(in_place=True)
def scatter_reduce(
    input: Tensor, dim: int, index: Tensor, src: Tensor, reduce: str, *, include_self: bool = True
) -> Tensor:
    """``input`` with the values of ``src`` that belong together at a place along ``dim``, as ``index`` says, made one.

    ``reduce`` is "sum", "prod", "mean", "amax" or "amin", of the values and, if ``include_self``, that of ``input``.
    Where the index names no place, ``input`` stays. Extremes that tie share the gradient equally.

    >>> tg.scatter_reduce(tg.zeros(2), 0, tg.tensor([0, 0, 1]), tg.tensor([1.0, 5.0, 2.0]), "amax")
    tensor([5., 2.])
    """
    dim, source = _checked(input, dim, index, src, "scatter_reduce")
    if reduce not in _NEUTRAL:
        raise ValueError(f"scatter_reduce: reduce must be one of {', '.join(_NEUTRAL)}, not {reduce!r}")
    start = input if include_self else scatter(input, dim, index, _NEUTRAL[reduce](input.dtype))
    if reduce == "prod":
        return start * _products(index, source, dim, input.shape)
    if reduce in _EXTREMES:
        return _scatter_extreme(start, index, source, dim=dim, which=reduce)
    sums = scatter_add(start, dim, index, source)
    return sums if reduce == "sum" else _divided(sums, index, dim, include_self)


def _limits(dtype: np.dtype[Any]) -> tuple[Any, Any]:
    """The smallest and the largest value of a dtype."""
    if dtype.kind == "f":
        return -np.inf, np.inf
    return (False, True) if dtype.kind == "b" else (int(np.iinfo(dtype).min), int(np.iinfo(dtype).max))


# The value that changes nothing, of each dtype, when it is reduced with others.
_NEUTRAL: dict[str, Any] = {
    "sum": lambda dtype: 0,
    "prod": lambda dtype: 1,
    "mean": lambda dtype: 0,
    "amax": lambda dtype: _limits(dtype)[0],
    "amin": lambda dtype: _limits(dtype)[1],
}


def _divided(sums: Tensor, index: Tensor, dim: int, include_self: bool) -> Tensor:
    ones = make_tensor(np.ones(index.shape, np.int64))
    counts = clamp(_scatter_sum(ones, index, dim=dim, shape=sums.shape) + int(include_self), min=1).to(sums.dtype)
    return sums / counts if sums.dtype.kind == "f" else sums // counts


def _products(index: Tensor, source: Tensor, dim: int, shape: tuple[int, ...]) -> Tensor:
    """The product of the values that belong to each place, 1 where there are none.

    The values are sorted by their places, and multiplied with their neighbours at the same place, twice as far each
    time; without a division, so that gradients to any order are right where values are 0. The last of each place is
    then the product, and stays there when all are put.
    """
    ones = make_tensor(np.ones(shape, source.dtype))
    numbers = make_tensor(np.arange(ones.numel()).reshape(shape))
    places, order = sort(_gather(numbers, index, dim=dim).reshape(-1))
    products = source.reshape(-1)[order]
    reach = 1
    while index.ndim and reach < index.shape[dim]:
        before = where(places[reach:] == places[:-reach], products[:-reach], 1)
        products = cat([products[:reach], products[reach:] * before])
        reach *= 2
    return index_put(ones.reshape(-1), [places], products).reshape(shape)


@public(in_place=True)
def index_reduce(
    input: Tensor, dim: int, index: Tensor, source: Tensor, reduce: str, *, include_self: bool = True
) -> Tensor:
    """`scatter_reduce` of whole slices of ``source``, at the positions along ``dim`` in the vector ``index``.

    >>> tg.index_reduce(tg.ones(2), 0, tg.tensor([1, 1]), tg.tensor([3.0, 4.0]), "prod")
    tensor([ 1., 12.])
    """
    dim = checked_dim(dim, input.ndim, "index_reduce")
    return scatter_reduce(input, dim, _whole_slices(input, dim, index), source, reduce, include_self=include_self)
