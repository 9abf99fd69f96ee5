"""Dropout, where nothing is drawn."""

from __future__ import annotations

from tests.samples.sample import array, more, normal

more(
    "dropout",
    "T.dropout(x, 0.5, False)",
    "T.dropout(x, 1.0)",
    "T.dropout(x * 2, 1.0, True, True)",
    x=array(normal, 2, 3),
)
for name in ("alpha_dropout", "feature_alpha_dropout"):
    more(name, f"T.{name}(x)", f"T.{name}(x, 0.0, True)", x=array(normal, 2, 3))
for name, shape in (("dropout1d", (2, 3)), ("dropout2d", (2, 2, 1, 3)), ("dropout3d", (2, 2, 1, 3))):
    more(
        name,
        f"T.{name}(x, 0.5, False)",
        f"T.{name}(x, 1.0)",
        f"T.{name}(x * 2, 1.0, True, True)",
        x=array(normal, *shape),
    )
