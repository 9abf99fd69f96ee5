"""Medians and quantiles of the values that are not NaN."""

from __future__ import annotations

import numpy as np

from tests.samples.sample import array, distinct, more

for x in (array(distinct, 3, 4), array(distinct, 5, 3).T):
    more("nanmedian", "T.nanmedian(x)", "T.nanmedian(x, dim=1)", "x.nanmedian(0, keepdim=True)", x=x)
    more(
        "nanquantile",
        "T.nanquantile(x, 0.3) -> np.nanquantile(x, 0.3)",
        "T.nanquantile(x, 0.3, dim=1)",
        "x.nanquantile(Q, 0, keepdim=True)",
        x=x,
        Q=np.array([0.0, 0.45, 1.0]),
    )
X = np.array([[1.0, np.nan, 3.0, 2.0], [np.nan] * 4, [4.0, np.nan, np.nan, 1.5]])
more("nanmedian", "T.nanmedian(X)", "T.nanmedian(X, 1).values", "T.nanmedian(X[:, 1])", "T.nanmedian(X[0, 0], 0)", X=X)
more(
    "nanquantile",
    *(
        f"T.nanquantile(X, 0.4, 1, interpolation='{how}')"
        for how in ("linear", "lower", "higher", "nearest", "midpoint")
    ),
    "T.nanquantile(X, 0.5)",
    "T.quantile(X, 0.5, 0)",
    X=X,
)
