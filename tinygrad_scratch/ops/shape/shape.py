"""The same values in another arrangement. Most of these are views: they share the input's memory."""

from __future__ import annotations

from collections.abc import Sequence
from math import prod
from typing import Any, overload

import numpy as np

from tinygrad_scratch.ops.dims import Size, by_name, checked_dim, checked_dims, inverse_order, numpy_words, sizes
from tinygrad_scratch.record.node import Shape
from tinygrad_scratch.record.operation import method, primitive, public
from tinygrad_scratch.record.tensor import Tensor


@primitive(is_view=True, x=lambda g, x_shape: g.reshape(x_shape))
def _reshape(x: Any, *, shape: tuple[int, ...]) -> Any:
    return x.reshape(shape)


@primitive(is_view=True, x=lambda g, dims: np.transpose(g, inverse_order(dims)))
def _permute(x: Any, *, dims: tuple[int, ...]) -> Any:
    return x.transpose(dims)


@primitive(is_view=True, x=lambda g, dim0, dim1: g.swapaxes(dim0, dim1))
def _transpose(x: Any, *, dim0: int, dim1: int) -> Any:
    return x.swapaxes(dim0, dim1)


@primitive(is_view=True, x=lambda g: g)
def _expand(x: Any, *, shape: tuple[int, ...]) -> Any:
    # The rule need not sum up what was repeated: the engine undoes every broadcast. Where nothing is repeated, the view
    # can be written to, which NumPy's cannot.
    view = np.broadcast_to(x, shape)
    return x.reshape(shape) if view.size == x.size else view


@public(numpy=(np.reshape,))
@by_name("shape")
def reshape(input: Tensor, *shape: Size) -> Tensor:
    """The values, row by row, in another ``shape``; one size may be -1. A view where memory allows, otherwise a copy.

    ValueError if the sizes do not multiply to the number of values.

    >>> tg.arange(6).reshape(2, -1)
    tensor([[0, 1, 2],
            [3, 4, 5]])
    """
    wanted = sizes(shape, "reshape")
    try:
        return _reshape(input, shape=wanted)
    except ValueError:
        raise _misfit("reshape", input, wanted) from None


def _misfit(operation: str, input: Tensor, shape: tuple[int, ...]) -> ValueError:
    rule = "only one size can be -1" if shape.count(-1) > 1 else "the sizes must multiply to that"
    return ValueError(
        f"{operation}: shape {input.shape} has {input.numel()} values, which do not fit into shape {shape}; {rule}"
    )


@method
@by_name("size")
def view(self: Tensor, *shape: Size) -> Tensor:
    """As `reshape`, but a view: ValueError if the values, of a view themselves, do not lie in memory in that order.

    What an operation has put into memory in an order of its own, as a convolution does, is copied.
    """
    wanted = sizes(shape, "view")
    try:
        result = _reshape(self, shape=wanted)
    except ValueError:
        raise _misfit("view", self, wanted) from None
    base = self if self._view is None else self._view.base
    if result._view is None and result._data.size and base.is_contiguous():
        raise ValueError(f"view: this tensor of shape {self.shape} is not laid out for {wanted}; use reshape()")
    return result


@method
def view_as(self: Tensor, other: Tensor) -> Tensor:
    """The tensor viewed in the shape of ``other``."""
    return view(self, other.shape)


@method
def reshape_as(self: Tensor, other: Tensor) -> Tensor:
    """The tensor in the shape of ``other``."""
    return reshape(self, other.shape)


@public
def flatten(input: Tensor, start_dim: int = 0, end_dim: int = -1) -> Tensor:
    """Dimensions ``start_dim`` to ``end_dim`` (included) made one.

    >>> tg.zeros(2, 3, 4).flatten(1).shape
    (2, 12)
    """
    first = checked_dim(start_dim, input.ndim, "flatten")
    last = checked_dim(end_dim, input.ndim, "flatten")
    if first > last:
        raise ValueError(f"flatten: start_dim {start_dim} comes after end_dim {end_dim}")
    if first == last and input.ndim:
        return input
    return reshape(input, (*input.shape[:first], prod(input.shape[first : last + 1]), *input.shape[last + 1 :]))


@public(numpy=(np.ravel,))
def ravel(input: Tensor) -> Tensor:
    """All values, row by row, in one dimension.

    >>> tg.ravel(tg.tensor([[1, 2], [3, 4]]))
    tensor([1, 2, 3, 4])
    """
    return reshape(input, -1)


@public
@by_name("dims")
def permute(input: Tensor, *dims: Size) -> Tensor:
    """A view with the dimensions in the order ``dims``.

    >>> tg.zeros(2, 3, 4).permute(2, 0, 1).shape
    (4, 2, 3)
    """
    order = checked_dims(sizes(dims, "permute"), input.ndim, "permute")
    if len(order) != input.ndim:
        raise ValueError(f"permute: {len(order)} dims given for a tensor of {input.ndim} dimensions")
    return _permute(input, dims=order)


@public(aliases=("swapaxes", "swapdims"), numpy=(np.swapaxes,))
def transpose(input: Tensor, dim0: int, dim1: int) -> Tensor:
    """A view with dimensions ``dim0`` and ``dim1`` exchanged.

    >>> tg.zeros(2, 3, 4).transpose(0, -1).shape
    (4, 3, 2)
    """
    dim0, dim1 = checked_dim(dim0, input.ndim, "transpose"), checked_dim(dim1, input.ndim, "transpose")
    return _transpose(input, dim0=dim0, dim1=dim1) if input.ndim else input


@public
def t(input: Tensor) -> Tensor:
    """The transpose of a matrix (1-d and 0-d tensors are returned as they are); ValueError above two dimensions.

    >>> tg.t(tg.tensor([[1, 2], [3, 4]]))
    tensor([[1, 3],
            [2, 4]])
    """
    if input.ndim > 2:
        raise ValueError(f"t: expected at most 2 dimensions, got shape {input.shape}; use mT or transpose()")
    return input if input.ndim < 2 else _transpose(input, dim0=0, dim1=1)


def _matrix_transpose(self: Tensor) -> Tensor:
    if self.ndim < 2:
        raise ValueError(f"mT: needs at least 2 dimensions, got shape {self.shape}")
    return _transpose(self, dim0=-2, dim1=-1)


@public
def adjoint(input: Tensor) -> Tensor:
    """A view with the last two dimensions exchanged (of a complex matrix PyTorch would also take the conjugate).

    >>> tg.adjoint(tg.tensor([[1, 2], [3, 4]]))
    tensor([[1, 3],
            [2, 4]])
    """
    return _matrix_transpose(input)


def _transpose_of_matrix(self: Tensor) -> Tensor:
    if self.ndim not in (0, 2):
        raise ValueError(f"H: needs a matrix, got shape {self.shape}; of stacks of matrices there is mH")
    return t(self)


method(property(lambda self: _permute(self, dims=tuple(range(self.ndim))[::-1]), doc="All dimensions reversed."), "T")
method(property(_matrix_transpose, doc="The last two dimensions exchanged."), "mT")
method(property(_transpose_of_matrix, doc="A matrix transposed."), "H")
method(property(_matrix_transpose, doc="The last two dimensions exchanged."), "mH")


@public
@by_name("size")
def broadcast_to(input: Tensor, *shape: Size) -> Tensor:
    """A view of ``shape`` that repeats the input along new dimensions and those of size 1.

    >>> tg.tensor([[1], [2]]).broadcast_to(2, 3)
    tensor([[1, 1, 1],
            [2, 2, 2]])
    """
    return _expand(input, shape=sizes(shape, "broadcast_to"))


@method
@by_name("size")
def expand(self: Tensor, *shape: Size) -> Tensor:
    """As `broadcast_to`; a size of -1 leaves that dimension as it is."""
    wanted = sizes(shape, "expand")
    offset = len(wanted) - self.ndim
    return _expand(
        self, shape=tuple(self.shape[i - offset] if n == -1 and i >= offset else n for i, n in enumerate(wanted))
    )


@method
def expand_as(self: Tensor, other: Tensor) -> Tensor:
    """The tensor broadcast to the shape of ``other``."""
    return _expand(self, shape=other.shape)


@public(numpy=(np.squeeze,))
@numpy_words
def squeeze(input: Tensor, dim: int | Sequence[int] | None = None) -> Tensor:
    """A view without the dimensions of size 1: all of them, or those among ``dim``.

    >>> tg.zeros(1, 3, 1).squeeze().shape
    (3,)
    """
    dims = () if dim == () else checked_dims(dim, input.ndim, "squeeze")
    return reshape(input, tuple(n for i, n in enumerate(input.shape) if n != 1 or i not in dims))


@public
def unsqueeze(input: Tensor, dim: int) -> Tensor:
    """A view with a new dimension of size 1 at ``dim``.

    >>> tg.zeros(3).unsqueeze(-1).shape
    (3, 1)
    """
    place = checked_dim(dim, input.ndim + 1, "unsqueeze")
    return _reshape(input, shape=(*input.shape[:place], 1, *input.shape[place:]))


@overload
def size(self: Tensor, dim: None = None) -> Shape: ...


@overload
def size(self: Tensor, dim: int) -> int: ...


@method
def size(self: Tensor, dim: int | None = None) -> Any:
    """The shape, or the size of one dimension."""
    return self.shape if dim is None else self.shape[checked_dim(dim, self.ndim, "size")]


@method
def dim(self: Tensor) -> int:
    """The number of dimensions."""
    return self.ndim


@public
def numel(input: Tensor) -> int:
    """The number of values.

    >>> tg.numel(tg.zeros(2, 3))
    6
    """
    return input._data.size


@public
def unflatten(input: Tensor, dim: int, sizes: Sequence[int]) -> Tensor:
    """A view with dimension ``dim`` made several, of these ``sizes``; one may be -1.

    >>> tg.zeros(2, 6).unflatten(1, (2, -1)).shape
    (2, 2, 3)
    """
    dim = checked_dim(dim, input.ndim, "unflatten")
    whole = input.shape[dim]
    inner = [whole // max(-prod(sizes), 1) if size == -1 else size for size in sizes]
    if prod(inner) != whole:
        raise ValueError(f"unflatten: the sizes {list(sizes)} do not multiply to the {whole} of dim {dim}")
    return reshape(input, (*input.shape[:dim], *inner, *input.shape[dim + 1 :]))


@public(is_method=False)
def broadcast_tensors(*tensors: Tensor) -> tuple[Tensor, ...]:
    """All tensors as views of the shape that they broadcast to together.

    >>> [x.shape for x in tg.broadcast_tensors(tg.zeros(3, 1), tg.zeros(2))]
    [(3, 2), (3, 2)]
    """
    shapes = [tensor.shape for tensor in tensors]
    try:
        shape = np.broadcast_shapes(*shapes)
    except ValueError:
        raise ValueError(f"broadcast_tensors: the shapes {shapes} do not broadcast to one") from None
    return tuple(broadcast_to(tensor, shape) for tensor in tensors)


@public(is_method=False)
def broadcast_shapes(*shapes: int | Sequence[int]) -> tuple[int, ...]:
    """The shape that these, or vectors of these sizes, broadcast to together. ValueError if they do not.

    >>> tg.broadcast_shapes((3, 1), (2,))
    (3, 2)
    """
    return np.broadcast_shapes(*(shape if isinstance(shape, int) else tuple(shape) for shape in shapes))
