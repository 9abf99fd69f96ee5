"""Patches."""

from __future__ import annotations

from tests.samples.sample import array, more, normal

for x in (array(normal, 2, 3, 4, 5), array(normal, 5, 4, 3, 2).T, array(normal, 3, 4, 5)):
    more("unfold", "T.unfold(x, 2)", "T.unfold(x, (3, 2), (1, 2), (0, 1), (2, 1))", "T.unfold(x, 3, padding=2)", x=x)
more(
    "unfold",
    "T.unfold(x, 1) -> x.reshape(2, 3, 20)",
    "T.unfold(x, (4, 5)) -> x.reshape(2, 60, 1)",
    x=array(normal, 2, 3, 4, 5),
)
more("unfold", "T.unfold(x, 2)", x=array(normal, 0, 3, 4, 5))
for x in (array(normal, 2, 12, 4), array(normal, 4, 12, 2).T, array(normal, 12, 4)):
    more(
        "fold",
        "T.fold(x, (3, 3), 2)",
        "T.fold(x, (4, 4), 2, stride=2)",
        "T.fold(x, (2, 2), 2, padding=1, stride=2)",
        "T.fold(x, (3, 4), 2, (1, 2), stride=(1, 1))",
        x=x,
    )
more("fold", "T.fold(x, (4, 5), 1) -> x.reshape(2, 3, 4, 5)", x=array(normal, 2, 3, 20))
