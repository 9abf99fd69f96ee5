"""`Contest`: several contenders, who take turns in short rounds on a machine that should be idle otherwise.

Two libraries at once, or one whose threads still spin from the turn before, would fight for the cores. So before each
turn there is a pause, which lasts until the cores are idle, and a turn that other programs disturbed is repeated: as
long as there is patience left, or on a busy machine a run would take hours.
"""

from __future__ import annotations

import random
import time
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass
from types import TracebackType
from typing import Any, Self

from benchmarks.machine import busy_seconds, share_of_others
from benchmarks.processes.contender import Contender, ContenderError

PAUSES, ATTEMPTS = 10, 3
TOLERATED = 0.1  # of a core, for other programs
CLOCK_ERROR = 0.03  # seconds: the system counts its cores' time in hundredths


@dataclass(frozen=True)
class Pace:
    """How many rounds there are, about how long a turn takes, and the pause before it, in seconds."""

    rounds: int
    turn: float
    pause: float


@dataclass
class Tally:
    """How many turns there were, and how many were disturbed in every attempt, whose results count all the same.

    ``patience`` is how many seconds may yet go by in waiting for other programs and in repeating what they disturbed.
    """

    patience: float
    turns: int = 0
    disturbed: int = 0


class Contest:
    """The processes of contenders, each with an object of the class ``session``, made with the contender's name.

    One whose process fails is out, and `failed` says why, until `gather` starts it again.
    """

    def __init__(self, names: Iterable[str], session: str, pace: Pace, tally: Tally) -> None:
        self.pace = pace
        self.failed: dict[str, str] = {}
        self._names = list(names)
        self._session = session
        self._tally = tally
        self._random = random.Random(0)
        self._running: dict[str, Contender] = {}

    def gather(self) -> list[str]:
        """Start the processes that are not running; returns the names of those that now are."""
        self.failed = {}
        for name in self._names:
            if name not in self._running:
                try:
                    self._running[name] = Contender(name, self._session, peer=name)
                except ContenderError as error:
                    self.failed[name] = str(error)
        return self.running

    @property
    def running(self) -> list[str]:
        """The names of those whose processes are running."""
        return list(self._running)

    def ask(self, name: str, method: str, **arguments: Any) -> Any:
        """What the contender's object answers; ContenderError if it fails."""
        try:
            return self._running[name].ask(method, **arguments)
        except ContenderError as error:
            self.failed[name] = str(error)
            del self._running[name]
            raise

    def take_turns(
        self, names: Iterable[str], method: str, rounds: int | None = None, **arguments: Any
    ) -> dict[str, list[Any]]:
        """What the method answers in each round (of those in the pace, if None), by the names of those who do not fail.

        Each round has an order of its own, drawn by lot.
        """
        answers: dict[str, list[Any]] = {name: [] for name in names}
        for _ in range(self.pace.rounds if rounds is None else rounds):
            for name in self._random.sample(list(answers), len(answers)):
                with suppress(ContenderError):
                    answers[name].append(self.turn(name, method, **arguments))
            answers = {name: found for name, found in answers.items() if name not in self.failed}
        return answers

    def turn(self, name: str, method: str, attempts: int = ATTEMPTS, **arguments: Any) -> Any:
        """What the method answers when it is not disturbed, or in the last of ``attempts``."""
        self._tally.turns += 1
        for attempt in range(1, attempts + 1):
            self._pause()
            busy, start = busy_seconds(), time.perf_counter()
            answer = self.ask(name, method, **arguments)
            elapsed, own = time.perf_counter() - start, self._running[name].cpu_seconds
            if not _others_were_busy(busy, elapsed, own):
                return answer
            if attempt == attempts or self._tally.patience <= 0:
                break
            self._tally.patience -= elapsed
        self._tally.disturbed += 1
        return answer

    def _pause(self) -> None:
        for _ in range(PAUSES):
            others = share_of_others(self.pace.pause)
            is_idle = others is None or others * self.pace.pause <= TOLERATED * self.pace.pause + CLOCK_ERROR
            if is_idle or self._tally.patience <= 0:
                return
            self._tally.patience -= self.pace.pause

    def close(self) -> None:
        """End all processes."""
        for contender in self._running.values():
            contender.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self.close()


def _others_were_busy(busy_before: float | None, elapsed: float, own: float) -> bool:
    busy = busy_seconds()
    if busy is None or busy_before is None:
        return False
    return busy - busy_before - own > TOLERATED * elapsed + CLOCK_ERROR
