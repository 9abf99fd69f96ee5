"""Random numbers: every function draws from a `Generator`, by default from one that `manual_seed` seeds."""

from __future__ import annotations

from collections.abc import Sequence
from operator import index
from typing import Any

import numpy as np

from tinygrad_scratch.device import Device, check_device
from tinygrad_scratch.dtypes import DType, get_default_dtype, result_type, supported_dtype
from tinygrad_scratch.ops.dims import Size, by_name, sizes
from tinygrad_scratch.ops.in_place import copy_
from tinygrad_scratch.ops.random.generator import Generator, numpy_generator
from tinygrad_scratch.record.operation import method, public
from tinygrad_scratch.record.tensor import Tensor, make_tensor


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
    values = uniform(numpy_generator(generator), sizes(size, "rand"), _floating_dtype(dtype, "rand"))
    return make_tensor(values).requires_grad_(requires_grad)


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
    values = _normal(numpy_generator(generator), sizes(size, "randn"), _floating_dtype(dtype, "randn"))
    return make_tensor(values).requires_grad_(requires_grad)


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
    values = integers(numpy_generator(generator), first, last, sizes((shape,), "randint"), chosen, "randint")
    return make_tensor(values).requires_grad_(requires_grad)


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
    return make_tensor(numpy_generator(generator).permutation(index(n)).astype(chosen))


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
    mean: Any,
    std: Any = 1.0,
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
    mean, std = (value._data if isinstance(value, Tensor) else value for value in (mean, std))
    _check_deviation(std, "normal")
    if size is None:
        if not (isinstance(mean, np.ndarray) or isinstance(std, np.ndarray)):
            raise TypeError("normal: a mean and a standard deviation that are numbers need a size")
        size = np.broadcast_shapes(np.shape(mean), np.shape(std))
        dtype = result_type(mean, std) if dtype is None else dtype
    check_device(device)
    chosen = _floating_dtype(dtype, "normal")
    numbers = _normal(numpy_generator(generator), sizes((size,), "normal"), chosen) * std + mean
    return make_tensor(np.asarray(numbers, chosen)).requires_grad_(requires_grad)


@method
def uniform_(self: Tensor, low: float = 0, to: float = 1, *, generator: Generator | None = None) -> Tensor:
    """Fill the tensor with random numbers from the uniform distribution over [low, to)."""
    dtype = _floating_dtype(self.dtype, "uniform_")
    longest = float(np.finfo(dtype).max)
    if not (-longest <= low <= to <= longest and to - low <= longest):
        raise ValueError(f"uniform_: [{low}, {to}) is no interval whose bounds and length {dtype} can hold")
    return copy_(self, uniform(numpy_generator(generator), self.shape, dtype, low, to))


@method
def normal_(self: Tensor, mean: float = 0, std: float = 1, *, generator: Generator | None = None) -> Tensor:
    """Fill the tensor with random numbers from the normal distribution with the given mean and standard deviation."""
    _check_deviation(std, "normal_")
    numbers = _normal(numpy_generator(generator), self.shape, _floating_dtype(self.dtype, "normal_"))
    return copy_(self, numbers * std + mean)


@method
def random_(self: Tensor, *bounds: int | None, to: int | None = None, generator: Generator | None = None) -> Tensor:
    """Fill the tensor with random integers: ``random_(low, to)`` from ``low`` (0) up to, but not including, ``to``.

    Without ``to``, up to the largest integer of the dtype or, if it is floating point, the largest up to which it has
    all integers. ValueError if there are none, or the dtype does not reach so far.
    """
    given = bounds if to is None else (*bounds, to)
    low, high = (0, *given)[-2:] if given else (0, None)
    return copy_(self, integers(numpy_generator(generator), low or 0, high, self.shape, self.dtype, "random_"))


# How numbers are made. The interval [low, high) is half open in every dtype, so rounding must not reach ``high``.


def uniform(
    generator: np.random.Generator, shape: tuple[int, ...], dtype: np.dtype[Any], low: float = 0, high: float = 1
) -> Any:
    """An array of random numbers from [low, high); of ``low``, if no number of ``dtype`` lies between them."""
    numbers: Any = np.asarray(generator.random(shape, np.float64 if dtype == np.float64 else np.float32))
    if (low, high) == (0, 1) and numbers.dtype == dtype:
        return numbers
    numbers *= high - low
    numbers += low
    return _below(numbers.astype(dtype, copy=False), low, high)


def integers(
    generator: np.random.Generator,
    low: int,
    high: int | None,
    shape: tuple[int, ...],
    dtype: np.dtype[Any],
    operation: str,
) -> Any:
    """An array of random integers from [low, high) or, if that is None, up to the largest that ``random_`` knows."""
    smallest, largest, last_drawn = _limits(dtype)
    last = last_drawn if high is None else high - 1
    if not smallest <= low <= last <= largest:
        raise ValueError(f"{operation}: there are no integers from {low} up to {last} in {dtype}")
    drawn = np.uint64 if dtype == np.uint64 else np.int64
    numbers = np.asarray(generator.integers(low, last, shape, drawn, endpoint=True)).astype(dtype)
    return _below(numbers, low, high) if high is not None and dtype.kind == "f" else numbers


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


def _normal(generator: np.random.Generator, shape: tuple[int, ...], dtype: np.dtype[Any]) -> Any:
    if dtype == np.float64:
        return generator.standard_normal(shape)
    return np.asarray(generator.standard_normal(shape, np.float32)).astype(dtype, copy=False)


def _floating_dtype(dtype: DType, operation: str) -> np.dtype[Any]:
    chosen = supported_dtype(get_default_dtype() if dtype is None else dtype)
    if chosen.kind != "f":
        raise TypeError(f"{operation}: these random numbers are floating point, not {chosen}")
    return chosen


def _check_deviation(std: Any, operation: str) -> None:
    if not np.all(np.asarray(std) >= 0):
        raise ValueError(f"{operation}: a standard deviation is not negative, got {np.min(std)}")
