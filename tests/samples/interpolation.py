"""Interpolation."""

from __future__ import annotations

from tests.samples.sample import array, more, normal

more(
    "interpolate",
    "T.interpolate(x, size=10) -> x.repeat(2, 2)",
    "T.interpolate(x, scale_factor=0.7, mode='nearest-exact')",
    "T.interpolate(x, size=7, mode='linear')",
    "T.interpolate(x, scale_factor=2.3, mode='linear', align_corners=True)",
    "T.interpolate(x, scale_factor=2.3, mode='linear', recompute_scale_factor=True)",
    "T.interpolate(x, size=3, mode='area')",
    x=array(normal, 2, 3, 5),
)
for x in (array(normal, 2, 2, 3, 4), array(normal, 2, 3, 4, 2).transpose(3, 0, 1, 2)):
    more(
        "interpolate",
        "T.interpolate(x, scale_factor=(2, 0.5))",
        "T.interpolate(x, (5, 3), mode='bilinear', align_corners=False)",
        "T.interpolate(x, scale_factor=1.6, mode='bicubic')",
        "T.interpolate(x, size=(2, 7), mode='bicubic', align_corners=True)",
        x=x,
    )
more(
    "interpolate",
    "T.interpolate(x, 3, mode='trilinear')",
    "T.interpolate(x, scale_factor=2)",
    x=array(normal, 1, 1, 2, 3, 2),
)
x = array(normal, 1, 2, 3, 4)
more("upsample", "T.upsample(x, scale_factor=2)", x=x)
more("upsample_nearest", "T.upsample_nearest(x, size=(4, 6))", x=x)
more("upsample_bilinear", "T.upsample_bilinear(x, size=(4, 6))", x=x)
