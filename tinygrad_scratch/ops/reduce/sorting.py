"""Order: sorting, the largest values, and where a value would stand.

NaN counts as larger than any number. Values found are picked from the input, so their gradient goes to where they were.
"""

from __future__ import annotations

from typing import Any, NamedTuple, overload

import numpy as np

from tinygrad_scratch.ops.checks import floating_only
from tinygrad_scratch.ops.dims import checked_dim, numpy_words
from tinygrad_scratch.ops.index.indexing import ValuesAndIndices, gather
from tinygrad_scratch.record.operation import public
from tinygrad_scratch.record.quiet import quietly
from tinygrad_scratch.record.tensor import Array, Operand, Tensor, make_tensor


def _order(array: Array, dim: int, descending: bool) -> Array:
    """The positions of the values along ``dim`` in order of the values, equal ones in the order in which they stand."""
    if not descending:
        return np.argsort(array, dim, stable=True)
    backwards = np.argsort(np.flip(array, dim), dim, stable=True)
    return array.shape[dim] - 1 - np.flip(backwards, dim)


def _picked(input: Tensor, dim: int, indices: Array) -> ValuesAndIndices:
    positions = make_tensor(np.ascontiguousarray(indices))
    return ValuesAndIndices(gather(input, dim, positions), positions)


def _without(found: ValuesAndIndices, dim: int, keepdim: bool) -> ValuesAndIndices:
    return found if keepdim else ValuesAndIndices(found.values.squeeze(dim), found.indices.squeeze(dim))


@public
@numpy_words
def sort(input: Tensor, dim: int = -1, descending: bool = False, stable: bool = True) -> ValuesAndIndices:  # noqa: ARG001
    """The values along ``dim`` in ascending (or ``descending``) order, and where each was.

    Equal values always stay in the order in which they stand, whether ``stable`` or not.

    >>> tg.sort(tg.tensor([3, 1, 2]))
    ValuesAndIndices(values=tensor([1, 2, 3]), indices=tensor([1, 2, 0]))
    """
    dim = checked_dim(dim, input.ndim, "sort")
    if not input.ndim:
        return ValuesAndIndices(input.clone(), make_tensor(np.zeros((), np.int64)))
    return _picked(input, dim, _order(input._data, dim, descending))


@public(numpy=(np.argsort,))
@numpy_words
def argsort(input: Tensor, dim: int = -1, descending: bool = False, stable: bool = True) -> Tensor:
    """Where the values of `sort` were.

    >>> tg.argsort(tg.tensor([3, 1, 2]))
    tensor([1, 2, 0])
    """
    return sort(input, dim, descending, stable).indices


@public
@numpy_words
def msort(input: Tensor, dim: int = 0) -> Tensor:
    """The values in ascending order along ``dim``, by default the first.

    >>> tg.msort(tg.tensor([[3, 1], [2, 4]]))
    tensor([[2, 1],
            [3, 4]])
    """
    return sort(input, dim).values


@public
@numpy_words
def topk(input: Tensor, k: int, dim: int = -1, largest: bool = True, sorted: bool = True) -> ValuesAndIndices:  # noqa: ARG001
    """The ``k`` largest (or smallest) values along ``dim``, in order (whether ``sorted`` or not), and where each was.

    ValueError if there are fewer than ``k``.

    >>> tg.topk(tg.tensor([3, 1, 4, 1, 5]), 2)
    ValuesAndIndices(values=tensor([5, 4]), indices=tensor([4, 2]))
    """
    dim = checked_dim(dim, input.ndim, "topk")
    size = input.shape[dim] if input.ndim else 1
    if not 0 <= k <= size:
        raise ValueError(f"topk: k must lie between 0 and the {size} values of dim {dim}, not {k}")
    if not input.ndim:
        return sort(input)
    return _picked(input, dim, np.take(_order(input._data, dim, largest), np.arange(k), dim))


@public
@numpy_words
def kthvalue(input: Tensor, k: int, dim: int = -1, keepdim: bool = False) -> ValuesAndIndices:
    """The ``k``-th smallest value along ``dim`` (the first is 1), and where it is. ValueError if there are fewer.

    >>> tg.kthvalue(tg.tensor([30, 10, 20]), 2).values
    tensor(20)
    """
    dim = checked_dim(dim, input.ndim, "kthvalue")
    size = input.shape[dim] if input.ndim else 1
    if not 1 <= k <= size:
        raise ValueError(f"kthvalue: k must lie between 1 and the {size} values of dim {dim}, not {k}")
    if not input.ndim:
        return sort(input)
    return _without(_picked(input, dim, np.take(_order(input._data, dim, False), [k - 1], dim)), dim, keepdim)


@public
@numpy_words
def mode(input: Tensor, dim: int = -1, keepdim: bool = False) -> ValuesAndIndices:
    """The most frequent value along ``dim``, the smallest of several, and the last place where it stands.

    >>> tg.mode(tg.tensor([1, 2, 2, 3, 3]))
    ValuesAndIndices(values=tensor(2), indices=tensor(2))
    """
    dim = checked_dim(dim, input.ndim, "mode")
    if not input.ndim:
        return sort(input)

    def last_of_most_frequent(row: Array) -> Any:
        values, counts = np.unique(row, return_counts=True)
        return np.flatnonzero(row == values[np.argmax(counts)])[-1]

    places = np.apply_along_axis(last_of_most_frequent, dim, input._data)
    return _without(_picked(input, dim, np.expand_dims(places, dim)), dim, keepdim)


@overload
def unique(input: Tensor, sorted: bool = True, *, dim: int | None = None) -> Tensor: ...


@overload
def unique(
    input: Tensor,
    sorted: bool = True,
    return_inverse: bool = False,
    return_counts: bool = False,
    dim: int | None = None,
) -> Any: ...


@public
def unique(
    input: Tensor,
    sorted: bool = True,  # noqa: ARG001
    return_inverse: bool = False,
    return_counts: bool = False,
    dim: int | None = None,
) -> Any:
    """The different values, in ascending order (whether ``sorted`` or not), or along ``dim`` the different slices.

    ``return_inverse`` also gives, for each value, where it is among them; ``return_counts`` how often each occurs.

    >>> tg.unique(tg.tensor([3, 1, 3]), return_counts=True)
    (tensor([1, 3]), tensor([1, 2]))
    """
    options: Any = {"return_inverse": return_inverse, "return_counts": return_counts, "axis": dim}
    found: Any = np.unique(input._data, **options)
    if not (return_inverse or return_counts):
        return make_tensor(found)
    return tuple(make_tensor(part) for part in found)


@public
def unique_consecutive(
    input: Tensor, return_inverse: bool = False, return_counts: bool = False, dim: int | None = None
) -> Tensor | tuple[Tensor, ...]:
    """The values, of all that are equal in a row only the first. The options are those of `unique`.

    >>> tg.unique_consecutive(tg.tensor([1, 1, 2, 1]))
    tensor([1, 2, 1])
    """
    slices = input._data.ravel() if dim is None else np.moveaxis(input._data, dim, 0)
    differs = (slices[1:] != slices[:-1]).any(tuple(range(1, slices.ndim)))
    is_first = np.concatenate([np.ones(min(len(slices), 1), bool), differs])
    found = slices[is_first]
    results = [make_tensor(found if dim is None else np.moveaxis(found, 0, dim))]
    if return_inverse:
        inverse = np.cumsum(is_first) - 1
        results.append(make_tensor(inverse.reshape(input.shape) if dim is None else inverse))
    if return_counts:
        results.append(make_tensor(np.diff(np.append(np.flatnonzero(is_first), len(slices)))))
    return tuple(results) if len(results) > 1 else results[0]


@public(is_method=False)
def searchsorted(
    sorted_sequence: Tensor,
    input: Any,
    *,
    out_int32: bool = False,
    right: bool = False,
    side: str = "left",
    sorter: Tensor | None = None,
) -> Tensor:
    """Where in ``sorted_sequence``, ascending along its last dimension, each value of ``input`` would be inserted.

    Before those that are equal to it or, if ``right`` or ``side`` is "right", behind them. A sequence of several
    dimensions has as many rows as ``input``, and each row is searched for the values in the same row. The places are
    int64, or int32. With a ``sorter``, the places of its values in ascending order, the sequence need not be sorted.

    >>> tg.searchsorted(tg.tensor([1, 3, 5]), tg.tensor([3, 4]))
    tensor([1, 2])
    """
    sequence, values = sorted_sequence._data, np.asarray(input._data if isinstance(input, Tensor) else input)
    if sorter is not None:
        sequence = np.take_along_axis(sequence, sorter._data, -1)
    order: Any = "right" if right else side
    dtype = np.int32 if out_int32 else np.int64
    if sequence.ndim == 1:
        return make_tensor(np.asarray(np.searchsorted(sequence, values, order), dtype))
    if values.shape[:-1] != sequence.shape[:-1]:
        raise ValueError(
            f"searchsorted: a sequence of shape {sequence.shape} and values of shape {values.shape} differ in rows"
        )
    places = np.empty(values.shape, dtype)
    for row in np.ndindex(values.shape[:-1]):
        places[row] = np.searchsorted(sequence[row], values[row], order)
    return make_tensor(places)


@public(is_method=False)
def bucketize(input: Operand, boundaries: Tensor, *, out_int32: bool = False, right: bool = False) -> Tensor:
    """Which of the intervals between ascending ``boundaries`` each value lies in, as the number of boundaries below it.

    A value equal to a boundary belongs to the interval below or, if ``right``, above.

    >>> tg.bucketize(tg.tensor([1, 3, 9]), tg.tensor([3, 5]))
    tensor([0, 0, 2])
    """
    return searchsorted(boundaries, input, out_int32=out_int32, right=right)


@public
def bincount(input: Tensor, weights: Tensor | None = None, minlength: int = 0) -> Tensor:
    """How often 0, 1, 2, … occur among the values, or the sum of the ``weights`` where they do.

    TypeError unless the values are integers, ValueError if one is negative.

    >>> tg.bincount(tg.tensor([0, 2, 2]))
    tensor([1, 0, 2])
    """
    if input.dtype.kind not in "iu":
        raise TypeError(f"bincount: needs integers, not {input.dtype}")
    if weights is None:
        return make_tensor(np.bincount(input._data, None, minlength))
    counts = np.bincount(input._data, weights.detach().numpy(), minlength)
    return make_tensor(counts.astype(weights.dtype if weights.dtype == np.float32 else np.float64))


@public(is_method=False)
def isin(elements: Operand, test_elements: Operand, *, invert: bool = False) -> Tensor:
    """Whether each value is (or, with ``invert``, is not) among ``test_elements``.

    >>> tg.isin(tg.tensor([1, 2, 3]), tg.tensor([2, 3]))
    tensor([False,  True,  True])
    """
    values, wanted = (x._data if isinstance(x, Tensor) else x for x in (elements, test_elements))
    return make_tensor(np.isin(values, wanted, invert=invert))


@public
def histc(input: Tensor, bins: int = 100, min: float = 0, max: float = 0) -> Tensor:
    """How many values lie in each of ``bins`` equal intervals from ``min`` to ``max``; if both are 0, of all values.

    >>> tg.histc(tg.tensor([1.0, 2.0, 2.0]), bins=2, min=0, max=4)
    tensor([1., 2.])
    """
    floating_only(input, "histc")
    bounds = (
        (float(input._data.min()), float(input._data.max())) if min == max == 0 and input._data.size else (min, max)
    )
    return make_tensor(np.histogram(input._data, bins, bounds)[0].astype(input.dtype))


class Histogram(NamedTuple):
    """How much lies in each bin, and the edges of the bins, one more than there are bins."""

    hist: Tensor
    bin_edges: Tensor


@public
def histogram(
    input: Tensor,
    bins: int | Tensor,
    *,
    range: tuple[float, float] | None = None,
    weight: Tensor | None = None,
    density: bool = False,
) -> Histogram:
    """How many values (or how much ``weight``) lie in each of ``bins``: a number of equal ones, or their edges.

    Equal bins reach over all values, or from the first to the second number of ``range``. With ``density`` the results
    are densities: over all bins, density · width adds up to 1.

    >>> tg.histogram(tg.tensor([1.0, 2.0, 3.0]), bins=2).hist
    tensor([1., 2.])
    """
    floating_only(input, "histogram")
    weights = None if weight is None else weight.detach().numpy()
    found = quietly(
        np.histogram, input._data, bins._data if isinstance(bins, Tensor) else bins, range, density, weights
    )
    return Histogram(*(make_tensor(part.astype(input.dtype)) for part in found))
