"""Overhead: microseconds for single operations, by the size of the operands, beside bare NumPy and PyTorch."""

from __future__ import annotations

from contextlib import suppress

from benchmarks.parts.run import BASELINES, Run
from benchmarks.processes.contender import ContenderError
from benchmarks.results import Comparison
from benchmarks.sessions.operations import CELLS, OPERATIONS

SESSION = "benchmarks.sessions.operations:OperationsSession"


def run(run: Run) -> list[Comparison]:
    """A comparison for each operation and size, forward alone and with the backward pass."""
    run.say("overhead of single operations")
    comparisons = [
        Comparison("overhead", f"One operation, {direction}", f"{operation}, {size:,} numbers", "s", operation, size)
        for size, direction, operation in CELLS
    ]
    with run.contest(SESSION, BASELINES) as contest:
        for name in contest.gather():
            with suppress(ContenderError):
                contest.ask(name, "warm_up", seconds=contest.pace.turn / 20)
        turns = contest.take_turns(contest.running, "turn")
    for place, comparison in enumerate(comparisons):
        comparison.values = {name: [times[place] for times in rounds] for name, rounds in turns.items()}
        comparison.absent, comparison.failed = run.missing(BASELINES), dict(contest.failed)
    order = list(OPERATIONS)
    return sorted(comparisons, key=lambda comparison: (comparison.group, order.index(comparison.series)))
