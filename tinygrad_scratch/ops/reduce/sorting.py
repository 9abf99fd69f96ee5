"""Order: sorting, the largest values, and where a value would stand.

NaN counts as larger than any number. Values found are picked from the input, so their gradient goes to where they were.
"""

from __future__ import annotations

from typing import Any, NamedTuple, overload

import numpy as np

from tinygrad_scratch.ops.checks import floating_only
from tinygrad_scratch.ops.dims import at, checked_dim, numpy_words
from tinygrad_scratch.ops.index.indexing import ValuesAndIndices, gather
from tinygrad_scratch.record.operation import primitive, public
from tinygrad_scratch.record.tensor import Array, Operand, Tensor, make_tensor


@primitive(name="argsort")
def _order(x: Any, *, dim: int, descending: bool, part: slice = slice(None)) -> Any:
    """Where the values along ``dim`` were before they were sorted, equal ones in their order; of those, a part."""
    order = np.argsort(np.flip(x, dim) if descending else x, dim, stable=True)
    if descending:
        order = x.shape[dim] - 1 - np.flip(order, dim)
    return np.ascontiguousarray(order[at(dim, part)])


@primitive(name="mode")
def _places_of_mode(x: Any, *, dim: int) -> Any:
    def last_of_most_frequent(row: Array) -> Any:
        values, counts = np.unique(row, return_counts=True)
        return np.flatnonzero(row == values[np.argmax(counts)])[-1:]

    return np.apply_along_axis(last_of_most_frequent, dim, x)


def _picked(input: Tensor, dim: int, places: Tensor) -> ValuesAndIndices:
    return ValuesAndIndices(gather(input, dim, places), places)


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
    return _picked(input, dim, _order(input, dim=dim, descending=descending))


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
    return _picked(input, dim, _order(input, dim=dim, descending=largest, part=slice(k)))


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
    places = _order(input, dim=dim, descending=False, part=slice(k - 1, k))
    return _without(_picked(input, dim, places), dim, keepdim)


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
    return _without(_picked(input, dim, _places_of_mode(input, dim=dim)), dim, keepdim)


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
    results = _unique(input, return_inverse=return_inverse, return_counts=return_counts, dim=dim)
    return results if len(results) > 1 else results[0]


@primitive(is_multiple=True, shape_depends_on_values=True)
def _unique(x: Any, *, return_inverse: bool, return_counts: bool, dim: int | None) -> Any:
    options: Any = {"return_inverse": return_inverse, "return_counts": return_counts, "axis": dim}
    found: Any = np.unique(x, **options)
    return found if isinstance(found, tuple) else (found,)


@public
def unique_consecutive(
    input: Tensor, return_inverse: bool = False, return_counts: bool = False, dim: int | None = None
) -> Tensor | tuple[Tensor, ...]:
    """The values, of all that are equal in a row only the first. The options are those of `unique`.

    >>> tg.unique_consecutive(tg.tensor([1, 1, 2, 1]))
    tensor([1, 2, 1])
    """
    results = _unique_consecutive(input, return_inverse=return_inverse, return_counts=return_counts, dim=dim)
    return results if len(results) > 1 else results[0]


@primitive(is_multiple=True, shape_depends_on_values=True)
def _unique_consecutive(x: Any, *, return_inverse: bool, return_counts: bool, dim: int | None) -> Any:
    slices = x.ravel() if dim is None else np.moveaxis(x, dim, 0)
    differs = (slices[1:] != slices[:-1]).any(tuple(range(1, slices.ndim)))
    is_first = np.concatenate([np.ones(min(len(slices), 1), bool), differs])
    found = slices[is_first]
    results = [found if dim is None else np.moveaxis(found, 0, dim)]
    if return_inverse:
        inverse = np.cumsum(is_first) - 1
        results.append(inverse.reshape(x.shape) if dim is None else inverse)
    if return_counts:
        results.append(np.diff(np.append(np.flatnonzero(is_first), len(slices))))
    return tuple(results)


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
    return _searchsorted(
        sorted_sequence, input, sorter, side="right" if right else side, dtype=np.int32 if out_int32 else np.int64
    )


@primitive
def _searchsorted(sequence: Any, values: Any, sorter: Any, *, side: Any, dtype: Any) -> Any:
    values = np.asarray(values)
    if sorter is not None:
        sequence = np.take_along_axis(sequence, sorter, -1)
    if sequence.ndim == 1:
        return np.asarray(np.searchsorted(sequence, values, side), dtype)
    if values.shape[:-1] != sequence.shape[:-1]:
        raise ValueError(f"a sequence of shape {sequence.shape} and values of shape {values.shape} differ in rows")
    places = np.empty(values.shape, dtype)
    for row in np.ndindex(values.shape[:-1]):
        places[row] = np.searchsorted(sequence[row], values[row], side)
    return places


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
    return _bincount(input, weights, minlength=minlength)


@primitive(shape_depends_on_values=True)
def _bincount(x: Any, weights: Any, *, minlength: int) -> Any:
    counts = np.bincount(x, weights, minlength)
    return counts.astype(np.float32) if weights is not None and weights.dtype == np.float32 else counts


@public(is_method=False)
def isin(elements: Operand, test_elements: Operand, *, invert: bool = False) -> Tensor:
    """Whether each value is (or, with ``invert``, is not) among ``test_elements``.

    >>> tg.isin(tg.tensor([1, 2, 3]), tg.tensor([2, 3]))
    tensor([False,  True,  True])
    """
    return _isin(elements, test_elements, invert=invert)


@primitive
def _isin(elements: Any, test_elements: Any, *, invert: bool) -> Any:
    return np.isin(elements, test_elements, invert=invert)


@public
def histc(input: Tensor, bins: int = 100, min: float = 0, max: float = 0) -> Tensor:
    """How many values lie in each of ``bins`` equal intervals from ``min`` to ``max``; if both are 0, of all values.

    >>> tg.histc(tg.tensor([1.0, 2.0, 2.0]), bins=2, min=0, max=4)
    tensor([1., 2.])
    """
    floating_only(input, "histc")
    return _histc(input, bins=bins, min=min, max=max)


@primitive
def _histc(x: Any, *, bins: int, min: float, max: float) -> Any:
    bounds = (x.min(), x.max()) if min == max == 0 and x.size else (min, max)
    return np.histogram(x, bins, bounds)[0].astype(x.dtype)


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
    edges, count = (bins, None) if isinstance(bins, Tensor) else (None, bins)
    return Histogram(*_histogram(input, edges, weight, bins=count, range=range, density=density))


@primitive(is_multiple=True)
def _histogram(x: Any, edges: Any, weight: Any, *, bins: Any, range: tuple[float, float] | None, density: bool) -> Any:
    found = np.histogram(x, bins if edges is None else edges, range, density, weight)
    return tuple(part.astype(x.dtype) for part in found)
