"""Softmax and its kin."""

from __future__ import annotations

from tests.samples.sample import array, more, normal

more(
    "softmax",
    "T.softmax(x, dim=0) -> special.softmax(x, 0)",
    "T.softmax(x, -1) -> special.softmax(x, -1)",
    "T.softmax(x[0, 0, 0], 0)",
    x=array(normal, 2, 3, 2),
)
more(
    "log_softmax",
    "T.log_softmax(x, dim=1) -> special.log_softmax(x, 1)",
    "T.log_softmax(x, -1) -> special.log_softmax(x, -1)",
    x=array(normal, 2, 3, 2),
)
more("softmax", "T.softmax(x, 1)", "T.log_softmax(x, 0)", x=array(normal, 0, 3))
more("softmin", "T.softmin(x, dim=1) -> special.softmax(-x, 1)", x=array(normal, 2, 3))
