"""Differences, areas, and how variables vary together."""

from __future__ import annotations

import numpy as np

from tests.samples.sample import array, more, normal

for x in (array(normal, 3, 4), array(normal, 4, 3).T):
    more(
        "diff", "T.diff(x) -> np.diff(x)", "x.diff(2, 0) -> np.diff(x, 2, 0)", "x.diff(1, 1, x[:, :1], x[:, -1:])", x=x
    )
    more("trapezoid", "T.trapezoid(x) -> np.trapezoid(x)", "T.trapezoid(x, dim=0)", "T.trapezoid(x, dx=0.5)", x=x)
    more("trapezoid", "T.trapezoid(x, x.cumsum(1))", "T.trapz(x, x[0])", x=x)
    more("cov", "T.cov(x) -> np.cov(x)", "x.cov(correction=0)", "T.cov(x[0])", x=x)
    more("corrcoef", "T.corrcoef(x) * x[:, :1] -> np.corrcoef(x) * x[:, :1]", x=x)
for x in (array(normal, 3, 4), array(normal, 4, 3).T):
    more(
        "cumulative_trapezoid",
        "T.cumulative_trapezoid(x)",
        "T.cumulative_trapezoid(x, dim=0, dx=0.5)",
        "T.cumulative_trapezoid(x, x.cumsum(1))",
        x=x,
    )
    more(
        "gradient",
        "T.gradient(x)",
        "T.gradient(x, spacing=0.5, dim=1)[0] -> np.gradient(x, 0.5, axis=1)",
        "T.gradient(x, dim=(0, -1), spacing=[2.0, 3.0])",
        "T.gradient(x, edge_order=2)",
        "T.gradient(x, spacing=(C,), dim=1)",
        "T.gradient(x, spacing=(C,), dim=-1, edge_order=2)",
        x=x,
        C=np.array([0.0, 1.0, 3.0, 3.5]),
    )
more("gradient", "T.gradient(x)", "T.gradient(x[:2], spacing=2)", x=array(normal, 5))
more(
    "cov",
    "T.cov(x, fweights=N)",
    "T.cov(x, aweights=w)",
    "x.cov(fweights=N, aweights=W, correction=0)",
    x=array(normal, 3, 4),
    N=np.array([1, 2, 3, 1]),
    W=np.array([0.5, 1.0, 2.0, 1.5]),
    w=np.array([0.5, 1.0, 2.0, 1.5]),
)
