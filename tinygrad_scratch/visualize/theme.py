"""The colours of pictures and of the explorer: one set for a light background, one for a dark one.

Text has a contrast of at least 4.5 to 1 on everything that it stands on, and lines at least 3 to 1 on the background.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from tinygrad_scratch.visualize.drawing import Role


@dataclass(frozen=True, slots=True)
class Paint:
    """The inside and the border of a box."""

    fill: str
    line: str


@dataclass(frozen=True, slots=True)
class Theme:
    """All colours of one look. ``muted`` is for text that matters less; clusters take turns with ``clusters``."""

    background: str
    text: str
    muted: str
    edge: str
    gradient: str
    gradient_negative: str
    alarm: str
    clusters: tuple[Paint, Paint]
    boxes: Mapping[Role, Paint]


LIGHT = Theme(
    background="#ffffff",
    text="#1e293b",
    muted="#526077",
    edge="#7d8aa0",
    gradient="#be185d",
    gradient_negative="#0f766e",
    alarm="#b91c1c",
    clusters=(Paint("#f6f8fb", "#c3ccd9"), Paint("#ffffff", "#c3ccd9")),
    boxes={
        Role.PARAMETER: Paint("#fdf0cd", "#b7791f"),
        Role.INPUT: Paint("#dcebfe", "#2563eb"),
        Role.CONSTANT: Paint("#eef1f5", "#718096"),
        Role.OPERATION: Paint("#ffffff", "#475569"),
        Role.OUTPUT: Paint("#d9f5e3", "#15803d"),
        Role.MODULE: Paint("#ebe7fd", "#6d4fd6"),
        Role.GRADIENT: Paint("#fce7f1", "#be185d"),
    },
)
DARK = Theme(
    background="#10151f",
    text="#e6ebf2",
    muted="#a3b0c2",
    edge="#74839a",
    gradient="#f472b6",
    gradient_negative="#2dd4bf",
    alarm="#f87171",
    clusters=(Paint("#171e2b", "#3c4a60"), Paint("#10151f", "#3c4a60")),
    boxes={
        Role.PARAMETER: Paint("#3d2f12", "#e0a83c"),
        Role.INPUT: Paint("#172c50", "#6aa5f8"),
        Role.CONSTANT: Paint("#262e3b", "#8b99ad"),
        Role.OPERATION: Paint("#1d2635", "#94a3b8"),
        Role.OUTPUT: Paint("#12361f", "#4ade80"),
        Role.MODULE: Paint("#2b2354", "#a78bfa"),
        Role.GRADIENT: Paint("#43152c", "#f472b6"),
    },
)
