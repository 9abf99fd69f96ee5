"""Training steps of a network: who computes the right thing is timed, in turns."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from statistics import median
from typing import Any

from benchmarks import equality
from benchmarks.configurations import Array
from benchmarks.processes.contender import ContenderError
from benchmarks.processes.contest import Contest
from benchmarks.results import Comparison


@dataclass(frozen=True)
class Task:
    """A network that is to be trained.

    ``configuration`` is how a contender's process is told of it, ``parameters`` are its first ones, and ``x`` and ``y``
    its batches (count, batch, …).
    """

    configuration: Any
    parameters: Sequence[Array]
    x: Array
    y: Array

    @property
    def first_batches(self) -> dict[str, Array]:
        """Those of the steps that are compared."""
        return {"x": self.x[: equality.STEPS], "y": self.y[: equality.STEPS]}


def compare_steps(contest: Contest, comparison: Comparison, task: Task, expected: Mapping[str, Any]) -> None:
    """Fill in the time of a step for each contender whose first steps find what is ``expected``."""
    ready = [name for name in contest.gather() if _is_ready(name, contest, comparison, task, expected)]
    answers = contest.take_turns(ready, "turn")
    comparison.failed |= contest.failed
    for name, turns in answers.items():
        comparison.values[name] = [turn["seconds"] / turn["steps"] for turn in turns]
        comparison.notes[name] = {"steps in a turn": turns[0]["steps"], "page faults in a step": _page_faults(turns)}


def _is_ready(name: str, contest: Contest, comparison: Comparison, task: Task, expected: Mapping[str, Any]) -> bool:
    """Whether a contender has made the network, done the first steps right and warmed up; if not, note why."""
    try:
        reason = contest.ask(name, "start", configuration=task.configuration, parameters=task.parameters)
        if reason is not None:
            comparison.absent[name] = reason
            return False
        found = contest.ask(name, "first_steps", **task.first_batches)
        difference = equality.difference(found, expected, task.parameters)
        if difference is not None:
            comparison.failed[name] = f"computes something else: {difference}"
            return False
        contest.ask(name, "warm_up", x=task.x, y=task.y, seconds=contest.pace.turn)
    except ContenderError:
        return False
    return True


def _page_faults(turns: Sequence[Mapping[str, float]]) -> float:
    return median(turn["page_faults"] / turn["steps"] for turn in turns)
