"""Questions answered without looking at values."""

from __future__ import annotations

import numpy as np

from tests.samples.sample import array, more, normal

for X in (array(normal, 2, 3), np.array([1, 2]), np.array([True]), np.array([1, 2], np.uint8)):
    more("is_signed", "T.is_signed(X)", "X.is_signed()", X=X)
    more("is_complex", "T.is_complex(X)", "X.is_complex()", X=X)
    more("is_same_size", "T.is_same_size(X, X)", "X.is_same_size(X[:1])", "X.is_same_size(X[0])", X=X)
    more("is_nonzero", "T.is_nonzero(X[:1].max())", "(X[:1, ..., None] * 0).max().is_nonzero()", X=X)
    more(
        "is_signed",
        "X.nelement()",
        "X.ndimension()",
        "X.nbytes",
        "X.itemsize",
        "X.is_cuda",
        "X.is_cpu",
        "X.is_sparse",
        X=X,
    )
