"""Matrices inverted, solved and decomposed: the primitives behind `linalg`.

The rules are matrix calculus as in Giles (2008, "An extended collection of matrix derivative results") and, for the
singular value decomposition, Townsend (2016, "Differentiating the singular value decomposition"). ``m.mT`` is m with
its last two dimensions exchanged. Where a rule divides by differences of singular values or eigenvalues, equal ones
count as having no influence on each other.
"""

from __future__ import annotations

from typing import Any

import numpy as np

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
det = primitive(
    lambda x: np.linalg.det(x),
    name="det",
    prepare=square_matrices,
    x=lambda g, x, y: (g * y)[..., None, None] * inv(x).mT,
)
log_abs_det = primitive(
    lambda x: np.linalg.slogdet(x)[1],
    name="logabsdet",
    prepare=square_matrices,
    x=lambda g, x: g[..., None, None] * inv(x).mT,
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
qr = primitive(lambda x: tuple(np.linalg.qr(x)), name="qr", is_multiple=True, x=lambda g, y: _qr_gradient(*g, *y))
pinv = primitive(
    lambda x, *, rcond, hermitian: np.linalg.pinv(x, rcond, hermitian),
    name="pinv",
    x=lambda g, x, y: _pinv_gradient(g, x, y),
)


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
    return solve(r, (g_q + q @ symmetric).mT).mT


def _pinv_gradient(g: Any, x: Any, y: Any) -> Any:
    outside_columns = g.mT - x @ (y @ g.mT)
    outside_rows = g.mT - (g.mT @ y) @ x
    return outside_columns @ y @ y.mT + y.mT @ y @ outside_rows - y.mT @ g @ y.mT


def _diagonal_matrix(values: Any) -> Any:
    return values[..., None] * np.eye(values.shape[-1], dtype=values.dtype)
