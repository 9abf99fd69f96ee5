"""Matrices solved, inverted, decomposed and measured."""

from __future__ import annotations

import numpy as np

from tests.samples.sample import array, more, normal

for shape in ((3, 3), (2, 3, 3)):
    x = array(normal, *shape) + 3 * np.eye(3)
    more("linalg.inv", "T.linalg.inv(x) -> np.linalg.inv(x)", "T.inverse(x)", x=x)
    more("linalg.det", "T.linalg.det(x) -> np.linalg.det(x)", "x.det()", "x.logdet()", x=x)
    more("logdet", "T.logdet(x)", x=x)
    more("linalg.slogdet", "T.linalg.slogdet(x)", "T.slogdet(-x).logabsdet", x=x)
    more(
        "linalg.matrix_power",
        "T.linalg.matrix_power(x, 5)",
        "T.matrix_power(x, -2)",
        "x.matrix_power(1)",
        "x.matrix_power(0)",
        x=x,
    )
    more(
        "linalg.cholesky",
        "T.linalg.cholesky(x @ x.mT)",
        "T.linalg.cholesky(x @ x.mT, upper=True)",
        "(x @ x.mT).cholesky()",
        x=x,
    )
    more(
        "linalg.eigh",
        "T.linalg.eigh(x + x.mT).eigenvalues",
        "T.linalg.eigh(x + x.mT, UPLO='U').eigenvectors.abs()",
        x=x,
    )
    more("linalg.eigvalsh", "T.linalg.eigvalsh(x + x.mT) -> np.linalg.eigvalsh(x + x.mT)", x=x)
    more(
        "linalg.cond",
        "T.linalg.cond(x)",
        "T.linalg.cond(x, 'fro')",
        "T.linalg.cond(x, 1)",
        "T.linalg.cond(x, -2)",
        "T.linalg.cond(x, 'nuc')",
        x=x,
    )
    more(
        "linalg.solve",
        "T.linalg.solve(x, b) -> np.linalg.solve(x, b)",
        "T.linalg.solve(x, b[..., 0])",
        x=x,
        b=array(normal, *shape[:-1], 2),
    )
    more(
        "linalg.solve_triangular",
        "T.linalg.solve_triangular(x, b, upper=True)",
        "T.linalg.solve_triangular(x, b, upper=False, unitriangular=True)",
        "T.linalg.solve_triangular(x, b.mT, upper=True, left=False)",
        x=x,
        b=array(normal, *shape[:-1], 2),
    )
for shape in ((4, 3), (3, 4), (3, 3), (2, 4, 3)):
    x = array(normal, *shape)
    more("linalg.qr", "[p.abs() for p in T.linalg.qr(x)]", "T.linalg.qr(x, mode='r').R.abs()", x=x)
    more("linalg.svd", "[p.abs() for p in T.linalg.svd(x, full_matrices=False)]", "T.linalg.svdvals(x)", x=x)
    more("linalg.svd", "[u := T.linalg.svd(x, full_matrices=False), (u.U * u.S.unsqueeze(-2)) @ u.Vh][-1] -> x", x=x)
    more(
        "linalg.svd",
        "[u := T.linalg.svd(x), u.U[..., : u.S.shape[-1]].abs(), u.Vh[..., : u.S.shape[-1], :].abs()][1:]",
        x=x,
    )
    more("linalg.svdvals", "T.linalg.svdvals(x)", x=x)
    more("linalg.pinv", "T.linalg.pinv(x) -> np.linalg.pinv(x)", "T.pinverse(x)", x=x)
    more(
        "linalg.matrix_norm",
        "T.linalg.matrix_norm(x)",
        "T.linalg.matrix_norm(x, 'nuc')",
        "T.linalg.matrix_norm(x, 2)",
        "T.linalg.matrix_norm(x, -2, keepdim=True)",
        "T.linalg.matrix_norm(x, 1)",
        "T.linalg.matrix_norm(x, float('inf'))",
        "T.linalg.matrix_norm(x, -1, dim=(-1, -2))",
        x=array(normal, *shape),
    )
    more("linalg.norm", "T.linalg.norm(x)", "T.linalg.norm(x, 2, dim=-1)", "T.linalg.norm(x, 'nuc', dim=(-2, -1))", x=x)
    more("linalg.matrix_rank", "T.linalg.matrix_rank(x)", x=x)
more(
    "linalg.lstsq",
    "T.linalg.lstsq(x, b).solution",
    "T.linalg.lstsq(x, b).residuals",
    x=array(normal, 4, 3),
    b=array(normal, 4, 2),
)
more("linalg.pinv", "T.linalg.pinv(x @ x.mT, rtol=1e-6)", x=array(normal, 3, 2))
more(
    "linalg.svd",
    "[p.abs() for p in T.linalg.svd(X)]",
    "[p.abs() for p in T.linalg.qr(X, mode='complete')]",
    X=array(normal, 4, 3),
)
more(
    "linalg.vecdot",
    "T.linalg.vecdot(x, y)",
    "T.linalg.vecdot(x, y, dim=0)",
    x=array(normal, 2, 3),
    y=array(normal, 2, 3),
)
more("linalg.matrix_power", "T.linalg.matrix_power(x, 0)", x=array(normal, 3, 3))
x, y, v, w = array(normal, 3, 4), array(normal, 4, 2), array(normal, 3), array(normal, 2)
more("linalg.multi_dot", "T.linalg.multi_dot([x, y, w])", "T.linalg.multi_dot([v, x, y])", x=x, y=y, v=v, w=w)
more("linalg.multi_dot", "T.linalg.multi_dot([v, x, y, w])", "T.linalg.multi_dot([x, y]) -> x @ y", x=x, y=y, v=v, w=w)
for shape in ((3, 3), (2, 3, 3)):
    x = array(normal, *shape) + 3 * np.eye(3)
    more("linalg.solve", "T.linalg.solve(x, b, left=False)", x=x, b=array(normal, *shape[:-2], 2, 3))
    more("linalg.diagonal", "T.linalg.diagonal(x) * 2", "T.linalg.diagonal(x, offset=1, dim1=-1, dim2=-2) * 2", x=x)
more("linalg.pinv", "T.linalg.pinv(x, 1e-3)", "T.linalg.pinv(x, rcond=1e-3)", x=array(normal, 4, 3))
more(
    "linalg.matrix_rank",
    "T.linalg.matrix_rank(x, tol=1.0)",
    "T.linalg.matrix_rank(x @ x.mT, hermitian=True)",
    x=array(normal, 3, 3),
)
