"""Random numbers: every function draws from a `Generator`, by default from one that `manual_seed` seeds."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from tinygrad_scratch.device import Device, check_device
from tinygrad_scratch.dtypes import DType, get_default_dtype, result_type, supported_dtype
from tinygrad_scratch.ops.dims import by_name, sizes
from tinygrad_scratch.ops.in_place import copy_
from tinygrad_scratch.ops.random.generator import Generator, numpy_generator
from tinygrad_scratch.record.operation import method, public
from tinygrad_scratch.record.tensor import Tensor


@public(is_method=False)
@by_name("size")
def rand(
    *size: Any,
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
    return Tensor(_uniform(numpy_generator(generator), sizes(size), _floating_dtype(dtype)), requires_grad)


@public(is_method=False)
@by_name("size")
def randn(
    *size: Any,
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
    return Tensor(_normal(numpy_generator(generator), sizes(size), _floating_dtype(dtype)), requires_grad)


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

    >>> bool((tg.randint(3, 5, (10,)) >= 3).all())
    True
    """
    check_device(device)
    given: list[Any] = [value for value in (low, *bounds_and_size, high, size) if value is not None]
    if not 2 <= len(given) <= 3:
        raise TypeError(f"randint: takes low (0), high and size, got {given}")
    first, last, shape = given if len(given) == 3 else (0, *given)
    numbers: Any = numpy_generator(generator).integers(first, last, sizes((shape,)))
    return Tensor(numbers.astype(supported_dtype(dtype)), requires_grad)


@public(is_method=False)
def randperm(n: int, *, generator: Generator | None = None, dtype: DType = np.int64, device: Device = None) -> Tensor:
    """The integers from 0 to n - 1 in random order.

    >>> sorted(tg.randperm(4).tolist())
    [0, 1, 2, 3]
    """
    check_device(device)
    return Tensor(numpy_generator(generator).permutation(n).astype(supported_dtype(dtype)))


@public(is_method=False)
def rand_like(input: Tensor, *, generator: Generator | None = None, dtype: DType = None) -> Tensor:
    """`rand` in the shape and dtype of ``input``.

    >>> tg.rand_like(tg.ones(2, 3)).shape
    (2, 3)
    """
    return rand(input.shape, generator=generator, dtype=input.dtype if dtype is None else dtype)


@public(is_method=False)
def randn_like(input: Tensor, *, generator: Generator | None = None, dtype: DType = None) -> Tensor:
    """`randn` in the shape and dtype of ``input``.

    >>> tg.randn_like(tg.ones(2, 3)).shape
    (2, 3)
    """
    return randn(input.shape, generator=generator, dtype=input.dtype if dtype is None else dtype)


@public(is_method=False)
def randint_like(input: Tensor, *bounds: int, generator: Generator | None = None, dtype: DType = None) -> Tensor:
    """`randint` in the shape and dtype of ``input``: ``randint_like(input, low, high)`` or without ``low``, which is 0.

    >>> tg.randint_like(tg.ones(2, 3), 5).shape
    (2, 3)
    """
    return randint(*bounds, input.shape, generator=generator, dtype=input.dtype if dtype is None else dtype)


@public(is_method=False)
def normal(
    mean: Any, std: Any = 1.0, size: Sequence[int] | None = None, *, generator: Generator | None = None
) -> Tensor:
    """Random numbers from the normal distribution with the given mean and standard deviation.

    Both are numbers, and ``size`` is the shape; or they are tensors, or a number and a tensor, broadcast together.

    >>> tg.normal(0.0, 1.0, (2, 3)).shape, tg.normal(tg.zeros(3), tg.ones(3)).shape
    ((2, 3), (3,))
    """
    mean, std = (value._data if isinstance(value, Tensor) else value for value in (mean, std))
    if size is not None:
        return Tensor(_normal(numpy_generator(generator), sizes((size,)), get_default_dtype()) * std + mean)
    if not (isinstance(mean, np.ndarray) or isinstance(std, np.ndarray)):
        raise TypeError("normal: a mean and a standard deviation that are numbers need a size")
    dtype, shape = result_type(mean, std), np.broadcast_shapes(np.shape(mean), np.shape(std))
    return Tensor((_normal(numpy_generator(generator), shape, dtype) * std + mean).astype(dtype))


@method
def uniform_(self: Tensor, a: float = 0, b: float = 1, *, generator: Generator | None = None) -> Tensor:
    """Fill the tensor with random numbers from the uniform distribution over [a, b)."""
    return copy_(self, _uniform(numpy_generator(generator), self.shape, _floating_dtype(self.dtype)) * (b - a) + a)


@method
def normal_(self: Tensor, mean: float = 0, std: float = 1, *, generator: Generator | None = None) -> Tensor:
    """Fill the tensor with random numbers from the normal distribution with the given mean and standard deviation."""
    return copy_(self, _normal(numpy_generator(generator), self.shape, _floating_dtype(self.dtype)) * std + mean)


def _floating_dtype(dtype: DType) -> np.dtype[Any]:
    chosen = supported_dtype(get_default_dtype() if dtype is None else dtype)
    if chosen.kind != "f":
        raise TypeError(f"random numbers of this kind are floating point, not {chosen}")
    return chosen


def _uniform(generator: np.random.Generator, shape: tuple[int, ...], dtype: np.dtype[Any]) -> Any:
    if dtype == np.float64:
        return generator.random(shape)
    return np.asarray(generator.random(shape, np.float32)).astype(dtype, copy=False)


def _normal(generator: np.random.Generator, shape: tuple[int, ...], dtype: np.dtype[Any]) -> Any:
    if dtype == np.float64:
        return generator.standard_normal(shape)
    return np.asarray(generator.standard_normal(shape, np.float32)).astype(dtype, copy=False)
