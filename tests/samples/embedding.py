"""Embeddings. Where an option changes a gradient on purpose, the samples are such that it has nothing to change."""

from __future__ import annotations

import numpy as np

from tests.samples.sample import array, more, normal

w = array(normal, 5, 3)
for i in (np.array([4, 0, 1]), np.array([[0, 3], [1, 4]]), np.array(1), np.zeros((0, 2), np.int64)):
    more(
        "embedding",
        "T.embedding(i, w) -> w[i]",
        "T.embedding(i, w, padding_idx=2) -> w[i]",
        "T.embedding(i, w, -3, scale_grad_by_freq=True) -> w[i]",
        i=i,
        w=w,
    )
more("embedding", "T.embedding(i, w) -> w[i]", i=np.array([[1, 1], [0, 1]], np.int32), w=w)
