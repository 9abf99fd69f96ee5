"""Embeddings: vectors for numbers, as the rows of a table that is learned."""

from __future__ import annotations

from typing import Any

import numpy as np

from tinygrad_scratch.ops.index.indexing import Slot, _put_sum
from tinygrad_scratch.ops.linalg.norm import vector_norm
from tinygrad_scratch.ops.math.arithmetic import where
from tinygrad_scratch.ops.reduce.sorting import unique
from tinygrad_scratch.record.mode import no_grad
from tinygrad_scratch.record.operation import primitive, public
from tinygrad_scratch.record.tensor import Tensor


@public(is_method=False)
def embedding(
    input: Tensor,
    weight: Tensor,
    padding_idx: int | None = None,
    max_norm: float | None = None,
    norm_type: float = 2.0,
    scale_grad_by_freq: bool = False,
) -> Tensor:
    """The rows of ``weight`` (count, size) that ``input``, integers of any shape, names: shape (\\*, size).

    Row ``padding_idx`` gets no gradient. Rows that are used and longer than ``max_norm``, by the norm ``norm_type``,
    are first shortened to it, in place. ``scale_grad_by_freq`` divides the gradient of a row by how often it is used.

    TypeError if ``input`` does not hold integers, ValueError if one is out of range.

    >>> tg.embedding(tg.tensor([2, 0]), tg.tensor([[0.0, 1.0], [2.0, 3.0], [4.0, 5.0]]))
    tensor([[4., 5.],
            [0., 1.]])
    """
    if input.dtype.kind not in "iu":
        raise TypeError(f"embedding: the rows are named by integers, not {input.dtype}")
    if weight.ndim != 2:
        raise ValueError(f"embedding: the table must have shape (count, size), not {weight.shape}")
    if max_norm is not None:
        _shorten(weight, input, max_norm, norm_type)
    padding = None if padding_idx is None else padding_idx % len(weight)
    return _embedding(weight, input, padding_idx=padding, by_frequency=scale_grad_by_freq)


@primitive(
    weight=lambda g, index, weight_shape, padding_idx, by_frequency: _put_sum(
        _scaled(g, index, padding_idx, by_frequency), index, index=(Slot.ARRAY,), shape=weight_shape
    )
)
def _embedding(weight: Any, index: Any, *, padding_idx: int | None, by_frequency: bool) -> Any:  # noqa: ARG001
    wrong = index[(index < 0) | (index >= len(weight))]
    if wrong.size:
        raise ValueError(f"row {wrong[0]} is out of range for a table of {len(weight)} rows")
    return weight[index]


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
