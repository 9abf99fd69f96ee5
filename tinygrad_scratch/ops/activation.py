"""Activation functions: those of single numbers, and those that compare the values along a dimension."""

from __future__ import annotations

import warnings
from typing import Any

import numpy as np

from tinygrad_scratch.dtypes import DType, float16, float32, float64
from tinygrad_scratch.ops.conversion import cast
from tinygrad_scratch.ops.elementwise import elementwise, floating, in_floating_dtype
from tinygrad_scratch.record.operation import Operation, primitive, public
from tinygrad_scratch.record.tensor import Tensor

# The largest whole number whose exponential is still finite.
_EXP_LIMIT = {dtype: float(np.floor(np.log(np.finfo(dtype).max))) for dtype in (float16, float32, float64)}


def _relu(x: Any) -> Any:
    return np.maximum(x, 0)


def _sigmoid(x: Any) -> Any:
    return 1 / (1 + np.exp(np.minimum(-x, _EXP_LIMIT[x.dtype])))


relu = elementwise(_relu, "max(x, 0), with gradient 0 at 0: relu([-1, 2]) = [0, 2]", x=lambda g, y: g * (y > 0))
sigmoid = floating(_sigmoid, "1 / (1 + e⁻ˣ): sigmoid([0, 1]) = [0.5000, 0.7311]", x=lambda g, y: g * y * (1 - y))


@primitive(prepare=in_floating_dtype, x=lambda g, y, dim: (g - (g * y).sum(dim, keepdims=True)) * y)
def _softmax(x: Any, *, dim: int) -> Any:
    if not x.size:
        return x.copy()
    e = np.exp(x - x.max(dim, keepdims=True))
    return e / e.sum(dim, keepdims=True)


@primitive(prepare=in_floating_dtype, x=lambda g, y, dim: g - np.exp(y) * g.sum(dim, keepdims=True))
def _log_softmax(x: Any, *, dim: int) -> Any:
    if not x.size:
        return x.copy()
    shifted = x - x.max(dim, keepdims=True)
    return shifted - np.log(np.exp(shifted).sum(dim, keepdims=True))


@public
def softmax(input: Tensor, dim: int | None = None, dtype: DType = None) -> Tensor:
    """exp(x) / Σ exp(x) along ``dim``: positive values that sum to 1. Any shape; ``dtype`` converts the input first.

    >>> tg.softmax(tg.tensor([0.0, 1.0]), dim=0)
    tensor([0.2689, 0.7311])
    """
    return _along(_softmax, input, dim, dtype)


@public
def log_softmax(input: Tensor, dim: int | None = None, dtype: DType = None) -> Tensor:
    """The logarithm of `softmax` along ``dim``, without overflow or loss of precision.

    >>> tg.log_softmax(tg.tensor([0.0, 1000.0]), dim=0)
    tensor([-1000.,     0.])
    """
    return _along(_log_softmax, input, dim, dtype)


def _along(operation: Operation, input: Tensor, dim: int | None, dtype: DType) -> Tensor:
    if dim is None:
        dim = 0 if input.ndim in (0, 1, 3) else 1
        warnings.warn(
            f"softmax without dim is ambiguous; dim={dim} is taken, as PyTorch does", UserWarning, stacklevel=3
        )
    if dtype is not None:
        input = cast(input, dtype=dtype)
    return operation(input, dim=dim) if input.ndim else operation(input.reshape(1), dim=dim).reshape(())
