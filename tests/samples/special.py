"""Special functions."""

from __future__ import annotations

import numpy as np

from tests.samples.sample import (
    SAMPLES,
    Sample,
    array,
    away_from_zero,
    between,
    binary,
    layouts,
    more,
    normal,
    positive,
    unary,
    unit,
)

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
for name, domain in (
    ("i1", normal),
    ("i0e", away_from_zero),
    ("i1e", away_from_zero),
    ("entr", positive),
    ("ndtr", normal),
    ("log_ndtr", normal),
    ("ndtri", unit),
    ("erfcx", normal),
):
    for label, x in layouts(domain):
        SAMPLES.append(Sample(f"special.{name}", f"T.special.{name}(x)", {"x": x}, f"special.{name}(x)", label))
unary("i0", "special.i0(x)")
more("special.entr", "T.special.entr(X)", X=np.array([0.0, -1.0, 2.0, np.nan]))
more("special.log_ndtr", "T.special.log_ndtr(X)", "T.special.ndtr(X)", X=np.array([-30.0, -5.0, 0.0, 5.0, 30.0]))
more("special.i1", "T.special.i1(x)", "T.special.i0e(X)", x=np.array([0.0, 0.5, -2.0]), X=np.array([0.0, 90.0]))
more(
    "special.xlog1py",
    "T.special.xlog1py(x, y)",
    "T.special.xlog1py(X, Y)",
    x=array(normal, 2, 3),
    y=array(positive, 3),
    X=np.array([0.0, 0.0, 2.0]),
    Y=np.array([-1.0, 3.0, 0.5]),
)
more("mvlgamma", "T.mvlgamma(x, 2)", "x.mvlgamma(p=1)", "T.mvlgamma(x + 1, 4)", x=array(positive, 2, 3) + 0.5)
