"""Attention."""

from __future__ import annotations

import numpy as np

from tests.samples.sample import array, more, normal

NAME = "scaled_dot_product_attention"
WEIGHTED = "special.softmax(q @ k.swapaxes(-1, -2) / np.sqrt(q.shape[-1]), -1) @ v"

more(
    NAME,
    f"T.{NAME}(q, k, v) -> {WEIGHTED}",
    f"T.{NAME}(q, k, v, is_causal=True)",
    f"T.{NAME}(q, k, v, scale=0.5)",
    f"T.{NAME}(q, k, v, T.zeros_like(q @ k.mT), 1.0)",
    q=array(normal, 2, 3, 4),
    k=array(normal, 2, 5, 4, seed=1),
    v=array(normal, 2, 5, 2, seed=2),
)
more(
    NAME,
    f"T.{NAME}(q, k, v, mask)",
    f"T.{NAME}(q.mT, k, v, mask.mT, scale=2.0)",
    q=array(normal, 3, 3),
    k=array(normal, 2, 3, 3, seed=1),
    v=array(normal, 1, 3, 2, seed=2),
    mask=array(normal, 3, 3, seed=3),
)
more(
    NAME,
    f"T.{NAME}(q, k, v, MASK)",
    q=array(normal, 2, 4, 3, 2),
    k=array(normal, 2, 1, 3, 2, seed=1),
    v=array(normal, 2, 4, 3, 2, seed=2).swapaxes(2, 3).copy().swapaxes(2, 3),
    MASK=np.array([[True, False, True], [False, False, False], [True, True, True]]),
)
more(NAME, f"T.{NAME}(q, k, k, enable_gqa=True)", q=array(normal, 4, 3, 2), k=array(normal, 2, 3, 2, seed=1))
more(NAME, f"T.{NAME}(q, k, k)", q=array(normal, 2, 3, 4), k=array(normal, 2, 0, 4))
more(NAME, f"T.{NAME}(q, q, q, is_causal=True)", q=array(normal, 0, 3, 4))
