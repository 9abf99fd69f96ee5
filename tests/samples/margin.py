"""Losses that want a margin."""

from __future__ import annotations

import numpy as np

from tests.samples.sample import array, more, normal, positive, unit

for shape in ((4, 3), (3,), ()):
    x, y = array(normal, *shape), array(normal, *shape, seed=1)
    t = np.where(array(normal, *shape, seed=2) > 0, 1, -1)
    more(
        "hinge_embedding_loss",
        "T.hinge_embedding_loss(x, t) -> np.mean(np.where(t == 1, x, np.maximum(1 - x, 0)))",
        "T.hinge_embedding_loss(x, t, margin=0.3, reduction='none')",
        "T.hinge_embedding_loss(x, t, reduction='sum')",
        x=x,
        t=t,
    )
    more(
        "margin_ranking_loss",
        "T.margin_ranking_loss(x, y, t) -> np.mean(np.maximum(-t * (x - y), 0))",
        "T.margin_ranking_loss(x, y, t, 0.3, reduction='none')",
        x=x,
        y=y,
        t=t,
    )
    more(
        "soft_margin_loss",
        "T.soft_margin_loss(x, t) -> np.mean(np.log1p(np.exp(-t * x)))",
        "T.soft_margin_loss(x, t, reduction='none')",
        x=x,
        t=t,
    )
for shape in ((4, 3), (3,)):
    x, y = array(normal, *shape), array(normal, *shape, seed=1)
    more(
        "cosine_embedding_loss",
        "T.cosine_embedding_loss(x, y, t)",
        "T.cosine_embedding_loss(x, y, t, margin=0.1, reduction='none')",
        x=x,
        y=y,
        t=np.array([1, -1, -1, 1])[: len(x)] if x.ndim == 2 else np.array(-1),
    )
    more(
        "multilabel_soft_margin_loss",
        "T.multilabel_soft_margin_loss(x, p)",
        "T.multilabel_soft_margin_loss(x, p, W, reduction='none')",
        x=x,
        p=array(unit, *shape),
        W=array(positive, 3),
    )
    more(
        "multi_margin_loss",
        "T.multi_margin_loss(x, t)",
        "T.multi_margin_loss(x, t, p=2, reduction='none')",
        "T.multi_margin_loss(x, t, 1, 0.3, W, reduction='sum')",
        x=x,
        t=np.array([0, 2, 1, 1]) if x.ndim == 2 else np.array(2),
        W=array(positive, 3),
    )
    more(
        "multilabel_margin_loss",
        "T.multilabel_margin_loss(x, t)",
        "T.multilabel_margin_loss(x, t, reduction='none')",
        x=x,
        t=np.array([[0, -1, 2], [2, 1, -1], [-1, 0, 0], [0, 1, 2]]) if x.ndim == 2 else np.array([2, 0, -1]),
    )
    more(
        "triplet_margin_loss",
        "T.triplet_margin_loss(x, y, z)",
        "T.triplet_margin_loss(x, y, z, margin=2.0, p=1, swap=True, reduction='none')",
        x=x,
        y=y,
        z=array(normal, *shape, seed=3),
    )
    more(
        "triplet_margin_with_distance_loss",
        "T.triplet_margin_with_distance_loss(x, y, z)",
        "T.triplet_margin_with_distance_loss(x, y, z, swap=True, reduction='sum', "
        "distance_function=lambda x, y: (x - y).abs().sum(-1))",
        x=x,
        y=y,
        z=array(normal, *shape, seed=3),
    )
