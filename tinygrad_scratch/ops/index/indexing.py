"""Picking values by position, and putting them there: each is the gradient of the other."""

from __future__ import annotations

from collections.abc import Sequence
from enum import Enum
from math import prod
from typing import Any, NamedTuple

import numpy as np

from tinygrad_scratch.ops.checks import check_index
from tinygrad_scratch.ops.dims import checked_dim
from tinygrad_scratch.ops.reduce.pairwise import in_float32
from tinygrad_scratch.record.operation import Operation, method, primitive, public
from tinygrad_scratch.record.tensor import Tensor, make_tensor


class ValuesAndIndices(NamedTuple):
    """Values found along a dimension, and where they stand in it."""

    values: Tensor
    indices: Tensor


class Slot(Enum):
    """Stands in an index for an array, which is an input of the primitive while the rest of the index is a setting."""

    ARRAY = "array"


def _at(x: Any, *arrays: Any, index: tuple[Any, ...]) -> Any:
    part = x[filled(index, arrays)]
    # Of a single value NumPy gives a copy, unless asked for what is around it.
    return part if arrays or isinstance(part, np.ndarray) else x[(*index, ...)]


_getitem: Operation = primitive(
    _at,
    name="getitem",
    is_view=True,
    shape_depends_on_values=True,  # of a mask
    x=lambda g, x_shape, arrays, index: _put_sum(g, *arrays, index=index, shape=x_shape),
)
_gather: Operation = primitive(
    lambda x, index, *, dim: x[positions(index, dim)],
    name="gather",
    x=lambda g, x_shape, index, dim: _scatter_sum(g, index, dim=dim, shape=x_shape),
)


@in_float32
def _added_at(x: Any, *arrays: Any, index: tuple[Any, ...], shape: tuple[int, ...]) -> Any:
    """Zeros, with the values of x, broadcast, added at the index, which may repeat a place if it has positions."""
    result = np.zeros(shape, x.dtype)
    if index == (Slot.ARRAY,) and arrays[0].dtype != bool:
        # NumPy is several times quicker at adding the values of rows one by one.
        size = prod(shape[1:])
        rows = arrays[0].astype(np.int64, copy=False)[..., None] % shape[0]
        values = np.broadcast_to(x, (*arrays[0].shape, *shape[1:]))
        np.add.at(result.reshape(-1), (rows * size + np.arange(size)).reshape(-1), values.reshape(-1))
    elif any(array.dtype != bool for array in arrays):
        np.add.at(result, filled(index, arrays), x)
    else:
        result[filled(index, arrays)] = x
    return result


@in_float32
def _added_along(x: Any, index: Any, *, dim: int, shape: tuple[int, ...]) -> Any:
    """Zeros, with the values of x added along ``dim`` at the positions in ``index``."""
    result = np.zeros(shape, x.dtype)
    np.add.at(result, positions(index, dim), x)
    return result


_put_sum: Operation = primitive(
    _added_at, name="index_put", x=lambda g, arrays, index: _getitem(g, *arrays, index=index)
)
_scatter_sum: Operation = primitive(
    _added_along, name="scatter_add", x=lambda g, index, dim: _gather(g, index, dim=dim)
)


def filled(index: tuple[Any, ...], arrays: Sequence[Any]) -> tuple[Any, ...]:
    """The index with the arrays put back where `split_index` left a `Slot.ARRAY`."""
    remaining = iter([array._data if isinstance(array, Tensor) else array for array in arrays])
    return tuple(next(remaining) if item is Slot.ARRAY else item for item in index)


def positions(index: Any, dim: int) -> tuple[Any, ...]:
    """The index that picks, at each place of ``index``, the position it names along ``dim``."""
    if not index.ndim:
        return ()
    places = list(np.ogrid[tuple(slice(size) for size in index.shape)])
    places[dim : dim + 1] = [index]
    return tuple(places)


def split_index(index: Any, ndim: int) -> tuple[tuple[Any, ...], list[Any]]:
    """What stands between [ and ], as a tuple in which `Slot.ARRAY` stands for each array, and the arrays.

    Beside arrays, slices stand for an ``...`` in a tensor of ``ndim`` dimensions: to NumPy even one that stands for no
    dimension parts two arrays, and moves theirs to the front; in PyTorch it does not.

    A Tensor stays one, and a list becomes one; an array is the caller's, who may write to it later. IndexError for
    what is neither an integer, slice, None, ``...`` nor integer or bool values.
    """
    plain: list[Any] = []
    arrays: list[Any] = []
    for item in index if isinstance(index, tuple) else (index,):
        if item is None or item is Ellipsis or isinstance(item, slice) or type(item) is int:
            plain.append(item)
            continue
        array = _index_array(item)
        if array.ndim == 0 and array.dtype != bool:
            plain.append(int(array))
        else:
            plain.append(Slot.ARRAY)
            arrays.append(array)
    if arrays and plain.count(Ellipsis) == 1:
        place = plain.index(Ellipsis)
        named = sum(type(item) is int or isinstance(item, slice) for item in plain)
        indexed = sum(array.ndim if array.dtype == bool else 1 for array in arrays)
        plain[place : place + 1] = [slice(None)] * (ndim - named - indexed)
    return tuple(plain), arrays


def without_integers(tensor: Tensor, plain: tuple[Any, ...], arrays: Sequence[Any]) -> tuple[Tensor, tuple[Any, ...]]:
    """The part of ``tensor`` at the integers and slices of an index, as a view, and the index of arrays that is left.

    So an integer just takes away its dimension, as in PyTorch. NumPy would treat it as one more array, and move the
    dimension of the arrays to the front if a slice stands between them.
    """
    remaining = iter(arrays)
    whole, rest = list[Any](), list[Any]()
    for item in plain:
        if item is Slot.ARRAY:
            array = next(remaining)
            whole += [slice(None)] * (array.ndim if array.dtype == bool else 1)
            rest.append(item)
        else:
            whole.append(item)
            rest += [] if type(item) is int else [slice(None)]
    return _getitem(tensor, index=tuple(whole)), tuple(rest)


def _index_array(item: Any) -> Any:
    array = item if isinstance(item, Tensor | np.ndarray) else make_tensor(item)
    if isinstance(item, list) and not item:
        array = make_tensor(np.empty(0, np.intp))
    if array.dtype.kind not in "iub":
        kind = f"{array.dtype} values" if isinstance(item, Tensor | np.ndarray | list) else type(item).__name__
        raise IndexError(f"an index is made of integers, slices, None, ... and integer or bool tensors, not {kind}")
    return array


@method
def __getitem__(self: Tensor, index: Any) -> Tensor:
    """The values at ``index``, in every form that NumPy has: a view for integers and slices, otherwise a copy."""
    plain, arrays = split_index(index, self.ndim)
    if arrays and any(type(item) is int for item in plain):
        self, plain = without_integers(self, plain, arrays)
    return _getitem(self, *arrays, index=plain)


@public
def gather(input: Tensor, dim: int, index: Tensor) -> Tensor:
    """The values along ``dim`` at the positions in ``index``, an integer tensor, which also has the result's shape.

    >>> tg.gather(tg.tensor([[1, 2], [3, 4]]), 1, tg.tensor([[1], [0]]))
    tensor([[2],
            [3]])
    """
    if not index.numel():
        return make_tensor(np.empty(index.shape, input.dtype))
    if not input.ndim:  # as if it were a vector of one value
        input = input.reshape((1,) * index.ndim)
    check_index(index, input, "gather")
    return _gather(input, index, dim=checked_dim(dim, input.ndim, "gather"))


@public(is_method=False)
def one_hot(tensor: Tensor, num_classes: int = -1) -> Tensor:
    """For each class number a row of zeros with a 1 at its place: shape (\\*, num_classes), int64.

    By default there are as many classes as the largest number asks for. ValueError for a number out of range.

    >>> tg.one_hot(tg.tensor([0, 2]))
    tensor([[1, 0, 0],
            [0, 0, 1]])
    """
    if tensor.dtype.kind not in "iu":
        raise TypeError(f"one_hot: class numbers are integers, not {tensor.dtype}")
    return _one_hot(tensor, count=num_classes)


@primitive(shape_depends_on_values=True)
def _one_hot(x: Any, *, count: int) -> Any:
    if count == -1:
        count = int(x.max(initial=-1)) + 1
    wrong = x[(x < 0) | (x >= count)]
    if wrong.size:
        raise ValueError(f"class {wrong[0]} is out of range for {count} classes")
    return (x[..., None] == np.arange(count)).astype(np.int64)


@public(is_method=False)
def unravel_index(indices: Tensor, shape: int | Sequence[int]) -> tuple[Tensor, ...]:
    """For places counted row by row through a tensor of ``shape``, the positions along each of its dimensions.

    >>> tg.unravel_index(tg.tensor([1, 5]), (2, 3))
    (tensor([0, 1]), tensor([1, 2]))
    """
    places: Any = _unravel_index(indices, shape=shape)
    return tuple(places)


@primitive(is_multiple=True)
def _unravel_index(x: Any, *, shape: Any) -> Any:
    return np.unravel_index(x, shape)
