"""Making tensors: from data, filled with a value, or with regular numbers.

All take ``dtype``, ``requires_grad`` and, for PyTorch's sake, ``device``, which can only be the CPU.
"""

from __future__ import annotations

from operator import index
from typing import Any

import numpy as np

from tinygrad_scratch.device import Device, check_device
from tinygrad_scratch.dtypes import DType, get_default_dtype, supported_dtype
from tinygrad_scratch.ops.create.conversion import cast, clone
from tinygrad_scratch.ops.dims import Size, by_name, sizes
from tinygrad_scratch.record.operation import method, public
from tinygrad_scratch.record.tensor import Array, Operand, Tensor, make_tensor, to_array


def _made(array: Any, requires_grad: bool, device: Device) -> Tensor:
    check_device(device)
    return make_tensor(to_array(array)).requires_grad_(requires_grad)


@public(is_method=False)
def tensor(data: Any, *, dtype: DType = None, device: Device = None, requires_grad: bool = False) -> Tensor:
    """A tensor with a copy of ``data``: numbers, nested lists of numbers, an array or a tensor. It shares no memory.

    Python floats become the default dtype, Python integers int64; arrays keep their dtype. TypeError for anything that
    is not a real number or bool, ValueError for nested lists of unequal lengths.

    >>> tg.tensor([[1, 2], [3, 4]])
    tensor([[1, 2],
            [3, 4]])
    """
    if isinstance(data, Tensor):
        check_device(device)
        return data.detach().to(dtype, copy=True).requires_grad_(requires_grad)
    return _made(np.array(to_array(data, dtype)), requires_grad, device)


@public(is_method=False)
def as_tensor(data: Any, dtype: DType = None, device: Device = None) -> Tensor:
    """As `tensor`, but without a copy where that is possible.

    A tensor is returned itself and, in another dtype, keeps its history. The memory of an array that has the dtype is
    shared: what is later written to the array changes the tensor, which no backward pass notices.

    >>> tg.as_tensor([1, 2])
    tensor([1, 2])
    """
    check_device(device)
    if isinstance(data, Tensor):
        return data if dtype is None else cast(data, dtype)
    return make_tensor(to_array(data, dtype))


@public(is_method=False)
def asarray(
    obj: Any, *, dtype: DType = None, device: Device = None, copy: bool | None = None, requires_grad: bool | None = None
) -> Tensor:
    """A tensor of ``obj``, which is copied if it has to be; with ``copy`` True always, with False never (ValueError).

    What is not copied is shared, as by `as_tensor`. A tensor keeps its history, if ``requires_grad`` is not False.

    >>> tg.asarray([1, 2])
    tensor([1, 2])
    """
    result = as_tensor(obj, dtype, device)
    source = obj._data if isinstance(obj, Tensor) else obj
    is_shared = isinstance(source, np.ndarray) and np.may_share_memory(result._data, source)
    if copy is False and not is_shared:
        raise ValueError(f"asarray: a tensor of {type(obj).__name__} in dtype {result.dtype} needs a copy")
    if copy and is_shared:
        result = clone(result)
    if requires_grad is None or requires_grad == result.requires_grad:
        return result
    return result.detach().requires_grad_(requires_grad)


@public(is_method=False)
def scalar_tensor(s: float, *, dtype: DType = None, device: Device = None, requires_grad: bool = False) -> Tensor:
    """A 0-d tensor of a number, by default in the default dtype, also of a whole number.

    >>> tg.scalar_tensor(3)
    tensor(3.)
    """
    return _filled((), s, dtype, requires_grad, device)


@public(is_method=False)
def from_numpy(array: Array) -> Tensor:
    """A tensor that shares the memory of a NumPy array. TypeError for anything else.

    What is written to one is seen in the other. A backward pass that needs what was written to the array does not
    notice; of writes to the tensor it would.

    >>> tg.from_numpy(np.array([1.5]))
    tensor([1.5000], dtype=float64)
    """
    if not isinstance(array, np.ndarray):
        raise TypeError(f"from_numpy: expected a NumPy array, got {type(array).__name__}")
    return make_tensor(to_array(array))


def _filled(shape: tuple[int, ...], value: Any, dtype: DType, requires_grad: bool, device: Device) -> Tensor:
    return _made(
        np.full(shape, value, supported_dtype(get_default_dtype() if dtype is None else dtype)), requires_grad, device
    )


@public(is_method=False)
@by_name("size")
def zeros(*size: Size, dtype: DType = None, device: Device = None, requires_grad: bool = False) -> Tensor:
    """Zeros of a shape, given as ``zeros(2, 3)`` or ``zeros((2, 3))``.

    >>> tg.zeros(2)
    tensor([0., 0.])
    """
    return _filled(sizes(size, "zeros"), 0, dtype, requires_grad, device)


@public(is_method=False)
@by_name("size")
def ones(*size: Size, dtype: DType = None, device: Device = None, requires_grad: bool = False) -> Tensor:
    """Ones of a shape, given as ``ones(2, 3)`` or ``ones((2, 3))``.

    >>> tg.ones(2)
    tensor([1., 1.])
    """
    return _filled(sizes(size, "ones"), 1, dtype, requires_grad, device)


@public(is_method=False)
@by_name("size")
def empty(*size: Size, dtype: DType = None, device: Device = None, requires_grad: bool = False) -> Tensor:
    """A tensor of a shape whose values are still to be written; until then they are arbitrary.

    >>> tg.empty(2, 3).shape
    (2, 3)
    """
    chosen = supported_dtype(get_default_dtype() if dtype is None else dtype)
    return _made(np.empty(sizes(size, "empty"), chosen), requires_grad, device)


@public(is_method=False)
def full(
    size: Size, fill_value: float, *, dtype: DType = None, device: Device = None, requires_grad: bool = False
) -> Tensor:
    """A tensor of shape ``size``, every value of which is ``fill_value``; the dtype is by default that of the value.

    >>> tg.full((2,), 7)
    tensor([7, 7])
    """
    shape = sizes(tuple(size) if isinstance(size, tuple | list) else (size,), "full")
    return _filled(shape, fill_value, to_array(fill_value).dtype if dtype is None else dtype, requires_grad, device)


@public(is_method=False)
def arange(
    start: Operand = 0,
    end: Operand | None = None,
    step: Operand = 1,
    *,
    dtype: DType = None,
    device: Device = None,
    requires_grad: bool = False,
) -> Tensor:
    """The numbers from ``start`` (0 if only one number is given) up to but not including ``end``, ``step`` apart.

    int64 if all three are integers, otherwise the default dtype. An integer ``dtype`` cuts off their fractions first.
    ValueError if the steps lead away from ``end``.

    >>> tg.arange(3), tg.arange(1, 2, 0.5)
    (tensor([0, 1, 2]), tensor([1.0000, 1.5000]))
    """
    if end is None:
        start, end = 0, start
    numbers = [_number(one) for one in (start, end, step)]
    if dtype is None and not all(isinstance(number, int) for number in numbers):
        dtype = get_default_dtype()
    chosen = supported_dtype(np.int64 if dtype is None else dtype)
    first, last, width = _in_dtype(numbers, chosen)
    if width == 0 or (last - first) * width < 0:
        raise ValueError(f"arange: steps of {width} do not lead from {first} to {last}")
    return _made(np.arange(first, last, width, dtype=chosen), requires_grad, device)


@public(is_method=False)
def linspace(
    start: Operand,
    end: Operand,
    steps: int,
    *,
    dtype: DType = None,
    device: Device = None,
    requires_grad: bool = False,
) -> Tensor:
    """``steps`` numbers at equal distances from ``start`` to ``end``, both included: numbers or 0-d tensors.

    An integer ``dtype`` cuts off the fractions, first of the bounds and then of the numbers.

    >>> tg.linspace(0, 1, 3)
    tensor([0.0000, 0.5000, 1.0000])
    """
    chosen = supported_dtype(get_default_dtype() if dtype is None else dtype)
    return _made(_evenly_spaced(start, end, steps, chosen, "linspace").astype(chosen), requires_grad, device)


def _evenly_spaced(start: Any, end: Any, steps: int, dtype: np.dtype[Any], operation: str) -> Any:
    """The numbers of `linspace` in float64: in the first half counted from ``start``, in the second from ``end``."""
    if index(steps) < 0:
        raise ValueError(f"{operation}: the number of steps must not be negative, got {steps}")
    first, last = _in_dtype([_number(start), _number(end)], dtype)
    step = (last - first) / max(steps - 1, 1)
    places = np.arange(steps)
    return np.where(places < steps / 2, first + step * places, last - step * places[::-1])


def _number(value: Any) -> Any:
    """A Python number, which may be given as a tensor or array of one value."""
    return value.item() if isinstance(value, Tensor | np.ndarray | np.generic) else value


def _in_dtype(numbers: list[Any], dtype: np.dtype[Any]) -> list[Any]:
    """The numbers, without their fractions if ``dtype`` holds integers."""
    return list(map(int, numbers)) if dtype.kind in "iu" else numbers


@public(is_method=False)
def eye(
    n: int, m: int | None = None, *, dtype: DType = None, device: Device = None, requires_grad: bool = False
) -> Tensor:
    """The identity matrix of ``n`` rows and ``m`` (default: as many) columns.

    >>> tg.eye(2)
    tensor([[1., 0.],
            [0., 1.]])
    """
    return _made(np.eye(n, m, dtype=get_default_dtype() if dtype is None else dtype), requires_grad, device)


@public(is_method=False, numpy=(np.zeros_like,))
def zeros_like(input: Tensor, *, dtype: DType = None, device: Device = None, requires_grad: bool = False) -> Tensor:
    """Zeros in the shape and dtype of ``input``.

    >>> tg.zeros_like(tg.tensor([5, 6]))
    tensor([0, 0])
    """
    return full_like(input, 0, dtype=dtype, device=device, requires_grad=requires_grad)


@public(is_method=False, numpy=(np.ones_like,))
def ones_like(input: Tensor, *, dtype: DType = None, device: Device = None, requires_grad: bool = False) -> Tensor:
    """Ones in the shape and dtype of ``input``.

    >>> tg.ones_like(tg.tensor([5, 6]))
    tensor([1, 1])
    """
    return full_like(input, 1, dtype=dtype, device=device, requires_grad=requires_grad)


@public(is_method=False, numpy=(np.empty_like,))
def empty_like(input: Tensor, *, dtype: DType = None, device: Device = None, requires_grad: bool = False) -> Tensor:
    """A tensor in the shape and dtype of ``input`` whose values are still to be written.

    >>> tg.empty_like(tg.ones(2, 3)).shape
    (2, 3)
    """
    return empty(input.shape, dtype=input.dtype if dtype is None else dtype, device=device, requires_grad=requires_grad)


@public(is_method=False, numpy=(np.full_like,))
def full_like(
    input: Tensor, fill_value: float, *, dtype: DType = None, device: Device = None, requires_grad: bool = False
) -> Tensor:
    """A tensor in the shape and dtype of ``input``, every value of which is ``fill_value``.

    >>> tg.full_like(tg.ones(2), 7)
    tensor([7., 7.])
    """
    return _filled(input.shape, fill_value, input.dtype if dtype is None else dtype, requires_grad, device)


@public(is_method=False)
def logspace(
    start: Operand,
    end: Operand,
    steps: int,
    base: float = 10.0,
    *,
    dtype: DType = None,
    device: Device = None,
    requires_grad: bool = False,
) -> Tensor:
    """``steps`` powers of ``base``, with exponents at equal distances from ``start`` to ``end``, as in `linspace`.

    >>> tg.logspace(0, 2, 3)
    tensor([  1.,  10., 100.])
    """
    chosen = supported_dtype(get_default_dtype() if dtype is None else dtype)
    exponents = _evenly_spaced(start, end, steps, chosen, "logspace")
    return _made((base**exponents).astype(chosen), requires_grad, device)


@public(is_method=False)
def tril_indices(row: int, col: int, offset: int = 0, *, dtype: DType = np.int64, device: Device = None) -> Tensor:
    """The rows and the columns of the places in the lower triangle of a matrix, up to a diagonal: (2, count).

    >>> tg.tril_indices(2, 2)
    tensor([[0, 1, 1],
            [0, 0, 1]])
    """
    return _made(np.stack(np.tril_indices(row, offset, col)).astype(supported_dtype(dtype)), False, device)


@public(is_method=False)
def triu_indices(row: int, col: int, offset: int = 0, *, dtype: DType = np.int64, device: Device = None) -> Tensor:
    """The rows and the columns of the places in the upper triangle of a matrix, from a diagonal on: (2, count).

    >>> tg.triu_indices(2, 2)
    tensor([[0, 0, 1],
            [0, 1, 1]])
    """
    return _made(np.stack(np.triu_indices(row, offset, col)).astype(supported_dtype(dtype)), False, device)


# New tensors like an old one


@method
def new_tensor(
    self: Tensor, data: Any, *, dtype: DType = None, device: Device = None, requires_grad: bool = False
) -> Tensor:
    """A tensor with a copy of ``data``, by default in the dtype of this one."""
    return tensor(data, dtype=self.dtype if dtype is None else dtype, device=device, requires_grad=requires_grad)


@method
def new_full(
    self: Tensor,
    size: Size,
    fill_value: float,
    *,
    dtype: DType = None,
    device: Device = None,
    requires_grad: bool = False,
) -> Tensor:
    """A tensor of shape ``size`` filled with a value, by default in the dtype of this one."""
    return full(
        size, fill_value, dtype=self.dtype if dtype is None else dtype, device=device, requires_grad=requires_grad
    )


@method
def new_zeros(
    self: Tensor, *size: Size, dtype: DType = None, device: Device = None, requires_grad: bool = False
) -> Tensor:
    """Zeros of a shape, by default in the dtype of this tensor."""
    return zeros(*size, dtype=self.dtype if dtype is None else dtype, device=device, requires_grad=requires_grad)


@method
def new_ones(
    self: Tensor, *size: Size, dtype: DType = None, device: Device = None, requires_grad: bool = False
) -> Tensor:
    """Ones of a shape, by default in the dtype of this tensor."""
    return ones(*size, dtype=self.dtype if dtype is None else dtype, device=device, requires_grad=requires_grad)


@method
def new_empty(
    self: Tensor, *size: Size, dtype: DType = None, device: Device = None, requires_grad: bool = False
) -> Tensor:
    """A tensor of a shape whose values are still to be written, by default in the dtype of this one."""
    return empty(*size, dtype=self.dtype if dtype is None else dtype, device=device, requires_grad=requires_grad)
