"""What solving and decomposing matrices is used for: exponentials, factors, and tensors that act as matrices."""

from __future__ import annotations

from math import prod
from typing import Any

import numpy as np

from tinygrad_scratch.ops.checks import floating_only
from tinygrad_scratch.ops.linalg import matrix_calculus
from tinygrad_scratch.ops.linalg.products import matmul
from tinygrad_scratch.ops.math.arithmetic import pow
from tinygrad_scratch.ops.shape.diagonal import tril, triu
from tinygrad_scratch.ops.shape.rearrange import movedim
from tinygrad_scratch.record.operation import Operation, primitive, public
from tinygrad_scratch.record.tensor import Tensor, make_tensor

# The Padé approximant of degree 13 of the exponential, and the largest 1-norm for which it has the precision of float64
# (Higham, 2005, "The scaling and squaring method for the matrix exponential revisited").
_PADE = (
    64764752532480000, 32382376266240000, 7771770303897600, 1187353796428800, 129060195264000, 10559470521600,
    670442572800, 33522128640, 1323241920, 40840800, 960960, 16380, 182, 1,
)  # fmt: skip
_LARGEST_NORM = 5.37


def _exponential(x: Any) -> Any:
    # In float64, since the coefficients have more digits than float32.
    a = x.astype(np.float64)
    norm = np.abs(a).sum(-2).max(-1, initial=0)[..., None, None]
    halvings = np.ceil(np.log2(np.where(np.isfinite(norm), np.maximum(norm / _LARGEST_NORM, 1), 1)))
    result = _pade(a / 2**halvings)
    for i in range(int(halvings.max(initial=0))):
        result = np.where(i < halvings, result @ result, result)
    return result.astype(x.dtype)


def _pade(a: Any) -> Any:
    square, power = a @ a, np.eye(a.shape[-1])
    even, odd = power * 0.0, power * 0.0
    for i in range(0, 14, 2):
        even, odd = even + power * float(_PADE[i]), odd + power * float(_PADE[i + 1])
        power = power @ square
    odd = a @ odd
    return np.linalg.solve(even - odd, even + odd)


def _exponential_gradient(g: Any, x: Any) -> Any:
    """The upper right quarter of the exponential of [[xᵀ, g], [0, xᵀ]] (Higham, 2008, "Functions of Matrices")."""
    upper, lower = np.concatenate([x.mT, g], -1), np.concatenate([np.zeros_like(x), x.mT], -1)
    return _matrix_exp(np.concatenate([upper, lower], -2))[..., : x.shape[-1], x.shape[-1] :]


_matrix_exp: Operation = primitive(
    lambda x: _exponential(x),
    name="matrix_exp",
    prepare=matrix_calculus.square_matrices,
    x=lambda g, x: _exponential_gradient(g, x),
)


def matrix_exp(A: Tensor) -> Tensor:
    """The sum of Aⁿ / n! for n = 0, 1, 2, …, of square matrices.

    >>> tg.linalg.matrix_exp(tg.tensor([[0.0, 1.0], [0.0, 0.0]]))
    tensor([[1., 1.],
            [0., 1.]])
    """
    return _matrix_exp(floating_only(A, "matrix_exp"))


public(matrix_exp)
public(matrix_exp, namespace="linalg")


@public
def cholesky_solve(B: Tensor, L: Tensor, upper: bool = False) -> Tensor:
    """The X for which A · X = B, of A's factor from `linalg.cholesky`: the lower one or, if ``upper``, the upper.

    >>> tg.cholesky_solve(tg.tensor([[4.0]]), tg.tensor([[2.0]]))
    tensor([[1.]])
    """
    factor = L.mT if upper else L
    half = matrix_calculus.solve_triangular(factor, B, upper=False, unitriangular=False)
    return matrix_calculus.solve_triangular(factor.mT, half, upper=True, unitriangular=False)


@public
def cholesky_inverse(L: Tensor, upper: bool = False) -> Tensor:
    """The inverse of A, of its factor from `linalg.cholesky`: the lower one or, if ``upper``, the upper.

    >>> tg.cholesky_inverse(tg.tensor([[2.0]]))
    tensor([[0.2500]])
    """
    inverse = matrix_calculus.inv(triu(L).mT if upper else tril(L))
    return matmul(inverse.mT, inverse)


@public(namespace="linalg", numpy=(np.linalg.tensorinv,))
def tensorinv(A: Tensor, ind: int = 2) -> Tensor:
    """The inverse of A as a matrix, whose rows are its first ``ind`` dimensions and whose columns are the others.

    >>> tg.linalg.tensorinv(tg.eye(4).reshape(2, 2, 4)).shape
    (4, 2, 2)
    """
    rows, columns = A.shape[:ind], A.shape[ind:]
    if ind <= 0 or prod(rows) != prod(columns):
        raise ValueError(f"tensorinv: dimensions {rows} and {columns} of shape {A.shape} must have as many values")
    return matrix_calculus.inv(A.reshape(prod(rows), prod(columns))).reshape((*columns, *rows))


@public(namespace="linalg")
def tensorsolve(A: Tensor, B: Tensor, dims: Any = None) -> Tensor:
    """The X for which tensordot(A, X, X.ndim) = B; ``dims`` of A are first moved to its end.

    >>> tg.linalg.tensorsolve(tg.eye(4).reshape(2, 2, 4), tg.ones(2, 2))
    tensor([1., 1., 1., 1.])
    """
    if dims is not None:
        return tensorsolve(movedim(A, tuple(dims), tuple(range(-len(dims), 0))), B)
    unknown = A.shape[B.ndim :]
    if prod(unknown) != B.numel() or A.numel() != B.numel() ** 2:
        raise ValueError(f"tensorsolve: {B.numel()} values of B, shape {B.shape}, do not fit A of shape {A.shape}")
    matrix = A.reshape(B.numel(), B.numel())
    return matrix_calculus.solve(matrix, B.reshape(-1, 1)).reshape(unknown)


@public(namespace="linalg")
def vander(x: Tensor, *, N: int | None = None) -> Tensor:
    """For each value a row of its powers 0, 1, …, N - 1, by default as many as ``x`` has along its last dimension.

    >>> tg.linalg.vander(tg.tensor([2, 3]), N=3)
    tensor([[1, 2, 4],
            [1, 3, 9]])
    """
    x = x if x.ndim else x.reshape(1)
    return pow(x.unsqueeze(-1), make_tensor(np.arange(x.shape[-1] if N is None else N)))
