"""Arithmetic without NumPy's warnings: dividing by zero gives infinity in silence, as in PyTorch.

NumPy keeps what it warns of in a context variable. To set that for each operation (``np.errstate``) would take longer
than a small operation does; to run a function in a context where it is set already takes a tenth of that. What runs
there sees none of the modes of `tinygrad_scratch.record.mode`: it must be a function of arrays.
"""

from __future__ import annotations

from collections.abc import Callable
from contextvars import Context
from typing import Any, TypeVar

import numpy as np

R = TypeVar("R")

_SILENT = Context()
_SILENT.run(np.seterr, all="ignore")

# As `quietly`, but RuntimeError where that context is in use already: by another thread, or further out in this one.
try_quietly = _SILENT.run


def quietly(function: Callable[..., R], *args: Any, **kwargs: Any) -> R:
    """``function(*args, **kwargs)``, a computation on arrays, without warnings of overflow, division by zero or NaN.

    >>> quietly(np.log, np.zeros(1))
    array([-inf])
    """
    try:
        return try_quietly(function, *args, **kwargs)
    except RuntimeError as error:
        return quietly_after(error, function, *args, **kwargs)


def quietly_after(error: RuntimeError, function: Callable[..., R], *args: Any, **kwargs: Any) -> R:
    """As `quietly`, once `try_quietly` has given ``error``; raised again if it is the function's own."""
    if not str(error).startswith("cannot enter context"):
        raise error
    with np.errstate(all="ignore"):
        return function(*args, **kwargs)
