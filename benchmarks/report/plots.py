"""Plots of what a run found, with matplotlib."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from itertools import accumulate
from math import ceil
from pathlib import Path
from typing import Any

from benchmarks.peers import NUMPY, PEERS, TORCH
from benchmarks.results import Comparison

COLUMNS = 4


def save_plots(comparisons: Sequence[Comparison], folder: Path) -> list[Path]:
    """Draw a picture of each part that makes one, into ``folder``; returns the files.

    ImportError, with what to install, if there is no matplotlib.
    """
    try:
        from matplotlib.figure import Figure
    except ImportError as error:
        raise ImportError("plots need matplotlib: pip install 'tinygrad-scratch[examples]'") from error
    files = []
    for part, draw in PICTURES.items():
        shown = [comparison for comparison in comparisons if comparison.part == part and comparison.values]
        if shown:
            figure = Figure(layout="constrained")
            draw(figure, shown)
            files.append(folder / f"{part}.png")
            figure.savefig(files[-1], dpi=150)
    return files


def _ratios(figure: Any, comparisons: Sequence[Comparison], *, to: str) -> None:
    """A line for each task, on it a dot for each contender's time as a multiple of that of the one called ``to``."""
    figure.set_size_inches(10, 1.5 + 0.5 * len(comparisons))
    axes = figure.subplots()
    for name in _names(comparisons):
        places = [place for place, comparison in enumerate(comparisons) if comparison.ratio(name, to) is not None]
        ratios = [comparisons[place].ratio(name, to) for place in places]
        axes.plot(ratios, places, "o", color=_color(name), label=PEERS[name].label)
    axes.axvline(1, color="0.5", linewidth=1, zorder=0)
    axes.set_xscale("log")
    axes.set_yticks(range(len(comparisons)), [comparison.task for comparison in comparisons])
    axes.invert_yaxis()
    axes.grid(axis="y", color="0.9")
    axes.set_xlabel(f"time of a step, {PEERS[to].label} = 1")
    figure.legend(*axes.get_legend_handles_labels(), loc="outside right center")


def _curves(figure: Any, comparisons: Sequence[Comparison]) -> None:
    """A small picture for each series: times or bytes by size, both on logarithmic axes."""
    series: dict[tuple[str, str], list[Comparison]] = {}
    for comparison in comparisons:
        series.setdefault((comparison.group, comparison.series), []).append(comparison)
    rows = ceil(len(series) / COLUMNS)
    figure.set_size_inches(3.4 * COLUMNS, 2.8 * rows + 0.4)
    grid = figure.subplots(rows, COLUMNS, squeeze=False).ravel()
    for axes, ((group, title), points) in zip(grid, series.items(), strict=False):
        for name in _names(points):
            there = [point for point in points if name in point.values]
            sizes, values = [point.size for point in there], [point.typical(name) for point in there]
            axes.loglog(sizes, values, ".-", color=_color(name), label=PEERS[name].label)
        sizes = sorted({point.size for point in points})
        axes.set_xticks(sizes, [f"{size:,}" for size in sizes], fontsize="small")
        axes.xaxis.minorticks_off()
        axes.set_title("\n".join(filter(None, (title, group))), fontsize="small")
        axes.set_ylabel({"s": "seconds", "bytes": "bytes"}[points[0].unit])
        axes.grid(color="0.9")
    for axes in grid[len(series) :]:
        axes.set_axis_off()
    lines = {line.get_label(): line for axes in grid for line in axes.get_lines()}
    figure.legend(lines.values(), lines.keys(), loc="outside lower center", ncols=COLUMNS)


def _accuracy(figure: Any, comparisons: Sequence[Comparison]) -> None:
    """Test accuracy over training time."""
    figure.set_size_inches(8, 5)
    axes = figure.subplots()
    (comparison,) = comparisons
    for name in _names(comparisons):
        notes = comparison.notes[name]
        seconds, percent = list(accumulate(notes["seconds"])), [100 * accuracy for accuracy in notes["accuracies"]]
        axes.plot(seconds, percent, ".-", color=_color(name), label=PEERS[name].label)
    axes.set_xscale("log")
    axes.set_xlabel("seconds of training")
    axes.set_ylabel("test accuracy in %")
    axes.set_title(comparison.task)
    axes.grid(color="0.9")
    axes.legend()


def _names(comparisons: Sequence[Comparison]) -> list[str]:
    return [name for name in PEERS if any(name in comparison.values for comparison in comparisons)]


def _color(name: str) -> Any:
    from matplotlib import colormaps

    return colormaps["tab20"](list(PEERS).index(name))


PICTURES: dict[str, Callable[[Any, Sequence[Comparison]], None]] = {
    "mnist": partial(_ratios, to=NUMPY),
    "models": partial(_ratios, to=TORCH),
    "accuracy": _accuracy,
    "overhead": _curves,
    "growth": _curves,
}
