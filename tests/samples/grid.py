"""Grids."""

from __future__ import annotations

from tests.samples.sample import array, between, more, normal

inside_and_outside = between(-1.4, 1.4)
for x in (array(normal, 2, 2, 3, 4), array(normal, 2, 3, 4, 2).transpose(3, 0, 1, 2)):
    more(
        "grid_sample",
        "T.grid_sample(x, y, align_corners=False)",
        "T.grid_sample(x, y, padding_mode='border', align_corners=True)",
        "T.grid_sample(x, y, padding_mode='reflection', align_corners=False)",
        "T.grid_sample(x, y, 'bicubic', align_corners=True)",
        "T.grid_sample(x, y, 'bicubic', 'reflection', align_corners=False)",
        "T.grid_sample(x, y, 'nearest', align_corners=False)",
        x=x,
        y=array(inside_and_outside, 2, 2, 3, 2),
    )
more(
    "grid_sample",
    "T.grid_sample(x, y, align_corners=False)",
    "T.grid_sample(x, y, 'nearest', 'reflection', align_corners=True)",
    x=array(normal, 1, 2, 2, 3, 2),
    y=array(inside_and_outside, 1, 1, 2, 2, 3),
)
more(
    "affine_grid",
    "T.affine_grid(x, (2, 1, 3, 2), align_corners=False)",
    "T.affine_grid(x, [2, 5, 2, 3], align_corners=True)",
    x=array(normal, 2, 2, 3),
)
more("affine_grid", "T.affine_grid(x, (1, 1, 2, 3, 2), align_corners=False)", x=array(normal, 1, 3, 4))
