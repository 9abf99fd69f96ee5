"""What becomes of memory that is freed: it is kept for what comes next, in place of going back to the system.

The C library of Linux gives back large blocks as soon as they are freed, and the system clears each page of memory
before it hands it out again. A training step of a convolutional network, which makes and frees tens of megabytes, spent
two fifths of its time so. From which size on a block counts as large is up to the blocks freed so far: it is the size
of the largest of them, up to 32 MB, and twice that much is kept (mallopt(3), M_MMAP_THRESHOLD and M_TRIM_THRESHOLD).
"""

import numpy as np

_LARGEST = 32 * 2**20 - 2**13  # with what the library adds to it, no more than it takes into account


def keep_freed_memory() -> None:
    """Free a block of memory that the C library learns from; it is never touched, and so takes no memory."""
    np.empty(_LARGEST, np.uint8)
