"""How dimensions and sizes are given: negative or not, one or several, in PyTorch's words or NumPy's."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import wraps
from operator import index
from typing import Any, ParamSpec, Protocol, TypeVar, overload

P = ParamSpec("P")
R = TypeVar("R", covariant=True)

Dims = int | Sequence[int] | None
Size = int | Sequence[int]  # one of several sizes or dimensions, as in ``f(2, 3)``, or all of them, as in ``f((2, 3))``


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


def sizes(given: tuple[Any, ...], operation: str) -> tuple[int, ...]:
    """A shape, given as ``f(2, 3)`` or as ``f((2, 3))``; TypeError unless all sizes are integers."""
    if len(given) == 1 and isinstance(given[0], Sequence):
        given = tuple(given[0])
    try:
        return tuple(index(size) for size in given)
    except TypeError:
        raise TypeError(f"{operation}: sizes are integers, got {', '.join(map(repr, given))}") from None


def at(dim: int, index: Any) -> tuple[Any, ...]:
    """What to write between [ and ] for ``index`` along dimension ``dim``, which counts from 0, and all of the others.

    >>> at(2, 5)
    (slice(None, None, None), slice(None, None, None), 5)
    """
    return (slice(None),) * dim + (index,)


def along(dim: int, ndim: int) -> tuple[int, ...]:
    """The shape to give a vector so that it lies along ``dim``, and broadcasts against tensors of ``ndim`` dimensions.

    >>> along(1, 3)
    (1, -1, 1)
    """
    return tuple(-1 if i == dim else 1 for i in range(ndim))


def memory_order(strides: Sequence[int]) -> tuple[int, ...]:
    """The dimensions of an array with these strides, in the order in which they lie in memory, the outermost first.

    >>> memory_order(np.ones((2, 3, 4)).transpose(2, 0, 1).strides)
    (1, 2, 0)
    """
    return tuple(sorted(range(len(strides)), key=lambda i: -strides[i]))


def inverse_order(order: Sequence[int]) -> tuple[int, ...]:
    """Where each dimension is in ``order``: what brings them back.

    >>> inverse_order((1, 2, 0))
    (2, 0, 1)
    """
    return tuple(map(order.index, range(len(order))))


def broadcasts(shape: tuple[int, ...], wanted: tuple[int, ...]) -> bool:
    """Whether broadcasting makes ``wanted`` of ``shape``."""
    pairs = zip(reversed(shape), reversed(wanted), strict=False)
    return len(shape) <= len(wanted) and all(size in (1, other) for size, other in pairs)


class InEitherForm(Protocol[R, P]):
    """What `by_name` makes, for type checkers."""

    @overload
    def __call__(self, *args: P.args, **kwargs: P.kwargs) -> R: ...
    @overload
    def __call__(self, *args: Any, size: Size, **settings: Any) -> R: ...
    @overload
    def __call__(self, *args: Any, shape: Size, **settings: Any) -> R: ...
    @overload
    def __call__(self, *args: Any, dims: Size, **settings: Any) -> R: ...


class InEitherWords(Protocol[R, P]):
    """What `numpy_words` makes, for type checkers."""

    @overload
    def __call__(self, *args: P.args, **kwargs: P.kwargs) -> R: ...
    @overload
    def __call__(self, *args: Any, axis: Dims, **settings: Any) -> R: ...
    @overload
    def __call__(self, *args: Any, keepdims: bool, **settings: Any) -> R: ...


def by_name(word: str) -> Callable[[Callable[P, R]], InEitherForm[R, P]]:
    """Let an operation take what it takes as ``f(x, 2, 3)`` and ``f(x, (2, 3))`` also as ``f(x, word=(2, 3))``."""

    def decorate(operation: Callable[P, R]) -> InEitherForm[R, P]:
        @wraps(operation)
        def in_either_form(*args: Any, **kwargs: Any) -> R:
            if word in kwargs:
                args = (*args, kwargs.pop(word))
            return operation(*args, **kwargs)

        in_either_form.word = word  # type: ignore[attr-defined]
        return in_either_form

    return decorate


NUMPY_WORDS = {"axis": "dim", "keepdims": "keepdim"}


def numpy_words(operation: Callable[P, R]) -> InEitherWords[R, P]:
    """Let ``operation`` take NumPy's ``axis`` and ``keepdims`` for PyTorch's ``dim`` and ``keepdim``."""

    @wraps(operation)
    def in_either_words(*args: Any, **kwargs: Any) -> R:
        for numpy_word, word in NUMPY_WORDS.items():
            if numpy_word in kwargs:
                kwargs[word] = kwargs.pop(numpy_word)
        return operation(*args, **kwargs)

    in_either_words.numpy_words = NUMPY_WORDS  # type: ignore[attr-defined]
    return in_either_words
