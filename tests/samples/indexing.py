"""Indexing."""

from __future__ import annotations

import numpy as np

from tests.samples.sample import array, more, normal, truth

more(
    "gather",
    "T.gather(x, 1, i) -> np.take_along_axis(x, i, 1)",
    "x.gather(-1, i[:1, :2])",
    "x.gather(0, i % 2)",
    x=array(normal, 2, 3),
    i=np.array([[0, 2, 2], [1, 1, 0]]),
)
more(
    "__getitem__",
    "x[0] -> x[0]",
    "x[-1, 1:] -> x[-1, 1:]",
    "x[..., 0]",
    "x[:, None, 1]",
    "x[1:, ::2]",
    "x[:0]",
    "x[i] -> x[i]",
    "x[i, i]",
    "x[:, i]",
    "x[i][:, None, 1:]",
    "x[[0, 0, 1]] -> x[[0, 0, 1]]",
    "x[[[0, 1], [1, 1]], [[0], [2]]]",
    "x[m] -> x[m]",
    "x[x > 0] * 2",
    "x[m[:, 0], 1:]",
    "x[i[0], i]",
    "x[0, 0] * x[1, 1]",
    x=array(normal, 2, 3, 2),
    i=np.array([0, 1, 0]),
    m=array(truth, 2, 3),
)
more("one_hot", "T.one_hot(i)", "T.one_hot(i, 5)", "T.one_hot(i[0], num_classes=4)", i=np.array([[0, 2], [1, 1]]))
more("unravel_index", "T.unravel_index(I, (2, 3))", "T.unravel_index(I[0], (6,))", I=np.array([1, 5, 0]))
more(
    "__getitem__",
    "x[0, :, i]",
    "x[:, 1, i]",
    "x[i % 2, :, 0] * 2",
    "x[..., 1, i[:2]]",
    "x[None, 1, ..., i]",
    "x[1, m]",
    "x[:, 0, m[0]]",
    "[c := x * 1, c.__setitem__((0, slice(None), i), y), c * c][-1]",
    "[c := x * 1, c.__setitem__((1, m), 2.0), c * c][-1]",
    x=array(normal, 2, 3, 4),
    y=array(normal, 3, 3, seed=1),
    i=np.array([0, 3, 2]),
    m=np.array([[True, False, True, True], [False, False, True, False], [True, False, False, False]]),
)
