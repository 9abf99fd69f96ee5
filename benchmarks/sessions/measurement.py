"""What a piece of work took."""

from __future__ import annotations

import math
import time
from collections.abc import Callable
from typing import Any

try:
    import resource
except ImportError:  # on Windows
    resource = None  # type: ignore[assignment]


def measured(work: Callable[[], Any]) -> dict[str, Any]:
    """Do ``work``; returns the ``seconds`` it took, and the ``page_faults`` if the system tells.

    A page fault is the price of a page of memory that the process has only just got from the system.
    """
    faults = _page_faults()
    start = time.perf_counter()
    work()
    return {"seconds": time.perf_counter() - start, "page_faults": _page_faults() - faults}


def _page_faults() -> float:
    return math.nan if resource is None else resource.getrusage(resource.RUSAGE_SELF).ru_minflt
