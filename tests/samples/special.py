"""Special functions."""

from __future__ import annotations

import numpy as np

from tests.samples.sample import array, between, binary, more, normal, positive, unary, unit

unary("sigmoid", "special.expit(x)")
unary("erf", "special.erf(x)", between(-3, 3))
unary("erfc", "special.erfc(x)", between(-3, 3))
unary("erfinv", "special.erfinv(x)", unit)
unary("lgamma", "special.gammaln(x)", positive)
unary("digamma", "special.digamma(x)", positive)
unary("sinc", "np.sinc(x)")
unary("logit", "special.logit(x)", unit, "T.logit(x, eps=0.2)")
binary("xlogy", "special.xlogy(x, y)", normal, positive, "T.xlogy(x, 2.0)", "T.xlogy(2.0, y + 2)")
more(
    "polygamma",
    "T.polygamma(1, x) -> special.polygamma(1, x)",
    "T.polygamma(2, x)",
    "T.polygamma(0, x)",
    x=array(positive, 3),
)
more("xlogy", "T.xlogy(X, Y) -> special.xlogy(X, Y)", X=np.array([0.0, 0.0, 2.0]), Y=np.array([0.0, 3.0, 0.5]))
more("erf", "T.erf(X) -> special.erf(X)", "T.erfc(X) -> special.erfc(X)", X=np.linspace(-7, 7, 57))
