"""A product, added to what is there."""

from __future__ import annotations

from tests.samples.sample import array, more, normal

x, y = array(normal, 2, 3), array(normal, 3, 4, seed=1)
a, b = array(normal, 5, 2, 3), array(normal, 5, 3, 4, seed=1)
v, w = array(normal, 3), array(normal, 2)
more(
    "addbmm",
    "T.addbmm(c, a, b) -> c + (a @ b).sum(0)",
    "c.addbmm(a, b, beta=0.5, alpha=2)",
    "[d := c * 1, d.addbmm_(a, b), d * d][-1]",
    a=a,
    b=b,
    c=array(normal, 2, 4, seed=2),
)
more(
    "addr",
    "T.addr(c, w, v) -> c + np.outer(w, v)",
    "c.addr(w, v, beta=0.5, alpha=2)",
    "T.addr(c[0], w, v)",
    "[d := c * 1, d.addr_(w, v), d * d][-1]",
    v=v,
    w=w,
    c=array(normal, 2, 3, seed=2),
)
