"""Losses of predicted numbers."""

from __future__ import annotations

import numpy as np

from tests.samples.sample import array, more, normal, positive, unit

for shape in ((2, 3), ()):
    x, y, w = array(normal, *shape), array(normal, *shape, seed=1), array(positive, *shape, seed=2)
    for name, error in (("mse_loss", "(x - y) ** 2"), ("l1_loss", "abs(x - y)")):
        more(
            name,
            f"T.{name}(x, y) -> np.mean({error})",
            f"T.{name}(x, y, reduction='sum')",
            f"T.{name}(x, y, reduction='none') -> {error}",
            f"T.{name}(x, y, weight=w) -> np.average({error}, weights=w)",
            f"T.{name}(x, y, weight=w, reduction='sum')",
            x=x,
            y=y,
            w=w,
        )
    more(
        "huber_loss",
        "T.huber_loss(x, y) -> np.mean(special.huber(1, x - y))",
        "T.huber_loss(x, y, delta=0.3, reduction='none') -> special.huber(0.3, x - y)",
        "T.huber_loss(x, y, 'sum', 0.5, w)",
        "T.huber_loss(x, y, weight=w)",
        x=x,
        y=y,
        w=w,
    )
    more(
        "smooth_l1_loss",
        "T.smooth_l1_loss(x, y) -> np.mean(special.huber(1, x - y))",
        "T.smooth_l1_loss(x, y, beta=0.3, reduction='none') -> special.huber(0.3, x - y) / 0.3",
        "T.smooth_l1_loss(x, y, beta=0.0, reduction='sum') -> np.sum(abs(x - y))",
        x=x,
        y=y,
    )
    more(
        "gaussian_nll_loss",
        "T.gaussian_nll_loss(x, y, w) -> np.mean(np.log(w) + (x - y) ** 2 / w) / 2",
        "T.gaussian_nll_loss(x, y, w, full=True, reduction='sum')",
        "T.gaussian_nll_loss(x, y, 0.5, reduction='none')",
        x=x,
        y=y,
        w=w,
    )
    more(
        "kl_div",
        "T.kl_div(x, p, reduction='sum') -> np.sum(special.xlogy(p, p) - p * x)",
        "T.kl_div(x, p, reduction='batchmean')",
        "T.kl_div(x, p, reduction='none')",
        "T.kl_div(x, p.log(), log_target=True, reduction='none') -> special.xlogy(p, p) - p * x",
        x=x,
        p=array(unit, *shape),
    )
    more(
        "poisson_nll_loss",
        "T.poisson_nll_loss(x, w) -> np.mean(np.exp(x) - w * x)",
        "T.poisson_nll_loss(x, w, full=True, reduction='sum')",
        "T.poisson_nll_loss(w, x, log_input=False, eps=1e-3, reduction='none') -> w - x * np.log(w + 1e-3)",
        x=x,
        w=w,
    )
x, y = array(normal, 4, 2, 3), array(normal, 4, 2, 3, seed=1)
for shape in ((4, 2), (4, 2, 1), (4, 1, 3)):
    more("gaussian_nll_loss", "T.gaussian_nll_loss(x, y, v)", x=x, y=y, v=array(positive, *shape))
more("kl_div", "T.kl_div(x, P, reduction='batchmean')", x=array(normal, 2, 2), P=np.array([[0.0, 1.0], [0.5, 0.5]]))
