"""Denormals, the numbers next to zero: whether the processor computes with them or takes them for zeros.

In float32 they lie below 1.2e-38, in float64 below 2.2e-308. A processor may need a hundred times as long for one of
them as for another number. What decays ends among them and stays, since 0.9 · x rounds to x in the end: so do an
optimizer's averages of gradients that have become zero.

Bits of a control register, of which each thread has its own, have denormals flushed: taken for zeros, as operands and
as results. C libraries copy the register to memory and back, among others, in `fegetenv` and `fesetenv` and, more
quickly, in `fegetmode` and `fesetmode`. Those of float16 stay, since NumPy computes with them in float32.
"""

from __future__ import annotations

import platform
import sys
from collections.abc import Callable
from contextlib import suppress
from functools import partial
from types import TracebackType
from typing import Any, NamedTuple


class _Control(NamedTuple):
    """How the running thread's control register is read into a ``buffer`` of 32-bit words, and written from it."""

    read: Callable[[Any], Any]
    write: Callable[[Any], Any]
    buffer: Callable[[], Any]
    word: int  # the place of the control register in the buffer
    flush: int  # its bits that flush


def _by_library(library: str | None, read: str, write: str, words: int, word: int, flush: int) -> _Control:
    """By two functions of a C library, or of those that Python itself is linked to."""
    import ctypes

    functions = ctypes.PyDLL(
        library
    )  # unlike a CDLL it keeps the interpreter's lock, which so short calls need not free
    return _Control(getattr(functions, read), getattr(functions, write), ctypes.c_uint32 * words, word, flush)


def _by_windows() -> _Control:
    import ctypes

    control = ctypes.PyDLL("ucrtbase")._controlfp_s
    dn_flush, mcw_dn = 0x0100_0000, 0x0300_0000
    return _Control(
        read=lambda words: control(words, 0, 0),
        write=lambda words: control(words, words[0], mcw_dn),
        buffer=ctypes.c_uint32 * 1,
        word=0,
        flush=dn_flush,
    )


_X86 = 0x8040  # of MXCSR: FTZ for results, DAZ for operands
_ARM = 1 << 24  # of FPCR: FZ for both

# For each system and processor the ways to be tried in turn. On Linux: glibc since 2.25, any other C library.
_WAYS: dict[tuple[str, str], tuple[Callable[[], _Control], ...]] = {
    ("linux", "x86_64"): (
        partial(_by_library, "libm.so.6", "fegetmode", "fesetmode", words=2, word=1, flush=_X86),
        partial(_by_library, None, "fegetenv", "fesetenv", words=8, word=7, flush=_X86),
    ),
    ("linux", "aarch64"): (
        partial(_by_library, "libm.so.6", "fegetmode", "fesetmode", words=1, word=0, flush=_ARM),
        partial(_by_library, None, "fegetenv", "fesetenv", words=2, word=0, flush=_ARM),
    ),
    ("darwin", "x86_64"): (partial(_by_library, None, "fegetenv", "fesetenv", words=4, word=1, flush=_X86),),
    ("darwin", "arm64"): (partial(_by_library, None, "fegetenv", "fesetenv", words=4, word=2, flush=_ARM),),
    ("win32", "AMD64"): (_by_windows,),
    ("win32", "ARM64"): (_by_windows,),
}


def _control() -> _Control:
    """The first way that is there or, without any, one that changes nothing."""
    for way in _WAYS.get((sys.platform, platform.machine()), ()):
        with suppress(ImportError, OSError, AttributeError):  # a Python without ctypes, no such library or function
            return way()
    return _Control(read=bool, write=bool, buffer=lambda: [0], word=0, flush=0)


_READ, _WRITE, _BUFFER, _WORD, _FLUSH = _control()


def _modes(flush: bool) -> Any:
    """A buffer of the running thread's modes, of rounding for example, which will flush or not once it is written."""
    buffer = _BUFFER()
    _READ(buffer)
    word = buffer[_WORD]
    buffer[_WORD] = word | _FLUSH if flush else word & ~_FLUSH
    return buffer


_FLUSHING = _modes(flush=True)  # prepared, since each step of an optimizer needs it


class flushing_denormals:
    """Flush denormals in a ``with`` block, in the running thread; at its end, what was before returns.

    Where the system has no way to do so, nothing is changed.

    >>> smallest = np.full(2, np.finfo(np.float32).tiny)
    >>> with flushing_denormals():
    ...     smallest / 2
    array([0., 0.], dtype=float32)
    """

    __slots__ = ("_before",)

    def __enter__(self) -> None:
        self._before = before = _BUFFER()
        _READ(before)
        _WRITE(_FLUSHING)

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        _WRITE(self._before)


def set_flush_denormal(mode: bool) -> bool:
    """Have the running thread flush denormals from here on, or compute with them; whether the system can do so.

    Flushed denormals are taken for zeros, as operands and as results in float32 and float64. Threads that run
    already go on as they did, and those in which NumPy's BLAS multiplies large matrices are among them.

    >>> smallest = tg.tensor(tg.finfo(tg.float32).tiny)
    >>> tg.set_flush_denormal(True), smallest / 2
    (True, tensor(0.))
    >>> tg.set_flush_denormal(False), smallest / 2
    (True, tensor(5.8775e-39))
    """
    _WRITE(_modes(mode))
    return bool(_FLUSH)
