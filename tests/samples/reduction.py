"""Reductions."""

from __future__ import annotations

import numpy as np

from tests.samples.sample import array, distinct, more, normal, truth

for x in (array(distinct, 2, 3, 4), array(distinct, 4, 3, 2).T, array(distinct, 2, 1, 3)):
    more("sum", "T.sum(x) -> x.sum()", "T.sum(x, dim=1) -> x.sum(1)", "x.sum((0, -1), keepdim=True)", "x.sum(-1)", x=x)
    more("mean", "T.mean(x) -> x.mean()", "x.mean(dim=(0, 2)) -> x.mean((0, 2))", "x.mean(1, keepdim=True)", x=x)
    more(
        "var",
        "T.var(x) -> x.var(ddof=1)",
        "x.var(dim=2, correction=0) -> x.var(2)",
        "x.var((0, 2), keepdim=True)",
        "x.var(1, False) -> x.var(1)",
        "T.var(x, dim=2, unbiased=True) -> x.var(2, ddof=1)",
        x=x,
    )
    more(
        "std",
        "T.std(x) -> x.std(ddof=1)",
        "x.std(dim=2, correction=0) -> x.std(2)",
        "x.std((0, 2), keepdim=True)",
        "x.std(1, False) -> x.std(1)",
        "T.std(x, 1, False, True) -> x.std(1, keepdims=True)",
        x=x,
    )
    more("amax", "T.amax(x, dim=1) -> x.max(1)", "x.amax((0, 2), keepdim=True)", "T.amax(x) -> x.max()", x=x)
    more("amin", "T.amin(x, dim=1) -> x.min(1)", "x.amin((0, 2), keepdim=True)", "T.amin(x) -> x.min()", x=x)
    more("max", "T.max(x) -> x.max()", "T.max(x, dim=1)", "x.max(-1, keepdim=True).values", "T.max(x, x.mean())", x=x)
    more("min", "T.min(x) -> x.min()", "T.min(x, dim=1)", "x.min(-1, keepdim=True).values", "T.min(x, x.mean())", x=x)
    more("argmax", "T.argmax(x) -> x.argmax()", "x.argmax(1) -> x.argmax(1)", "x.argmax(dim=-1, keepdim=True)", x=x)
    more("argmin", "T.argmin(x) -> x.argmin()", "x.argmin(1) -> x.argmin(1)", "x.argmin(dim=-1, keepdim=True)", x=x)
    more("logsumexp", "T.logsumexp(x, dim=1) -> special.logsumexp(x, 1)", "x.logsumexp((0, 2), keepdim=True)", x=x)
more(
    "all",
    "T.all(m)",
    "m.all(1)",
    "T.all(m, dim=0, keepdim=True)",
    "(x > 0).all()",
    m=array(truth, 2, 3),
    x=array(normal),
)
more(
    "any",
    "T.any(m)",
    "m.any(1)",
    "T.any(m, dim=0, keepdim=True)",
    "(x > 0).any()",
    m=array(truth, 2, 3),
    x=array(normal),
)
for x in (array(normal, 0, 3), array(normal)):
    more("sum", "T.sum(x)", "T.sum(x, 0)", "x.sum(-1, keepdim=True)", x=x)
more("mean", "T.mean(x)", "T.mean(x, 0)", x=array(normal))
more("amax", "T.amax(x, 0)", "T.max(x)", "T.max(x, 0).values", x=array(normal))

for x in (array(normal, 2, 3, 2), array(normal, 2, 3, 2).T, np.where(array(truth, 2, 3), array(normal, 2, 3), 0)):
    more("prod", "T.prod(x) -> x.prod()", "T.prod(x, dim=1) -> x.prod(1)", "x.prod(-1, keepdim=True)", x=x)
    more("count_nonzero", "T.count_nonzero(x)", "x.count_nonzero(dim=1)", x=x)
for x in (array(distinct, 2, 3, 4), array(distinct, 4, 3, 2).T):
    more(
        "var_mean", "T.var_mean(x)", "T.var_mean(x, 0, False)", "T.var_mean(x, dim=0, correction=0, keepdim=True)", x=x
    )
    more("std_mean", "T.std_mean(x)", "T.std_mean(x, dim=0, correction=0, keepdim=True)", x=x)
    more("aminmax", "T.aminmax(x)", "T.aminmax(x, dim=1, keepdim=True)", x=x)
x = np.array([[1.0, np.nan, 3.0], [4.0, 5.0, 6.0]])
more("nansum", "T.nansum(X) -> np.nansum(X)", "X.nansum(1) -> np.nansum(X, 1)", X=x)
more("nanmean", "T.nanmean(X) -> np.nanmean(X)", "X.nanmean(dim=0, keepdim=True)", X=x)
more("nansum", "T.nansum(x)", "T.nanmean(x, 1)", x=array(normal, 2, 3))
more(
    "sum",
    "i.sum()",
    "i.prod()",
    "(i > 1).sum()",
    "i.cumsum(0)",
    "i.amax()",
    "i.any()",
    "i.sum(dtype=T.float32)",
    i=np.array([1, 2, 3], np.int32),
)
for x in (array(normal, 2, 3, 4), array(normal, 4, 3, 2).T):
    more(
        "sum", "x.sum_to_size(3, 4)", "x.sum_to_size((2, 1, 4))", "x.sum_to_size(1)", "x.sum_to_size(2, 3, 4) * 2", x=x
    )
more(
    "var", "x.var(unbiased=False)", "x.var(1, False)", "T.var(x, False)", "x.var(0, True, True)", x=array(normal, 2, 3)
)
more("std", "x.std(1, unbiased=False, keepdim=True)", "T.std_mean(x, 0, False)", "x.std(False)", x=array(normal, 2, 3))
