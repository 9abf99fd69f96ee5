"""``python -m benchmarks``: what it refuses, and the report that it writes."""

from __future__ import annotations

import doctest
import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import benchmarks.__main__ as command
from benchmarks import machine
from benchmarks.configurations import CONFIGURATIONS
from benchmarks.parts import mnist, run
from benchmarks.peers import NUMPY, PEERS, THIS_PROJECT, TORCH, Peer
from benchmarks.processes.contest import Pace
from benchmarks.report import units
from benchmarks.report.markdown import markdown
from benchmarks.results import Comparison, Report


@pytest.mark.parametrize("arguments", [["speed"], ["mnist", "--peers", "numpy,speed"]])
def test_unknown_names_are_refused_with_those_that_there_are(
    arguments: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit):
        command.main(arguments)
    assert "unknown: speed; there are " in capsys.readouterr().err


@pytest.fixture
def small_run(monkeypatch: pytest.MonkeyPatch) -> None:
    """A quick run of two networks, in which one of the peers is not installed."""
    random = np.random.default_rng(0)
    digits = random.random((400, 784), np.float32), random.integers(10, size=400)
    monkeypatch.setattr(mnist, "digits", lambda train: digits if train else None)
    monkeypatch.setattr(mnist, "FOR_QUICK_RUNS", [CONFIGURATIONS[0], CONFIGURATIONS[3]])
    monkeypatch.setattr(run, "QUICK", Pace(rounds=3, turn=0.005, pause=0.001))
    monkeypatch.setattr(run, "PATIENCE_OF_QUICK_RUN", 0.0)
    monkeypatch.setattr(machine, "share_of_others", lambda: 0.7)
    monkeypatch.setitem(PEERS, "micrograd", Peer("micrograd", "Nobody", "nobody", ("nothing-of-the-kind",)))


@pytest.mark.usefixtures("small_run")
def test_a_run_writes_its_report(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert command.main(["mnist", "--quick", "--peers", "micrograd", "--output", str(tmp_path)]) == 0
    text = (tmp_path / "report.md").read_text()
    assert capsys.readouterr().out == text + "\n"
    assert "**The machine was not idle at the start: other programs used 0.7 of its cores.**" in text
    assert "| Nobody | – | not installed: pip install nothing-of-the-kind | – |" in text
    assert "- Nobody: not installed: pip install nothing-of-the-kind" in text
    assert "| NumPy by hand | numpy " in text
    figures = json.loads((tmp_path / "report.json").read_text())
    assert [comparison["task"] for comparison in figures["comparisons"]] == [
        "XOR 2-8-1, SGD",
        "784-128-10, batch 32, SGD",
    ]
    for comparison in figures["comparisons"]:
        assert comparison["failed"] == {}
        assert {name: len(values) for name, values in comparison["values"].items()} == {THIS_PROJECT: 3, NUMPY: 3}


def report_of(*comparisons: Comparison) -> Report:
    return Report("today", "python -m benchmarks", {"cores": "2"}, [], {}, list(comparisons))


def test_ratios_come_before_times() -> None:
    values = {THIS_PROJECT: [2e-3, 4e-3, 6e-3], NUMPY: [1e-3, 2e-3, 3e-3], TORCH: [5e-3, 10e-3, 15e-3]}
    text = markdown(report_of(Comparison("mnist", "Training step", "XOR", "s", values=values)))
    lines = [line for line in text.splitlines() if line.startswith("| XOR")]
    assert lines == [
        "| XOR | 2.00 × | 2.50 × |",
        "| XOR | 0.50 | 2.50 |",
        "| XOR | 4.00 ms (3.00–5.00) | 2.00 ms (1.50–2.50) | 10.0 ms (7.50–12.5) |",
    ]


def test_what_was_measured_once_has_no_spread() -> None:
    values = {THIS_PROJECT: [1e6], TORCH: [2.5e6]}
    text = markdown(report_of(Comparison("memory", "Arrays saved", "a network", "bytes", values=values)))
    assert "| a network | 2.50 |" in text
    assert "| a network | 1.00 MB | 2.50 MB |" in text


def test_examples_in_docstrings_of_units() -> None:
    assert doctest.testmod(units) == doctest.TestResults(failed=0, attempted=3)


def test_failures_are_in_the_report() -> None:
    failed = {TORCH: "Traceback:\n  somewhere\nArithmeticError: no"}
    report = report_of(Comparison("mnist", "Training step", "XOR", "s", values={NUMPY: [1.0]}, failed=failed))
    assert "- **PyTorch failed** on XOR: ArithmeticError: no" in markdown(report)
    assert report.failures == ["XOR: torch: Traceback:\n  somewhere\nArithmeticError: no"]


def test_plots_are_drawn(tmp_path: Path) -> None:
    plots = pytest.importorskip("benchmarks.report.plots")
    pytest.importorskip("matplotlib")
    values = {THIS_PROJECT: [2.0], NUMPY: [1.0]}
    notes = {name: {"seconds": [1.0, 1.0], "accuracies": [0.9, 0.98]} for name in values}
    comparisons = [
        Comparison("mnist", "Training step", "XOR", "s", values=values),
        Comparison("accuracy", "Training", "a network", "s", values=values, notes=notes),
        *(Comparison("growth", "Chain", f"{size}", "bytes", size=size, values=values) for size in (10, 100)),
        Comparison("overhead", "Nobody took part", "a * b", "s", size=4),
    ]
    files = plots.save_plots(comparisons, tmp_path)
    assert [file.name for file in files] == ["mnist.png", "accuracy.png", "growth.png"]
    assert all(file.read_bytes().startswith(b"\x89PNG") for file in files)


def test_a_slower_kernel_than_the_processor_supports_is_noted(monkeypatch: pytest.MonkeyPatch) -> None:
    pools: list[dict[str, Any]] = [{"internal_api": "openblas", "architecture": "Haswell"}]
    monkeypatch.setattr(machine, "vector_instructions", lambda: ["AVX2", "AVX512_SKX"])
    monkeypatch.delenv("OPENBLAS_CORETYPE", raising=False)
    assert "Set OPENBLAS_CORETYPE=SkylakeX" in str(machine.note_on_kernel(pools))
    monkeypatch.setenv("OPENBLAS_CORETYPE", "Haswell")
    assert "Unset OPENBLAS_CORETYPE" in str(machine.note_on_kernel(pools))
    assert machine.note_on_kernel([{"internal_api": "openblas", "architecture": "SkylakeX"}]) is None
    assert machine.note_on_kernel([{"internal_api": "openmp"}]) is None
    monkeypatch.setattr(machine, "vector_instructions", lambda: ["AVX2"])
    assert machine.note_on_kernel(pools) is None
