"""Sums that keep their digits: rounding errors that grow with the logarithm of how many values are added.

NumPy sums in pairs only along the dimension that lies densest in memory. Along any other it adds one slice after
another to a single total, whose rounding errors grow with the number of slices: the mean of two million float32 values
of 100 comes out as 97.3. The functions here add at most `_RUN` values one after another, and then the totals of these
runs in the same manner (Higham, "The accuracy of floating point summation", 1993). Integers are summed as in NumPy.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache, wraps
from math import prod
from typing import Any

import numpy as np

from tinygrad_scratch.dtypes import float16, float32
from tinygrad_scratch.ops.dims import at, inverse_order, memory_order

Dims = tuple[int, ...]

_RUN = 128  # as in NumPy's own pairwise summation
_LONG = 2048  # values in an addition
_FEW = 4 * _RUN  # rows that BLAS adds as precisely, as four totals take turns, and several times as quickly
# In arrays that are not small, rows of so many values are summed by BLAS, which is many times as quick at them. It adds
# to eight totals or more by turns, so that each takes no more values than a run has.
_ROW = range(8, 8 * _RUN + 1)
_add: Any = np.add.reduce  # whose stubs want a literal for keepdims


def in_float32(forward: Callable[..., Any]) -> Callable[..., Any]:
    """Let ``forward``, a function of an array, compute float16 in float32; what it returns is float16 again.

    So sums and squares beyond float16's largest number, 65504, do no harm to means and norms.
    """

    @wraps(forward)
    def computed(x: Any, *others: Any, **settings: Any) -> Any:
        if x.dtype != float16:
            return forward(x, *others, **settings)
        return forward(x.astype(float32), *others, **settings).astype(float16)

    return computed


def dtype_of_sums(x: Any) -> Any:
    """int64 for booleans and unsigned integers, as in PyTorch; otherwise None, for NumPy to decide."""
    return np.int64 if x.dtype.kind in "ub" else None


def count(shape: Dims, dim: Dims) -> int:
    """How many values become one when a reduction over ``dim`` takes an array of that shape."""
    return prod([shape[i] for i in dim])


def pairwise_sum(x: Any, *, dim: Dims, keepdim: bool) -> Any:
    """The sum of an array over the dimensions ``dim``, each counted from 0."""
    if x.size >= _LONG and (x.ndim - 1 in dim or not x.flags.c_contiguous):
        total = _total_of_rows(x, dim, keepdim)
        if total is not None:
            return total
    n = prod([x.shape[i] for i in dim])  # in no further call, as most gradients of biases come here
    if (
        32 < n <= _FEW
        and len(dim) == x.ndim - 1 not in dim
        and x.dtype.char in "fd"
        and x.flags.c_contiguous
        and x.size
    ):
        sums = np.dot(ones(n, x.dtype), x.reshape(n, x.shape[-1]))
        return sums.reshape((*[1] * len(dim), -1)) if keepdim else sums
    if n <= _RUN and x.dtype.char in "fd":
        return _add(x, dim, keepdims=keepdim)
    if x.dtype == float16:
        return pairwise_sum(x.astype(float32), dim=dim, keepdim=keepdim).astype(float16)
    if x.dtype.kind != "f" or _is_one_row(x, dim, n):
        return _add(x, dim, dtype_of_sums(x), keepdims=keepdim)
    outermost = max((abs(x.strides[i]), i) for i in dim if x.shape[i] > 1)[1]
    return pairwise_sum(_totals_of_runs(x, outermost), dim=dim, keepdim=keepdim)


@in_float32
def pairwise_mean(x: Any, *, dim: Dims, keepdim: bool) -> Any:
    """The mean of an array over the dimensions ``dim``, each counted from 0; of no values, NaN."""
    return pairwise_sum(x, dim=dim, keepdim=keepdim) / count(x.shape, dim)


def _total_of_rows(x: Any, dim: Dims, keepdim: bool) -> Any:
    """The sum, if it is one of whole rows that lie side by side in memory; otherwise None."""
    is_in_order = x.flags.c_contiguous
    order = range(x.ndim) if is_in_order else memory_order(x.strides)
    lying = x if is_in_order else x.transpose(order)
    inner, outer = 1, x.ndim
    while outer and order[outer - 1] in dim:
        inner, outer = inner * lying.shape[outer - 1], outer - 1
    row = row_length(inner)
    if not row or x.dtype.char not in "fd" or not lying.flags.c_contiguous:
        return None
    totals = lying.reshape(-1, row) @ ones(row, x.dtype)
    if row < inner:
        totals = pairwise_sum(totals.reshape(-1, inner // row), dim=(1,), keepdim=False)
    totals = totals.reshape(*lying.shape[:outer], *[1] * (x.ndim - outer))
    if not is_in_order:
        totals = totals.transpose(inverse_order(order))
    further = tuple([i for i in dim if totals.shape[i] > 1])
    if further:
        totals = pairwise_sum(totals, dim=further, keepdim=True)
    return totals if keepdim else totals.squeeze(dim)


@lru_cache(maxsize=1024)
def row_length(size: int) -> int:
    """Into rows of which length BLAS may sum what a dimension of that size has; 0 if there is none."""
    return next((row for row in reversed(_ROW) if size and not size % row), 0)


@lru_cache(maxsize=64)
def ones(size: int, dtype: Any) -> Any:
    """A vector to multiply with, where BLAS sums quicker than NumPy: it is not to be written to."""
    return np.ones(size, dtype)


def _is_one_row(x: Any, dim: Dims, n: int) -> bool:
    """Whether the n values over ``dim`` lie evenly spaced in memory, none closer: NumPy sums such a row in pairs."""
    if len(dim) == x.ndim and x.flags.forc:
        return True
    row = step = 1
    for stride, i in sorted([(abs(stride), -i) for i, stride in enumerate(x.strides) if x.shape[i] > 1]):
        step = stride if row == 1 else step
        if -i not in dim or not stride or stride != step * row:
            break
        row *= x.shape[-i]
    return row == n


def _totals_of_runs(x: Any, dim: int) -> Any:
    """x with its slices along ``dim`` added, at most `_RUN` one after another, so that so many times fewer are left.

    A few runs lie side by side, and take their next slices in one addition: NumPy is quick at long ones.
    """
    shape, size = x.shape, x.shape[dim]
    runs = -(-size // _RUN)
    beside = min(runs, max(1, _LONG * size // max(x.size, 1)))
    runs += -runs % beside
    length, rest = divmod(size, runs)
    whole = x[at(dim, slice(size - rest))] if rest else x
    slices = whole.reshape(*shape[:dim], runs // beside, length, beside, *shape[dim + 1 :])
    totals = _add(slices, dim + 1).reshape(*shape[:dim], runs, *shape[dim + 1 :])
    if rest:
        totals[at(dim, slice(rest))] += x[at(dim, slice(size - rest, None))]
    return totals


@in_float32
def pairwise_cumsum(x: Any, *, dim: int) -> Any:
    """The sums of the first 1, 2, … values of an array along ``dim``."""
    size = x.shape[dim]
    if size <= _RUN or x.dtype.kind != "f":
        return np.cumsum(x, dim, dtype_of_sums(x))
    result = np.empty(x.shape, x.dtype)
    whole = size - size % _RUN
    shape = (*x.shape[:dim], whole // _RUN, _RUN, *x.shape[dim + 1 :])
    body, rest = at(dim, slice(whole)), at(dim, slice(whole, None))
    runs = result[body].reshape(shape)
    np.cumsum(x[body].reshape(shape), dim + 1, out=runs)
    np.cumsum(x[rest], dim, out=result[rest])
    totals = pairwise_cumsum(runs[at(dim + 1, -1)], dim=dim)
    runs[at(dim, slice(1, None))] += np.expand_dims(totals[at(dim, slice(-1))], dim + 1)
    result[rest] += totals[at(dim, slice(-1, None))]
    return result
