"""How dimensions and sizes are given: negative or not, one or several, in PyTorch's words or NumPy's."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import wraps
from operator import index
from typing import Any, TypeVar

from tinygrad_scratch.record.tensor import Tensor

R = TypeVar("R")

Dims = int | Sequence[int] | None


def checked_dim(dim: int, ndim: int, operation: str) -> int:
    """``dim`` counted from 0; IndexError if a tensor of ``ndim`` dimensions does not have it.

    A 0-d tensor is treated as if it had one dimension, as PyTorch does.

    >>> checked_dim(-1, 3, "sum")
    2
    """
    count = max(ndim, 1)
    if not -count <= dim < count:
        raise IndexError(f"{operation}: dim {dim} is out of range for a tensor of {ndim} dimensions")
    return index(dim) % count


def checked_dims(dim: Dims, ndim: int, operation: str) -> tuple[int, ...]:
    """The dimensions, each counted from 0, that ``dim`` names: one, several, or (None or an empty sequence) all."""
    if dim is None or (isinstance(dim, Sequence) and not dim):
        return tuple(range(ndim))
    dims = tuple(checked_dim(one, ndim, operation) for one in (dim if isinstance(dim, Sequence) else (dim,)))
    if len(set(dims)) < len(dims):
        raise ValueError(f"{operation}: dim {dim} names a dimension twice")
    return dims if ndim else ()


def sizes(given: tuple[Any, ...]) -> tuple[int, ...]:
    """A shape, given as ``f(2, 3)`` or as ``f((2, 3))``."""
    if len(given) == 1 and isinstance(given[0], Sequence):
        given = tuple(given[0])
    return tuple(index(size) for size in given)


def check_shape(tensor: Tensor, shape: tuple[int, ...], what: str, operation: str) -> None:
    """ValueError unless ``tensor``, which is ``what`` in the message, has this shape."""
    if tensor.shape != shape:
        raise ValueError(f"{operation}: {what} must have shape {shape}, not {tensor.shape}")


def broadcasts(shape: tuple[int, ...], wanted: tuple[int, ...]) -> bool:
    """Whether broadcasting makes ``wanted`` of ``shape``."""
    pairs = zip(reversed(shape), reversed(wanted), strict=False)
    return len(shape) <= len(wanted) and all(size in (1, other) for size, other in pairs)


def by_name(word: str) -> Callable[[Callable[..., R]], Callable[..., R]]:
    """Let an operation take what it takes as ``f(x, 2, 3)`` and ``f(x, (2, 3))`` also as ``f(x, word=(2, 3))``."""

    def decorate(operation: Callable[..., R]) -> Callable[..., R]:
        @wraps(operation)
        def in_either_form(*args: Any, **kwargs: Any) -> R:
            if word in kwargs:
                args = (*args, kwargs.pop(word))
            return operation(*args, **kwargs)

        return in_either_form

    return decorate


def numpy_words(operation: Callable[..., R]) -> Callable[..., R]:
    """Let ``operation`` take NumPy's ``axis`` and ``keepdims`` for PyTorch's ``dim`` and ``keepdim``."""

    @wraps(operation)
    def in_either_words(*args: Any, **kwargs: Any) -> R:
        for numpy_word, word in (("axis", "dim"), ("keepdims", "keepdim")):
            if numpy_word in kwargs:
                kwargs[word] = kwargs.pop(numpy_word)
        return operation(*args, **kwargs)

    return in_either_words
