"""The middle of the values, or any other share of them: medians and quantiles, with NaN or without.

Values found are picked from the input, so their gradient goes to where they were.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, overload

import numpy as np

from tinygrad_scratch.ops.checks import floating_only
from tinygrad_scratch.ops.create.creation import as_tensor
from tinygrad_scratch.ops.dims import checked_dim, numpy_words
from tinygrad_scratch.ops.index.indexing import ValuesAndIndices, gather
from tinygrad_scratch.ops.math.arithmetic import where
from tinygrad_scratch.ops.math.elementwise import frac
from tinygrad_scratch.ops.reduce.reduction import value_among
from tinygrad_scratch.ops.reduce.sorting import _order, _picked, _without, sort
from tinygrad_scratch.ops.shape.joining import stack
from tinygrad_scratch.record.operation import public
from tinygrad_scratch.record.tensor import Array, Operand, Tensor, make_tensor


@overload
def median(input: Tensor) -> Tensor: ...


@overload
def median(input: Tensor, dim: int, keepdim: bool = False) -> ValuesAndIndices: ...


@overload
def median(input: Tensor, *, axis: int, keepdims: bool = False) -> ValuesAndIndices: ...


@public
@numpy_words
def median(input: Tensor, dim: int | None = None, keepdim: bool = False) -> Any:
    """The middle value of all, or along ``dim`` the middle values and where they are; of two, the lower; NaN if any is.

    >>> tg.median(tg.tensor([4.0, 1.0, 3.0, 2.0]))
    tensor(2.)
    """
    return _median(input, dim, keepdim, _place_of_median, "median")


@overload
def nanmedian(input: Tensor) -> Tensor: ...


@overload
def nanmedian(input: Tensor, dim: int, keepdim: bool = False) -> ValuesAndIndices: ...


@overload
def nanmedian(input: Tensor, *, axis: int, keepdims: bool = False) -> ValuesAndIndices: ...


@public
@numpy_words
def nanmedian(input: Tensor, dim: int | None = None, keepdim: bool = False) -> Any:
    """`median` of the values that are not NaN; NaN if all are.

    >>> tg.nanmedian(tg.tensor([4.0, float("nan"), 1.0, 3.0]))
    tensor(3.)
    """
    return _median(input, dim, keepdim, _place_of_nanmedian, "nanmedian")


def _median(input: Tensor, dim: int | None, keepdim: bool, place: Callable[[Array], Array], name: str) -> Any:
    if dim is None:
        ordered = np.sort(input._data, None)
        if not ordered.size:
            raise ValueError(f"{name}: there are no values")
        return value_among(input, value=ordered[place(ordered)][0])
    dim = checked_dim(dim, input.ndim, name)
    if not input.ndim:
        return sort(input)
    rows = np.moveaxis(input._data, dim, -1)
    order = _order(rows, -1, False)
    middle = np.take_along_axis(order, place(np.take_along_axis(rows, order, -1)), -1)
    return _without(_picked(input, dim, np.moveaxis(middle, -1, dim)), dim, keepdim)


def _place_of_nanmedian(ordered: Array) -> Array:
    """For each ordered row, in which NaN comes last, the place of the median of the others."""
    counts = ordered.shape[-1] - np.isnan(ordered).sum(-1, keepdims=True)
    return np.asarray(np.maximum(counts - 1, 0) // 2)


def _place_of_median(ordered: Array) -> Array:
    size = ordered.shape[-1]
    return np.where(np.isnan(ordered[..., -1:]), size - 1, (size - 1) // 2)


@public(numpy=(np.quantile,))
@numpy_words
def quantile(
    input: Tensor, q: Operand, dim: int | None = None, keepdim: bool = False, *, interpolation: str = "linear"
) -> Tensor:
    """The value below which the share ``q`` of the values lies: of all, or along ``dim``. NaN where any value is.

    Between two values it interpolates ("linear"), or takes the "lower", the "higher", the "nearest" or the "midpoint".
    If ``q`` is a tensor of several shares, their quantiles stand along a new first dimension.

    >>> tg.quantile(tg.tensor([1.0, 2.0, 3.0, 4.0]), 0.5)
    tensor(2.5000)
    """
    return _quantiles(input, q, dim, keepdim, interpolation, "quantile")


@public(numpy=(np.nanquantile,))
@numpy_words
def nanquantile(
    input: Tensor, q: Operand, dim: int | None = None, keepdim: bool = False, *, interpolation: str = "linear"
) -> Tensor:
    """`quantile` of the values that are not NaN; NaN where all are.

    >>> tg.nanquantile(tg.tensor([1.0, 2.0, float("nan")]), 0.5)
    tensor(1.5000)
    """
    return _quantiles(input, q, dim, keepdim, interpolation, "nanquantile")


def _quantiles(input: Tensor, q: Any, dim: int | None, keepdim: bool, interpolation: str, name: str) -> Tensor:
    floating_only(input, name)
    shares = q.to(np.float64) if isinstance(q, Tensor) else as_tensor(q, np.float64)
    if ((shares._data < 0) | (shares._data > 1)).any():
        raise ValueError(f"{name}: q must lie in [0, 1], got {shares.tolist()}")
    if interpolation not in _WEIGHT_OF_UPPER:
        raise ValueError(f"{name}: interpolation must be one of {', '.join(_WEIGHT_OF_UPPER)}, not {interpolation!r}")
    keepdim_shape = (1,) * input.ndim
    if dim is None or not input.ndim:
        input, dim = input.reshape(-1), 0
    else:
        dim = checked_dim(dim, input.ndim, name)
        keepdim_shape = (*input.shape[:dim], 1, *input.shape[dim + 1 :])
    if not input.shape[dim]:
        raise ValueError(f"{name}: there are no values")
    ordered = sort(input, dim).values
    is_nan = np.isnan(ordered._data).sum(dim, keepdims=True)
    counts = ordered.shape[dim] - is_nan if name == "nanquantile" else np.where(is_nan, 0, ordered.shape[dim])
    results = [_quantile(ordered, dim, counts, share, interpolation) for share in shares.reshape(-1)]
    results = [result.reshape(keepdim_shape) if keepdim else result.squeeze(dim) for result in results]
    return stack(results) if shares.ndim else results[0]


# For a place between two values, at a fraction of the way, how much the upper one counts.
_WEIGHT_OF_UPPER: dict[str, Callable[[Tensor], Tensor]] = {
    "linear": lambda fraction: fraction,
    "lower": lambda fraction: fraction * 0,
    "higher": lambda fraction: fraction > 0,
    "nearest": lambda fraction: fraction > 0.5,
    "midpoint": lambda fraction: 0.5 * (fraction > 0),
}


def _quantile(ordered: Tensor, dim: int, counts: Array, share: Tensor, interpolation: str) -> Tensor:
    """The quantile of the first so many values of each row; the last value, which is NaN, where there are none."""
    place = share * make_tensor(np.maximum(counts - 1, 0))
    below = np.where(counts, np.floor(place._data).astype(np.int64), ordered.shape[dim] - 1)
    above = np.minimum(below + 1, np.maximum(counts - 1, below))
    weight = _WEIGHT_OF_UPPER[interpolation](frac(place)).to(ordered.dtype)
    lower, upper = gather(ordered, dim, make_tensor(below)), gather(ordered, dim, make_tensor(above))
    return where(weight == 0, lower, lower + (upper - lower) * weight)
