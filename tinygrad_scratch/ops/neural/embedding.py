"""Embeddings: vectors for numbers, as the rows of a table that is learned."""

from __future__ import annotations

import numpy as np

from tinygrad_scratch.ops.linalg.norm import vector_norm
from tinygrad_scratch.record.mode import no_grad
from tinygrad_scratch.record.operation import public
from tinygrad_scratch.record.tensor import Tensor, make_tensor


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
    _check_numbers(input, weight)
    if max_norm is not None:
        _shorten(weight, np.unique(input._data), max_norm, norm_type)
    rows = weight[input]
    if padding_idx is None and not scale_grad_by_freq:
        return rows
    scale = np.ones(input.shape, weight.dtype)
    if scale_grad_by_freq:
        _, place, count = np.unique(input._data, return_inverse=True, return_counts=True)
        scale /= count[place].reshape(input.shape)
    if padding_idx is not None:
        scale[input._data == padding_idx % len(weight)] = 0
    # The same values, of which only the gradient times that scale reaches the table.
    return rows.detach() + (rows - rows.detach()) * make_tensor(scale[..., None])


def _check_numbers(input: Tensor, weight: Tensor) -> None:
    if input.dtype.kind not in "iu":
        raise TypeError(f"embedding: the rows are named by integers, not {input.dtype}")
    if weight.ndim != 2:
        raise ValueError(f"embedding: the table must have shape (count, size), not {weight.shape}")
    wrong = input._data[(input._data < 0) | (input._data >= len(weight))]
    if wrong.size:
        raise ValueError(f"embedding: row {wrong[0]} is out of range for a table of {len(weight)} rows")


@no_grad
def _shorten(
    weight: Tensor, used: np.ndarray[tuple[int, ...], np.dtype[np.integer]], max_norm: float, p: float
) -> None:
    rows = weight[used]
    length = vector_norm(rows, p, -1, keepdim=True)._data
    is_long = length > max_norm
    if is_long.any():
        weight[used] = rows * np.where(is_long, max_norm / (length + 1e-7), 1)
