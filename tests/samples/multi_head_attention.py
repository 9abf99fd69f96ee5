"""Attention of several heads."""

from __future__ import annotations

import numpy as np

from tests.samples.sample import array, more, normal

NAME = "multi_head_attention_forward"
BLOCKED = np.array([[False, True, True, False], [False, False, True, False], [True, False, False, False]])

more(
    NAME,
    f"T.{NAME}(q, k, k, 4, 2, w, b, None, None, False, 0.0, o, c)",
    f"T.{NAME}(q, k, k, 4, 2, w, b, bk, bv, True, 0.0, o, c, attn_mask=MASK, average_attn_weights=False)",
    f"T.{NAME}(q, q, q, 4, 2, w, None, None, None, False, 0.0, o, None, need_weights=False)[0]",
    q=array(normal, 3, 2, 4),
    k=array(normal, 4, 2, 4, seed=1),
    w=array(normal, 12, 4, seed=2),
    b=array(normal, 12, seed=3),
    o=array(normal, 4, 4, seed=4),
    c=array(normal, 4, seed=5),
    bk=array(normal, 1, 1, 4, seed=6),
    bv=array(normal, 1, 1, 4, seed=7),
    MASK=BLOCKED,
)
