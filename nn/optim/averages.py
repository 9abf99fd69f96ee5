"""Running averages, which most optimizers keep of the gradients and of their squares.

Both functions write ``average``, and use ``scratch``, an array of the same size, as memory.
"""

from __future__ import annotations

import numpy as np

from tinygrad_scratch.engine import Array


def average_in(average: Array, values: Array, past: float, scratch: Array) -> None:
    """average = past · average + (1 - past) · values."""
    np.subtract(values, average, out=scratch)
    scratch *= 1 - past
    average += scratch


def average_in_squares(average: Array, values: Array, past: float, scratch: Array) -> None:
    """average = past · average + (1 - past) · values²."""
    average *= past
    np.multiply(values, 1 - past, out=scratch)
    scratch *= values
    average += scratch
