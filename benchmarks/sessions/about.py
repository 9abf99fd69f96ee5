"""What a peer says of itself."""

from __future__ import annotations

from typing import Any

from benchmarks.machine import thread_pools
from benchmarks.peers import PEERS


class AboutSession:
    """The library of ``peer``, loaded."""

    def __init__(self, peer: str) -> None:
        self._peer = PEERS[peer]
        self._module = self._peer.load()

    def about(self) -> dict[str, Any]:
        """Its versions, how it is used, and the thread pools that it brings along."""
        return {
            "versions": self._peer.versions,
            "settings": self._module.SETTINGS,
            "thread_pools": thread_pools(),
        }
