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
        [np.ones(2**22, np.uint8) for _ in range(6)]
    return resource.getrusage(resource.RUSAGE_SELF).ru_minflt - before

faults()
print(faults())
"""


@pytest.mark.skipif(platform.libc_ver()[0] != "glibc", reason="it is the C library of Linux that gives memory back")
def test_a_step_like_the_one_before_needs_no_new_pages() -> None:
    # Given back in between, 240 MB would need 61,440.
    assert int(subprocess.check_output([sys.executable, "-c", SCRIPT])) < 1000
