"""Embeddings: vectors for numbers, as the rows of a table that is learned."""

from __future__ import annotations

from typing import Any

import numpy as np

from tinygrad_scratch.ops.checks import check_shape
from tinygrad_scratch.ops.index.indexing import Slot, _put_sum
from tinygrad_scratch.ops.linalg.norm import vector_norm
from tinygrad_scratch.ops.math.arithmetic import where
from tinygrad_scratch.ops.reduce.sorting import unique
from tinygrad_scratch.record.mode import no_grad
from tinygrad_scratch.record.operation import Operation, primitive, public
from tinygrad_scratch.record.tensor import Tensor


@public(is_method=False)
def embedding(
    input: Tensor,
    weight: Tensor,
    padding_idx: int | None = None,
    max_norm: float | None = None,
    norm_type: float = 2.0,
    scale_grad_by_freq: bool = False,
    sparse: bool = False,
) -> Tensor:
    """The rows of ``weight`` (count, size) that ``input``, integers of any shape, names: shape (\\*, size).

    Row ``padding_idx`` gets no gradient. Rows that are used and longer than ``max_norm``, by the norm ``norm_type``,
    are first shortened to it, in place. ``scale_grad_by_freq`` divides the gradient of a row by how often it is used.

    TypeError if ``input`` does not hold integers, ValueError if one is out of range, or for ``sparse`` gradients, which
    there are not.

    >>> tg.embedding(tg.tensor([2, 0]), tg.tensor([[0.0, 1.0], [2.0, 3.0], [4.0, 5.0]]))
    tensor([[4., 5.],
            [0., 1.]])
    """
    _check_rows("embedding", input, weight, sparse)
    if max_norm is not None:
        _shorten(weight, input, max_norm, norm_type)
    return _embedding(weight, input, padding_idx=_row(padding_idx, weight), by_frequency=scale_grad_by_freq)


@public(is_method=False)
def embedding_bag(
    input: Tensor,
    weight: Tensor,
    offsets: Tensor | None = None,
    max_norm: float | None = None,
    norm_type: float = 2.0,
    scale_grad_by_freq: bool = False,
    mode: str = "mean",
    sparse: bool = False,
    per_sample_weights: Tensor | None = None,
    include_last_offset: bool = False,
    padding_idx: int | None = None,
) -> Tensor:
    """The "mean", "sum" or "max" of the rows of ``weight`` (count, size) for each bag of integers: shape (bags, size).

    ``input`` has shape (bags, N), or all bags stand one after another in a vector and ``offsets`` says where each
    begins; with ``include_last_offset`` its last value says where the last one ends. ``padding_idx`` does not count; of
    a bag without others, the result is 0. The "sum" may be one with ``per_sample_weights``, of the shape of ``input``.
    ``max_norm``, ``norm_type``, ``scale_grad_by_freq`` and ``sparse`` are those of `embedding`.

    TypeError if ``input`` or ``offsets`` do not hold integers, ValueError if one is out of range, or for shapes and
    options that do not fit.

    >>> weight = tg.tensor([[0.0, 1.0], [2.0, 3.0], [4.0, 5.0]])
    >>> tg.embedding_bag(tg.tensor([2, 0, 1]), weight, offsets=tg.tensor([0, 2]))
    tensor([[2., 3.],
            [2., 3.]])
    """
    _check_rows("embedding_bag", input, weight, sparse)
    _check_bags(input, offsets, mode, per_sample_weights, scale_grad_by_freq, include_last_offset)
    if max_norm is not None:
        _shorten(weight, input, max_norm, norm_type)
    count = input.shape[0] if offsets is None else offsets.shape[0] - include_last_offset
    bag = _bag_of_each(input, offsets, count=count, padding_idx=_row(padding_idx, weight))
    rows = _embedding(weight, input.reshape(-1), padding_idx=None, by_frequency=scale_grad_by_freq)
    if per_sample_weights is not None:
        rows = rows * per_sample_weights.reshape(-1, 1)
    # What does not count is in one bag more.
    shape = (count + 1, weight.shape[1])
    bags = _largest_rows(rows, bag, shape=shape) if mode == "max" else _summed_rows(rows, bag, shape)
    bags = bags[:count]
    return bags / _sizes(bag, count=count, dtype=bags.dtype) if mode == "mean" else bags


def _check_rows(operation: str, input: Tensor, weight: Tensor, sparse: bool) -> None:
    if sparse:
        raise ValueError(f"{operation}: there are no sparse gradients; leave sparse=True out")
    if input.dtype.kind not in "iu":
        raise TypeError(f"{operation}: the rows are named by integers, not {input.dtype}")
    if weight.ndim != 2:
        raise ValueError(f"{operation}: the table must have shape (count, size), not {weight.shape}")


def _check_bags(
    input: Tensor,
    offsets: Tensor | None,
    mode: str,
    per_sample_weights: Tensor | None,
    scale_grad_by_freq: bool,
    include_last_offset: bool,
) -> None:
    if mode not in ("sum", "mean", "max"):
        raise ValueError(f"embedding_bag: mode must be 'sum', 'mean' or 'max', not {mode!r}")
    if mode == "max" and scale_grad_by_freq:
        raise ValueError("embedding_bag: the gradient of mode 'max' is not scaled by frequency")
    if input.ndim != (2 if offsets is None else 1):
        raise ValueError(
            f"embedding_bag: the input must have shape (bags, N), or (values,) with offsets, but has {input.shape} "
            f"with{'out' if offsets is None else ''} offsets"
        )
    if offsets is not None:
        if offsets.dtype.kind not in "iu":
            raise TypeError(f"embedding_bag: offsets are integers, not {offsets.dtype}")
        if offsets.ndim != 1 or len(offsets) < include_last_offset:
            raise ValueError(f"embedding_bag: offsets must be a vector, one for each bag, not of shape {offsets.shape}")
    if per_sample_weights is not None:
        check_shape(per_sample_weights, input.shape, "per_sample_weights", "embedding_bag")
        if mode != "sum":
            raise ValueError(f"embedding_bag: per_sample_weights are for mode 'sum', not {mode!r}")


def _row(padding_idx: int | None, weight: Tensor) -> int | None:
    return None if padding_idx is None else padding_idx % len(weight)


_embedding: Operation = primitive(
    lambda weight, index, *, padding_idx, by_frequency: _rows_at(weight, index),
    name="embedding",
    weight=lambda g, index, weight_shape, padding_idx, by_frequency: _summed_rows(
        _scaled(g, index, padding_idx, by_frequency), index, weight_shape
    ),
)


def _rows_at(weight: Any, index: Any) -> Any:
    wrong = index[(index < 0) | (index >= len(weight))]
    if wrong.size:
        raise ValueError(f"row {wrong[0]} is out of range for a table of {len(weight)} rows")
    return weight[index]


def _summed_rows(rows: Any, index: Any, shape: tuple[int, ...]) -> Any:
    """Zeros, with ``rows`` added at those that ``index`` names."""
    return _put_sum(rows, index, index=(Slot.ARRAY,), shape=shape)


@primitive(rows=lambda g, rows, index, y, shape: _among_largest(g, rows, index, y, shape))
def _largest_rows(rows: Any, index: Any, *, shape: tuple[int, ...]) -> Any:
    # Of each number in the index, the largest values of its rows; zeros where there are none.
    result = np.full(shape, -np.inf, rows.dtype)
    np.maximum.at(result, index, rows)
    return np.where(np.bincount(index, minlength=shape[0])[:, None] > 0, result, 0)


def _among_largest(g: Any, rows: Any, index: Any, y: Any, shape: tuple[int, ...]) -> Any:
    """The gradient of rows of which the largest values were taken, in equal shares if several are."""
    is_largest = (rows == _embedding(y, index, padding_idx=None, by_frequency=False)).astype(rows.dtype)
    shares = g / np.maximum(_summed_rows(is_largest, index, shape), 1)
    return _embedding(shares, index, padding_idx=None, by_frequency=False) * is_largest


@primitive
def _bag_of_each(input: Any, offsets: Any, *, count: int, padding_idx: int | None) -> Any:
    """The number of the bag that each value is in, which is ``count`` for the padding."""
    if offsets is None:
        bag = np.repeat(np.arange(count), input.shape[1])
    else:
        borders = np.append(offsets[:count], len(input))
        if borders[0] or (np.diff(borders) < 0).any() or offsets[count:].tolist() not in ([], [len(input)]):
            raise ValueError(f"offsets go up from 0 to {len(input)}, the number of values, but are {offsets}")
        bag = np.repeat(np.arange(count), np.diff(borders))
    return bag if padding_idx is None else np.where(input.ravel() == padding_idx, count, bag)


@primitive
def _sizes(bag: Any, *, count: int, dtype: Any) -> Any:
    return np.maximum(np.bincount(bag, minlength=count + 1)[:count, None], 1).astype(dtype)


def _scaled(g: Any, index: Any, padding_idx: int | None, by_frequency: bool) -> Any:
    """The gradient of the rows, without that of the padding, and over how often each row is used."""
    if padding_idx is None and not by_frequency:
        return g
    return g * _row_weights(index, padding_idx=padding_idx, by_frequency=by_frequency, dtype=g.dtype)


@primitive
def _row_weights(index: Any, *, padding_idx: int | None, by_frequency: bool, dtype: Any) -> Any:
    weight = np.ones(index.shape, dtype)
    if by_frequency:
        _, place, count = np.unique(index, return_inverse=True, return_counts=True)
        weight /= count[place].reshape(index.shape)
    if padding_idx is not None:
        weight[index == padding_idx] = 0
    return weight[..., None]


@no_grad
def _shorten(weight: Tensor, index: Tensor, max_norm: float, p: float) -> None:
    used = unique(index)
    rows = weight[used]
    length = vector_norm(rows, p, -1, keepdim=True)
    weight[used] = rows * where(length > max_norm, max_norm / (length + 1e-7), 1)
