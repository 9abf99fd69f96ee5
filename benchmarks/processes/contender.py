"""`Contender`: a contender's process, from outside."""

from __future__ import annotations

import subprocess
import sys
import tempfile
import threading
from contextlib import suppress
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from benchmarks.processes import protocol

ROOT = Path(__file__).parents[2]
PATIENCE = 600.0  # seconds


class ContenderError(Exception):
    """A contender's process failed; the message says whose and how."""


class Contender:
    """The process of contender ``name``, with an object in it of ``session``, a class written ``module:Class``.

    ``arguments`` are those for the class. ContenderError, here and from `ask`, if the object raises an error, the
    process dies, or there is no answer for ``patience`` seconds; the process is then ended.
    """

    def __init__(self, name: str, session: str, *, patience: float = PATIENCE, **arguments: Any) -> None:
        self.name = name
        self.cpu_seconds = 0.0  # that all threads of the process took for the last answer
        self._patience = patience
        self._printed = tempfile.TemporaryFile()  # noqa: SIM115, closed with the process
        self._process = subprocess.Popen(
            [sys.executable, "-m", "benchmarks.processes.server", session],
            cwd=ROOT,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=self._printed,
        )
        self.ask("__init__", **arguments)

    def ask(self, method: str, **arguments: Any) -> Any:
        """What that method of the object returns."""
        has_given_up = threading.Event()

        def give_up() -> None:
            has_given_up.set()
            self._process.kill()

        clock = threading.Timer(self._patience, give_up)
        clock.start()
        try:
            answer = self._exchange([method, arguments])
        except (EOFError, BrokenPipeError):
            reason = f"no answer for {self._patience:g} seconds" if has_given_up.is_set() else self._cause_of_death()
            answer = {"error": reason}
        finally:
            clock.cancel()
        if "error" in answer:
            self.close()
            raise ContenderError(f"{self.name}: {answer['error']}")
        self.cpu_seconds = answer["cpu_seconds"]
        return answer["result"]

    def _exchange(self, request: Any) -> Any:
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        protocol.send(self._process.stdin, request)
        return protocol.receive(self._process.stdout)

    def _cause_of_death(self) -> str:
        code = self._process.wait()
        self._printed.seek(0)
        last_words = self._printed.read().decode(errors="replace").splitlines()[-20:]
        return "\n".join([f"the process ended with code {code}", *last_words])

    def close(self) -> None:
        """End the process."""
        for pipe in (self._process.stdin, self._process.stdout):
            assert pipe is not None
            with suppress(BrokenPipeError):
                pipe.close()
        try:
            self._process.wait(timeout=10)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        self._printed.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self.close()
