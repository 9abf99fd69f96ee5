"""Memory: the peak of training, and what the graph of one step keeps until the backward pass, beside PyTorch."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import suppress
from dataclasses import asdict

from benchmarks.by_hand.digits import digits
from benchmarks.configurations import (
    CONFIGURATIONS,
    FOR_QUICK_RUNS,
    batches_of_digits,
    first_parameters,
)
from benchmarks.models import MODELS
from benchmarks.parts import models
from benchmarks.parts.run import BASELINES, Run
from benchmarks.parts.steps import Task
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
    """For each network on MNIST, and each of `MODELS`, a comparison of each of these figures."""
    comparisons = [*_of_perceptrons(run), *_of_models(run)]
    return sorted(comparisons, key=lambda comparison: comparison.group)


def _of_perceptrons(run: Run) -> Iterator[Comparison]:
    images, labels = digits(train=True)
    for configuration in FOR_QUICK_RUNS if run.is_quick else CONFIGURATIONS:
        if configuration.sizes[0] == 784:
            batch = slice(configuration.batch)
            x, y = batches_of_digits(configuration, images[batch], labels[batch])
            task = Task(asdict(configuration), first_parameters(configuration), x, y)
            # Graphs know nothing of optimizers.
            methods = QUESTIONS if configuration.optimizer == "SGD" else ["peak"]
            yield from _compared(run, SESSION, BASELINES, str(configuration), task, methods)


def _of_models(run: Run) -> Iterator[Comparison]:
    for model in MODELS.values():
        yield from _compared(run, models.SESSION, (THIS_PROJECT, TORCH), str(model), models.task_of(model), QUESTIONS)


def _compared(
    run: Run, session: str, names: tuple[str, ...], network: str, task: Task, methods: Iterable[str]
) -> Iterable[Comparison]:
    run.say(f"memory of {network}")
    found = {
        method: Comparison("memory", title, network, "bytes", absent=run.missing(names))
        for method, (title, names) in QUESTIONS.items()
        if method in methods
    }
    # New processes for each, since memory that is given back may stay with a process.
    with run.contest(session, names) as contest:
        for name in contest.gather():
            with suppress(ContenderError):
                _ask(contest, name, found, task)
    for comparison in found.values():
        comparison.failed = dict(contest.failed)
    return found.values()


def _ask(contest: Contest, name: str, found: dict[str, Comparison], task: Task) -> None:
    reason = contest.ask(name, "start", configuration=task.configuration, parameters=task.parameters)
    if reason is None and not contest.ask(name, "can_tell"):
        reason = "only Linux tells how much memory a process has"
    for method, comparison in found.items():
        if name in QUESTIONS[method][1]:
            if reason is None:
                comparison.values[name] = [contest.ask(name, method, x=task.x[0], y=task.y[0])]
            else:
                comparison.absent[name] = reason
