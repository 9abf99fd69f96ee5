"""Pictures of what a model has learned, as PNG files; and a digit drawn in the terminal."""

from __future__ import annotations

import warnings
from collections.abc import Callable, Mapping, Sequence
from math import ceil
from pathlib import Path
from typing import Any

import numpy as np
from matplotlib.figure import Figure
from matplotlib.ticker import MaxNLocator

from tinygrad_scratch import Tensor, visualize

Array = np.ndarray[Any, np.dtype[Any]]
_RIGHT, _WRONG = "#166534", "#b91c1c"


def learning_curves(path: Path, panels: Mapping[str, Mapping[str, Sequence[float]]], along: str = "epoch") -> None:
    """For each of ``panels`` (loss, accuracy) a plot with its curves: one number for each epoch, from the first."""
    figure = Figure(figsize=(4.5 * len(panels), 3.4), layout="constrained")
    for axes, (title, curves) in zip(figure.subplots(1, len(panels), squeeze=False)[0], panels.items(), strict=True):
        for label, values in curves.items():
            marker = "o" if len(values) <= 30 else None
            axes.plot(range(1, len(values) + 1), values, marker=marker, markersize=3, label=label)
        axes.set(title=title, xlabel=along)
        axes.xaxis.set_major_locator(MaxNLocator(integer=True, min_n_ticks=1))
        axes.grid(alpha=0.3)
        axes.legend()
    figure.savefig(path, dpi=100)


def sheet_of_digits(
    path: Path, images: Array, predicted: Sequence[int], true: Sequence[int], columns: int = 10
) -> None:
    """The ``images`` (N, height, width) with the digits seen in them; wrong ones in red, with what is right."""
    rows = max(1, ceil(len(images) / columns))
    figure = Figure(figsize=(0.9 * columns, 1.05 * rows))
    axes = figure.add_axes((0, 0, 1, 1), xlim=(0, columns), ylim=(rows, 0), frame_on=False, xticks=[], yticks=[])
    for place, (image, seen, label) in enumerate(zip(images, predicted, true, strict=True)):
        row, column = divmod(place, columns)
        extent = (column + 0.1, column + 0.9, row + 0.96, row + 0.24)
        axes.imshow(image, cmap="gray_r", extent=extent, aspect="auto", interpolation="nearest")
        title, colour = (f"{seen} ✓", _RIGHT) if seen == label else (f"{seen} ✗ is {label}", _WRONG)
        axes.text(column + 0.5, row + 0.2, title, ha="center", va="bottom", fontsize=10, color=colour)
    axes.set(xlim=(0, columns), ylim=(rows, 0))
    figure.savefig(path, dpi=100)


def filters_and_maps(path: Path, filters: Array, images: Array, maps: Array) -> None:
    """The ``filters`` (C, k, k) of a layer in a row: red weights are positive, blue ones negative. Below it a row for
    each of the ``images`` (N, height, width), with the map that each filter makes of it, ``maps`` (N, C, …).
    """
    rows, columns = len(images) + 1, len(filters) + 1
    figure = Figure(figsize=(0.75 * columns, 0.75 * rows), layout="constrained")
    axes = figure.subplots(rows, columns, subplot_kw={"xticks": [], "yticks": []})
    axes[0, 0].axis("off")
    strongest = np.abs(filters).max()
    for panel, weights in zip(axes[0, 1:], filters, strict=True):
        panel.imshow(weights, cmap="RdBu_r", vmin=-strongest, vmax=strongest)
    for row, image, of_image in zip(axes[1:], images, maps, strict=True):
        for panel, shown in zip(row, [image, *of_image], strict=True):
            panel.imshow(shown, cmap="gray_r")
    figure.savefig(path, dpi=100)


def coloured_text(path: Path, text: str, values: Array, label: str, width: int = 80) -> None:
    """``text``, as far as ``width`` reaches, on a background that is the darker the higher a character's value."""
    lines = text.count("\n") + 1
    figure = Figure(figsize=(0.105 * width + 1, 0.21 * lines + 0.2), layout="constrained")
    axes = figure.subplots(subplot_kw={"xticks": [], "yticks": [], "frame_on": False})
    shades = np.full((lines, width), np.nan)
    line = column = 0
    for character, value in zip(text, values, strict=True):
        if column < width:
            shades[line, column] = value
            axes.text(column, line, character.strip(), family="monospace", fontsize=9, ha="center", va="center")
        line, column = (line + 1, 0) if character == "\n" else (line, column + 1)
    image = axes.imshow(shades, cmap="OrRd", alpha=0.8, aspect="auto", vmin=0)
    figure.colorbar(image, label=label)
    figure.savefig(path, dpi=100)


def attention_maps(path: Path, weights: Array, text: str) -> None:
    """The attention ``weights`` (layers, heads, L, L) on ``text``: a row for each layer, and in it a map for each head.

    The row of a character in a map shows where it looks: at the characters in the dark columns.
    """
    layers, heads = weights.shape[:2]
    figure = Figure(figsize=(3 * heads, 3.1 * layers), layout="constrained")
    characters = text.replace("\n", "⏎").replace(" ", "·")
    for layer, row in enumerate(figure.subplots(layers, heads, squeeze=False)):
        for head, axes in enumerate(row):
            axes.imshow(weights[layer, head], cmap="Blues", vmin=0, vmax=1)
            axes.set_title(f"layer {layer + 1}, head {head + 1}", fontsize=10)
            axes.set_xticks(range(len(text)), characters, fontsize=6, family="monospace")
            axes.set_yticks(range(len(text)), characters, fontsize=6, family="monospace")
            axes.tick_params(length=0)
    figure.savefig(path, dpi=100)


def confusion_matrix(path: Path, counts: Array, names: Sequence[str]) -> None:
    """How often each class was taken for each: ``counts`` (classes, classes), a row for what is right."""
    size = 0.24 * len(names) + 1.5
    figure = Figure(figsize=(size, size), layout="constrained")
    axes = figure.subplots()
    axes.imshow(counts / counts.sum(1, keepdims=True).clip(1), cmap="Blues", vmin=0, vmax=1)
    for row, column in np.argwhere(counts):
        shade = "white" if counts[row, column] > counts[row].sum() / 2 else "black"
        axes.text(column, row, counts[row, column], ha="center", va="center", fontsize=7, color=shade)
    axes.set_xticks(range(len(names)), names, rotation=90, fontsize=8)
    axes.set_yticks(range(len(names)), names, fontsize=8)
    axes.set(xlabel="guessed", ylabel="right")
    figure.savefig(path, dpi=100)


def decision_boundary(
    path: Path, probability: Callable[[Array], Array], points: Array, labels: Array, names: Sequence[str]
) -> None:
    """Two features as a plane: how probable class 1 is everywhere, where that is a half, and the ``points`` (N, 2)."""
    margin = 0.15 * (points.max(0) - points.min(0))
    low, high = points.min(0) - margin, points.max(0) + margin
    xs, ys = np.meshgrid(np.linspace(low[0], high[0], 200), np.linspace(low[1], high[1], 200))
    heights = probability(np.column_stack([xs.ravel(), ys.ravel()]).astype(np.float32)).reshape(xs.shape)
    figure = Figure(figsize=(5.2, 4.2), layout="constrained")
    axes = figure.subplots()
    extent = (low[0], high[0], low[1], high[1])
    shades = axes.imshow(
        heights, cmap="RdBu_r", alpha=0.6, vmin=0, vmax=1, origin="lower", extent=extent, aspect="auto"
    )
    axes.contour(xs, ys, heights, levels=[0.5], colors="black", linewidths=1.5)
    for label, colour in enumerate(["#1e40af", "#991b1b"]):
        chosen = points[labels == label]
        axes.scatter(*chosen.T, s=22, color=colour, edgecolors="white", linewidths=0.6, label=f"class {label}")
    axes.set(xlabel=names[0], ylabel=names[1])
    axes.legend(loc="upper right")
    figure.colorbar(shades, label="probability of class 1", ticks=[0, 0.5, 1])
    figure.savefig(path, dpi=100)


def save_graph(path: Path, root: Tensor, values: bool = False, **names: Any) -> None:
    """The computation graph behind ``root``, its tensors and modules called by ``names``, perhaps with their values.

    Where nothing is installed that can draw it, it is saved as DOT text, and a line says how to get the picture.
    """
    with warnings.catch_warnings(record=True) as said:
        warnings.simplefilter("always")
        visualize.draw(root, names=names, values=values).save(path)
    for warning in said:
        print(warning.message)


def digit_as_text(image: Array) -> str:
    """``image`` (height, width), from 0 to 1, in characters: two rows of pixels in each line."""
    ink = image > 0.4
    lines = [
        "".join(" ▀▄█"[upper + 2 * lower] for upper, lower in zip(*pair, strict=True)).rstrip()
        for pair in zip(ink[::2], ink[1::2], strict=True)
    ]
    return "\n".join(lines).strip("\n")
