"""Random numbers: every function draws from a `Generator`, by default from one that `manual_seed` seeds.

Intervals [low, high) are half open in every dtype: rounding does not reach ``high``.
"""

from __future__ import annotations

from collections.abc import Sequence
from operator import index
from typing import Any

import numpy as np

from tinygrad_scratch.device import Device, check_device
from tinygrad_scratch.dtypes import DType, get_default_dtype, result_type, supported_dtype
from tinygrad_scratch.ops.checks import not_negative
from tinygrad_scratch.ops.dims import Size, by_name, sizes
from tinygrad_scratch.ops.in_place import copy_
from tinygrad_scratch.ops.random.generator import Generator, default_generator
from tinygrad_scratch.record.operation import method, primitive, public
from tinygrad_scratch.record.tensor import Operand, Tensor


@public(is_method=False)
@by_name("size")
def rand(
    *size: Size,
    generator: Generator | None = None,
    dtype: DType = None,
    device: Device = None,
    requires_grad: bool = False,
) -> Tensor:
    """Random numbers from the uniform distribution over [0, 1), in a floating point dtype.

    >>> tg.rand(2, 3).shape
    (2, 3)
    """
    check_device(device)
    return uniform(sizes(size, "rand"), _floating_dtype(dtype, "rand"), generator=generator).requires_grad_(
        requires_grad
    )


@public(is_method=False)
@by_name("size")
def randn(
    *size: Size,
    generator: Generator | None = None,
    dtype: DType = None,
    device: Device = None,
    requires_grad: bool = False,
) -> Tensor:
    """Random numbers from the normal distribution with mean 0 and variance 1, in a floating point dtype.

    >>> tg.randn(2, 3).shape
    (2, 3)
    """
    check_device(device)
    return _standard_normal(sizes(size, "randn"), _floating_dtype(dtype, "randn"), generator).requires_grad_(
        requires_grad
    )


@public(is_method=False)
def randint(
    *bounds_and_size: Any,
    low: int | None = None,
    high: int | None = None,
    size: Sequence[int] | None = None,
    generator: Generator | None = None,
    dtype: DType = np.int64,
    device: Device = None,
    requires_grad: bool = False,
) -> Tensor:
    """Random integers from ``low`` (0) up to, but not including, ``high``: ``randint(low, high, size)``.

    ValueError if there are none, or ``dtype`` does not reach so far.

    >>> bool((tg.randint(3, 5, (10,)) >= 3).all())
    True
    """
    check_device(device)
    given: list[Any] = [value for value in (low, *bounds_and_size, high, size) if value is not None]
    if not 2 <= len(given) <= 3:
        raise TypeError(f"randint: takes low (0), high and size, got {given}")
    first, last, shape = given if len(given) == 3 else (0, *given)
    chosen = supported_dtype(dtype)
    return _integers(first, last, sizes((shape,), "randint"), chosen, generator, "randint").requires_grad_(
        requires_grad
    )


@public(is_method=False)
def randperm(n: int, *, generator: Generator | None = None, dtype: DType = np.int64, device: Device = None) -> Tensor:
    """The integers from 0 to n - 1 in random order. ValueError if ``dtype`` does not have all of them.

    >>> sorted(tg.randperm(4).tolist())
    [0, 1, 2, 3]
    """
    check_device(device)
    chosen = supported_dtype(dtype)
    if not 0 <= n <= _limits(chosen)[2] + 1:
        raise ValueError(f"randperm: there are no {n} integers from 0 on in {chosen}")
    return _permutation(generator=generator or default_generator, n=index(n), dtype=chosen)


@public(is_method=False)
def rand_like(
    input: Tensor,
    *,
    generator: Generator | None = None,
    dtype: DType = None,
    device: Device = None,
    requires_grad: bool = False,
) -> Tensor:
    """`rand` in the shape and dtype of ``input``.

    >>> tg.rand_like(tg.ones(2, 3)).shape
    (2, 3)
    """
    dtype = input.dtype if dtype is None else dtype
    return rand(input.shape, generator=generator, dtype=dtype, device=device, requires_grad=requires_grad)


@public(is_method=False)
def randn_like(
    input: Tensor,
    *,
    generator: Generator | None = None,
    dtype: DType = None,
    device: Device = None,
    requires_grad: bool = False,
) -> Tensor:
    """`randn` in the shape and dtype of ``input``.

    >>> tg.randn_like(tg.ones(2, 3)).shape
    (2, 3)
    """
    dtype = input.dtype if dtype is None else dtype
    return randn(input.shape, generator=generator, dtype=dtype, device=device, requires_grad=requires_grad)


@public(is_method=False)
def randint_like(
    input: Tensor,
    *bounds: int,
    generator: Generator | None = None,
    dtype: DType = None,
    device: Device = None,
    requires_grad: bool = False,
) -> Tensor:
    """`randint` in the shape and dtype of ``input``: ``randint_like(input, low, high)`` or without ``low``, which is 0.

    >>> tg.randint_like(tg.ones(2, 3), 5).shape
    (2, 3)
    """
    dtype = input.dtype if dtype is None else dtype
    return randint(*bounds, input.shape, generator=generator, dtype=dtype, device=device, requires_grad=requires_grad)


@public(is_method=False)
def normal(
    mean: Operand,
    std: Operand = 1.0,
    size: Sequence[int] | None = None,
    *,
    generator: Generator | None = None,
    dtype: DType = None,
    device: Device = None,
    requires_grad: bool = False,
) -> Tensor:
    """Random numbers from the normal distribution with the given mean and standard deviation.

    Both are numbers, and ``size`` is the shape; or they are tensors, or a number and a tensor, broadcast together,
    and decide the dtype if it is not given. ValueError if a deviation is negative.

    >>> tg.normal(0.0, 1.0, (2, 3)).shape, tg.normal(tg.zeros(3), tg.ones(3)).shape
    ((2, 3), (3,))
    """
    check_device(device)
    if size is None:
        arrays = [value._data if isinstance(value, Tensor) else value for value in (mean, std)]
        if not any(isinstance(array, np.ndarray) for array in arrays):
            raise TypeError("normal: a mean and a standard deviation that are numbers need a size")
        size = np.broadcast_shapes(*map(np.shape, arrays))
        dtype = result_type(*arrays) if dtype is None else dtype
    chosen = _floating_dtype(dtype, "normal")
    mean, std = (value.detach() if isinstance(value, Tensor) else value for value in (mean, std))
    numbers: Tensor = _standard_normal(sizes((size,), "normal"), chosen, generator) * _deviation(std, "normal") + mean
    return numbers.to(chosen).requires_grad_(requires_grad)


@method
def uniform_(self: Tensor, low: float = 0, to: float = 1, *, generator: Generator | None = None) -> Tensor:
    """Fill the tensor with random numbers from the uniform distribution over [low, to)."""
    dtype = _floating_dtype(self.dtype, "uniform_")
    longest = float(np.finfo(dtype).max)
    if not (-longest <= low <= to <= longest and to - low <= longest):
        raise ValueError(f"uniform_: [{low}, {to}) is no interval whose bounds and length {dtype} can hold")
    return copy_(self, uniform(self.shape, dtype, low, to, generator=generator))


@method
def normal_(self: Tensor, mean: float = 0, std: float = 1, *, generator: Generator | None = None) -> Tensor:
    """Fill the tensor with random numbers from the normal distribution with the given mean and standard deviation."""
    numbers = _standard_normal(self.shape, _floating_dtype(self.dtype, "normal_"), generator)
    return copy_(self, numbers * _deviation(std, "normal_") + mean)


@method
def random_(self: Tensor, *bounds: int | None, to: int | None = None, generator: Generator | None = None) -> Tensor:
    """Fill the tensor with random integers: ``random_(low, to)`` from ``low`` (0) up to, but not including, ``to``.

    Without ``to``, up to the largest integer of the dtype or, if it is floating point, the largest up to which it has
    all integers. ValueError if there are none, or the dtype does not reach so far.
    """
    given = bounds if to is None else (*bounds, to)
    low, high = (0, *given)[-2:] if given else (0, None)
    return copy_(self, _integers(low or 0, high, self.shape, self.dtype, generator, "random_"))


# The draws: primitives without inputs, whose results are new each time that they run.


@primitive(name="uniform")
def _uniform(
    *, generator: Generator, shape: tuple[int, ...], dtype: np.dtype[Any], low: float = 0, high: float = 1
) -> Any:
    numbers: Any = np.asarray(generator.numpy.random(shape, np.float64 if dtype == np.float64 else np.float32))
    if (low, high) == (0, 1) and numbers.dtype == dtype:
        return numbers
    numbers *= high - low
    numbers += low
    return _below(numbers.astype(dtype, copy=False), low, high)


@primitive(name="randn")
def _normal(*, generator: Generator, shape: tuple[int, ...], dtype: np.dtype[Any]) -> Any:
    drawn = np.float64 if dtype == np.float64 else np.float32
    return np.asarray(generator.numpy.standard_normal(shape, drawn)).astype(dtype, copy=False)


@primitive(name="randint")
def _uniform_integers(
    *, generator: Generator, low: int, last: int, shape: tuple[int, ...], dtype: np.dtype[Any]
) -> Any:
    drawn = np.uint64 if dtype == np.uint64 else np.int64
    numbers = np.asarray(generator.numpy.integers(low, last, shape, drawn, endpoint=True)).astype(dtype)
    return _below(numbers, low, last + 1) if dtype.kind == "f" else numbers


@primitive(name="randperm")
def _permutation(*, generator: Generator, n: int, dtype: np.dtype[Any]) -> Any:
    return generator.numpy.permutation(n).astype(dtype)


@primitive(name="draw")
def _draw(*, generator: Generator, distribution: str, options: tuple[float, ...], shape: tuple[int, ...]) -> Any:
    return getattr(generator.numpy, distribution)(*options, size=shape)


def draw(distribution: str, options: tuple[float, ...], shape: tuple[int, ...], generator: Generator | None) -> Tensor:
    """Random numbers of one of NumPy's distributions, such as "gumbel", in float64 or int64."""
    return _draw(generator=generator or default_generator, distribution=distribution, options=options, shape=shape)


def uniform(
    shape: tuple[int, ...],
    dtype: np.dtype[Any],
    low: float = 0,
    high: float = 1,
    *,
    generator: Generator | None = None,
) -> Tensor:
    """Random numbers from [low, high); ``low`` itself, if no number of ``dtype`` lies between them."""
    return _uniform(generator=generator or default_generator, shape=shape, dtype=dtype, low=low, high=high)


def _standard_normal(shape: tuple[int, ...], dtype: np.dtype[Any], generator: Generator | None) -> Tensor:
    return _normal(generator=generator or default_generator, shape=shape, dtype=dtype)


def _integers(
    low: int,
    high: int | None,
    shape: tuple[int, ...],
    dtype: np.dtype[Any],
    generator: Generator | None,
    operation: str,
) -> Tensor:
    """Random integers from [low, high) or, if that is None, up to the largest that ``random_`` knows."""
    smallest, largest, last_drawn = _limits(dtype)
    last = last_drawn if high is None else high - 1
    if not smallest <= low <= last <= largest:
        raise ValueError(f"{operation}: there are no integers from {low} up to {last} in {dtype}")
    return _uniform_integers(generator=generator or default_generator, low=low, last=last, shape=shape, dtype=dtype)


def _limits(dtype: np.dtype[Any]) -> tuple[int, int, int]:
    """The smallest and the largest integer that ``dtype`` has, and the largest that `random_` draws without a bound."""
    if dtype.kind == "b":
        return 0, 1, 1
    if dtype.kind == "f":
        limits = np.finfo(dtype)
        largest = min(int(limits.max), 2**63 - 1)
        return -largest, largest, 2 ** (limits.nmant + 1)
    return int(np.iinfo(dtype).min), int(np.iinfo(dtype).max), int(np.iinfo(dtype).max)


def _below(numbers: Any, low: float, high: float) -> Any:
    """``numbers``, but not ``high``."""
    bounds = np.asarray([high, low]).astype(numbers.dtype)
    return np.minimum(numbers, np.nextafter(*bounds), out=numbers)


def _floating_dtype(dtype: DType, operation: str) -> np.dtype[Any]:
    chosen = supported_dtype(get_default_dtype() if dtype is None else dtype)
    if chosen.kind != "f":
        raise TypeError(f"{operation}: these random numbers are floating point, not {chosen}")
    return chosen


def _deviation(std: Any, operation: str) -> Any:
    if isinstance(std, Tensor):
        return not_negative(std, what="standard deviations", operation=operation)
    if not std >= 0:
        raise ValueError(f"{operation}: a standard deviation is not negative, got {std}")
    return std
