"""Questions about a tensor or a dtype: of which kind it is, how it lies in memory, and what may become of it."""

from __future__ import annotations

from typing import Any, overload

import numpy as np

from tinygrad_scratch import dtypes
from tinygrad_scratch.dtypes import CATEGORY, DType, supported_dtype
from tinygrad_scratch.ops.dims import checked_dim
from tinygrad_scratch.ops.shape.shape import dim, numel
from tinygrad_scratch.record.node import Shape
from tinygrad_scratch.record.operation import method, public
from tinygrad_scratch.record.tensor import Operand, Tensor


@overload
def stride(self: Tensor, dim: None = None) -> Shape: ...


@overload
def stride(self: Tensor, dim: int) -> int: ...


@method
def stride(self: Tensor, dim: int | None = None) -> Any:
    """How many values lie between neighbours in memory, for each dimension or for one."""
    strides = tuple(step // self._data.itemsize for step in self._data.strides)
    return strides if dim is None else strides[checked_dim(dim, self.ndim, "stride")]


@method
def is_contiguous(self: Tensor) -> bool:
    """Whether the values lie in memory row by row."""
    return self._data.flags.c_contiguous


@method
def element_size(self: Tensor) -> int:
    """The number of bytes of each value."""
    return self._data.itemsize


@public
def is_floating_point(input: Tensor) -> bool:
    """Whether the dtype is float16, float32 or float64.

    >>> tg.is_floating_point(tg.ones(2)), tg.is_floating_point(tg.tensor([1]))
    (True, False)
    """
    return input.dtype.kind == "f"


@public(is_method=False)
def is_tensor(obj: Any) -> bool:
    """Whether ``obj`` is a Tensor.

    >>> tg.is_tensor(tg.ones(2)), tg.is_tensor(1.0)
    (True, False)
    """
    return isinstance(obj, Tensor)


@public
def is_signed(input: Tensor) -> bool:
    """Whether the dtype has negative numbers.

    >>> tg.is_signed(tg.tensor([1])), tg.is_signed(tg.tensor([True]))
    (True, False)
    """
    return input.dtype.kind in "if"


@public
def is_complex(input: Tensor) -> bool:
    """Whether the dtype is complex, which it never is.

    >>> tg.is_complex(tg.ones(2))
    False
    """
    return input.dtype.kind == "c"


@public
def is_same_size(input: Tensor, other: Tensor) -> bool:
    """Whether both have the same shape.

    >>> tg.is_same_size(tg.ones(2, 1), tg.ones(2))
    False
    """
    return input.shape == other.shape


@public
def is_nonzero(input: Tensor) -> bool:
    """Whether the only value is not 0. ValueError if there is not exactly one.

    >>> tg.is_nonzero(tg.tensor([0.0]))
    False
    """
    if input._data.size != 1:
        raise ValueError(f"is_nonzero: needs a tensor with one value, not of shape {input.shape}")
    return bool(input)


method(numel, "nelement")
method(dim, "ndimension")
method(property(lambda self: self._data.nbytes, doc="The number of bytes of all values."), "nbytes")
method(property(lambda self: self._data.itemsize, doc="The number of bytes of each value."), "itemsize")
for _name in ("is_cuda", "is_sparse", "is_quantized"):
    method(property(lambda self: False, doc="False: tensors are dense arrays of real numbers on the CPU."), _name)
method(property(lambda self: True, doc="True: there is only the CPU."), "is_cpu")


@public(is_method=False)
def promote_types(type1: DType, type2: DType) -> np.dtype[Any]:
    """The dtype of an arithmetic operation on tensors of two dtypes.

    >>> tg.promote_types(tg.int64, tg.float32)
    dtype('float32')
    """
    one, other = (np.empty(1, supported_dtype(dtype)) for dtype in (type1, type2))
    return supported_dtype(dtypes.result_type(one, other))


@public(is_method=False)
def result_type(tensor1: Operand, tensor2: Operand) -> np.dtype[Any]:
    """The dtype of an arithmetic operation on two tensors or numbers.

    >>> tg.result_type(tg.tensor([1, 2]), 1.5)
    dtype('float32')
    """
    values = (value._data if isinstance(value, Tensor) else value for value in (tensor1, tensor2))
    return supported_dtype(dtypes.result_type(*values))


@public(is_method=False)
def can_cast(from_: DType, to: DType) -> bool:
    """Whether an operation may turn one dtype into the other: within a kind, or from bool to integer to float.

    >>> tg.can_cast(tg.float64, tg.float16), tg.can_cast(tg.float32, tg.int64)
    (True, False)
    """
    return CATEGORY[supported_dtype(from_).kind] <= CATEGORY[supported_dtype(to).kind]
