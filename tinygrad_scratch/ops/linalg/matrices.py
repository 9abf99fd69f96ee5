"""Matrices solved, inverted, decomposed and measured: most of `tg.linalg`. All functions work on stacks of matrices.

A decomposition has a gradient only where it is unique but for signs: the values that belong to its vectors must differ
from each other. np.linalg.LinAlgError is raised for a matrix that is singular or, in `cholesky`, not positive definite.
"""

from __future__ import annotations

from collections.abc import Sequence
from math import inf, nan
from typing import Any, NamedTuple

import numpy as np

from tinygrad_scratch.ops.create.creation import as_tensor
from tinygrad_scratch.ops.dims import checked_dim, checked_dims
from tinygrad_scratch.ops.linalg import matrix_calculus
from tinygrad_scratch.ops.linalg.norm import vector_norm
from tinygrad_scratch.ops.linalg.products import matmul
from tinygrad_scratch.ops.math.arithmetic import where
from tinygrad_scratch.ops.math.elementwise import maximum
from tinygrad_scratch.ops.reduce.reduction import amax, amin, count_nonzero, sum
from tinygrad_scratch.ops.shape.diagonal import _diagonal
from tinygrad_scratch.ops.shape.joining import cat
from tinygrad_scratch.record.operation import public
from tinygrad_scratch.record.tensor import Tensor, make_tensor

# Solving and inverting


@public(namespace="linalg", numpy=(np.linalg.inv,))
def inv(A: Tensor) -> Tensor:
    """The inverse of a square matrix.

    >>> tg.linalg.inv(tg.tensor([[2.0, 0.0], [0.0, 4.0]]))
    tensor([[0.5000, 0.0000],
            [0.0000, 0.2500]])
    """
    return matrix_calculus.inv(A)


@public(namespace="linalg", numpy=(np.linalg.solve,))
def solve(A: Tensor, B: Tensor, *, left: bool = True) -> Tensor:
    """The X for which A · X = B, with B a matrix or (of one dimension less than A) a vector.

    If not ``left``, the X for which X · A = B.

    >>> tg.linalg.solve(tg.tensor([[2.0, 0.0], [0.0, 4.0]]), tg.tensor([2.0, 2.0]))
    tensor([1.0000, 0.5000])
    """
    if not left:
        return solve(A.mT, B.mT).transpose(-1, -2)
    if B.ndim == 1 or (B.ndim == A.ndim - 1 and B.shape == A.shape[:-1]):
        return matrix_calculus.solve(A, B.unsqueeze(-1)).squeeze(-1)
    return matrix_calculus.solve(A, B)


@public(namespace="linalg")
def solve_triangular(A: Tensor, B: Tensor, *, upper: bool, left: bool = True, unitriangular: bool = False) -> Tensor:
    """`solve` for a triangle of A, its diagonal taken as 1 if ``unitriangular``; if not ``left``, of X · A = B.

    Where a 0 on the diagonal leaves no solution, the result is not finite.

    >>> tg.linalg.solve_triangular(tg.tensor([[2.0, 1.0], [0.0, 1.0]]), tg.tensor([[4.0], [2.0]]), upper=True)
    tensor([[1.],
            [2.]])
    """
    if not left:
        return solve_triangular(A.mT, B.mT, upper=not upper, unitriangular=unitriangular).transpose(-1, -2)
    return matrix_calculus.solve_triangular(A, B, upper=upper, unitriangular=unitriangular)


@public(namespace="linalg", numpy=(np.linalg.pinv,))
def pinv(A: Tensor, rcond: float | None = None, hermitian: bool = False, *, rtol: float | None = None) -> Tensor:
    """The Moore-Penrose inverse; singular values below ``rtol``, also called ``rcond``, times the largest count as 0.

    Its gradient holds where the rank does not change.

    >>> tg.linalg.pinv(tg.tensor([[2.0], [0.0]]))
    tensor([[0.5000, 0.0000]])
    """
    rcond = rcond if rtol is None else rtol
    rcond = max(A.shape[-2:]) * float(np.finfo(A.dtype).eps) if rcond is None else rcond
    return matrix_calculus.pinv(A, rcond=rcond, hermitian=hermitian)


class LeastSquares(NamedTuple):
    """What `lstsq` finds; ``residuals`` is empty unless A has full rank and more rows than columns."""

    solution: Tensor
    residuals: Tensor
    rank: Tensor
    singular_values: Tensor


@public(namespace="linalg")
def lstsq(A: Tensor, B: Tensor, rcond: float | None = None, *, driver: str | None = None) -> LeastSquares:
    """The X for which |A · X - B| is smallest and, of several, itself shortest; B has as many dimensions as A.

    ``driver`` names one of LAPACK's functions: all give the same, but "gels" no rank, "gelsy" no residuals, and both no
    singular values. "gelsd", "gelss" or none give everything.

    >>> tg.linalg.lstsq(tg.tensor([[1.0], [1.0]]), tg.tensor([[1.0], [3.0]])).solution
    tensor([[2.0000]])
    """
    solution = matmul(pinv(A, rtol=rcond), B)
    if driver not in (None, "gels", "gelsy", "gelsd", "gelss"):
        raise ValueError(f"lstsq: driver must be 'gels', 'gelsy', 'gelsd' or 'gelss', not {driver!r}")
    rank = matrix_rank(A, rtol=rcond)
    is_full = A.shape[-2] > A.shape[-1] and bool((rank == A.shape[-1]).all())
    nothing = make_tensor(np.zeros(0, A.dtype))
    residuals = sum((matmul(A, solution) - B) ** 2, -2) if is_full and driver != "gelsy" else nothing
    if driver == "gels":
        rank = nothing.to(np.int64)
    return LeastSquares(solution, residuals, rank, nothing if driver in ("gels", "gelsy") else svdvals(A))


@public(namespace="linalg", numpy=(np.linalg.matrix_power,))
def matrix_power(A: Tensor, n: int) -> Tensor:
    """A · A · … · A, n times; for a negative n that of the inverse, for 0 the identity.

    >>> tg.linalg.matrix_power(tg.tensor([[1, 1], [0, 1]]), 5)
    tensor([[1, 5],
            [0, 1]])
    """
    if A.ndim < 2 or A.shape[-1] != A.shape[-2]:
        raise ValueError(f"matrix_power: needs square matrices, got shape {A.shape}")
    if n < 0:
        return matrix_power(inv(A), -n)
    if n == 0:  # of infinite values, too; and the gradient is 0
        return where(make_tensor(np.False_), A, make_tensor(np.eye(A.shape[-1], dtype=A.dtype)))
    if n == 1:
        return A.clone()
    even = matmul(A, A) if n < 4 else matrix_power(matmul(A, A), n // 2)
    return matmul(even, A) if n % 2 else even


# Determinants


@public(namespace="linalg", numpy=(np.linalg.det,))
def det(A: Tensor) -> Tensor:
    """The determinant of a square matrix, which may be singular. Its gradient is the matrix of its cofactors.

    >>> tg.linalg.det(tg.tensor([[2.0, 1.0], [0.0, 4.0]]))
    tensor(8.)
    """
    return matrix_calculus.det(A)


class SignAndLog(NamedTuple):
    """A determinant as sign · exp(logabsdet)."""

    sign: Tensor
    logabsdet: Tensor


@public(namespace="linalg", numpy=(np.linalg.slogdet,))
def slogdet(A: Tensor) -> SignAndLog:
    """The sign of the determinant and the logarithm of its size, which neither overflows nor vanishes.

    Of a singular matrix they are 0 and -∞, and the gradient is not finite.

    >>> tg.linalg.slogdet(tg.tensor([[0.0, 1.0], [2.0, 0.0]]))
    SignAndLog(sign=tensor(-1.), logabsdet=tensor(0.6931))
    """
    return SignAndLog(*matrix_calculus.slogdet(A))


# Decompositions


@public(namespace="linalg", numpy=(np.linalg.cholesky,))
def cholesky(A: Tensor, *, upper: bool = False) -> Tensor:
    """The lower triangular L, with a positive diagonal, for which A = L · Lᵀ; or Lᵀ, the ``upper``. A is symmetric.

    >>> tg.linalg.cholesky(tg.tensor([[4.0, 2.0], [2.0, 2.0]]))
    tensor([[2., 0.],
            [1., 1.]])
    """
    factor = matrix_calculus.cholesky(A)
    return factor.mT if upper else factor


class QR(NamedTuple):
    """An orthogonal and an upper triangular matrix."""

    Q: Tensor
    R: Tensor


@public(namespace="linalg", numpy=(np.linalg.qr,))
def qr(A: Tensor, mode: str = "reduced") -> QR:
    """Q with orthonormal columns and an upper triangular R, for which A = Q · R.

    ``mode`` "r" leaves Q empty; "complete" makes it square, and has no gradient if A has more rows than columns.

    >>> [part.shape for part in tg.linalg.qr(tg.ones(4, 2))]
    [(4, 2), (2, 2)]
    """
    rows, columns = A.shape[-2:]
    if mode == "complete" and rows > columns:
        if A.requires_grad:
            raise RuntimeError("qr: the complete mode has no gradient for more rows than columns; use 'reduced'")
        return QR(*matrix_calculus.complete_qr(A))
    if mode not in ("reduced", "complete", "r"):
        raise ValueError(f"qr: mode must be 'reduced', 'complete' or 'r', not {mode!r}")
    # Of a wide matrix only the first columns are decomposed; the others follow from them.
    q, r = matrix_calculus.qr(A[..., :rows])
    if columns > rows:
        r = cat([r, matmul(q.mT, A[..., rows:])], -1)
    return QR(make_tensor(np.zeros(0, A.dtype)) if mode == "r" else q, r)


class SVD(NamedTuple):
    """Left singular vectors as columns, singular values, right singular vectors as rows."""

    U: Tensor
    S: Tensor
    Vh: Tensor


@public(namespace="linalg", numpy=(np.linalg.svd,))
def svd(A: Tensor, full_matrices: bool = True) -> SVD:
    """U and Vh with orthonormal columns and rows, and S descending, for which A = U · diag(S) · Vh.

    With ``full_matrices`` U and Vh are square; the columns or rows that this adds count as constant.

    >>> [part.shape for part in tg.linalg.svd(tg.ones(4, 2), full_matrices=False)]
    [(4, 2), (2,), (2, 2)]
    """
    u, s, vh = matrix_calculus.svd(A)
    if full_matrices and A.shape[-2] > A.shape[-1]:
        u = cat([u, matrix_calculus.complement(u)], -1)
    elif full_matrices and A.shape[-2] < A.shape[-1]:
        vh = cat([vh, matrix_calculus.complement(vh.mT).mT], -2)
    return SVD(u, s, vh)


@public(namespace="linalg", numpy=(np.linalg.svdvals,))
def svdvals(A: Tensor) -> Tensor:
    """The singular values, descending.

    >>> tg.linalg.svdvals(tg.tensor([[0.0, 2.0], [1.0, 0.0]]))
    tensor([2., 1.])
    """
    return svd(A, full_matrices=False).S


class Eigen(NamedTuple):
    """Eigenvalues, ascending, and the eigenvectors as columns."""

    eigenvalues: Tensor
    eigenvectors: Tensor


@public(namespace="linalg", numpy=(np.linalg.eigh,))
def eigh(A: Tensor, UPLO: str = "L") -> Eigen:
    """The eigenvalues and eigenvectors of a symmetric matrix, of which only the lower ("L") or upper triangle is read.

    >>> tg.linalg.eigh(tg.tensor([[2.0, 0.0], [0.0, 1.0]])).eigenvalues
    tensor([1., 2.])
    """
    values, vectors = matrix_calculus.eigh(A, lower=UPLO.upper() == "L")
    return Eigen(values, vectors)


@public(namespace="linalg", numpy=(np.linalg.eigvalsh,))
def eigvalsh(A: Tensor, UPLO: str = "L") -> Tensor:
    """The eigenvalues of `eigh`.

    >>> tg.linalg.eigvalsh(tg.tensor([[2.0, 0.0], [0.0, 1.0]]))
    tensor([1., 2.])
    """
    return eigh(A, UPLO).eigenvalues


# Sizes


@public(namespace="linalg")
def matrix_norm(A: Tensor, ord: Any = "fro", dim: Sequence[int] = (-2, -1), keepdim: bool = False) -> Tensor:
    """The size of a matrix: "fro", the root of the sum of squares; "nuc", the sum of the singular values; 2 or -2, the
    largest or smallest of them; 1 or -1, the largest or smallest sum of |values| in a column; inf or -inf, in a row.

    >>> tg.linalg.matrix_norm(tg.tensor([[1.0, 2.0], [3.0, 4.0]]), 1)
    tensor(6.)
    """
    rows, columns = (checked_dim(one, A.ndim, "matrix_norm") for one in dim)
    if ord == "fro":
        return vector_norm(A, 2, (rows, columns), keepdim)
    m = A.movedim((rows, columns), (-2, -1))
    if ord not in ("nuc", 1, -1, 2, -2, inf, -inf):
        raise ValueError(f"matrix_norm: ord must be 'fro', 'nuc', 1, -1, 2, -2, inf or -inf, not {ord!r}")
    if 0 in m.shape[-2:]:
        size = sum(m, (-2, -1))
    elif ord == "nuc":
        size = sum(svdvals(m), -1)
    else:
        sizes = svdvals(m) if abs(ord) == 2 else sum(abs(m), -2 if abs(ord) == 1 else -1)
        size = (amax if ord > 0 else amin)(sizes, -1)
    return size.reshape([1 if i in (rows, columns) else n for i, n in enumerate(A.shape)]) if keepdim else size


@public(namespace="linalg")
def norm(A: Tensor, ord: Any = None, dim: int | Sequence[int] | None = None, keepdim: bool = False) -> Tensor:
    """`vector_norm` over one dimension or, without ``ord``, over any; `matrix_norm` over two.

    >>> tg.linalg.norm(tg.tensor([[3.0, 0.0], [0.0, 4.0]]))
    tensor(5.)
    """
    is_matrix = (A.ndim == 2 if dim is None else not isinstance(dim, int) and len(dim) == 2) and ord is not None
    if is_matrix:
        return matrix_norm(A, ord, (-2, -1) if dim is None or isinstance(dim, int) else dim, keepdim)
    return vector_norm(A, 2 if ord is None else ord, dim, keepdim)


@public(namespace="linalg", numpy=(np.linalg.matrix_rank,))
def matrix_rank(A: Tensor, tol: Any = None, hermitian: bool = False, *, atol: Any = None, rtol: Any = None) -> Tensor:
    """The number of singular values that exceed both ``atol``, also called ``tol``, and ``rtol`` times the largest.

    Both are numbers, or tensors with one for each matrix. If ``atol`` is not given or 0, ``rtol`` is by default what
    rounding leaves. A ``hermitian`` matrix is symmetric, and its eigenvalues are taken instead, which is faster.

    >>> tg.linalg.matrix_rank(tg.tensor([[1.0, 2.0], [2.0, 4.0]]))
    tensor(1)
    """
    atol = tol if atol is None else atol
    if not A.numel():
        return make_tensor(np.zeros(A.shape[:-2], np.int64))
    values = abs(eigvalsh(A.detach())) if hermitian else svdvals(A.detach())
    if rtol is None:
        rounding = max(A.shape[-2:]) * float(np.finfo(A.dtype).eps)
        rtol = rounding if atol is None else where(as_tensor(atol) > 0, 0.0, rounding)
    smallest = maximum(amax(values, -1) * rtol, as_tensor(0.0 if atol is None else atol))
    return count_nonzero(values > smallest.unsqueeze(-1), -1)


@public(namespace="linalg", numpy=(np.linalg.cond,))
def cond(A: Tensor, p: Any = None) -> Tensor:
    """The condition number: the norm of A times that of its inverse; without ``p``, of the singular values.

    Of a singular matrix it is ∞ (or as large as rounding leaves it, where it is computed of singular values); for a
    matrix without values it is 0.

    >>> tg.linalg.cond(tg.tensor([[4.0, 0.0], [0.0, 1.0]]))
    tensor(4.)
    """
    if not A.numel():
        return sum(A, (-2, -1))
    if p in (None, 2, -2, "nuc"):
        values = svdvals(A)
        if p == "nuc":
            return sum(values, -1) * sum(1 / values, -1)
        return values[..., -1] / values[..., 0] if p == -2 else values[..., 0] / values[..., -1]
    size = matrix_norm(A, p) * matrix_norm(matrix_calculus.inv_or_infinite(A), p)
    return where(slogdet(A).sign == 0, inf, size)


@public(namespace="linalg")
def diagonal(A: Tensor, *, offset: int = 0, dim1: int = -2, dim2: int = -1) -> Tensor:
    """A view of the diagonal of each matrix: as `tg.diagonal`, but by default of the last two dimensions.

    >>> tg.linalg.diagonal(tg.ones(5, 2, 3)).shape
    (5, 2)
    """
    dims = checked_dims((dim1, dim2), A.ndim, "diagonal")
    return _diagonal(A, offset=offset, dim1=dims[0], dim2=dims[1])


@public(namespace="linalg")
def vecdot(x: Tensor, y: Tensor, *, dim: int = -1) -> Tensor:
    """The sums of products of two tensors along ``dim``.

    >>> tg.linalg.vecdot(tg.tensor([[1, 2], [3, 4]]), tg.tensor([1, 1]))
    tensor([3, 7])
    """
    return sum(x * y, dim)


# The names that they also have outside of linalg


@public
def logdet(input: Tensor) -> Tensor:
    """The logarithm of the determinant; NaN if that is negative.

    >>> tg.logdet(tg.tensor([[2.0, 0.0], [0.0, 3.0]]))
    tensor(1.7918)
    """
    sign, size = slogdet(input)
    return where(sign < 0, nan, size)


for _function in (det, slogdet, matrix_power, cholesky):
    public(_function)
public(inv, aliases=("inverse",))
public(pinv, aliases=("pinverse",))
