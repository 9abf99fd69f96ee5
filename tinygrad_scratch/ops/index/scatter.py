"""Picking and putting along one dimension, or where a mask says: PyTorch's names for what an index does as well."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Literal, overload

import numpy as np

from tinygrad_scratch.ops.checks import check_index
from tinygrad_scratch.ops.create.creation import full
from tinygrad_scratch.ops.dims import along, at, checked_dim, numpy_words
from tinygrad_scratch.ops.index.indexing import _gather, _put_sum, gather, positions, split_index
from tinygrad_scratch.ops.math.arithmetic import where
from tinygrad_scratch.ops.math.elementwise import _nonzero
from tinygrad_scratch.ops.reduce.pairwise import in_float32
from tinygrad_scratch.ops.shape.joining import stack
from tinygrad_scratch.ops.shape.shape import broadcast_to, reshape
from tinygrad_scratch.record.operation import Operation, primitive, public
from tinygrad_scratch.record.tensor import Operand, Tensor


def _with_source(x: Any, index: Any, source: Any, dim: int) -> Any:
    result = np.array(x)  # also of a single value, of which copy() is no array
    result[positions(index, dim)] = source
    return result


@in_float32
def _with_source_added(x: Any, index: Any, source: Any, dim: int) -> Any:
    result = np.array(x)
    np.add.at(result, positions(index, dim), source)
    return result


_scatter: Operation = primitive(
    lambda x, index, source, *, dim: _with_source(x, index, source, dim),
    name="scatter",
    x=lambda g, index, dim: _scatter(g, index, 0, dim=dim),
    source=lambda g, index, dim: np.where(_last_written(index, dim=dim, shape=g.shape), _gather(g, index, dim=dim), 0),
)


def _last_written_at(index: Any, *, dim: int, shape: tuple[int, ...]) -> Any:
    """Which of the values put at an index are still there, as it may name a place several times."""
    numbers = np.arange(index.size).reshape(index.shape)
    whole = _with_source(np.empty(shape, np.intp), index, numbers, dim)
    return whole[positions(index, dim)] == numbers


_last_written: Operation = primitive(_last_written_at, name="last_written")


_scatter_add = primitive(
    lambda x, index, source, *, dim: _with_source_added(x, index, source, dim),
    name="scatter_add",
    x=lambda g: g,
    source=lambda g, index, dim: _gather(g, index, dim=dim),
)


def _checked(input: Tensor, dim: int, index: Tensor, source: Any, name: str) -> tuple[int, Any]:
    """``dim`` counted from 0, and the part of ``source`` that the index covers, as PyTorch allows it to be larger."""
    check_index(index, input, name)
    if isinstance(source, Tensor):
        if source.dtype != input.dtype:
            raise TypeError(f"{name}: the input is {input.dtype}, but the source {source.dtype}")
        if source.ndim != index.ndim or any(n < m for n, m in zip(source.shape, index.shape, strict=True)):
            raise ValueError(
                f"{name}: a source of shape {source.shape} is too small for an index of shape {index.shape}"
            )
        if source.shape != index.shape:
            source = source[tuple(slice(size) for size in index.shape)]
    return checked_dim(dim, input.ndim, name), source


@public(in_place=True)
def scatter(
    input: Tensor, dim: int, index: Tensor, src: Any = None, *, value: Any = None, reduce: str | None = None
) -> Tensor:
    """``input`` with the values of ``src`` (or a number, ``value``) put along ``dim`` at the positions in ``index``.

    ``index`` has as many dimensions as the input. If it names a place twice, the last of the values stands there. A
    number may also be a 0-d tensor. With ``reduce`` "add" or "multiply" the values are added to what stands there, or
    multiplied with it, as `scatter_reduce` does.

    >>> tg.scatter(tg.zeros(2, 3), 1, tg.tensor([[0], [2]]), 5.0)
    tensor([[5., 0., 0.],
            [0., 0., 5.]])
    """
    if (src is None) == (value is None):
        raise TypeError("scatter: either src or value must be given")
    source = value if src is None else src
    if isinstance(source, Tensor) and not source.ndim:
        source = broadcast_to(source.to(input.dtype), index.shape)
    if reduce is not None:
        source = source if isinstance(source, Tensor) else full(index.shape, source, dtype=input.dtype)
        return input.scatter_reduce(dim, index, source, {"add": "sum", "multiply": "prod"}.get(reduce, reduce))
    dim, source = _checked(input, dim, index, source, "scatter")
    return _scatter(input, index, source, dim=dim)


@public(in_place=True)
def scatter_add(input: Tensor, dim: int, index: Tensor, src: Tensor) -> Tensor:
    """As `scatter`, but the values are added, each as often as the index names a place.

    >>> tg.scatter_add(tg.zeros(3), 0, tg.tensor([0, 0, 2]), tg.tensor([1.0, 2.0, 3.0]))
    tensor([3., 0., 3.])
    """
    dim, source = _checked(input, dim, index, src, "scatter_add")
    return _scatter_add(input, index, source, dim=dim)


@public
def index_select(input: Tensor, dim: int, index: Tensor) -> Tensor:
    """The slices along ``dim`` at the positions in ``index``, a vector of integers.

    >>> tg.index_select(tg.tensor([[1, 2], [3, 4]]), 1, tg.tensor([1, 1]))
    tensor([[2, 2],
            [4, 4]])
    """
    dim = checked_dim(dim, input.ndim, "index_select")
    if index.ndim > 1:
        raise ValueError(f"index_select: the index must be a vector, got shape {index.shape}")
    if not input.ndim:
        return index_select(input.reshape(1), 0, index).reshape(())
    return input[at(dim, index.reshape(-1))]


def _whole_slices(input: Tensor, dim: int, index: Tensor) -> Tensor:
    """``index``, a vector of positions along ``dim``, repeated over all other dimensions."""
    shape = [index.numel() if i == dim else n for i, n in enumerate(input.shape)]
    return broadcast_to(reshape(index, along(dim, input.ndim)), shape)


@public(in_place=True)
def index_add(input: Tensor, dim: int, index: Tensor, source: Tensor, *, alpha: float = 1) -> Tensor:
    """``input`` with the slices of ``source``, times ``alpha``, added along ``dim`` at the positions in ``index``.

    >>> tg.index_add(tg.zeros(3, 1), 0, tg.tensor([0, 0]), tg.tensor([[1.0], [2.0]]))
    tensor([[3.],
            [0.],
            [0.]])
    """
    dim = checked_dim(dim, input.ndim, "index_add")
    return scatter_add(input, dim, _whole_slices(input, dim, index), source if alpha == 1 else source * alpha)


@public(in_place=True)
def index_copy(input: Tensor, dim: int, index: Tensor, source: Tensor) -> Tensor:
    """``input`` with the slices of ``source`` put along ``dim`` at the positions in ``index``.

    >>> tg.index_copy(tg.zeros(3), 0, tg.tensor([2]), tg.tensor([7.0]))
    tensor([0., 0., 7.])
    """
    dim = checked_dim(dim, input.ndim, "index_copy")
    return scatter(input, dim, _whole_slices(input, dim, index), source)


@public(in_place=True)
def index_fill(input: Tensor, dim: int, index: Tensor, value: Operand) -> Tensor:
    """``input`` with ``value``, a number or 0-d tensor, everywhere at the positions in ``index`` along ``dim``.

    >>> tg.index_fill(tg.zeros(3), 0, tg.tensor([0, 2]), 1.0)
    tensor([1., 0., 1.])
    """
    dim = checked_dim(dim, input.ndim, "index_fill")
    is_filled = scatter(full(input.shape, False), dim, _whole_slices(input, dim, index), True)
    return masked_fill(input, is_filled, value)


@public
def take(input: Tensor, index: Tensor) -> Tensor:
    """The values at the positions in ``index`` of the flattened input, in the shape of ``index``.

    >>> tg.take(tg.tensor([[1, 2], [3, 4]]), tg.tensor([0, 3]))
    tensor([1, 4])
    """
    return reshape(input, -1)[index]


@public
@numpy_words
def take_along_dim(input: Tensor, indices: Tensor, dim: int | None = None) -> Tensor:
    """The values along ``dim`` at the positions in ``indices``, other dimensions broadcast; without dim, of all, flat.

    >>> tg.take_along_dim(tg.tensor([[3, 1], [2, 4]]), tg.tensor([[1], [0]]), dim=1)
    tensor([[1],
            [2]])
    """
    if dim is None:
        return take(input, reshape(indices, -1))
    dim = checked_dim(dim, input.ndim, "take_along_dim")
    shapes = [[1 if i == dim else n for i, n in enumerate(tensor.shape)] for tensor in (input, indices)]
    shared = np.broadcast_shapes(*map(tuple, shapes))
    whole, places = (
        broadcast_to(tensor, [tensor.shape[i] if i == dim else n for i, n in enumerate(shared)])
        for tensor in (input, indices)
    )
    return gather(whole, dim, places)


@public(in_place=True)
def masked_fill(input: Tensor, mask: Tensor, value: Operand) -> Tensor:
    """``input`` with ``value``, a number or 0-d tensor, wherever ``mask``, which is bool and broadcast, holds.

    >>> tg.masked_fill(tg.tensor([1.0, 2.0]), tg.tensor([True, False]), 0)
    tensor([0., 2.])
    """
    if isinstance(value, Tensor) and value.ndim:
        raise ValueError(f"masked_fill: the value must be a number or a 0-d tensor, not of shape {value.shape}")
    return where(mask, value, input).to(input.dtype)


@public
def masked_select(input: Tensor, mask: Tensor) -> Tensor:
    """The values where ``mask`` holds, in one dimension; input and mask, which is bool, are broadcast together.

    >>> tg.masked_select(tg.tensor([1, 2, 3]), tg.tensor([True, False, True]))
    tensor([1, 3])
    """
    if mask.dtype != np.bool_:
        raise TypeError(f"masked_select: the mask must be bool, not {mask.dtype}")
    shape = np.broadcast_shapes(input.shape, mask.shape)
    return broadcast_to(input, shape)[broadcast_to(mask, shape)]


@overload
def nonzero(input: Tensor, *, as_tuple: Literal[False] = False) -> Tensor: ...


@overload
def nonzero(input: Tensor, *, as_tuple: Literal[True]) -> tuple[Tensor, ...]: ...


@public
def nonzero(input: Tensor, *, as_tuple: bool = False) -> Any:
    """The positions of the values that are not 0, one in each row; ``as_tuple``, a tensor for each dimension.

    >>> tg.nonzero(tg.tensor([0, 5, 6]))
    tensor([[1],
            [2]])
    """
    places: Any = _nonzero(input)
    if as_tuple:
        return places
    return stack(places, 1) if input.ndim else stack(places, 1)[:, :0]


@public(numpy=(np.argwhere,))
def argwhere(input: Tensor) -> Tensor:
    """The positions of the values that are not 0, one in each row.

    >>> tg.argwhere(tg.tensor([[0, 5], [6, 0]]))
    tensor([[0, 1],
            [1, 0]])
    """
    return nonzero(input)


@public(in_place=True)
def index_put(input: Tensor, indices: Sequence[Tensor], values: Tensor, accumulate: bool = False) -> Tensor:
    """``input`` with ``values`` put, or with ``accumulate`` added, at the places that ``indices`` name.

    >>> tg.index_put(tg.zeros(3), [tg.tensor([0, 0])], tg.tensor([1.0, 2.0]), accumulate=True)
    tensor([3., 0., 0.])
    """
    if accumulate:
        plain, arrays = split_index(tuple(indices), input.ndim)
        return input + _put_sum(values, *arrays, index=plain, shape=input.shape)
    result = input.clone()
    result[tuple(indices)] = values
    return result


@public(in_place=True)
def masked_scatter(input: Tensor, mask: Tensor, source: Tensor) -> Tensor:
    """``input`` with the first values of ``source``, in order, wherever ``mask``, which is bool, holds.

    Input and mask are broadcast together.

    >>> tg.masked_scatter(tg.zeros(3), tg.tensor([True, False, True]), tg.tensor([1.0, 2.0, 3.0]))
    tensor([1., 0., 2.])
    """
    shape = np.broadcast_shapes(input.shape, mask.shape)
    return _masked_scatter(broadcast_to(input, shape), broadcast_to(mask, shape), source)


def _with_first_of(x: Any, mask: Any, source: Any) -> Any:
    count = np.count_nonzero(mask)
    if source.size < count:
        raise ValueError(f"the mask holds at {count} places, but the source has {source.size} values")
    result = np.array(np.broadcast_to(x, mask.shape), source.dtype)
    result[mask] = source.reshape(-1)[:count]
    return result


def _put_first(x: Any, mask: Any, shape: tuple[int, ...]) -> Any:
    """Zeros, the first of which are replaced by the values of x where the mask holds."""
    result = np.zeros(shape, x.dtype)
    chosen = x[mask]
    result.reshape(-1)[: chosen.size] = chosen
    return result


_masked_scatter: Operation = primitive(
    _with_first_of,
    name="masked_scatter",
    x=lambda g, mask: np.where(mask, 0, g),
    source=lambda g, mask, source_shape: _first_masked(g, mask, shape=source_shape),
)
_first_masked: Operation = primitive(
    lambda x, mask, *, shape: _put_first(x, mask, shape),
    name="first_masked",
    x=lambda g, mask: _masked_scatter(0, mask, g),
)
