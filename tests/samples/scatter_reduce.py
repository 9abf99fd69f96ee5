"""Values brought together where an index says."""

from __future__ import annotations

import numpy as np

from tests.samples.sample import array, distinct, more, normal

# PyTorch has no second gradient of a product; its first one is compared.
for how in ("sum", "prod", "mean", "amax", "amin"):
    domain = distinct if how.startswith("a") else normal
    for include in (True, False):
        more(
            "scatter_reduce",
            f"T.scatter_reduce(x, 1, i, y, '{how}', include_self={include})",
            f"x.scatter_reduce(0, i % 2, y, reduce='{how}', include_self={include})",
            f"[c := x * 1, c.scatter_reduce_(-1, i, y, '{how}', include_self={include}), c * c][-1]",
            x=array(domain, 2, 4),
            y=array(domain, 2, 3, seed=1) + 0.25,
            i=np.array([[0, 2, 2], [1, 1, 1]]),
        )
        if how != "sum":
            more(
                "index_reduce",
                f"T.index_reduce(x, 1, i, y, '{how}', include_self={include})",
                f"[c := x * 1, c.index_reduce_(-1, i, y, '{how}', include_self={include}), c * c][-1]",
                x=array(domain, 2, 4),
                y=array(domain, 2, 3, seed=1) + 0.25,
                i=np.array([2, 0, 2]),
            )
    more(
        "scatter_reduce",
        f"T.scatter_reduce(X, 0, I, Y, '{how}')",
        f"T.scatter_reduce(J, 0, I, J, '{how}', include_self=False)",
        X=np.array([1.0, 2.0, 0.0]),
        Y=np.array([1.0, 1.0, 0.0, 0.0]),
        I=np.array([0, 0, 2, 2]),
        J=np.array([5, -3, 4, -4]),
    )
more(
    "scatter_reduce",
    "T.scatter_reduce(x, 0, i, y, 'prod')",
    x=np.array([2.0, 0.0]),
    y=np.array([0.0, 3.0, 0.0, 4.0]),
    i=np.array([0, 0, 1, 1]),
)
