"""A copy with a part replaced."""

from __future__ import annotations

import numpy as np

from tests.samples.sample import array, more, normal

for x in (array(normal, 3, 4), array(normal, 4, 3).T):
    more(
        "select_scatter",
        "T.select_scatter(x, y, 0, 1)",
        "x.select_scatter(y[:3], -1, -2)",
        x=x,
        y=array(normal, 4, seed=1),
    )
    more(
        "slice_scatter",
        "T.slice_scatter(x, y, 0, 1)",
        "x.slice_scatter(y, start=0, end=2)",
        "T.slice_scatter(x, x[:, :2] * 2, 1, 0, 4, 2)",
        "x.slice_scatter(y, 0, -2)",
        x=x,
        y=array(normal, 2, 4, seed=1),
    )
    more(
        "diagonal_scatter",
        "T.diagonal_scatter(x, y)",
        "x.diagonal_scatter(y[:2], -1)",
        "T.diagonal_scatter(x, y, 1)",
        x=x,
        y=array(normal, 3, seed=1),
    )
    more(
        "put",
        "T.put(x, i, y)",
        "x.put(i, y, accumulate=True)",
        "T.put(x, i - i, y, True)",
        "[c := x * 1, c.put_(i, y), c * c][-1]",
        x=x,
        y=array(normal, 2, 2, seed=1),
        i=np.array([[0, 5], [11, 7]]),
    )
more("fill", "T.fill(x, 2.5)", "T.fill(x, y)", "T.fill(x, 3)", x=array(normal, 2, 3), y=array(normal))
