"""Matrices inverted, solved and decomposed: the primitives behind `linalg`.

The rules are matrix calculus as in Giles (2008, "An extended collection of matrix derivative results") and, for the
singular value decomposition, Townsend (2016, "Differentiating the singular value decomposition"). ``m.mT`` is m with
its last two dimensions exchanged. Where a rule divides by differences of singular values or eigenvalues, equal ones
count as having no influence on each other.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from tinygrad_scratch.ops.math.elementwise import in_floating_dtype
from tinygrad_scratch.record.operation import Operation, primitive


def square_matrices(arrays: list[Any]) -> list[Any]:
    """The arrays, of which the first holds square matrices; ValueError if it does not."""
    shape = arrays[0].shape
    if len(shape) < 2 or shape[-1] != shape[-2]:
        raise ValueError(f"needs square matrices, got shape {shape}")
    return arrays


inv = primitive(lambda x: np.linalg.inv(x), name="inv", prepare=square_matrices, x=lambda g, y: -(y.mT @ g @ y.mT))
solve: Operation = primitive(
    lambda a, b: np.linalg.solve(a, b),
    name="solve",
    prepare=square_matrices,
    a=lambda g, a, y: -(solve(a.mT, g) @ y.mT),
    b=lambda g, a: solve(a.mT, g),
)
solve_triangular: Operation = primitive(
    lambda a, b, *, upper, unitriangular: _substitution(a, b, upper, unitriangular),
    name="solve_triangular",
    prepare=lambda arrays: in_floating_dtype(square_matrices(arrays)),
    a=lambda g, a, y, upper, unitriangular: _triangle_gradient(g, a, y, upper, unitriangular),
    b=lambda g, a, upper, unitriangular: solve_triangular(a.mT, g, upper=not upper, unitriangular=unitriangular),
)
det: Operation = primitive(
    lambda x: np.linalg.det(x),
    name="det",
    prepare=square_matrices,
    x=lambda g, x: g[..., None, None] * cofactors(x),
)
cofactors: Operation = primitive(
    lambda x: _cofactors(x), name="cofactors", prepare=square_matrices, x=lambda g, x: cofactors_derivative(g, x)
)
cofactors_derivative: Operation = primitive(
    lambda direction, x: _cofactors_derivative(direction, x),
    name="cofactors_derivative",
    direction=lambda g, x: cofactors_derivative(g, x),
    x=lambda g, direction, x, y: _third_derivative(g, direction, x, y),
)
slogdet = primitive(
    lambda x: tuple(np.linalg.slogdet(x)),
    name="slogdet",
    is_multiple=True,
    prepare=square_matrices,
    x=lambda g, x: g[1][..., None, None] * inv_or_infinite(x).mT,
)
inv_or_infinite: Operation = primitive(
    lambda x: _inv_or_infinite(x), name="inv_or_infinite", prepare=square_matrices, x=lambda g, y: -(y.mT @ g @ y.mT)
)
cholesky = primitive(
    lambda x: np.linalg.cholesky(x), name="cholesky", prepare=square_matrices, x=lambda g, y: _cholesky_gradient(g, y)
)
eigh = primitive(
    lambda x, *, lower: tuple(np.linalg.eigh(x, "L" if lower else "U")),
    name="eigh",
    is_multiple=True,
    prepare=square_matrices,
    x=lambda g, y: _eigh_gradient(*g, *y),
)
svd = primitive(
    lambda x: tuple(np.linalg.svd(x, full_matrices=False)),
    name="svd",
    is_multiple=True,
    x=lambda g, y: _svd_gradient(*g, *y),
)
complement = primitive(lambda x: np.linalg.qr(x, "complete")[0][..., x.shape[-1] :], name="complement")
qr = primitive(lambda x: tuple(np.linalg.qr(x)), name="qr", is_multiple=True, x=lambda g, y: _qr_gradient(*g, *y))
complete_qr = primitive(lambda x: tuple(np.linalg.qr(x, "complete")), name="complete_qr", is_multiple=True)
pinv = primitive(
    lambda x, *, rcond, hermitian: np.linalg.pinv(x, rcond, hermitian),
    name="pinv",
    x=lambda g, x, y: _pinv_gradient(g, x, y),
)


def _substitution(a: Any, b: Any, upper: bool, unitriangular: bool) -> Any:
    """The x for which a · x = b, row by row; not finite where a 0 on the diagonal leaves none."""
    count = a.shape[-1]
    if a.shape[-2:] != (count, count) or b.shape[-2:-1] != (count,):
        raise ValueError(f"shape {a.shape} of A needs {count} rows of B, which has shape {b.shape}")
    x = np.empty((*np.broadcast_shapes(a.shape[:-2], b.shape[:-2]), *b.shape[-2:]), b.dtype)
    for i in reversed(range(count)) if upper else range(count):
        known = slice(i + 1, count) if upper else slice(i)
        rest = b[..., i, :] - (a[..., i, None, known] @ x[..., known, :])[..., 0, :]
        x[..., i, :] = rest if unitriangular else rest / a[..., i, i, None]
    return x


def _triangle_gradient(g: Any, a: Any, y: Any, upper: bool, unitriangular: bool) -> Any:
    whole = -(solve_triangular(a.mT, g, upper=not upper, unitriangular=unitriangular) @ y.mT)
    return np.triu(whole, int(unitriangular)) if upper else np.tril(whole, -int(unitriangular))


# The gradient of a determinant is the matrix of its cofactors, a polynomial in the values: it exists for singular
# matrices, too. With x = U · diag(s) · Vh it is ±U · diag(Π_{l≠i} s_l) · Vh, since the cofactors of a product are the
# product of the cofactors, and those of an orthogonal matrix are itself times its determinant, 1 or -1.


def _cofactors(x: Any) -> Any:
    orientation, u, s, vh = _oriented_svd(x)
    is_i = np.eye(s.shape[-1], dtype=bool)
    return orientation * (u * _product_without(is_i, s)[..., None, :]) @ vh


def _cofactors_derivative(direction: Any, x: Any) -> Any:
    """How the cofactors of x change along ``direction``."""
    orientation, u, s, vh = _oriented_svd(x)
    h = u.mT @ direction @ vh.mT
    is_i = np.eye(s.shape[-1], dtype=bool)
    products = np.where(is_i, 0, _product_without(is_i[:, None] | is_i, s))
    diagonal = products @ np.diagonal(h, axis1=-2, axis2=-1)[..., None]
    return orientation * (u @ (np.where(is_i, diagonal, 0) - products * h.mT) @ vh)


def _third_derivative(g: Any, direction: Any, x: Any, y: Any) -> Any:
    """The gradient of ⟨g, y⟩ for y = (⟨direction, c⟩ c - c · directionᵀ · c) / det x, where c are the cofactors of x.

    That is what `cofactors_derivative` is if x is regular; for a singular x this is not finite.
    """
    c = cofactors(x)

    def inner(a: Any, b: Any) -> Any:
        return (a * b).sum((-2, -1), keepdims=True)

    of_c = inner(direction, c) * g + inner(g, c) * direction - g @ c.mT @ direction - direction @ c.mT @ g
    return (cofactors_derivative(of_c, x) - inner(g, y) * c) / det(x)[..., None, None]


def _oriented_svd(x: Any) -> tuple[Any, Any, Any, Any]:
    """The determinant of U · Vh, which is 1 or -1, and U, s and Vh. For a matrix that is not finite, s is NaN."""
    is_finite = np.isfinite(x).all((-2, -1))[..., None]
    u, s, vh = np.linalg.svd(np.where(is_finite[..., None], x, 0))
    return np.round(np.linalg.det(u @ vh))[..., None, None], u, np.where(is_finite, s, np.nan), vh


def _product_without(left_out: Any, s: Any) -> Any:
    """Products of the values in s, but for those that each row of ``left_out`` leaves out."""
    return np.where(left_out, 1, s.reshape(s.shape[:-1] + (1,) * (left_out.ndim - 1) + s.shape[-1:])).prod(-1)


def _inv_or_infinite(x: Any) -> Any:
    """The inverse; of a singular matrix, the transposed cofactors divided by 0."""
    is_singular = (np.linalg.slogdet(x)[0] == 0)[..., None, None]
    if not is_singular.any():
        return np.linalg.inv(x)
    regular = np.where(is_singular, np.eye(x.shape[-1], dtype=x.dtype), x)
    return np.where(is_singular, _cofactors(x).mT / np.linalg.det(x)[..., None, None], np.linalg.inv(regular))


def _cholesky_gradient(g: Any, factor: Any) -> Any:
    inverse = inv(factor)
    inner = inverse.mT @ _lower_half(factor.mT @ g) @ inverse
    return (inner + inner.mT) / 2


def _lower_half(m: Any) -> Any:
    """The lower triangle, with half of the diagonal."""
    return (np.tril(m) + np.tril(m, -1)) / 2


def _inverse_differences(values: Any) -> Any:
    """1 / (vⱼ - vᵢ), and 0 where they are equal."""
    difference = values[..., None, :] - values[..., :, None]
    is_equal = difference == 0
    return np.where(is_equal, 0, 1 / np.where(is_equal, 1, difference))


def _eigh_gradient(g_values: Any, g_vectors: Any, values: Any, vectors: Any) -> Any:
    inner = _inverse_differences(values) * (vectors.mT @ g_vectors) + _diagonal_matrix(g_values)
    whole = vectors @ inner @ vectors.mT
    return (whole + whole.mT) / 2


def _svd_gradient(g_u: Any, g_s: Any, g_vh: Any, u: Any, s: Any, vh: Any) -> Any:
    v, g_v = vh.mT, g_vh.mT
    difference = _inverse_differences(s * s)
    inverse = np.where(s == 0, 0, 1 / np.where(s == 0, 1, s))[..., None, :]
    of_u, of_v = u.mT @ g_u, v.mT @ g_v
    inner = (difference * (of_u - of_u.mT)) * s[..., None, :] + s[..., :, None] * (difference * (of_v - of_v.mT))
    left, right = (g_u - u @ of_u) * inverse, (g_v - v @ of_v) * inverse
    return u @ (inner + _diagonal_matrix(g_s)) @ vh + left @ vh + u @ right.mT


def _qr_gradient(g_q: Any, g_r: Any, q: Any, r: Any) -> Any:
    m = r @ g_r.mT - g_q.mT @ q
    symmetric = np.tril(m) + np.tril(m, -1).mT
    return solve_triangular(r, (g_q + q @ symmetric).mT, upper=True, unitriangular=False).mT


def _pinv_gradient(g: Any, x: Any, y: Any) -> Any:
    outside_columns = g.mT - x @ (y @ g.mT)
    outside_rows = g.mT - (g.mT @ y) @ x
    return outside_columns @ y @ y.mT + y.mT @ y @ outside_rows - y.mT @ g @ y.mT


def _diagonal_matrix(values: Any) -> Any:
    return values[..., None] * np.eye(values.shape[-1], dtype=values.dtype)
