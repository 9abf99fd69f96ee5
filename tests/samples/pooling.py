"""Pooling."""

from __future__ import annotations

import numpy as np

from tests.samples.sample import array, distinct, more, normal, positive

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

for x in (array(normal, 2, 7), array(normal, 2, 3, 7), array(normal, 7, 3, 2).T):
    more(
        "avg_pool1d",
        "T.avg_pool1d(x, 2)",
        "T.avg_pool1d(x, 3, stride=1, padding=1, count_include_pad=False)",
        "T.avg_pool1d(x, 3, 2, 1, ceil_mode=True)",
        x=x,
    )
    more("adaptive_avg_pool1d", "T.adaptive_avg_pool1d(x, 3)", "T.adaptive_avg_pool1d(x, 1)", x=x)
    more("lp_pool1d", "T.lp_pool1d(x, 2, 3, 1)", "T.lp_pool1d(x, 2, 2, ceil_mode=True)", x=x)
more(
    "avg_pool2d",
    "T.avg_pool2d(x, 2) -> x.reshape(2, 2, 3, 2, 2, 2).mean((3, 5))",
    "T.avg_pool2d(x, (3, 2), (1, 2), (1, 0), divisor_override=5)",
    "T.avg_pool2d(x, 4, 3, 2, True, False)",
    x=array(normal, 2, 2, 6, 4),
)
more(
    "adaptive_avg_pool2d",
    "T.adaptive_avg_pool2d(x, (3, None))",
    "T.adaptive_avg_pool2d(x, 4)",
    x=array(normal, 2, 6, 5),
)
more("lp_pool2d", "T.lp_pool2d(x, 3, 2)", x=array(positive, 2, 4, 5))
more("avg_pool3d", "T.avg_pool3d(x, 2)", "T.avg_pool3d(x, 3, 2, 1)", x=array(normal, 1, 3, 3, 4))
more("adaptive_avg_pool3d", "T.adaptive_avg_pool3d(x, 2)", x=array(normal, 2, 2, 3, 4))
more("lp_pool3d", "T.lp_pool3d(x, 2, 2)", x=array(normal, 2, 2, 3, 4))
for dims, sizes in ((1, (7,)), (2, (6, 5)), (3, (2, 3, 4))):
    x, shape = array(distinct, 2, *sizes), (3, 2, 2)[:dims]
    more(
        f"adaptive_max_pool{dims}d",
        f"T.adaptive_max_pool{dims}d(x, {shape})",
        f"T.adaptive_max_pool{dims}d(x, 2, return_indices=True)",
        x=x,
    )
    more(f"adaptive_max_pool{dims}d_with_indices", f"T.adaptive_max_pool{dims}d_with_indices(x, {shape})", x=x)
    more(
        f"max_unpool{dims}d",
        f"T.max_unpool{dims}d(x, i, 2)",
        f"T.max_unpool{dims}d(x, i, 2, output_size={[5] * dims})",
        x=array(normal, 2, *[2] * dims),
        i=np.random.default_rng(0).permutation(2 ** (2 * dims))[: 2**dims].reshape(1, *[2] * dims).repeat(2, 0),
    )
