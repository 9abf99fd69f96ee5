"""A contender's own process: ``python -m benchmarks.processes.server MODULE:CLASS`` runs the methods it is asked for.

The first request makes the object, and holds the arguments for its class; each later one holds the name of a method
and its arguments. The answer has the ``result``, or as ``error`` the traceback, and the ``cpu_seconds`` that it took.
"""

from __future__ import annotations

import importlib
import os
import sys
import time
import traceback
from collections.abc import Callable
from contextlib import suppress
from typing import Any, BinaryIO

from benchmarks.processes import protocol


def serve(requests: BinaryIO, answers: BinaryIO, session_class: Callable[..., Any]) -> None:
    """Answer requests until the other end closes the stream."""
    session: Any = None
    with suppress(EOFError):
        while True:
            method, arguments = protocol.receive(requests)
            start = _cpu_seconds()
            try:
                if session is None:
                    session, result = session_class(**arguments), None
                else:
                    result = getattr(session, method)(**arguments)
                answer = {"result": result}
            except Exception:
                answer = {"error": traceback.format_exc()}
            protocol.send(answers, {**answer, "cpu_seconds": _cpu_seconds() - start})


def _cpu_seconds() -> float:
    """The processor's time that this process has taken, and those it started that have ended."""
    times = os.times()
    return time.process_time() + times.children_user + times.children_system


def main() -> None:
    requests, answers = os.fdopen(os.dup(0), "rb"), os.fdopen(os.dup(1), "wb")
    # What the library prints must not get in among the answers.
    os.dup2(sys.stderr.fileno(), sys.stdout.fileno())
    module, _, name = sys.argv[1].partition(":")
    serve(requests, answers, getattr(importlib.import_module(module), name))


if __name__ == "__main__":
    main()
