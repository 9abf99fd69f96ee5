"""Losses of classifiers."""

from __future__ import annotations

import numpy as np

from tests.samples.sample import array, more, normal, positive, unit

for x, y in ((array(unit, 2, 3), array(unit, 2, 3, seed=1)), (array(unit), array(unit, seed=1))):
    more(
        "binary_cross_entropy",
        "T.binary_cross_entropy(x, y) -> np.mean(-special.xlogy(y, x) - special.xlog1py(1 - y, -x))",
        "T.binary_cross_entropy(x, y, reduction='none')",
        "T.binary_cross_entropy(x, y, weight=W, reduction='sum')",
        x=x,
        y=y,
        W=array(positive, *x.shape),
    )
    more(
        "binary_cross_entropy_with_logits",
        "T.binary_cross_entropy_with_logits(x, y) -> np.mean(np.logaddexp(0, x) - x * y)",
        "T.binary_cross_entropy_with_logits(x - 1, y, reduction='none')",
        "T.binary_cross_entropy_with_logits(x, y, W, reduction='sum')",
        "T.binary_cross_entropy_with_logits(x, y, pos_weight=W)",
        x=x,
        y=y,
        W=array(positive, *x.shape),
    )
for x, t in (
    (array(normal, 4, 3), np.array([0, 2, 1, 1])),
    (array(normal, 3), np.array(2)),
    (array(normal, 2, 3, 2), np.array([[0, 2], [1, 1]])),
):
    for call in (
        "(x, t)",
        "(x, t, reduction='sum')",
        "(x, t, reduction='none')",
        "(x, t, weight=W)",
        "(x, t, weight=W, reduction='sum')",
        "(x, t, ignore_index=1)" if t.ndim else "(x, t)",
    ):
        more("cross_entropy", f"T.cross_entropy{call}", x=x, t=t, W=array(positive, 3))
        more("nll_loss", f"T.nll_loss{call}", x=x, t=t, W=array(positive, 3))
    more("cross_entropy", "T.cross_entropy(x, t, label_smoothing=0.1)", x=x, t=t)
    more(
        "cross_entropy",
        "T.cross_entropy(x, t, W, ignore_index=2, label_smoothing=0.1, reduction='sum')",
        x=x,
        t=t,
        W=array(positive, 3),
    )
    more(
        "cross_entropy",
        "T.cross_entropy(x, p) ",
        "T.cross_entropy(x, p, weight=W, reduction='none')",
        "T.cross_entropy(x, p, label_smoothing=0.1, reduction='sum')",
        x=x,
        p=array(unit, *x.shape),
        W=array(positive, 3),
    )
