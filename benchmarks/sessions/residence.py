"""How much memory this process has."""

from __future__ import annotations

from pathlib import Path

_STATUS, _RESET = Path("/proc/self/status"), Path("/proc/self/clear_refs")

IS_KNOWN = _STATUS.exists()  # only Linux tells


def resident_bytes() -> int:
    """The bytes of memory that the process has now."""
    return _field("VmRSS")


def peak_bytes() -> int:
    """The most bytes that it has had since `forget_peak`."""
    return _field("VmHWM")


def forget_peak() -> None:
    """Have `peak_bytes` start from here."""
    _RESET.write_text("5")


def _field(name: str) -> int:
    line = next(line for line in _STATUS.read_text().splitlines() if line.startswith(f"{name}:"))
    return int(line.split()[1]) * 1024
