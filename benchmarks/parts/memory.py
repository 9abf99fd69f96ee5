"""Memory: the peak of training, and what the graph of one step keeps until the backward pass, beside PyTorch."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import asdict

from benchmarks.by_hand.digits import digits
from benchmarks.configurations import (
    CONFIGURATIONS,
    FOR_QUICK_RUNS,
    Array,
    Configuration,
    batches_of_digits,
    first_parameters,
)
from benchmarks.parts.run import BASELINES, Run
from benchmarks.peers import THIS_PROJECT, TORCH
from benchmarks.processes.contender import ContenderError
from benchmarks.processes.contest import Contest
from benchmarks.results import Comparison

SESSION = "benchmarks.sessions.memory:MemorySession"

# The session's methods, what each finds out, and who is asked.
QUESTIONS = {
    "peak": ("Most memory while training, beyond what was there before", BASELINES),
    "held": ("Memory for each graph that is alive, everything counted", (THIS_PROJECT, TORCH)),
    "saved": ("Arrays saved by the graph of a step, beside parameters and batch", (THIS_PROJECT, TORCH)),
}


def run(run: Run) -> list[Comparison]:
    """For each configuration on MNIST, a comparison of each of these figures."""
    images, labels = digits(train=True)
    comparisons = []
    for configuration in FOR_QUICK_RUNS if run.is_quick else CONFIGURATIONS:
        if configuration.sizes[0] != 784:
            continue
        run.say(f"memory of {configuration}")
        batch = slice(configuration.batch)
        x, y = batches_of_digits(configuration, images[batch], labels[batch])
        found = {
            method: Comparison("memory", title, str(configuration), "bytes", absent=run.missing(names))
            for method, (title, names) in QUESTIONS.items()
            if method == "peak" or configuration.optimizer == "SGD"  # graphs know nothing of optimizers
        }
        # New processes for each, since memory that is given back may stay with a process.
        with run.contest(SESSION, BASELINES) as contest:
            for name in contest.gather():
                with suppress(ContenderError):
                    _ask(contest, name, found, configuration, x[0], y[0])
        for comparison in found.values():
            comparison.failed = dict(contest.failed)
        comparisons += found.values()
    return sorted(comparisons, key=lambda comparison: comparison.group)


def _ask(
    contest: Contest, name: str, found: dict[str, Comparison], configuration: Configuration, x: Array, y: Array
) -> None:
    reason = contest.ask(name, "start", configuration=asdict(configuration), parameters=first_parameters(configuration))
    if reason is None and not contest.ask(name, "can_tell"):
        reason = "only Linux tells how much memory a process has"
    for method, comparison in found.items():
        if name in QUESTIONS[method][1]:
            if reason is None:
                comparison.values[name] = [contest.ask(name, method, x=x, y=y)]
            else:
                comparison.absent[name] = reason
