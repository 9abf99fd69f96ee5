"""The middle of the values, or any other fraction of them: medians and quantiles, with NaN or without.

Values found are picked from the input, so their gradient goes to where they were.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, overload

import numpy as np

from tinygrad_scratch.ops.checks import check_probabilities, floating_only
from tinygrad_scratch.ops.create.creation import as_tensor
from tinygrad_scratch.ops.dims import along, checked_dim, numpy_words
from tinygrad_scratch.ops.index.indexing import ValuesAndIndices, gather
from tinygrad_scratch.ops.math.arithmetic import where
from tinygrad_scratch.ops.math.elementwise import floor, frac, maximum, minimum
from tinygrad_scratch.ops.math.logic import isnan
from tinygrad_scratch.ops.reduce.reduction import split_among_ties
from tinygrad_scratch.ops.reduce.sorting import _picked, _without, sort
from tinygrad_scratch.record.operation import primitive, public
from tinygrad_scratch.record.tensor import Array, Operand, Tensor


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
    return _median(input, dim, keepdim, False, "median")


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
    return _median(input, dim, keepdim, True, "nanmedian")


def _median(input: Tensor, dim: int | None, keepdim: bool, skips_nan: bool, name: str) -> Any:
    if dim is None:
        if not input.numel():
            raise ValueError(f"{name}: there are no values")
        return _median_of_all(input, skips_nan=skips_nan)
    dim = checked_dim(dim, input.ndim, name)
    if not input.ndim:
        return sort(input)
    return _without(_picked(input, dim, _places_of_median(input, dim=dim, skips_nan=skips_nan)), dim, keepdim)


@primitive(name="median", x=lambda g, x, y: split_among_ties(g, x, y, tuple(range(x.ndim))))
def _median_of_all(x: Any, *, skips_nan: bool) -> Any:
    ordered = np.sort(x, None)
    return ordered[_middle(ordered, skips_nan)][0]


@primitive
def _places_of_median(x: Any, *, dim: int, skips_nan: bool) -> Any:
    rows = np.moveaxis(x, dim, -1)
    order = np.argsort(rows, -1, stable=True)
    middle = _middle(np.take_along_axis(rows, order, -1), skips_nan)
    return np.moveaxis(np.take_along_axis(order, middle, -1), -1, dim)


def _middle(ordered: Array, skips_nan: bool) -> Array:
    """For each ordered row, in which NaN comes last, the place of the median: of all, or of the numbers only."""
    size = ordered.shape[-1]
    is_nan = np.isnan(ordered)
    if skips_nan:
        return np.asarray(np.maximum(size - is_nan.sum(-1, keepdims=True) - 1, 0) // 2)
    return np.where(is_nan[..., -1:], size - 1, (size - 1) // 2)


@public(numpy=(np.quantile,))
@numpy_words
def quantile(
    input: Tensor, q: Operand, dim: int | None = None, keepdim: bool = False, *, interpolation: str = "linear"
) -> Tensor:
    """The value below which the fraction ``q`` of the values lies: of all, or along ``dim``. NaN where any value is.

    Between two values it interpolates ("linear"), or takes the "lower", the "higher", the "nearest" or the "midpoint".
    If ``q`` is a tensor of several fractions, their quantiles stand along a new first dimension.

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
    fractions = q.to(np.float64) if isinstance(q, Tensor) else as_tensor(q, np.float64)
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
    size, nans = ordered.shape[dim], isnan(ordered).sum(dim, keepdim=True)
    counts = size - nans if name == "nanquantile" else where(nans > 0, 0, size)
    place = _quantile_place(fractions.reshape(along(dim, ordered.ndim)), counts, operation=name)
    result = _quantile(ordered, dim, counts, place, interpolation)
    if not fractions.ndim:
        return result.reshape(keepdim_shape) if keepdim else result.squeeze(dim)
    result = result.movedim(dim, 0)
    return result.reshape((*fractions.shape, *keepdim_shape)) if keepdim else result


# For a place between two values, at a fraction of the way, how much the upper one counts.
_WEIGHT_OF_UPPER: dict[str, Callable[[Tensor], Tensor]] = {
    "linear": lambda fraction: fraction,
    "lower": lambda fraction: fraction * 0,
    "higher": lambda fraction: fraction > 0,
    "nearest": lambda fraction: fraction > 0.5,
    "midpoint": lambda fraction: 0.5 * (fraction > 0),
}


def _quantile(ordered: Tensor, dim: int, counts: Tensor, place: Tensor, interpolation: str) -> Tensor:
    """The quantiles, along ``dim``, of the first so many values of each row; NaN, the last value, where there are none.

    Differentiable also in the ``place``, between the places of two values.
    """
    below = where(counts > 0, floor(place).to(np.int64), ordered.shape[dim] - 1)
    above = minimum(below + 1, maximum(counts - 1, below))
    weight = _WEIGHT_OF_UPPER[interpolation](frac(place)).to(ordered.dtype)
    lower, upper = gather(ordered, dim, below), gather(ordered, dim, above)
    return where(weight == 0, lower, lower + (upper - lower) * weight)


@primitive(q=lambda g, counts: g * np.maximum(counts - 1, 0))
def _quantile_place(q: Any, counts: Any, *, operation: str) -> Any:  # noqa: ARG001
    """How many of the ordered values lie below the quantile, with the fraction of the way to the next."""
    check_probabilities(q, "fractions q")
    return q * np.maximum(counts - 1, 0)
