"""Values moved, repeated or picked in regular patterns. What a pattern can be made of views is a view."""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from typing import Any

import numpy as np

from tinygrad_scratch.ops.dims import Size, along, at, by_name, checked_dim, checked_dims, sizes
from tinygrad_scratch.ops.index.scatter import index_select
from tinygrad_scratch.ops.shape.joining import stack
from tinygrad_scratch.ops.shape.shape import broadcast_to, permute, reshape
from tinygrad_scratch.record.operation import method, primitive, public
from tinygrad_scratch.record.tensor import Tensor, make_tensor

_flip = primitive(
    lambda x, *, dims: np.ascontiguousarray(np.flip(x, dims)) if x.ndim else x.copy(),
    name="flip",
    x=lambda g, dims: np.flip(g, dims),
)
_roll = primitive(
    lambda x, *, shifts, dims: np.roll(x, shifts, dims),
    name="roll",
    x=lambda g, shifts, dims: np.roll(g, tuple(-shift for shift in shifts), dims),
)


# Order


@public(aliases=("moveaxis",), numpy=(np.moveaxis,))
def movedim(input: Tensor, source: int | Sequence[int], destination: int | Sequence[int]) -> Tensor:
    """A view with dimensions ``source`` at the places ``destination``; the others keep their order.

    >>> tg.zeros(2, 3, 4).movedim(0, -1).shape
    (3, 4, 2)
    """
    from_dims = checked_dims(source, input.ndim, "movedim")
    to_dims = checked_dims(destination, input.ndim, "movedim")
    if len(from_dims) != len(to_dims):
        raise ValueError(f"movedim: {len(from_dims)} source dimensions, but {len(to_dims)} destinations")
    order = [dim for dim in range(input.ndim) if dim not in from_dims]
    for place, dim in sorted(zip(to_dims, from_dims, strict=True)):
        order.insert(place, dim)
    return permute(input, order)


@public
@by_name("dims")
def flip(input: Tensor, *dims: Size) -> Tensor:
    """A copy in which the order along ``dims`` is reversed.

    >>> tg.flip(tg.tensor([1, 2, 3]), (0,))
    tensor([3, 2, 1])
    """
    places = sizes(dims, "flip")
    return _flip(input, dims=checked_dims(places, input.ndim, "flip") if places else ())


@public(numpy=(np.fliplr,))
def fliplr(input: Tensor) -> Tensor:
    """A copy in which the order of columns (dimension 1) is reversed.

    >>> tg.fliplr(tg.tensor([[1, 2], [3, 4]]))
    tensor([[2, 1],
            [4, 3]])
    """
    return flip(input, 1)


@public(numpy=(np.flipud,))
def flipud(input: Tensor) -> Tensor:
    """A copy in which the order of rows (dimension 0) is reversed. ValueError without dimensions.

    >>> tg.flipud(tg.tensor([[1, 2], [3, 4]]))
    tensor([[3, 4],
            [1, 2]])
    """
    if not input.ndim:
        raise ValueError("flipud: needs at least 1 dimension, got shape ()")
    return flip(input, 0)


@public(numpy=(np.rot90,))
def rot90(input: Tensor, k: int = 1, dims: Sequence[int] = (0, 1)) -> Tensor:
    """A copy, turned ``k`` times by 90° in the plane of two dimensions, from the first towards the second.

    >>> tg.rot90(tg.tensor([[1, 2], [3, 4]]))
    tensor([[2, 4],
            [1, 3]])
    """
    first, second = checked_dims(dims, input.ndim, "rot90")
    turns: dict[int, Any] = {0: input.clone, 1: lambda: flip(input, second).transpose(first, second)}
    turns |= {2: lambda: flip(input, first, second), 3: lambda: flip(input, first).transpose(first, second)}
    turned: Tensor = turns[k % 4]()
    return turned


@public
def roll(input: Tensor, shifts: int | Sequence[int], dims: int | Sequence[int] | None = None) -> Tensor:
    """The values moved on by ``shifts`` along ``dims``, those at the end to the start; without dims, of the flattened.

    >>> tg.roll(tg.tensor([1, 2, 3]), 1, 0)
    tensor([3, 1, 2])
    """
    steps = (shifts,) if isinstance(shifts, int) else tuple(shifts)
    if dims is None:
        return roll(reshape(input, -1), steps, 0).reshape(input.shape)
    places = (dims,) if isinstance(dims, int) else tuple(dims)
    if len(steps) != len(places):
        raise ValueError(f"roll: {len(steps)} shifts, but {len(places)} dims")
    return _roll(input, shifts=steps, dims=tuple(checked_dim(dim, input.ndim, "roll") for dim in places))


# Repetition


@public
@by_name("dims")
def tile(input: Tensor, *dims: Size) -> Tensor:
    """The tensor repeated along each dimension as often as ``dims`` say; fewer numbers count for the last dimensions.

    >>> tg.tile(tg.tensor([1, 2]), (2,))
    tensor([1, 2, 1, 2])
    """
    times = sizes(dims, "tile")
    return repeat(input, (1,) * (input.ndim - len(times)) + times)


@method
@by_name("repeats")
def repeat(self: Tensor, *repeats: Size) -> Tensor:
    """The tensor repeated along each dimension; more numbers than dimensions add dimensions in front.

    >>> tg.tensor([1, 2]).repeat(2, 1)
    tensor([[1, 2],
            [1, 2]])
    """
    times = sizes(repeats, "repeat")
    if len(times) < self.ndim:
        raise ValueError(f"repeat: {len(times)} numbers for the {self.ndim} dimensions of shape {self.shape}")
    shape = (1,) * (len(times) - self.ndim) + self.shape
    apart = reshape(self, [part for size in shape for part in (1, size)])
    spread = broadcast_to(apart, [part for pair in zip(times, shape, strict=True) for part in pair])
    return reshape(spread.clone(), [count * size for count, size in zip(times, shape, strict=True)])


@public
def repeat_interleave(
    input: Tensor, repeats: int | Tensor | None = None, dim: int | None = None, *, output_size: int | None = None
) -> Tensor:
    """Each value along ``dim`` (default: flattened) repeated in place: ``repeats`` times, or each its own number.

    Without ``repeats``, the input holds those numbers, and its places 0, 1, 2, … are what is repeated. ValueError if
    the ``output_size`` that is expected is not what they come to.

    >>> tg.repeat_interleave(tg.tensor([1, 2]), 2)
    tensor([1, 1, 2, 2])
    """
    if repeats is None:
        input, repeats = make_tensor(np.arange(input.numel())), input
    if dim is None:
        input, dim = reshape(input, -1), 0
    dim = checked_dim(dim, input.ndim, "repeat_interleave")
    numbers = make_tensor(np.arange(input.shape[dim]))
    places = _repeat_interleave(numbers, repeats)
    if output_size not in (None, len(places)):
        raise ValueError(f"repeat_interleave: the repeats come to {len(places)}, not to the output_size {output_size}")
    return index_select(input, dim, places)


_repeat_interleave = primitive(
    lambda x, repeats: np.repeat(x, repeats), name="repeat_interleave", shape_depends_on_values=True
)


@method
def unfold(self: Tensor, dimension: int, size: int, step: int) -> Tensor:
    """All pieces of ``size`` along a dimension, ``step`` apart, as a copy whose last dimension holds their values.

    >>> tg.arange(5).unfold(0, 3, 2)
    tensor([[0, 1, 2],
            [2, 3, 4]])
    """
    dim = checked_dim(dimension, self.ndim, "unfold")
    if not self.ndim:
        return unfold(self.reshape(1), 0, size, step).reshape(size)
    if not 0 <= size <= self.shape[dim] or step <= 0:
        raise ValueError(f"unfold: pieces of {size}, {step} apart, of the {self.shape[dim]} values of dim {dimension}")
    starts = np.arange(0, self.shape[dim] - size + 1, step)
    pieces = self[at(dim, make_tensor(starts[:, None] + np.arange(size)))]
    return movedim(pieces, dim + 1, -1)


# Grids


@public(is_method=False)
def meshgrid(*tensors: Any, indexing: str = "ij") -> tuple[Tensor, ...]:
    """For vectors of coordinates, those of every point of the grid: a tensor for each, of the grid's shape.

    With ``indexing`` "xy" the first two dimensions of the grid are exchanged.

    >>> tg.meshgrid(tg.tensor([1, 2]), tg.tensor([3, 4]))[0]
    tensor([[1, 1],
            [2, 2]])
    """
    vectors = list(tensors[0] if len(tensors) == 1 and isinstance(tensors[0], Sequence) else tensors)
    if indexing not in ("ij", "xy"):
        raise ValueError(f"meshgrid: indexing must be 'ij' or 'xy', not {indexing!r}")
    if indexing == "xy" and len(vectors) > 1:
        return tuple(grid.transpose(0, 1) for grid in meshgrid(*vectors))
    shape = [vector.numel() for vector in vectors]
    return tuple(broadcast_to(reshape(v, along(i, len(vectors))), shape) for i, v in enumerate(vectors))


@public(is_method=False)
def cartesian_prod(*tensors: Tensor) -> Tensor:
    """Every combination of a value from each vector, one in each row.

    >>> tg.cartesian_prod(tg.tensor([1, 2]), tg.tensor([3, 4]))
    tensor([[1, 3],
            [1, 4],
            [2, 3],
            [2, 4]])
    """
    if len(tensors) == 1:
        return tensors[0]
    return stack([grid.reshape(-1) for grid in meshgrid(*tensors)], 1)


@public(is_method=False)
def combinations(input: Tensor, r: int = 2, with_replacement: bool = False) -> Tensor:
    """Every choice of ``r`` values of a vector, in the order in which they stand there, one in each row.

    >>> tg.combinations(tg.tensor([1, 2, 3]))
    tensor([[1, 2],
            [1, 3],
            [2, 3]])
    """
    if input.ndim != 1 or r < 0:
        raise ValueError(f"combinations: needs a vector and r ≥ 0, got shape {input.shape} and r = {r}")
    if r == 0:
        return input[:0]
    choose = itertools.combinations_with_replacement if with_replacement else itertools.combinations
    places = np.array(list(choose(range(len(input)), r)), np.int64).reshape(-1, r)
    return input[make_tensor(places)]
