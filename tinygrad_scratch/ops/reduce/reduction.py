"""Many values to one: sums, means, extremes, along some dimensions or over all.

In the table, ``dim`` are the reduced dimensions. `unsqueezed` gives them back to ``g`` and ``y``, with size 1, so that
these broadcast against the input.
"""

from __future__ import annotations

from typing import Any, overload

import numpy as np

from tinygrad_scratch.dtypes import DType
from tinygrad_scratch.ops.checks import floating_only
from tinygrad_scratch.ops.create.conversion import cast
from tinygrad_scratch.ops.dims import Dims, Size, checked_dim, checked_dims, inverse_order, numpy_words, sizes
from tinygrad_scratch.ops.index.indexing import ValuesAndIndices, gather
from tinygrad_scratch.ops.math.arithmetic import where
from tinygrad_scratch.ops.math.elementwise import in_floating_dtype, maximum, minimum
from tinygrad_scratch.ops.math.logic import isnan, ne
from tinygrad_scratch.ops.reduce.cumulative import product_of_others
from tinygrad_scratch.ops.reduce.pairwise import count, dtype_of_sums, in_float32, pairwise_mean, pairwise_sum
from tinygrad_scratch.record.operation import Function, Operation, method, primitive, public
from tinygrad_scratch.record.tensor import Tensor


def unsqueezed(reduced: Any, shape: tuple[int, ...], dim: tuple[int, ...]) -> Any:
    """The result of a reduction over ``dim`` of what had that shape, with these dimensions of size 1."""
    return reduced.reshape(tuple(1 if i in dim else size for i, size in enumerate(shape)))


sum_over = primitive(
    pairwise_sum,
    name="sum",
    x=lambda g, x_shape, dim: np.broadcast_to(unsqueezed(g, x_shape, dim), x_shape),
)
mean_over = primitive(
    pairwise_mean,
    name="mean",
    # By 1 / n, as n may be above float16's largest number.
    x=lambda g, x_shape, dim: np.broadcast_to(unsqueezed(g, x_shape, dim) * (1 / (count(x_shape, dim) or 1)), x_shape),
)
_prod = primitive(
    in_float32(lambda x, *, dim, keepdim: np.multiply.reduce(x, dim, dtype_of_sums(x), keepdims=keepdim)),
    name="prod",
    x=lambda g, x, dim: unsqueezed(g, x.shape, dim) * _products_of_others(x, dim),
)
_amax = primitive(
    lambda x, *, dim, keepdim: x.max(dim, keepdims=keepdim),
    name="amax",
    x=lambda g, x, y, dim: split_among_ties(unsqueezed(g, x.shape, dim), x, unsqueezed(y, x.shape, dim), dim),
)
_amin = primitive(
    lambda x, *, dim, keepdim: x.min(dim, keepdims=keepdim),
    name="amin",
    x=lambda g, x, y, dim: split_among_ties(unsqueezed(g, x.shape, dim), x, unsqueezed(y, x.shape, dim), dim),
)
_logsumexp = primitive(
    in_float32(lambda x, *, dim, keepdim: _stable_logsumexp(x, dim, keepdim)),
    name="logsumexp",
    prepare=in_floating_dtype,
    x=lambda g, x, y, dim: unsqueezed(g, x.shape, dim) * np.exp(x - unsqueezed(y, x.shape, dim)),
)


def _products_of_others(x: Any, dim: tuple[int, ...]) -> Any:
    """For each value the product of all others that are reduced with it: what is left to multiply its gradient with."""
    last = [i for i in range(x.ndim) if i not in dim] + list(dim)
    rows = np.transpose(x, last)
    others = product_of_others(rows.reshape((*rows.shape[: x.ndim - len(dim)], count(x.shape, dim))))
    return np.transpose(others.reshape(rows.shape), inverse_order(last))


def split_among_ties(g: Any, x: Any, chosen: Any, dim: tuple[int, ...]) -> Any:
    """The gradient in equal shares for all the values of x that are the chosen one, which may be NaN."""
    is_chosen = (x == chosen) | ((x != x) & (chosen != chosen))
    return g / np.sum(is_chosen, dim, keepdims=True) * is_chosen


def _stable_logsumexp(x: Any, dim: tuple[int, ...], keepdim: bool) -> Any:
    largest = x.max(dim, keepdims=True, initial=-np.inf)
    shift = np.where(np.isfinite(largest), largest, 0)
    total = pairwise_sum(np.exp(x - shift), dim=dim, keepdim=keepdim)
    return np.log(total) + shift.reshape(np.shape(total))


def reduce_over(operation: Operation, input: Tensor, dim: Dims, keepdim: bool, **settings: Any) -> Tensor:
    """``operation``, a reduction of the table above, over the dimensions that ``dim`` names."""
    return operation(input, dim=checked_dims(dim, input.ndim, operation.__name__), keepdim=keepdim, **settings)


@public
@numpy_words
def sum(input: Tensor, dim: Dims = None, keepdim: bool = False, *, dtype: DType = None) -> Tensor:
    """The sum over ``dim``: one, several or, by default, all dimensions. Integers and booleans add up in int64.

    ``keepdim`` keeps the reduced dimensions with size 1. ``dtype`` converts the input first, and is that of the result.

    >>> tg.sum(tg.tensor([[1.0, 2.0], [3.0, 4.0]]), dim=0)
    tensor([4., 6.])
    """
    if dtype is None:
        return reduce_over(sum_over, input, dim, keepdim)
    return cast(reduce_over(sum_over, cast(input, dtype), dim, keepdim), dtype)


@public
@numpy_words
def mean(input: Tensor, dim: Dims = None, keepdim: bool = False, *, dtype: DType = None) -> Tensor:
    """The mean over ``dim`` (default: all) of a floating point tensor. TypeError for integers, as in PyTorch.

    >>> tg.mean(tg.tensor([[1.0, 2.0], [3.0, 4.0]]), dim=1, keepdim=True)
    tensor([[1.5000],
            [3.5000]])
    """
    return reduce_over(mean_over, floating_only(input if dtype is None else cast(input, dtype), "mean"), dim, keepdim)


@public
@numpy_words
def prod(input: Tensor, dim: Dims = None, keepdim: bool = False, *, dtype: DType = None) -> Tensor:
    """The product over ``dim`` (default: all); that of integers and booleans in int64.

    >>> tg.prod(tg.tensor([[1, 2], [3, 4]]), dim=1)
    tensor([ 2, 12])
    """
    if dtype is None:
        return reduce_over(_prod, input, dim, keepdim)
    return cast(reduce_over(_prod, cast(input, dtype), dim, keepdim), dtype)


@public
@numpy_words
def logsumexp(input: Tensor, dim: Dims, keepdim: bool = False) -> Tensor:
    """ln Σ exp(x) over ``dim``, without overflow.

    >>> tg.logsumexp(tg.tensor([1e4, 1.0]), dim=0)
    tensor(10000.)
    """
    return reduce_over(_logsumexp, input, dim, keepdim)


@public(numpy=(np.amax, np.max))
@numpy_words
def amax(input: Tensor, dim: Dims = None, keepdim: bool = False) -> Tensor:
    """The largest value over ``dim`` (default: all); values that tie share the gradient equally.

    >>> tg.amax(tg.tensor([[1, 5], [7, 2]]), dim=1)
    tensor([5, 7])
    """
    return reduce_over(_amax, input, dim, keepdim)


@public(numpy=(np.amin, np.min))
@numpy_words
def amin(input: Tensor, dim: Dims = None, keepdim: bool = False) -> Tensor:
    """The smallest value over ``dim`` (default: all); values that tie share the gradient equally.

    >>> tg.amin(tg.tensor([[1, 5], [7, 2]]), dim=1)
    tensor([1, 2])
    """
    return reduce_over(_amin, input, dim, keepdim)


_all = primitive(lambda x, *, dim, keepdim: x.astype(bool).all(dim, keepdims=keepdim), name="all")
_any = primitive(lambda x, *, dim, keepdim: x.astype(bool).any(dim, keepdims=keepdim), name="any")


@public(numpy=(np.nansum,))
@numpy_words
def nansum(input: Tensor, dim: Dims = None, keepdim: bool = False, *, dtype: DType = None) -> Tensor:
    """`sum`, with NaN as 0.

    >>> tg.nansum(tg.tensor([1.0, float("nan")]))
    tensor(1.)
    """
    return sum(where(isnan(input), 0, input), dim, keepdim, dtype=dtype)


@public
@numpy_words
def nanmean(input: Tensor, dim: Dims = None, keepdim: bool = False, *, dtype: DType = None) -> Tensor:
    """`mean` of the values that are not NaN.

    >>> tg.nanmean(tg.tensor([1.0, 3.0, float("nan")]))
    tensor(2.)
    """
    input = floating_only(input if dtype is None else cast(input, dtype), "nanmean")
    return nansum(input, dim, keepdim) / sum(~isnan(input), dim, keepdim)


@method
def sum_to_size(self: Tensor, *size: Size) -> Tensor:
    """The sums over the dimensions that broadcasting ``size`` to the tensor's shape would repeat; of shape ``size``.

    >>> tg.ones(2, 3).sum_to_size(1, 3)
    tensor([[2., 2., 2.]])
    """
    wanted = sizes(size, "sum_to_size")
    shape = (1,) * (self.ndim - len(wanted)) + wanted
    repeated = [i for i, (n, whole) in enumerate(zip(shape, self.shape, strict=False)) if n != whole]
    if len(shape) != self.ndim or [shape[i] for i in repeated] != [1] * len(repeated):
        raise ValueError(f"sum_to_size: shape {wanted} does not broadcast to {self.shape}")
    return (sum(self, repeated, keepdim=True) if repeated or not wanted else self).reshape(wanted)


@public(numpy=(np.count_nonzero,))
@numpy_words
def count_nonzero(input: Tensor, dim: Dims = None) -> Tensor:
    """How many values over ``dim`` (default: all) are not 0.

    >>> tg.count_nonzero(tg.tensor([0, 2, 3]))
    tensor(2)
    """
    return sum(ne(input, 0), dim)


@public
@numpy_words
def aminmax(input: Tensor, *, dim: int | None = None, keepdim: bool = False) -> tuple[Tensor, Tensor]:
    """`amin` and `amax`.

    >>> tg.aminmax(tg.tensor([3, 1, 2]))
    (tensor(1), tensor(3))
    """
    return amin(input, dim, keepdim), amax(input, dim, keepdim)


@public(numpy=(np.all,))
@numpy_words
def all(input: Tensor, dim: Dims = None, keepdim: bool = False) -> Tensor:
    """Whether all values over ``dim`` (default: all) are nonzero.

    >>> tg.all(tg.tensor([[True, False], [True, True]]), dim=1)
    tensor([False,  True])
    """
    return reduce_over(_all, input, dim, keepdim)


@public(numpy=(np.any,))
@numpy_words
def any(input: Tensor, dim: Dims = None, keepdim: bool = False) -> Tensor:
    """Whether any value over ``dim`` (default: all) is nonzero.

    >>> tg.any(tg.tensor([[True, False], [False, False]]), dim=1)
    tensor([ True, False])
    """
    return reduce_over(_any, input, dim, keepdim)


@overload
def max(input: Tensor) -> Tensor: ...


@overload
def max(input: Tensor, dim: int, keepdim: bool = False) -> ValuesAndIndices: ...


@overload
def max(input: Tensor, *, axis: int, keepdims: bool = False) -> ValuesAndIndices: ...


@overload
def max(input: Tensor, dim: Tensor) -> Tensor: ...


@public
@numpy_words
def max(input: Tensor, dim: Any = None, keepdim: bool = False) -> Any:
    """The largest value; along ``dim``, the values and their indices; if ``dim`` is a tensor, the `maximum` of both.

    Along a dimension the gradient goes to the first of the values that tie.

    >>> tg.max(tg.tensor([[1, 5], [7, 2]]), dim=1)
    ValuesAndIndices(values=tensor([5, 7]), indices=tensor([1, 0]))
    """
    return _extreme(input, dim, keepdim, amax, maximum, argmax)


@overload
def min(input: Tensor) -> Tensor: ...


@overload
def min(input: Tensor, dim: int, keepdim: bool = False) -> ValuesAndIndices: ...


@overload
def min(input: Tensor, *, axis: int, keepdims: bool = False) -> ValuesAndIndices: ...


@overload
def min(input: Tensor, dim: Tensor) -> Tensor: ...


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
