"""Linear algebra under PyTorch's names: matrices solved, inverted, decomposed and measured.

>>> import tinygrad_scratch as tg
>>> tg.linalg.norm(tg.tensor([3.0, 4.0]))
tensor(5.)
"""

from typing import TYPE_CHECKING, Any

import numpy as np

from tinygrad_scratch.ops.linalg.matrices import (
    cholesky,
    cond,
    det,
    diagonal,
    eigh,
    eigvalsh,
    inv,
    lstsq,
    matrix_norm,
    matrix_power,
    matrix_rank,
    norm,
    pinv,
    qr,
    slogdet,
    solve,
    solve_triangular,
    svd,
    svdvals,
    vecdot,
)
from tinygrad_scratch.ops.linalg.matrix_functions import matrix_exp, tensorinv, tensorsolve, vander
from tinygrad_scratch.ops.linalg.norm import vector_norm
from tinygrad_scratch.ops.linalg.products import cross, matmul, multi_dot

__all__ = [
    "LinAlgError", "cholesky", "cond", "cross", "det", "diagonal", "eigh", "eigvalsh", "inv", "lstsq", "matmul",
    "matrix_exp", "matrix_norm", "matrix_power", "matrix_rank", "multi_dot", "norm", "pinv", "qr", "slogdet", "solve",
    "solve_triangular", "svd", "svdvals", "tensorinv", "tensorsolve", "vander", "vecdot", "vector_norm",
]  # fmt: skip

LinAlgError = np.linalg.LinAlgError


if not TYPE_CHECKING:  # to whom it would say that linalg has every name

    def __getattr__(name: str) -> Any:
        if name in ("eig", "eigvals"):
            raise AttributeError(
                f"linalg has no {name!r}: its results are complex; for symmetric matrices there is eigh"
            )
        raise AttributeError(f"linalg has no attribute {name!r}")
