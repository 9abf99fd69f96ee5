"""The report as Markdown: how it was measured and on what, then ratios, then times and bytes."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby
from typing import Any

from benchmarks.equality import STEPS
from benchmarks.peers import NUMPY, PEERS, THIS_PROJECT, TORCH
from benchmarks.report.units import quantity, quantity_with_spread, significant
from benchmarks.results import Comparison, Report

METHOD = f"""\
Each contender runs in a process of its own, which stays alive. They take turns in short rounds, in an order drawn anew
for each, with a pause before every turn that lasts until the cores are idle: two BLAS or OpenMP libraries at once, or
one whose threads still spin from the turn before, would fight for the cores. A turn that other programs disturb is
repeated, as long as the patience of a run lasts.

Everyone has the same first parameters and the same batches, of real MNIST images or of text, in the form that the
library likes best. Before anything is timed, the losses of the first {STEPS} steps and the parameters after them are
compared with those of a computation in float64: for multilayer perceptrons a plain one in NumPy, for other models
PyTorch's. Who computes something else is not timed. Then everyone warms up, and compilers compile. A training step is
forward pass, loss, backward pass and update.

Figures are medians over the rounds; a ratio is the median of the ratios within each round. A range in brackets holds
the middle half of the rounds."""

Row = Sequence[str]


def markdown(report: Report) -> str:
    """The whole report."""
    blocks = ["# Benchmarks of tinygrad_scratch", f"`{report.command}`, {report.started}"]
    blocks += [f"**{warning}**" for warning in report.warnings]
    blocks += ["## Method", METHOD, *_headline(report.comparisons), *_circumstances(report)]
    for group, comparisons in groupby(report.comparisons, key=lambda comparison: comparison.group):
        blocks += [f"## {group}", *_comparisons(list(comparisons))]
    return "\n\n".join(blocks) + "\n"


def _circumstances(report: Report) -> Iterator[str]:
    yield from ("## Machine", _table(["", ""], report.machine.items(), align="---"))
    rows = [[PEERS[name].label, *_about(about)] for name, about in report.contenders.items()]
    header = ["contender", "versions", "how it is used", "thread pools"]
    yield from ("## Contenders", _table(header, rows, align="---"))


def _about(about: dict[str, Any]) -> Row:
    if "missing" in about:
        return ["–", about["missing"], "–"]
    versions = ", ".join(f"{package} {version}" for package, version in about["versions"].items())
    return [versions, about["settings"], "; ".join(map(_pool, about["thread_pools"])) or "its own, or unknown"]


def _pool(pool: dict[str, Any]) -> str:
    version = f" {pool['version']}" if pool["version"] else ""
    kernel = f", kernel {pool['architecture']}" if "architecture" in pool else ""
    return f"{pool['internal_api']}{version}, {pool['num_threads']} threads{kernel}"


def _headline(comparisons: Iterable[Comparison]) -> Iterator[str]:
    """This project's training steps against the two baselines, by themselves."""
    rows = []
    for comparison in comparisons:
        ratios = [comparison.ratio(THIS_PROJECT, NUMPY), comparison.ratio(TORCH, THIS_PROJECT)]
        if comparison.part in ("mnist", "models") and ratios[1] is not None:
            rows.append([comparison.task, *("–" if ratio is None else f"{ratio:.2f} ×" for ratio in ratios)])
    if rows:
        yield "## In short"
        yield _table(["training step of this project", "time, NumPy by hand = 1", "speed, PyTorch = 1"], rows)


def _comparisons(comparisons: Sequence[Comparison]) -> Iterator[str]:
    names = [name for name in PEERS if any(name in comparison.values for comparison in comparisons)]
    others = [name for name in names if name != THIS_PROJECT]
    if THIS_PROJECT in names and others:
        what = "time" if comparisons[0].unit == "s" else "memory"
        yield f"The {what} of each, divided by this project's: above 1, this project needs less."
        rows = [[comparison.task, *(_ratio(comparison, name) for name in others)] for comparison in comparisons]
        yield _table(["", *(PEERS[name].label for name in others)], rows)
    rows = [[comparison.task, *(_value(comparison, name) for name in names)] for comparison in comparisons]
    yield _table(["", *(PEERS[name].label for name in names)], rows)
    reasons = [line for comparison in comparisons for line in _reasons(comparison)]
    if reasons:
        yield "\n".join(f"- {line}" for line in dict.fromkeys(reasons))


def _ratio(comparison: Comparison, name: str) -> str:
    ratio = comparison.ratio(name, THIS_PROJECT)
    return "–" if ratio is None else significant(ratio)


def _value(comparison: Comparison, name: str) -> str:
    if name not in comparison.values:
        return "–"
    if len(comparison.values[name]) == 1:
        return quantity(comparison.typical(name), comparison.unit)
    return quantity_with_spread(comparison.typical(name), comparison.spread(name), comparison.unit)


def _reasons(comparison: Comparison) -> Iterator[str]:
    for name, reason in comparison.absent.items():
        yield f"{PEERS[name].label}: {reason}"
    for name, reason in comparison.failed.items():
        yield f"**{PEERS[name].label} failed** on {comparison.task}: {reason.splitlines()[-1]}"


def _table(header: Row, rows: Iterable[Row], align: str = "---:") -> str:
    rule = ["---", *[align] * (len(header) - 1)]
    return "\n".join(f"| {' | '.join(line)} |" for line in (header, rule, *rows))
