"""Running sums, products and extremes."""

from __future__ import annotations

import numpy as np

from tests.samples.sample import array, distinct, more, normal

for x in (array(normal, 2, 3, 4), array(normal, 4, 3, 2).T, array(normal, 0, 3)):
    more("cumsum", "T.cumsum(x, dim=1) -> np.cumsum(x, 1)", "x.cumsum(-1) -> np.cumsum(x, -1)", "x.cumsum(0)", x=x)
    more(
        "cumprod", "T.cumprod(x, dim=1) -> np.cumprod(x, 1)", "x.cumprod(-1) -> np.cumprod(x, -1)", "x.cumprod(0)", x=x
    )
more("cumsum", "T.cumsum(x, 0)", "T.cumprod(x, 0)", x=array(normal))
more("cumprod", "T.cumprod(x, 0) -> np.cumprod(x, 0)", x=np.array([2.0, 0.0, 3.0, 0.0, 4.0]))
more("cumprod", "T.cumprod(i, 0)", "T.cumsum(i, 0)", "T.cumsum(i > 1, 0)", i=np.array([1, 2, 3]))
for x in (array(distinct, 2, 3, 4), array(distinct, 4, 3, 2).T):
    more("cummax", "T.cummax(x, dim=1)", "x.cummax(-1).values -> np.maximum.accumulate(x, -1)", "x.cummax(0)", x=x)
    more("cummin", "T.cummin(x, dim=1)", "x.cummin(-1).values -> np.minimum.accumulate(x, -1)", "x.cummin(0)", x=x)
more("cummax", "T.cummax(X, 0)", "T.cummin(X, 0)", X=np.array([1.0, 3.0, 3.0, 2.0, np.nan, 5.0]))
for x in (array(normal, 2, 3, 4), array(normal, 4, 3, 2).T, array(normal, 2, 0, 3)):
    more(
        "logcumsumexp",
        "T.logcumsumexp(x, 1) -> np.logaddexp.accumulate(x, 1)",
        "x.logcumsumexp(dim=-1)",
        "x.logcumsumexp(0)",
        x=x,
    )
more("logcumsumexp", "T.logcumsumexp(x, 0)", x=array(normal))
more("logcumsumexp", "T.logcumsumexp(X, 0)", X=np.array([-np.inf, 1.0, 1000.0, -2.0]))
more("cumsum", "[c := x * 1, c.cumsum_(1), c * c][-1]", "[c := x * 1, c.cumprod_(0), c * c][-1]", x=array(normal, 2, 3))
