"""Writing in place, on a copy, since a leaf cannot be written to."""

from __future__ import annotations

from tests.samples.sample import array, more, normal

for write in (
    "c.add_(y)",
    "c.mul_(y)",
    "c.exp_()",
    "c.copy_(y)",
    "c.zero_()",
    "c.clamp_(-0.5, 0.5)",
    "c.T.mul_(2)",
    "c[0].add_(y)",
    "c[:, 1:].mul_(y[1:])",
    "c.view(-1)[::2].copy_(y)",
    "c.__setitem__(0, y)",
    "c.__setitem__((slice(None), 1), y[0])",
    "c.__setitem__([0, 1], y + c)",
    "c.__setitem__(c > 0, 0.5)",
    "c[1].__setitem__(0, y.sum())",
    "c.__iadd__(y) * c.__imul__(2)",
):
    more(
        "in_place",
        f"[c := x * 2, v := c[0], {write}, c * c + v][-1]",
        x=array(normal, 2, 3),
        y=array(normal, 3, seed=1),
    )
