"""Questions about a tensor or a dtype."""

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
more(
    "is_floating_point",
    "T.is_floating_point(x)",
    "x.is_floating_point()",
    "i.is_floating_point()",
    x=array(normal, 2),
    i=np.array([1]),
)
more(
    "is_tensor",
    "T.is_tensor(x)",
    "T.is_tensor(2)",
    "x.stride()",
    "x.stride(0)",
    "x.is_contiguous()",
    "x.element_size()",
    x=array(normal, 2, 3),
)
