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

bags = np.array([[4, 0, 1], [3, 3, 0]])
in_a_row, offsets = np.array([4, 0, 1, 3, 3]), np.array([0, 2, 2, 4])
p = array(normal, 2, 3, seed=1)
q = array(normal, 5, seed=1)
for mode in ("sum", "mean", "max"):
    more(
        "embedding_bag",
        f"T.embedding_bag(i, w, mode='{mode}') -> w[i].{mode}(1)",
        f"T.embedding_bag(i, w, mode='{mode}', padding_idx=2) -> w[i].{mode}(1)",
        i=bags,
        w=w,
    )
    more(
        "embedding_bag",
        f"T.embedding_bag(i, w, o, mode='{mode}')",
        f"T.embedding_bag(i[:4], w, o, mode='{mode}', include_last_offset=True)",
        i=in_a_row,
        w=w,
        o=offsets,
    )
more("embedding_bag", "T.embedding_bag(i, w, mode='sum', per_sample_weights=p)", i=bags, w=w, p=p)
more("embedding_bag", "T.embedding_bag(i, w, o, mode='sum', per_sample_weights=p)", i=in_a_row, w=w, o=offsets, p=q)
