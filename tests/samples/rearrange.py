"""Order, repetition, padding and grids."""

from __future__ import annotations

import numpy as np

from tests.samples.sample import array, more, normal

for x in (array(normal, 2, 3, 4), array(normal, 4, 3, 2).T):
    more("movedim", "T.movedim(x, 0, -1)", "x.movedim((0, 2), (1, 0))", "x.moveaxis(1, 0)", x=x)
    more("flip", "T.flip(x, (0,)) -> x[::-1]", "x.flip(1, 2) -> x[:, ::-1, ::-1]", "x.flip([-1])", x=x)
    more("fliplr", "T.fliplr(x) -> np.fliplr(x)", "T.flipud(x) -> np.flipud(x)", x=x)
    more("flipud", "x.flipud()", x=x)
    more(
        "rot90",
        "T.rot90(x) -> np.rot90(x)",
        "x.rot90(2, [0, 2])",
        "x.rot90(3, [1, 2])",
        "x.rot90(-1)",
        "x.rot90(4)",
        x=x,
    )
    more("roll", "T.roll(x, 1, 0) -> np.roll(x, 1, 0)", "x.roll((1, -2), (0, 2))", "x.roll(5)", "x.roll(-7, 1)", x=x)
    more("tile", "T.tile(x, (2,)) -> np.tile(x, (2,))", "x.tile((2, 1, 3))", "x.tile((2, 1, 1, 1))", x=x)
    more("repeat", "x.repeat(1, 2, 1)", "x.repeat(2, 1, 1, 3)", x=x)
    more("repeat_interleave", "T.repeat_interleave(x, 2)", "x.repeat_interleave(3, dim=1)", x=x)
    more("unfold", "x.unfold(1, 2, 1)", "x.unfold(-1, 2, 2)", "x.unfold(0, 1, 1)", x=x)
    more("unflatten", "T.unflatten(x, 2, (2, -1))", "x.unflatten(-1, (-1, 1))", x=x)
more("repeat_interleave", "T.repeat_interleave(x, r, dim=0)", x=array(normal, 3, 2), r=np.array([2, 0, 1]))
for pad, mode in (
    ((1, 2), "constant"),
    ((1, 2, 0, 3), "constant"),
    ((-1, 2), "constant"),
    ((1, 2), "reflect"),
    ((2, 1), "replicate"),
    ((1, 3), "circular"),
):
    value = ", value=1.5" if pad == (1, 2, 0, 3) else ""
    more("pad", f"T.pad(x, {pad}, mode={mode!r}{value})", x=array(normal, 1, 2, 4))
more(
    "meshgrid",
    "T.meshgrid(x, y, indexing='ij')",
    "T.meshgrid(x, y, indexing='xy')",
    "T.meshgrid([x, y, x], indexing='ij')",
    x=array(normal, 2),
    y=array(normal, 3),
)
more(
    "cartesian_prod",
    "T.cartesian_prod(x, y)",
    "T.cartesian_prod(x)",
    "T.cartesian_prod(x, y, x)",
    x=array(normal, 2),
    y=array(normal, 3),
)
more(
    "combinations",
    "T.combinations(x)",
    "T.combinations(x, 3)",
    "T.combinations(x, 2, with_replacement=True)",
    "T.combinations(x, 1)",
    "T.combinations(x, 5)",
    x=array(normal, 4),
)
