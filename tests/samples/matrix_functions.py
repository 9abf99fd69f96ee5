"""Exponentials of matrices, factors, and tensors that act as matrices."""

from __future__ import annotations

import numpy as np

from tests.samples.sample import array, more, normal, positive

for shape in ((3, 3), (2, 3, 3)):
    x = array(normal, *shape)
    more("matrix_exp", "T.linalg.matrix_exp(x)", "T.matrix_exp(x * 0.1)", "(x * 4).matrix_exp() * 1e-3", x=x)
    lower = np.tril(x) + 3 * np.eye(3)
    b = array(normal, *shape[:-1], 2, seed=1)
    more("cholesky_solve", "T.cholesky_solve(b, x.tril())", "b.cholesky_solve(x.mT.triu(), upper=True)", x=lower, b=b)
    more("cholesky_inverse", "T.cholesky_inverse(x.tril())", "x.mT.triu().cholesky_inverse(upper=True)", x=lower)
more("matrix_exp", "T.matrix_exp(x)", "T.matrix_exp(x * 0)", x=array(normal, 1, 1))
more("matrix_exp", "T.matrix_exp(x)", x=array(normal, 0, 3, 3))
more("linalg.tensorinv", "T.linalg.tensorinv(x) -> np.linalg.tensorinv(x)", x=array(normal, 2, 3, 6))
more("linalg.tensorinv", "T.linalg.tensorinv(x, ind=1) -> np.linalg.tensorinv(x, 1)", x=array(normal, 6, 2, 3))
more("linalg.tensorsolve", "T.linalg.tensorsolve(x, b)", x=array(normal, 2, 3, 3, 2), b=array(normal, 2, 3))
more("linalg.tensorsolve", "T.linalg.tensorsolve(x, b, dims=(0, 2))", x=array(normal, 3, 6, 2), b=array(normal, 6))
more(
    "linalg.vander",
    "T.linalg.vander(x)",
    "T.linalg.vander(x, N=2)",
    "T.linalg.vander(I, N=4)",
    x=array(positive, 2, 3),
    I=np.array([0, 2, 3]),
)
more(
    "vander",
    "T.vander(x) -> np.vander(x)",
    "T.vander(x, 2, increasing=True)",
    "T.vander(I, 4)",
    x=array(positive, 3),
    I=np.array([0, 2, 3]),
)
more("vander", "T.vander(x, 3, True)", x=np.array([0.0, 2.0]))
for shape in ((4, 3), (3, 3)):
    x = array(normal, *shape)
    more("svd", "[p.abs() for p in T.svd(x)]", "[p.abs() for p in x.svd(some=True)]", x=x)
    more("qr", "[p.abs() for p in T.qr(x)]", "[p.abs() for p in x.qr()]", x=x)
    more("svd", "[p.abs() for p in T.svd(X, some=False)]", "[p.abs() for p in T.qr(X, some=False)]", X=x)
