"""dtypes under PyTorch's names, the default dtype, and the dtype that mixing several gives.

A dtype is NumPy's own object; wherever one is asked for, anything NumPy understands as a dtype will do.
Complex numbers are refused by name.

>>> import tinygrad_scratch as tg
>>> tg.tensor([1.0, 2.0]).dtype == tg.float32 == "float32"
True
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import DTypeLike

float16 = np.dtype(np.float16)
float32 = np.dtype(np.float32)
float64 = np.dtype(np.float64)
int8 = np.dtype(np.int8)
int16 = np.dtype(np.int16)
int32 = np.dtype(np.int32)
int64 = np.dtype(np.int64)
uint8 = np.dtype(np.uint8)
uint16 = np.dtype(np.uint16)
uint32 = np.dtype(np.uint32)
uint64 = np.dtype(np.uint64)
bool_ = np.dtype(np.bool_)

# The limits of a floating point and of an integer dtype.
finfo, iinfo = np.finfo, np.iinfo

# What can be given where a dtype is asked for; None leaves the choice to the function.
DType = DTypeLike | None

_ALL = (float16, float32, float64, int8, int16, int32, int64, uint8, uint16, uint32, uint64, bool_)
_SUPPORTED: dict[np.dtype[Any], np.dtype[Any]] = {dtype: dtype for dtype in _ALL}
CATEGORY = {"b": 0, "u": 1, "i": 1, "f": 2}  # by kind; what mixes several is of the highest
_default_dtype = float32


def get_default_dtype() -> np.dtype[Any]:
    """The dtype that Python floats become: float32, unless `set_default_dtype` changed it.

    >>> get_default_dtype()
    dtype('float32')
    """
    return _default_dtype


def set_default_dtype(dtype: DType) -> None:
    """Make ``dtype`` what Python floats become from now on; TypeError unless it is a floating point dtype.

    >>> set_default_dtype("float64")
    >>> get_default_dtype()
    dtype('float64')
    >>> set_default_dtype("float32")
    """
    global _default_dtype
    chosen = supported_dtype(dtype)
    if chosen.kind != "f":
        raise TypeError(f"set_default_dtype: only a floating point dtype can be the default, got {chosen}")
    _default_dtype = chosen


def supported_dtype(dtype: DType) -> np.dtype[Any]:
    """``dtype`` as the one object above that stands for it; TypeError if no tensor can have it.

    NumPy may have several equal objects for a dtype; that tensors have this one lets the engine compare with ``is``.

    >>> supported_dtype(float) is float64
    True
    """
    found = np.dtype(dtype).newbyteorder("=")
    if found not in _SUPPORTED:
        raise TypeError(f"a tensor cannot have dtype {found}; supported are float16/32/64, the integers and bool")
    return _SUPPORTED[found]


def dtype_of_number(number: float) -> np.dtype[Any]:
    """The dtype that a Python or NumPy number becomes: bool, int64 or the default floating point dtype.

    >>> dtype_of_number(2), dtype_of_number(2.0)
    (dtype('int64'), dtype('float32'))
    """
    if isinstance(number, bool | np.bool_):
        return bool_
    if isinstance(number, int | np.integer):
        return int64
    if isinstance(number, float | np.floating):
        return _default_dtype
    raise TypeError(f"complex numbers are not supported, got {number!r}")


def result_type(*operands: Any) -> np.dtype[Any]:
    """The dtype of an arithmetic operation on arrays and numbers (None is passed over): PyTorch's promotion.

    It is NumPy's, but for two differences that keep float32 from turning into float64: a floating point
    dtype wins over any integer without growing, and a 0-d array, like a number, decides only if it is of a
    higher kind (bool < integer < float) than every array with dimensions.

    >>> result_type(np.ones(3, np.float32), np.ones(3, np.int64), np.float64(2))
    dtype('float32')
    """
    arrays = [operand for operand in operands if isinstance(operand, np.ndarray)]
    numbers = [operand for operand in operands if not (operand is None or isinstance(operand, np.ndarray))]
    by_priority = (
        [array.dtype for array in arrays if array.ndim],
        [array.dtype for array in arrays if not array.ndim],
        [dtype_of_number(number) for number in numbers],
    )
    result = None
    for dtypes in by_priority:
        for dtype in dtypes[1:]:
            dtypes[0] = _join(dtypes[0], dtype)
        if dtypes and (result is None or CATEGORY[dtypes[0].kind] > CATEGORY[result.kind]):
            result = dtypes[0]
    assert result is not None, "result_type needs at least one operand"
    return result


def _join(left: np.dtype[Any], right: np.dtype[Any]) -> np.dtype[Any]:
    if (left.kind == "f") != (right.kind == "f"):
        return left if left.kind == "f" else right
    return np.promote_types(left, right)
