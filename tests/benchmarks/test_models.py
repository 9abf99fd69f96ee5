"""The networks of the part ``models`` train as in PyTorch, and the report has their times and memory."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import benchmarks.__main__ as command
from benchmarks import equality
from benchmarks.models import MODELS, Model, batches_of_images, batches_of_text, character_lstm, first_state
from benchmarks.parts import memory, models, run
from benchmarks.peers import THIS_PROJECT, TORCH
from benchmarks.processes.contest import Pace
from benchmarks.report.markdown import markdown
from benchmarks.results import Comparison, Report
from benchmarks.sessions.models import ModelSession

pytest.importorskip("torch", reason="needs PyTorch: pip install -e .[peers]")

NAME = "CNN 1-16-32, one sample"


def digits(train: bool = True) -> tuple[Any, Any]:
    random = np.random.default_rng(int(train))
    return random.random((40, 784), np.float32), random.integers(10, size=40)


def small(model: Model) -> Model:
    """The same network with fewer samples, and shorter ones."""
    return replace(model, batch=min(model.batch, 4), characters=model.characters and 8)


def batches(model: Model, count: int) -> tuple[Any, Any]:
    if model.characters:
        return batches_of_text(model, count)
    return batches_of_images(model, *(array[: count * model.batch] for array in digits()))


@pytest.mark.parametrize("name", MODELS)
def test_first_steps_are_those_of_pytorch_in_float64(name: str) -> None:
    model = small(MODELS[name])
    first, (x, y) = first_state(model), batches(model, equality.STEPS)
    found, expected = ModelSession(THIS_PROJECT), ModelSession(TORCH)
    for session in (found, expected):
        session.start(name, first)
    difference = equality.difference(found.first_steps(x, y), expected.first_steps_in_float64(x, y), first)
    assert difference is None


def test_batches_of_text_are_characters_and_those_that_follow() -> None:
    model = Model("a model of text", character_lstm, batch=3, characters=5)
    x, y = batches_of_text(model, 2)
    assert x.shape == (2, 3, 5)
    assert y.shape == (2, 15)
    np.testing.assert_array_equal(x[:, :, 1:], y.reshape(2, 3, 5)[:, :, :-1])
    assert 0 <= x.min() <= x.max() < 65
    assert str(model) == "a model of text, batch 3"


def test_a_run_writes_times_and_memory(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for part in (models, memory):
        monkeypatch.setattr(part, "digits", digits)
        monkeypatch.setattr(part, "MODELS", {NAME: MODELS[NAME]})
    monkeypatch.setattr(memory, "FOR_QUICK_RUNS", [])
    monkeypatch.setattr(run, "QUICK", Pace(rounds=2, turn=0.005, pause=0.001))
    monkeypatch.setattr(run, "PATIENCE_OF_QUICK_RUN", 0.0)
    assert command.main(["models", "memory", "--quick", "--peers", "torch", "--output", str(tmp_path)]) == 0
    time, *memories = json.loads((tmp_path / "report.json").read_text())["comparisons"]
    assert {name: len(values) for name, values in time["values"].items()} == {THIS_PROJECT: 2, TORCH: 2}
    assert len(memories) == len(memory.QUESTIONS)
    assert all(set(found["values"]) == {THIS_PROJECT, TORCH} for found in memories)


def test_a_model_that_nobody_wrote_by_hand_is_in_the_headline() -> None:
    values = {THIS_PROJECT: [2e-3], TORCH: [3e-3]}
    comparison = Comparison("models", "Training step of a model", "a CNN", "s", values=values)
    text = markdown(Report("today", "python -m benchmarks", {"cores": "2"}, [], {}, [comparison]))
    assert "| a CNN | – | 1.50 × |" in text
