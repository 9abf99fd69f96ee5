"""Differences, areas, and how variables vary together."""

from __future__ import annotations

from tests.samples.sample import array, more, normal

for x in (array(normal, 3, 4), array(normal, 4, 3).T):
    more(
        "diff", "T.diff(x) -> np.diff(x)", "x.diff(2, 0) -> np.diff(x, 2, 0)", "x.diff(1, 1, x[:, :1], x[:, -1:])", x=x
    )
    more("trapezoid", "T.trapezoid(x) -> np.trapezoid(x)", "T.trapezoid(x, dim=0)", "T.trapezoid(x, dx=0.5)", x=x)
    more("trapezoid", "T.trapezoid(x, x.cumsum(1))", "T.trapz(x, x[0])", x=x)
    more("cov", "T.cov(x) -> np.cov(x)", "x.cov(correction=0)", "T.cov(x[0])", x=x)
    more("corrcoef", "T.corrcoef(x) * x[:, :1] -> np.corrcoef(x) * x[:, :1]", x=x)
