"""A chain of multiplications as long as is asked for, forward and backward, with this project or PyTorch."""

from __future__ import annotations

import importlib
import time
from typing import Any

import numpy as np

from benchmarks.sessions import residence


class ChainSession:
    """Chains in the library ``peer``, which has PyTorch's names."""

    def __init__(self, peer: str) -> None:
        self._library: Any = importlib.import_module(peer)
        self._bytes: int | None = None

    def turn(self, nodes: int) -> dict[str, Any]:
        """The seconds ``forward``, ``backward`` and to be ``freed``, and the ``bytes`` that the graph took, if known.

        The bytes are those of the first turn: later ones use the same memory again.
        """
        x = self._library.from_numpy(np.ones(1, np.float32)).requires_grad_()
        before = residence.resident_bytes() if residence.IS_KNOWN else 0
        start = time.perf_counter()
        y = x
        for _ in range(nodes):
            y = y * x
        forward = time.perf_counter() - start
        if self._bytes is None and residence.IS_KNOWN:
            self._bytes = residence.resident_bytes() - before
        start = time.perf_counter()
        y.backward()
        backward = time.perf_counter() - start
        start = time.perf_counter()
        del y
        freed = time.perf_counter() - start
        return {"forward": forward, "backward": backward, "freed": freed, "bytes": self._bytes}
