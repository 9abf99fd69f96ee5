"""Tensors put together, and taken apart: parts are views of the whole."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import accumulate
from typing import Any

import numpy as np

from tinygrad_scratch.ops.create.conversion import clone
from tinygrad_scratch.ops.dims import at, checked_dim, numpy_words
from tinygrad_scratch.ops.index.indexing import _getitem
from tinygrad_scratch.ops.math.elementwise import in_common_dtype
from tinygrad_scratch.ops.shape.shape import reshape, unsqueeze
from tinygrad_scratch.record.operation import primitive, public
from tinygrad_scratch.record.tensor import Tensor, View


@primitive(
    prepare=in_common_dtype, tensors=lambda g, position, tensors_shape, dim: _piece(g, position, tensors_shape, dim)
)
def _cat(*tensors: Any, dim: int) -> Any:
    return np.concatenate(tensors, dim)


@primitive(prepare=in_common_dtype, tensors=lambda g, position, dim: g[at(dim, position)])
def _stack(*tensors: Any, dim: int) -> Any:
    return np.stack(tensors, dim)


def _piece(g: Any, position: int, shapes: Sequence[tuple[int, ...]], dim: int) -> Any:
    start = sum(shape[dim] for shape in shapes[:position])
    return g[at(dim, slice(start, start + shapes[position][dim]))]


@public(is_method=False, aliases=("concat", "concatenate"))
@numpy_words
def cat(tensors: Sequence[Tensor], dim: int = 0) -> Tensor:
    """The tensors one after another along an existing dimension; they agree in all others.

    >>> tg.cat([tg.tensor([1, 2]), tg.tensor([3])])
    tensor([1, 2, 3])
    """
    parts = _without_empty(_parts(tensors, "cat"))
    return _cat(*parts, dim=checked_dim(dim, parts[0].ndim, "cat"))


@public(is_method=False, numpy=(np.stack,))
@numpy_words
def stack(tensors: Sequence[Tensor], dim: int = 0) -> Tensor:
    """The tensors, all of one shape, side by side along a new dimension.

    >>> tg.stack([tg.tensor([1, 2]), tg.tensor([3, 4])], dim=1)
    tensor([[1, 3],
            [2, 4]])
    """
    parts = _parts(tensors, "stack")
    return _stack(*parts, dim=checked_dim(dim, parts[0].ndim + 1, "stack"))


def _without_empty(parts: tuple[Tensor, ...]) -> tuple[Tensor, ...]:
    """The parts without those of shape (0,), which may stand beside any shape: what one starts to collect from."""
    if all(part.ndim == parts[0].ndim for part in parts):
        return parts
    return tuple(part for part in parts if part.shape != (0,))


def _parts(tensors: Sequence[Tensor], operation: str) -> tuple[Tensor, ...]:
    parts = tuple(tensors)
    if not parts:
        raise ValueError(f"{operation}: needs at least one tensor")
    return parts


@primitive(is_multiple=True, x=lambda g, dim: _cat(*g, dim=dim))
def _split(x: Any, *, dim: int, slices: Sequence[slice]) -> Any:
    return tuple([x[at(dim, part)] for part in slices])


@public
@numpy_words
def split(tensor: Tensor, split_size_or_sections: int | Sequence[int], dim: int = 0) -> tuple[Tensor, ...]:
    """Views of the tensor's parts along ``dim``: of a given size (the last may be smaller), or of the sizes given.

    >>> tg.arange(5).split(2)
    (tensor([0, 1]), tensor([2, 3]), tensor([4]))
    """
    dim = checked_dim(dim, tensor.ndim, "split")
    total = tensor.shape[dim]
    if isinstance(split_size_or_sections, int):
        size = split_size_or_sections
        if size <= 0:
            raise ValueError(f"split: the size of a part must be positive, not {size}")
        lengths = [min(size, total - start) for start in range(0, max(total, 1), size)]
    else:
        lengths = list(split_size_or_sections)
        if sum(lengths) != total:
            raise ValueError(f"split: the sizes {lengths} add up to {sum(lengths)}, but dim {dim} has {total}")
    slices = tuple([slice(end - n, end) for n, end in zip(lengths, accumulate(lengths), strict=True)])
    parts: Any = _split(tensor, dim=dim, slices=slices)
    for part, place in zip(parts, slices, strict=True):
        part._view = View(tensor, (_getitem.primitive, {"index": at(dim, place)}))
    return parts  # type: ignore[no-any-return]


@public
@numpy_words
def chunk(input: Tensor, chunks: int, dim: int = 0) -> tuple[Tensor, ...]:
    """Views of at most ``chunks`` parts of equal size along ``dim`` (the last may be smaller).

    >>> tg.arange(5).chunk(2)
    (tensor([0, 1, 2]), tensor([3, 4]))
    """
    if chunks <= 0:
        raise ValueError(f"chunk: the number of chunks must be positive, not {chunks}")
    size = -(-input.shape[checked_dim(dim, input.ndim, "chunk")] // chunks)
    return split(input, max(size, 1), dim)


@public(is_method=False, aliases=("row_stack",), numpy=(np.vstack,))
def vstack(tensors: Sequence[Tensor]) -> Tensor:
    """The tensors one below the other; a vector counts as a row.

    >>> tg.vstack([tg.tensor([1, 2]), tg.tensor([3, 4])])
    tensor([[1, 2],
            [3, 4]])
    """
    return cat([atleast_2d(tensor) for tensor in tensors], 0)


@public(is_method=False, numpy=(np.hstack,))
def hstack(tensors: Sequence[Tensor]) -> Tensor:
    """The tensors side by side: along dimension 1, or 0 for vectors.

    >>> tg.hstack([tg.tensor([1, 2]), tg.tensor([3])])
    tensor([1, 2, 3])
    """
    parts = [atleast_1d(tensor) for tensor in tensors]
    return cat(parts, 0 if parts and parts[0].ndim == 1 else 1)


@public(is_method=False, numpy=(np.dstack,))
def dstack(tensors: Sequence[Tensor]) -> Tensor:
    """The tensors one behind the other, along dimension 2.

    >>> tg.dstack([tg.tensor([1, 2]), tg.tensor([3, 4])]).shape
    (1, 2, 2)
    """
    return cat([atleast_3d(tensor) for tensor in tensors], 2)


@public(is_method=False, numpy=(np.column_stack,))
def column_stack(tensors: Sequence[Tensor]) -> Tensor:
    """The tensors side by side; a vector counts as a column.

    >>> tg.column_stack([tg.tensor([1, 2]), tg.tensor([3, 4])])
    tensor([[1, 3],
            [2, 4]])
    """
    return cat([reshape(tensor, -1, 1) if tensor.ndim < 2 else tensor for tensor in tensors], 1)


def _each(change: Callable[[Tensor], Tensor], tensors: tuple[Any, ...]) -> Any:
    """The change of the only tensor, or a tuple with that of each, given as ``f(a, b)`` or as ``f([a, b])``."""
    if len(tensors) == 1 and isinstance(tensors[0], Tensor):
        return change(tensors[0])
    return tuple(change(tensor) for tensor in (tensors[0] if len(tensors) == 1 else tensors))


@public(is_method=False, numpy=(np.atleast_1d,))
def atleast_1d(*tensors: Any) -> Any:
    """The tensor, with a dimension if it has none; of several tensors, a tuple.

    >>> tg.atleast_1d(tg.tensor(1))
    tensor([1])
    """
    return _each(lambda input: reshape(input, 1) if input.ndim == 0 else input, tensors)


@public(is_method=False, numpy=(np.atleast_2d,))
def atleast_2d(*tensors: Any) -> Any:
    """The tensor, with dimensions added in front until it has 2; of several tensors, a tuple.

    >>> tg.atleast_2d(tg.tensor([1, 2]))
    tensor([[1, 2]])
    """
    return _each(lambda input: reshape(input, 1, -1) if input.ndim < 2 else input, tensors)


@public(is_method=False, numpy=(np.atleast_3d,))
def atleast_3d(*tensors: Any) -> Any:
    """The tensor, with dimensions added until it has 3: (n,) becomes (1, n, 1), and (n, m) becomes (n, m, 1).

    >>> tg.atleast_3d(tg.ones(2, 3)).shape
    (2, 3, 1)
    """
    return _each(lambda input: unsqueeze(atleast_2d(input), -1) if input.ndim < 3 else input, tensors)


@public
def unbind(input: Tensor, dim: int = 0) -> tuple[Tensor, ...]:
    """Views of all slices along ``dim``, without it.

    >>> tg.unbind(tg.tensor([[1, 2], [3, 4]]))
    (tensor([1, 2]), tensor([3, 4]))
    """
    return tuple(select(input, dim, i) for i in range(input.shape[checked_dim(dim, input.ndim, "unbind")]))


@public(numpy=(np.array_split,))
@numpy_words
def tensor_split(input: Tensor, indices_or_sections: int | Sequence[int] | Tensor, dim: int = 0) -> tuple[Tensor, ...]:
    """Views of parts along ``dim``: so many that are as equal as they can be, or with borders at the indices given.

    >>> tg.tensor_split(tg.arange(5), 2)
    (tensor([0, 1, 2]), tensor([3, 4]))
    """
    total = input.shape[checked_dim(dim, input.ndim, "tensor_split")]
    if isinstance(indices_or_sections, Tensor):
        return tensor_split(input, indices_or_sections.tolist(), dim)
    if isinstance(indices_or_sections, int):
        count = indices_or_sections
        if count <= 0:
            raise ValueError(f"tensor_split: the number of parts must be positive, not {count}")
        ends = list(accumulate(total // count + (i < total % count) for i in range(count)))
    else:
        ends = [*(range(total)[:index].stop for index in indices_or_sections), total]
    starts = [0, *ends[:-1]]
    return tuple(narrow(input, dim, start, max(end - start, 0)) for start, end in zip(starts, ends, strict=True))


@public
def narrow(input: Tensor, dim: int, start: int, length: int) -> Tensor:
    """A view of ``length`` values along ``dim`` from ``start`` on. IndexError if there are not so many.

    >>> tg.arange(5).narrow(0, 1, 3)
    tensor([1, 2, 3])
    """
    dim = checked_dim(dim, input.ndim, "narrow")
    size = input.shape[dim]
    first = start + size if start < 0 else start
    if not 0 <= first <= first + length <= size:
        raise IndexError(f"narrow: {length} values from {start} on are not among the {size} of dim {dim}")
    return input[at(dim, slice(first, first + length))]


@public
def select(input: Tensor, dim: int, index: int) -> Tensor:
    """A view of the slice at ``index`` along ``dim``, without it. IndexError if there is none.

    >>> tg.select(tg.tensor([[1, 2], [3, 4]]), 1, 0)
    tensor([1, 3])
    """
    return input[at(checked_dim(dim, input.ndim, "select"), index)]


@public
def split_with_sizes(input: Tensor, split_sizes: Sequence[int], dim: int = 0) -> tuple[Tensor, ...]:
    """`split` into parts of the sizes given.

    >>> tg.split_with_sizes(tg.arange(5), [2, 3])
    (tensor([0, 1]), tensor([2, 3, 4]))
    """
    return split(input, list(split_sizes), dim)


@public(numpy=(np.hsplit,))
def hsplit(input: Tensor, indices_or_sections: int | Sequence[int]) -> tuple[Tensor, ...]:
    """Views of parts side by side, along dimension 1, or 0 of a vector: so many equal ones, or with borders as given.

    >>> tg.hsplit(tg.arange(4), 2)
    (tensor([0, 1]), tensor([2, 3]))
    """
    return _equal_parts(input, indices_or_sections, 0 if input.ndim == 1 else 1, 1, "hsplit")


@public(numpy=(np.vsplit,))
def vsplit(input: Tensor, indices_or_sections: int | Sequence[int]) -> tuple[Tensor, ...]:
    """Views of parts one below the other, along dimension 0: so many equal ones, or with borders as given.

    >>> tg.vsplit(tg.tensor([[1, 2], [3, 4]]), 2)
    (tensor([[1, 2]]), tensor([[3, 4]]))
    """
    return _equal_parts(input, indices_or_sections, 0, 2, "vsplit")


@public(numpy=(np.dsplit,))
def dsplit(input: Tensor, indices_or_sections: int | Sequence[int]) -> tuple[Tensor, ...]:
    """Views of parts one behind the other, along dimension 2: so many equal ones, or with borders as given.

    >>> [part.shape for part in tg.dsplit(tg.zeros(2, 3, 4), [1])]
    [(2, 3, 1), (2, 3, 3)]
    """
    return _equal_parts(input, indices_or_sections, 2, 3, "dsplit")


def _equal_parts(
    input: Tensor, indices_or_sections: int | Sequence[int], dim: int, least_ndim: int, name: str
) -> tuple[Tensor, ...]:
    if input.ndim < least_ndim:
        raise ValueError(f"{name}: needs at least {least_ndim} dimensions, got shape {input.shape}")
    if isinstance(indices_or_sections, int) and (indices_or_sections <= 0 or input.shape[dim] % indices_or_sections):
        raise ValueError(
            f"{name}: {input.shape[dim]} values along dim {dim} cannot be split into {indices_or_sections} equal parts"
        )
    return tensor_split(input, indices_or_sections, dim)


@public
def narrow_copy(input: Tensor, dim: int, start: int, length: int) -> Tensor:
    """`narrow`, as a copy.

    >>> tg.arange(5).narrow_copy(0, 1, 3)
    tensor([1, 2, 3])
    """
    return clone(narrow(input, dim, start, length))
