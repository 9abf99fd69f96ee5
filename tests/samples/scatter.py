"""Picking and putting along one dimension, or where a mask says."""

from __future__ import annotations

import numpy as np

from tests.samples.sample import array, more, normal, truth

more(
    "scatter",
    "T.scatter(x, 1, i, y)",
    "x.scatter(0, i % 2, y)",
    "x.scatter(1, i, 1.5)",
    "x.scatter(-1, i[:1, :2], y)",
    x=array(normal, 2, 4),
    y=array(normal, 2, 3, seed=1),
    i=np.array([[0, 2, 3], [1, 3, 0]]),
)
more(
    "scatter_add",
    "T.scatter_add(x, 1, i, y)",
    "x.scatter_add(0, i % 2, y)",
    "x.scatter_add(-1, i[:1, :2], y)",
    x=array(normal, 2, 4),
    y=array(normal, 2, 3, seed=1),
    i=np.array([[0, 2, 2], [1, 1, 1]]),
)
more(
    "index_select",
    "T.index_select(x, 1, i) -> x[:, i]",
    "x.index_select(0, i % 2)",
    "T.index_add(x, 1, i, y)",
    "x.index_add(1, i, y, alpha=2)",
    "T.index_copy(x, 1, i[:2], y[:, :2])",
    "T.index_fill(x, 1, i, 2.5)",
    "x.index_fill(0, i[1:2], -1.0)",
    "T.take(x, i) -> x.ravel()[i]",
    "x.take(T.stack([i, i + 1]))",
    x=array(normal, 2, 4),
    y=array(normal, 2, 3, seed=1),
    i=np.array([2, 0, 2]),
)
more(
    "index_add",
    "[c := x * 1, c.index_add_(0, i, y), c * c][-1]",
    x=array(normal, 3),
    y=array(normal, 2),
    i=np.array([1, 1]),
)
more(
    "index_copy",
    "[c := x * 1, c.index_copy_(0, i, y), c * c][-1]",
    x=array(normal, 3),
    y=array(normal, 2),
    i=np.array([2, 1]),
)
more("index_fill", "[c := x * 1, c.index_fill_(0, i, 5.0), c * c][-1]", x=array(normal, 3), i=np.array([2, 1]))
more(
    "take",
    "[c := x * 1, c.scatter_(0, i, y), c.take(i)][-1]",
    x=array(normal, 3),
    y=array(normal, 2),
    i=np.array([2, 1]),
)
more(
    "take_along_dim",
    "T.take_along_dim(x, i, 1) -> np.take_along_axis(x, i, 1)",
    "x.take_along_dim(i[:1], dim=1)",
    "x.take_along_dim(i[0] * 2)",
    x=array(normal, 2, 4),
    i=np.array([[0, 2, 3], [1, 3, 0]]),
)
more(
    "masked_fill",
    "T.masked_fill(x, m, 2.0) -> np.where(m, 2.0, x)",
    "x.masked_fill(m[0], x.sum())",
    "x.masked_fill(x > 0, 0)",
    "T.masked_select(x, m) -> x[m]",
    "x.masked_select(m[0])",
    "x[:, :1].masked_select(m)",
    "[c := x * 1, c.masked_fill_(m, 3.0), c * c][-1]",
    x=array(normal, 2, 3),
    m=array(truth, 2, 3),
)
more("masked_select", "T.masked_select(x, x > 0) * 2", x=array(normal, 2, 3))
more(
    "nonzero",
    "T.nonzero(i)",
    "i.nonzero(as_tuple=True)",
    "T.nonzero(i[0, 0])",
    "T.argwhere(i)",
    i=np.array([[0, 5, 6], [7, 0, 0]]),
)
more("argwhere", "T.argwhere(x > 0)", x=array(normal, 2, 3))

more(
    "index_put",
    "T.index_put(x, [i], y)",
    "T.index_put(x, (i, i + 1), y[:, 0])",
    "T.index_put(x, [i], y, accumulate=True)",
    "x.index_put((i * 0, i + 1), y[:, 0], True)",
    "T.index_put(x, [i], y[0], accumulate=True)",
    "[c := x * 1, c.index_put_([i], y), c * c][-1]",
    x=array(normal, 3, 4),
    y=array(normal, 2, 4, seed=1),
    i=np.array([2, 0]),
)
more(
    "masked_scatter",
    "T.masked_scatter(x, m, y)",
    "x.masked_scatter(m[0], y)",
    x=array(normal, 2, 3),
    y=array(normal, 7),
    m=array(truth, 2, 3),
)
more("scatter", "T.scatter(x, 1, i, value=2.5)", x=array(normal, 2, 4), i=np.array([[0, 2], [1, 3]]))
more(
    "gather",
    "T.gather(x, 0, i)",
    "T.scatter(x, 0, i, y)",
    "T.scatter_add(x, 0, i, y)",
    "T.scatter_reduce(x, 0, i, y, 'mean')",
    x=array(normal),
    y=array(normal, seed=1),
    i=np.array(0),
)
