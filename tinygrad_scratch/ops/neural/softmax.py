"""Softmax and its kin, which compare the values along a dimension."""

from __future__ import annotations

import warnings
from typing import Any

import numpy as np

from tinygrad_scratch.dtypes import DType
from tinygrad_scratch.ops.create.conversion import cast
from tinygrad_scratch.ops.dims import checked_dim
from tinygrad_scratch.ops.math.elementwise import in_floating_dtype
from tinygrad_scratch.ops.random.generator import Generator
from tinygrad_scratch.ops.random.sampling import draw
from tinygrad_scratch.ops.reduce.pairwise import pairwise_sum
from tinygrad_scratch.ops.reduce.reduction import sum_over
from tinygrad_scratch.record.operation import Operation, primitive, public
from tinygrad_scratch.record.tensor import Tensor


def softmax_gradient(g: Any, y: Any, dim: int) -> Any:
    """The gradient of x, given the result y of softmax along ``dim``, counted from 0, and its gradient."""
    return (g - sum_over(g * y, dim=(dim,), keepdim=True)) * y


@primitive(prepare=in_floating_dtype, x=softmax_gradient)
def _softmax(x: Any, *, dim: int) -> Any:
    if not x.size:
        return x.copy()
    result = x - largest(x, dim)
    np.exp(result, out=result)
    result /= pairwise_sum(result, dim=(dim,), keepdim=True)
    return result


@primitive(prepare=in_floating_dtype, x=lambda g, y, dim: g - np.exp(y) * sum_over(g, dim=(dim,), keepdim=True))
def _log_softmax(x: Any, *, dim: int) -> Any:
    if not x.size:
        return x.copy()
    shifted = x - largest(x, dim)
    return shifted - np.log(pairwise_sum(np.exp(shifted), dim=(dim,), keepdim=True))


_SHORT_ROW = 64


def largest(x: Any, dim: int) -> Any:
    """The largest values of an array along ``dim``, which is kept with size 1."""
    if x.ndim == 2 and dim == 1 and x.shape[1] < _SHORT_ROW:
        # NumPy takes short rows one by one. Of the columns of a copy, it compares all at a time.
        return np.maximum.reduce(np.ascontiguousarray(x.T), 0)[:, None]
    if dim == x.ndim - 1 > 1:
        return largest(x.reshape(-1, x.shape[dim]), 1).reshape(*x.shape[:-1], 1)
    return np.maximum.reduce(x, dim, keepdims=True)


@public
def softmax(input: Tensor, dim: int | None = None, dtype: DType = None) -> Tensor:
    """exp(x) / Σ exp(x) along ``dim``: positive values that sum to 1. Any shape; ``dtype`` converts the input first.

    >>> tg.softmax(tg.tensor([0.0, 1.0]), dim=0)
    tensor([0.2689, 0.7311])
    """
    return _normalized(_softmax, input, dim, dtype)


@public
def log_softmax(input: Tensor, dim: int | None = None, dtype: DType = None) -> Tensor:
    """The logarithm of `softmax` along ``dim``, without overflow or loss of precision.

    >>> tg.log_softmax(tg.tensor([0.0, 1000.0]), dim=0)
    tensor([-1000.,     0.])
    """
    return _normalized(_log_softmax, input, dim, dtype)


@public(is_method=False)
def softmin(input: Tensor, dim: int | None = None, dtype: DType = None) -> Tensor:
    """`softmax` of -input: the smallest value gets the largest weight.

    >>> tg.softmin(tg.tensor([1.0, 1.0]), dim=0)
    tensor([0.5000, 0.5000])
    """
    return _normalized(_softmax, -input, dim, dtype)


def _normalized(operation: Operation, input: Tensor, dim: int | None, dtype: DType) -> Tensor:
    if dim is None:
        dim = 0 if input.ndim in (0, 1, 3) else 1
        warnings.warn(
            f"softmax without dim is ambiguous; dim={dim} is taken, as PyTorch does", UserWarning, stacklevel=3
        )
    if dtype is not None:
        input = cast(input, dtype=dtype)
    dim = checked_dim(dim, input.ndim, operation.__name__)
    return operation(input, dim=dim) if input.ndim else operation(input.reshape(1), dim=dim).reshape(())


@public(is_method=False)
def gumbel_softmax(
    logits: Tensor, tau: float = 1, hard: bool = False, dim: int = -1, generator: Generator | None = None
) -> Tensor:
    """A random sample, near one-hot, from the classes with these logits: softmax((logits + Gumbel noise) / tau).

    ``hard`` gives it exactly one-hot, but with the gradient of the soft sample (Jang et al., 2017).

    >>> tg.gumbel_softmax(tg.tensor([0.0, 100.0]), hard=True)
    tensor([0., 1.])
    """
    noise = draw("gumbel", (), logits.shape, generator).to(logits.dtype)
    soft = softmax((logits + noise) / tau, dim)
    if not hard:
        return soft
    one_hot: Tensor = soft.detach() == soft.detach().amax(dim, keepdim=True)
    return one_hot.to(soft.dtype) - soft.detach() + soft
