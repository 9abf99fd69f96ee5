"""Training speed of convolutional and recurrent networks and a Transformer, beside PyTorch, run eagerly.

Only who has PyTorch's names takes part: the networks are written once for all of them. What the first steps should find
is what PyTorch finds in float64: there the two differ by rounding alone, which `tests/parity` has shown layer by layer.
"""

from __future__ import annotations

from contextlib import suppress
from typing import Any

from benchmarks.by_hand.digits import digits
from benchmarks.models import MODELS, Model, batches_of_images, batches_of_text, first_state
from benchmarks.parts import steps
from benchmarks.parts.run import Run
from benchmarks.parts.steps import Task
from benchmarks.peers import THIS_PROJECT, TORCH
from benchmarks.processes.contender import ContenderError
from benchmarks.processes.contest import Contest
from benchmarks.results import Comparison

SESSION = "benchmarks.sessions.models:ModelSession"
NAMES = (THIS_PROJECT, TORCH, "torch-default")
SAMPLES, SAMPLES_OF_TEXT = 8_192, 3_200


def run(run: Run) -> list[Comparison]:
    """A comparison for each of `MODELS`."""
    comparisons = []
    with run.contest(SESSION, NAMES) as contest:
        for model in MODELS.values():
            run.say(f"training {model}")
            comparison = Comparison("models", "Training step of a model", str(model), "s", absent=run.missing(NAMES))
            task = task_of(model)
            with suppress(ContenderError):
                steps.compare_steps(contest, comparison, task, _expected(contest, task))
            comparison.failed |= contest.failed
            comparisons.append(comparison)
    return comparisons


def task_of(model: Model) -> Task:
    """A model and as many batches, of digits or of text, as there may be in a turn."""
    if model.characters is None:
        x, y = batches_of_images(model, *(array[:SAMPLES] for array in digits(train=True)))
    else:
        x, y = batches_of_text(model, SAMPLES_OF_TEXT // model.batch)
    return Task(str(model), first_state(model), x, y)


def _expected(contest: Contest, task: Task) -> Any:
    contest.gather()
    contest.ask(TORCH, "start", configuration=task.configuration, parameters=task.parameters)
    return contest.ask(TORCH, "first_steps_in_float64", **task.first_batches)
