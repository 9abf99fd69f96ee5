"""Memory that is freed stays with the process."""

from __future__ import annotations

import platform
import subprocess
import sys

import pytest

SCRIPT = """
import resource
import numpy as np, tinygrad_scratch

def faults():
    before = resource.getrusage(resource.RUSAGE_SELF).ru_minflt
    for _ in range(10):
        for size in (4, 8, 12, 8, 4):
            np.ones(size * 2**20, np.uint8)
    return resource.getrusage(resource.RUSAGE_SELF).ru_minflt - before

faults()
print(faults())
"""


@pytest.mark.skipif(platform.libc_ver()[0] != "glibc", reason="it is the C library of Linux that gives memory back")
def test_arrays_that_follow_each_other_need_no_new_pages() -> None:
    # Anew, these would need 90,000.
    assert int(subprocess.check_output([sys.executable, "-c", SCRIPT])) < 1000
