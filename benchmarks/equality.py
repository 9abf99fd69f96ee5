"""Whether contenders compute the same: checked on their first steps, before anything is timed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from benchmarks.configurations import Array, Configuration
from benchmarks.peers import numpy_naive

STEPS = 5
OF_LOSS = 1e-4
OF_CHANGE = 1e-2


def reference(configuration: Configuration, parameters: Sequence[Array], x: Array, y: Array) -> dict[str, Any]:
    """The losses of the steps on the batches of ``x`` and the parameters after them, computed in float64."""
    trainer = numpy_naive.Trainer(configuration, parameters)
    losses = [trainer.train(trainer.prepare(x[i : i + 1], y[i : i + 1])) for i in range(len(x))]
    return {"losses": losses, "parameters": trainer.parameters()}


def difference(found: Mapping[str, Any], expected: Mapping[str, Any], first: Sequence[Array]) -> str | None:
    """What a contender computed otherwise than ``expected``, from the parameters ``first`` on; None if nothing.

    A loss may differ by `OF_LOSS` of itself. What the steps changed in a parameter may differ by `OF_CHANGE` of its
    length: ‖found - expected‖ ≤ `OF_CHANGE` · ‖expected - first‖. Parameters hardly move in a few steps, so that to
    compare them as they are would let through even a contender that does not train. Rounding in float32 makes up to a
    third of that, where Adam gives a gradient of almost zero the other sign.
    """
    for step, (loss, right) in enumerate(zip(found["losses"], expected["losses"], strict=True), start=1):
        if not abs(loss - right) <= OF_LOSS * abs(right):
            return f"the loss of step {step} is {loss:.7g}, but should be {right:.7g}"
    for place, (parameter, right, start) in enumerate(
        zip(found["parameters"], expected["parameters"], first, strict=True)
    ):
        if parameter.shape != right.shape:
            return f"parameter {place} has shape {parameter.shape}, but should have {right.shape}"
        error, change = np.linalg.norm(parameter - right), np.linalg.norm(right - start)
        if not error <= OF_CHANGE * change:
            return (
                f"after {len(expected['losses'])} steps, parameter {place} is {error / change:.2g} of its change away "
                "from where it should be"
            )
    return None
