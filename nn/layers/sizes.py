"""What layers demand of the sizes that they are made with."""

from __future__ import annotations

from numbers import Integral
from typing import Any


def check_sizes(layer: str, minimum: int = 0, **sizes: Any) -> None:
    """TypeError unless all ``sizes`` are integers; ValueError if one is below ``minimum``."""
    for name, size in sizes.items():
        if not isinstance(size, Integral):
            raise TypeError(f"{layer}: {name} must be an integer, got {size!r}")
        if int(size) < minimum:
            raise ValueError(f"{layer}: {name} must be at least {minimum}, got {size}")
