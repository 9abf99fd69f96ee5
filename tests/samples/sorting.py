"""Order."""

from __future__ import annotations

import numpy as np

from tests.samples.sample import array, distinct, more, normal

for x in (array(distinct, 2, 3, 4), array(distinct, 4, 3, 2).T, array(distinct, 1, 3, 2)):
    more("sort", "T.sort(x)", "x.sort(0)", "x.sort(dim=1, descending=True)", "x.sort(-1).values -> np.sort(x, -1)", x=x)
    more("argsort", "T.argsort(x) -> np.argsort(x)", "x.argsort(dim=1)", "x.argsort(0, descending=True)", x=x)
    more("msort", "T.msort(x) -> np.sort(x, 0)", x=x)
    more("topk", "T.topk(x, 2)", "x.topk(1, 0)", "x.topk(3, dim=1, largest=False)", x=x)
    more("kthvalue", "T.kthvalue(x, 2)", "x.kthvalue(1, 0, keepdim=True)", "x.kthvalue(3, dim=1).values", x=x)
    more("median", "T.median(x)", "T.median(x, dim=1)", "x.median(-1, keepdim=True).values", "x.median(0)", x=x)
    more("mode", "T.mode(x)", "x.mode(0)", "x.mode(1, keepdim=True).values", x=x)
    more(
        "quantile",
        "T.quantile(x, 0.3) -> np.quantile(x, 0.3)",
        "T.quantile(x, 0.3, dim=1) -> np.quantile(x, 0.3, 1)",
        "x.quantile(0.6, -1, keepdim=True)",
        "x.quantile(1.0, 0)",
        "T.quantile(x, 0.3, 1, interpolation='lower')",
        "T.quantile(x, 0.3, 1, interpolation='higher')",
        "T.quantile(x, 0.3, 1, interpolation='nearest')",
        "T.quantile(x, 0.3, 1, interpolation='midpoint')",
        x=x,
    )
more(
    "quantile",
    "T.quantile(x, Q)",
    "T.quantile(x, Q, dim=0, keepdim=True)",
    x=array(distinct, 4, 3),
    Q=np.array([0.1, 0.5, 1.0]),
)
more(
    "quantile",
    "T.quantile(x, q)",
    "T.quantile(x, q, dim=1, keepdim=True)",
    x=array(distinct, 4, 3),
    q=np.array([0.2, 0.55]),
)
nan = np.array([2.0, np.nan, 1.0, 2.0])
more(
    "sort",
    "T.sort(X, stable=True)",
    "T.sort(X, stable=True, descending=True)",
    "T.median(X)",
    "T.quantile(X, 0.5)",
    X=nan,
)
more("mode", "T.mode(i)", "T.mode(i, 0)", i=np.array([[1, 2, 2], [3, 3, 1], [1, 2, 2]]))
more("sort", "T.sort(x)", "T.topk(x, 1)", "T.kthvalue(x, 1)", "T.median(x, 0)", "T.mode(x)", x=array(normal))
more(
    "unique",
    "T.unique(i)",
    "T.unique(i, return_inverse=True, return_counts=True)",
    "i.unique(dim=0)",
    "T.unique(i, dim=1, return_counts=True)",
    i=np.array([[3, 1, 3], [1, 2, 1], [3, 1, 3]]),
)
more(
    "unique_consecutive",
    "T.unique_consecutive(i)",
    "T.unique_consecutive(i, return_inverse=True, return_counts=True)",
    i=np.array([1, 1, 2, 2, 1, 3]),
)
more(
    "searchsorted",
    "T.searchsorted(S, X) -> np.searchsorted(S, X)",
    "T.searchsorted(S, X, right=True)",
    "T.searchsorted(T.stack([S, S * 2]), X)",
    "T.bucketize(X, S)",
    S=np.array([1.0, 3.0, 5.0]),
    X=np.array([[3.0, 4.0], [0.0, 5.0]]),
)
more("bucketize", "T.bucketize(X, S, right=True)", S=np.array([1.0, 3.0]), X=np.array([3.0, 0.0]))
more(
    "bincount",
    "T.bincount(i)",
    "i.bincount(minlength=5)",
    "T.bincount(i, W)",
    i=np.array([0, 2, 2]),
    W=array(normal, 3),
)
more(
    "isin",
    "T.isin(i, j)",
    "T.isin(i, j, invert=True)",
    "T.isin(i, 2)",
    i=np.array([[1, 2], [3, 4]]),
    j=np.array([2, 4]),
)
more("histc", "T.histc(X, bins=4, min=0, max=2)", "T.histc(X, 3)", X=np.array([0.1, 0.5, 1.9, 3.0]))
more(
    "histogram",
    "T.histogram(X, 3)",
    "X.histogram(bins=4, range=(0.0, 2.0))",
    "T.histogram(X, Y)",
    "T.histogram(X, 3, weight=X, density=True)",
    X=np.array([0.1, 0.5, 1.9, 3.0]),
    Y=np.array([0.0, 1.0, 2.5]),
)
