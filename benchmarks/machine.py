"""What the measurements are taken on: processor, libraries and their threads, and whether anything else is running."""

from __future__ import annotations

import os
import platform
import subprocess
import sys
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np

_CPU_TIMES = Path("/proc/stat")
_CPU_FIELDS = ("user", "nice", "system", "idle", "iowait", "irq", "softirq", "steal")

# Kernels of OpenBLAS that do not use AVX-512.
_NARROW_KERNELS = ("Haswell", "Zen", "Sandybridge", "Nehalem", "Prescott", "Core2", "Barcelona", "Excavator")


def describe() -> dict[str, Any]:
    """The machine and the interpreter, in words."""
    return {
        "processor": _processor(),
        "cores": f"{available_cores()} of {os.cpu_count()} logical ones",
        "system": platform.platform(),
        "Python": f"{platform.python_version()} ({platform.python_implementation()}, {platform.python_compiler()})",
        "vector instructions": ", ".join(vector_instructions()),
    }


def available_cores() -> int:
    """How many logical cores this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def _processor() -> str:
    if sys.platform == "darwin":
        command = ["sysctl", "-n", "machdep.cpu.brand_string"]
        return subprocess.run(command, capture_output=True, text=True, check=False).stdout.strip()
    cpu_info = Path("/proc/cpuinfo")
    lines = cpu_info.read_text().splitlines() if cpu_info.exists() else []
    names = [line.partition(":")[2].strip() for line in lines if line.startswith("model name")]
    return names[0] if names else platform.processor()


def vector_instructions() -> list[str]:
    """The vector instructions that NumPy found the processor to have, by NumPy's names."""
    extensions = np.show_config(mode="dicts")["SIMD Extensions"]  # type: ignore[call-overload, index]
    return [*extensions.get("baseline", []), *extensions.get("found", [])]


def thread_pools() -> list[dict[str, Any]]:
    """The BLAS and OpenMP libraries loaded into this process; empty without threadpoolctl."""
    try:
        from threadpoolctl import threadpool_info
    except ImportError:
        return []
    return [{key: value for key, value in pool.items() if key != "filepath"} for pool in threadpool_info()]


def note_on_kernel(pools: Sequence[dict[str, Any]]) -> str | None:
    """A note if the OpenBLAS among ``pools`` makes less of the processor than it could."""
    has_avx512 = any(name.startswith("AVX512") or name == "X86_V4" for name in vector_instructions())
    slow = [pool["architecture"] for pool in pools if pool.get("architecture") in _NARROW_KERNELS]
    if not (has_avx512 and slow):
        return None
    variable = "OPENBLAS_CORETYPE"
    remedy = f"Unset {variable}" if variable in os.environ else f"Set {variable}=SkylakeX"
    return (
        f"OpenBLAS took this processor for {slow[0]}, though it has AVX-512. {remedy} before Python starts and run "
        "again: matrix products, and whatever is built on NumPy, may be much faster."
    )


def busy_seconds() -> float | None:
    """The time that the cores have spent on anything, all together, since the system started; None if unknown.

    Time that a virtual machine wanted and did not get counts too.
    """
    if not _CPU_TIMES.exists():
        return None
    ticks = dict(zip(_CPU_FIELDS, map(int, _CPU_TIMES.read_text().split()[1:]), strict=False))
    return (sum(ticks.values()) - ticks["idle"] - ticks["iowait"]) / os.sysconf("SC_CLK_TCK")


def share_of_others(seconds: float = 1.0) -> float | None:
    """How many cores other programs use now, found by waiting so long; None if unknown."""
    before = busy_seconds()
    own = time.process_time()
    start = time.perf_counter()
    time.sleep(seconds)
    after = busy_seconds()
    if before is None or after is None:
        return None
    return max(0.0, after - before - (time.process_time() - own)) / (time.perf_counter() - start)
