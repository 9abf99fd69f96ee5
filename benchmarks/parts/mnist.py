"""Training speed: the whole step, forward, backward and update, of networks for XOR and MNIST."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from statistics import median

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
from benchmarks.parts.run import Run
from benchmarks.processes.contender import ContenderError
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
    """Fill in the time of a step for each contender that computes the right thing."""
    ready = [name for name in contest.gather() if _is_ready(name, contest, comparison, configuration, x, y)]
    answers = contest.take_turns(ready, "turn")
    comparison.failed |= contest.failed
    for name, turns in answers.items():
        comparison.values[name] = [turn["seconds"] / turn["steps"] for turn in turns]
        comparison.notes[name] = {"steps in a turn": turns[0]["steps"], "page faults in a step": _page_faults(turns)}


def _is_ready(
    name: str, contest: Contest, comparison: Comparison, configuration: Configuration, x: Array, y: Array
) -> bool:
    """Whether a contender has made the network, done the first steps right and warmed up; if not, note why."""
    parameters = first_parameters(configuration)
    first_x, first_y = x[: equality.STEPS], y[: equality.STEPS]
    try:
        reason = contest.ask(name, "start", configuration=asdict(configuration), parameters=parameters)
        if reason is not None:
            comparison.absent[name] = reason
            return False
        found = contest.ask(name, "first_steps", x=first_x, y=first_y)
        expected = equality.reference(configuration, parameters, first_x, first_y)
        difference = equality.difference(found, expected, parameters)
        if difference is not None:
            comparison.failed[name] = f"computes something else: {difference}"
            return False
        contest.ask(name, "warm_up", x=x, y=y, seconds=contest.pace.turn)
    except ContenderError:
        return False
    return True


def _page_faults(turns: Sequence[Mapping[str, float]]) -> float:
    return median(turn["page_faults"] / turn["steps"] for turn in turns)
