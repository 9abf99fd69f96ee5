"""Import time, each in a new Python, after a first one has compiled and cached what there is."""

from __future__ import annotations

from benchmarks.parts.run import Run
from benchmarks.results import Comparison
from benchmarks.sessions.imports import STATEMENTS

SESSION = "benchmarks.sessions.imports:ImportSession"


def run(run: Run) -> list[Comparison]:
    """One comparison."""
    run.say("import times")
    comparison = Comparison("imports", "Import in a new process", "import", "s", absent=run.missing(tuple(STATEMENTS)))
    with run.contest(SESSION, tuple(STATEMENTS)) as contest:
        contest.take_turns(contest.gather(), "turn", rounds=1)
        comparison.values = contest.take_turns(contest.running, "turn", rounds=2 if run.is_quick else 5)
        comparison.failed = dict(contest.failed)
    return [comparison]
