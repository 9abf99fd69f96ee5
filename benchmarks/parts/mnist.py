"""Training speed: the whole step, forward, backward and update, of networks for XOR and MNIST."""

from __future__ import annotations

from dataclasses import asdict

from benchmarks import equality
from benchmarks.by_hand.digits import digits
from benchmarks.configurations import (
    BINARY_CROSS_ENTROPY,
    CONFIGURATIONS,
    FOR_QUICK_RUNS,
    Array,
    Configuration,
    batches_of_digits,
    batches_of_xor,
    first_parameters,
)
from benchmarks.parts import steps
from benchmarks.parts.run import Run
from benchmarks.parts.steps import Task
from benchmarks.processes.contest import Contest
from benchmarks.results import Comparison

SESSION = "benchmarks.sessions.training:TrainingSession"
SAMPLES = 16_384  # of the training images, in the order of the file: enough that a network goes on learning


def run(run: Run) -> list[Comparison]:
    """A comparison for each of `CONFIGURATIONS`, or only some if the run is to be quick."""
    images, labels = digits(train=True)
    comparisons = []
    with run.contest(SESSION) as contest:
        for configuration in FOR_QUICK_RUNS if run.is_quick else CONFIGURATIONS:
            run.say(f"training {configuration}")
            if configuration.loss == BINARY_CROSS_ENTROPY:
                x, y = batches_of_xor(SAMPLES)
            else:
                x, y = batches_of_digits(configuration, images[:SAMPLES], labels[:SAMPLES])
            comparison = Comparison("mnist", "Training step", str(configuration), "s", absent=run.missing())
            compare_steps(contest, comparison, configuration, x, y)
            comparisons.append(comparison)
    return comparisons


def compare_steps(contest: Contest, comparison: Comparison, configuration: Configuration, x: Array, y: Array) -> None:
    """As `steps.compare_steps`: what a step should find is what NumPy by hand does, in float64."""
    task = Task(asdict(configuration), first_parameters(configuration), x, y)
    expected = equality.reference(configuration, task.parameters, **task.first_batches)
    steps.compare_steps(contest, comparison, task, expected)
