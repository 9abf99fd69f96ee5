"""Running averages, which most optimizers keep of the gradients and of their squares."""

from __future__ import annotations

from typing import Any


def average(past: Any, value: Any, weight: Any) -> Any:
    """weight · past + (1 - weight) · value, as PyTorch's `lerp` computes it."""
    return past + (1 - weight) * (value - past)


def average_of_squares(past: Any, value: Any, weight: Any) -> Any:
    """weight · past + (1 - weight) · value²."""
    return weight * past + (1 - weight) * value * value
