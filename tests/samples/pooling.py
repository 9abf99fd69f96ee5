"""Pooling."""

from __future__ import annotations

import numpy as np

from tests.samples.sample import array, distinct, more

for x in (array(distinct, 2, 7), array(distinct, 2, 3, 7), array(distinct, 7, 3, 2).T):
    more(
        "max_pool1d",
        "T.max_pool1d(x, 2)",
        "T.max_pool1d(x, 3, stride=1, padding=1)",
        "T.max_pool1d(x, 2, dilation=3)",
        "T.max_pool1d(x, 3, 2, ceil_mode=True)",
        "T.max_pool1d(x, 3, 2, return_indices=True)",
        x=x,
    )
more(
    "max_pool2d",
    "T.max_pool2d(x, 2) -> x.reshape(2, 2, 3, 2, 2, 2).max((3, 5))",
    "T.max_pool2d(x, (3, 2), (1, 2), (1, 0), (2, 1))",
    "T.max_pool2d(x, (4, 3), padding=1, ceil_mode=True, return_indices=True)",
    x=array(distinct, 2, 2, 6, 4),
)
more("max_pool2d", "T.max_pool2d(x, 2, 1)", x=array(distinct, 4, 2, 3, 5).transpose(3, 0, 1, 2))
more("max_pool2d", "T.max_pool2d(x, 2)", x=np.zeros((0, 2, 4, 4)))
more(
    "max_pool3d",
    "T.max_pool3d(x, 2)",
    "T.max_pool3d(x, (2, 3, 1), 1, (1, 1, 0), return_indices=True)",
    x=array(distinct, 2, 2, 3, 4),
)
for dims in (1, 2, 3):
    more(
        f"max_pool{dims}d_with_indices",
        f"T.max_pool{dims}d_with_indices(x, 2, stride=1)",
        x=array(distinct, 2, *(3, 2, 2)[:dims]),
    )
