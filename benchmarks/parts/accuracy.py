"""Time to 98 % test accuracy: of training only, up to the end of the epoch that gets there.

An epoch that other programs disturb cannot be repeated. So the time is the number of epochs times their median time.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import asdict
from statistics import median
from typing import Any

import numpy as np

from benchmarks.by_hand.digits import digits
from benchmarks.configurations import Configuration, first_parameters
from benchmarks.parts.run import Run
from benchmarks.processes.contender import ContenderError
from benchmarks.processes.contest import Contest
from benchmarks.results import Comparison

SESSION = "benchmarks.sessions.accuracy:AccuracySession"
CONFIGURATION = Configuration((784, 256, 128, 10), 128, "Adam", 1e-3)
GOAL, GOAL_OF_QUICK_RUN = 0.98, 0.95
MOST_EPOCHS = 30

Curve = list[tuple[float, float]]  # of each epoch, its seconds and the test accuracy after it


def run(run: Run) -> list[Comparison]:
    """The time that each contender takes; the order of the samples is the same for all."""
    goal = GOAL_OF_QUICK_RUN if run.is_quick else GOAL
    comparison = Comparison("accuracy", f"Training to {goal:.0%} test accuracy", str(CONFIGURATION), "s")
    comparison.absent = run.missing()
    images, labels = digits(train=True)
    test_images, test_labels = digits(train=False)
    data = {"images": images, "labels": labels, "test_images": test_images, "test_labels": test_labels}
    with run.contest(SESSION) as contest:
        ready = [name for name in contest.gather() if _is_ready(name, contest, comparison, data)]
        curves = _learning_curves(run, contest, ready, len(images), goal)
        comparison.failed = dict(contest.failed)
    for name, curve in curves.items():
        if name in comparison.failed:
            continue
        seconds, accuracies = zip(*curve, strict=True)
        if accuracies[-1] >= goal:
            comparison.values[name] = [len(curve) * median(seconds)]
            comparison.notes[name] = {"epochs": len(curve), "seconds": seconds, "accuracies": accuracies}
        else:
            comparison.failed[name] = f"{accuracies[-1]:.2%} after {len(curve)} epochs"
    return [comparison]


def _is_ready(name: str, contest: Contest, comparison: Comparison, data: Mapping[str, Any]) -> bool:
    """Whether a contender has made the network and has the digits; if not, note why."""
    parameters = first_parameters(CONFIGURATION)
    try:
        reason = contest.ask(name, "start", configuration=asdict(CONFIGURATION), parameters=parameters)
        if reason is not None:
            comparison.absent[name] = reason
            return False
        contest.ask(name, "load", **data)
    except ContenderError:
        return False
    return True


def _learning_curves(run: Run, contest: Contest, names: Sequence[str], samples: int, goal: float) -> dict[str, Curve]:
    """The curves of those who do not fail, each up to the goal."""
    curves: dict[str, Curve] = {name: [] for name in names}
    learning = list(names)
    random = np.random.default_rng(0)
    for epoch in range(1, MOST_EPOCHS + 1):
        if not learning:
            break
        run.say(f"accuracy: epoch {epoch}, {', '.join(learning)}")
        order = random.permutation(samples)
        for name in learning:
            with suppress(ContenderError):
                answer = contest.turn(name, "epoch", attempts=1, order=order)
                curves[name].append((answer["seconds"], answer["accuracy"]))
        learning = [name for name in learning if name not in contest.failed and curves[name][-1][1] < goal]
    return curves
