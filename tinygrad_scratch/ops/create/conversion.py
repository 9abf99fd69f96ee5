"""Copies of a tensor: of another dtype, or just another."""

from __future__ import annotations

from typing import Any

import numpy as np

from tinygrad_scratch import dtypes
from tinygrad_scratch.device import CPU, Device, check_device, is_device
from tinygrad_scratch.dtypes import DType, supported_dtype
from tinygrad_scratch.record.operation import method, primitive, public
from tinygrad_scratch.record.tensor import Tensor


@primitive(x=lambda g: g)
def _cast(x: Any, *, dtype: np.dtype[Any]) -> Any:
    # The rule need not cast back: the engine gives every gradient its tensor's dtype.
    return x.astype(dtype)


@primitive(x=lambda g: g)
def _clone(x: Any, *, order: str) -> Any:
    # In NumPy's words: "K" keeps the order in memory, "C" is row by row.
    return x.copy(order=order)


@public
def clone(input: Tensor) -> Tensor:
    """A copy with memory of its own, in the same order, through which gradients flow.

    >>> x = tg.tensor([1.0])
    >>> x.clone().add_(1), x
    (tensor([2.]), tensor([1.]))
    """
    return _clone(input, order="K")


def cast(input: Tensor, dtype: DType) -> Tensor:
    """``input`` in another dtype; ``input`` itself if it has it already."""
    wanted = supported_dtype(dtype)
    return input if input.dtype == wanted else _cast(input, dtype=wanted)


@method
def astype(self: Tensor, dtype: DType, copy: bool = True) -> Tensor:
    """NumPy's name for conversion to another dtype; ``copy=False`` allows the tensor itself if nothing changes.

    >>> tg.tensor([1.7, -1.7]).astype("int64")
    tensor([ 1, -1])
    """
    return clone(self) if copy and self.dtype == dtype else cast(self, dtype)


@method
def to(
    self: Tensor,
    *args: Any,
    dtype: DType = None,
    device: Device = None,
    non_blocking: bool = False,  # noqa: ARG001
    copy: bool = False,
) -> Tensor:
    """The tensor in another dtype, or on a device (only the CPU): ``to(dtype)``, ``to(device)``, ``to(device, dtype)``.

    ``to(other)`` takes the dtype of another tensor. If nothing changes it is the tensor itself, unless ``copy``.
    ``non_blocking`` has no effect.

    >>> tg.tensor([1, 2]).to(tg.float32)
    tensor([1., 2.])
    """
    dtype = dtype_of_to(args, dtype, device)
    return astype(self, self.dtype if dtype is None else dtype, copy=copy)


def dtype_of_to(args: tuple[Any, ...], dtype: DType = None, device: Device = None) -> DType:
    """The dtype, or None, among the arguments of a ``to(…)``; ValueError if they name an unavailable device."""
    check_device(device)
    for argument in args:
        if is_device(argument):
            check_device(argument)
        elif isinstance(argument, Tensor):
            dtype = argument.dtype
        elif argument is not None and not isinstance(argument, bool):
            dtype = argument
    return dtype


@method
def type_as(self: Tensor, other: Tensor) -> Tensor:
    """The tensor in the dtype of ``other``."""
    return cast(self, other.dtype)


@method
def type(self: Tensor, dtype: DType) -> Tensor:
    """The tensor in another dtype; itself if it has it already."""
    return cast(self, dtype)


@method
def cpu(self: Tensor) -> Tensor:
    """The tensor itself: it lives on the CPU."""
    return self


@method
def contiguous(self: Tensor) -> Tensor:
    """The tensor itself if its values lie in memory row by row, otherwise a copy that does."""
    return self if self._data.flags.c_contiguous else _clone(self, order="C")


method(property(lambda self: CPU, doc="Where the tensor lives: the CPU."), "device")


def _conversion(name: str, dtype: np.dtype[Any]) -> Any:
    def convert(self: Tensor) -> Tensor:
        return cast(self, dtype)

    convert.__name__ = name
    convert.__doc__ = f"The tensor in dtype {dtype}; itself if it has it already."
    return convert


_CONVERSIONS: dict[str, np.dtype[Any]] = {
    "half": dtypes.float16,
    "float": dtypes.float32,
    "double": dtypes.float64,
    "byte": dtypes.uint8,
    "char": dtypes.int8,
    "short": dtypes.int16,
    "int": dtypes.int32,
    "long": dtypes.int64,
    "bool": dtypes.bool_,
}
for _name, _dtype in _CONVERSIONS.items():
    method(_conversion(_name, _dtype))
