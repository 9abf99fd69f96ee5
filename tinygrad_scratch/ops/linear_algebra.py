"""Products of vectors, matrices and stacks of matrices."""

from __future__ import annotations

from math import prod
from typing import Any

import numpy as np

from tinygrad_scratch.record.operation import method, primitive, public
from tinygrad_scratch.record.tensor import Tensor


def _multipliable(arrays: list[Any]) -> list[Any]:
    a, b = arrays
    _require_one_dtype(a, b)
    if a.shape[-1] != b.shape[-2]:
        raise ValueError(
            f"matrices of {a.shape[-1]} columns and {b.shape[-2]} rows cannot be multiplied; they must be equal"
        )
    return arrays


def _features_match(arrays: list[Any]) -> list[Any]:
    x, weight, bias = arrays
    _require_one_dtype(*arrays)
    if weight.ndim != 2 or not x.ndim or x.shape[-1] != weight.shape[1]:
        raise ValueError(f"an input of shape {x.shape} does not fit a weight of shape {weight.shape} (out, in)")
    if bias is not None and bias.shape != weight.shape[:1]:
        raise ValueError(f"a bias of shape {bias.shape} does not fit a weight of shape {weight.shape} (out, in)")
    return arrays


def _require_one_dtype(*arrays: Any) -> None:
    dtypes = [array.dtype for array in arrays if array is not None]
    if dtypes.count(dtypes[0]) != len(dtypes):
        # Converting one silently would hide the mistake, and cost time on every call.
        raise TypeError(f"the inputs are {' and '.join(map(str, dtypes))}; make them one dtype, with float() or to()")


_matmul = primitive(np.matmul, prepare=_multipliable, a=lambda g, b: g @ b.mT, b=lambda g, a: a.mT @ g)


@primitive(
    prepare=_features_match,
    x=lambda g, weight: g @ weight,
    weight=lambda g, x: _rows(g).mT @ _rows(x),
    bias=lambda g: g,
)
def _linear(x: Any, weight: Any, bias: Any) -> Any:
    result = x @ weight.T
    if bias is not None:
        result += bias
    return result


def _rows(x: Any) -> Any:
    return x.reshape(prod(x.shape[:-1]), x.shape[-1])


@public(numpy=(np.matmul,))
def matmul(input: Any, other: Any) -> Tensor:
    """The matrix product: of vectors a number, of matrices a matrix, of stacks of matrices (broadcast) a stack.

    ValueError if the inner sizes differ, TypeError if the dtypes do.

    >>> tg.matmul(tg.tensor([[1, 2], [3, 4]]), tg.tensor([1, 1]))
    tensor([3, 7])
    """
    if not input.ndim or not other.ndim:
        raise ValueError(f"matmul: needs at least 1 dimension, got shapes {input.shape} and {other.shape}")
    if input.ndim > 1 and other.ndim > 1:
        return _matmul(input, other)
    row = input.reshape(1, -1) if input.ndim == 1 else input
    column = other.reshape(-1, 1) if other.ndim == 1 else other
    product = _matmul(row, column)
    rows = () if input.ndim == 1 else product.shape[-2:-1]
    columns = () if other.ndim == 1 else product.shape[-1:]
    return product.reshape((*product.shape[:-2], *rows, *columns))


method(matmul, "__matmul__")
method(lambda self, other: matmul(other, self), "__rmatmul__")


@public(is_method=False)
def linear(input: Tensor, weight: Tensor, bias: Tensor | None = None) -> Tensor:
    """input · weightᵀ + bias: shapes (\\*, in), (out, in) and (out,) give (\\*, out).

    ValueError if the shapes do not fit together, TypeError if the dtypes differ.

    >>> tg.linear(tg.tensor([[1.0, 2.0]]), tg.tensor([[3.0, 4.0]]), tg.tensor([5.0]))
    tensor([[16.]])
    """
    return _linear(input, weight, bias)
