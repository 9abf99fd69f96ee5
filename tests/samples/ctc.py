"""Connectionist temporal classification."""

from __future__ import annotations

import numpy as np

from tests.samples.sample import array, more, normal

targets = np.array([[1, 3, 3], [2, 1, 1]])
for call in (
    "T.ctc_loss(T.log_softmax(x, 2), t, i, n)",
    "T.ctc_loss(T.log_softmax(x, 2), t, i, n, 0, 'sum')",
    "T.ctc_loss(T.log_softmax(x, 2), t.reshape(-1)[:5], i, n, reduction='none')",
    "T.ctc_loss(T.log_softmax(x[:, 0], 1), t[0], i[0], n[0])",
    "T.ctc_loss(T.log_softmax(x[:3], 2), t, i - 3, n, zero_infinity=True)",
):
    more("ctc_loss", call, x=array(normal, 6, 2, 4), t=targets, i=np.array([6, 5]), n=np.array([3, 2]))
more(
    "ctc_loss",
    "T.ctc_loss(T.log_softmax(x, 2), t, i, n, blank=3)",
    x=array(normal, 4, 2, 5),
    t=np.array([[0, 4], [2, 1]]),
    i=np.array([4, 3]),
    n=np.array([2, 0]),
)
