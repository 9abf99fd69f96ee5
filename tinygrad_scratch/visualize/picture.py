"""From a `Drawing` to a picture: DOT text in the style of a theme, which Graphviz lays out."""

from __future__ import annotations

import warnings
from collections.abc import Iterable
from os import PathLike
from pathlib import Path
from typing import Any

import graphviz

from tinygrad_scratch.visualize import labels
from tinygrad_scratch.visualize.arrangement import ends, sides
from tinygrad_scratch.visualize.drawing import Box, Cluster, Drawing, Edge, Role
from tinygrad_scratch.visualize.engines import HOW_TO_INSTALL, find_engine, rendered, write_whole
from tinygrad_scratch.visualize.theme import Theme

_SHAPES = {
    Role.PARAMETER: {"shape": "cylinder"},
    Role.INPUT: {"shape": "ellipse", "margin": "0.06,0.02"},
    Role.CONSTANT: {"shape": "note"},
    Role.OPERATION: {"shape": "box", "style": "rounded,filled"},
    Role.OUTPUT: {"shape": "ellipse", "margin": "0.06,0.02", "peripheries": "2"},
    Role.MODULE: {"shape": "folder"},
    Role.GRADIENT: {"shape": "box", "style": "rounded,filled,dashed"},
}
_FONT = "Helvetica"


class Picture(graphviz.Digraph):  # type: ignore[misc]
    """A graph as DOT text (``source``), which shows itself in notebooks."""

    def save(self, path: str | PathLike[str]) -> Path:
        """Write the picture, in the format that the ending of ``path`` names: .svg, .png, .pdf, or .dot for the text.

        Returns the file that was written. Where no Graphviz engine is installed that is the DOT text, beside where the
        picture would be, and a warning says what to install. Raises `RenderingError` if the engine fails or hangs.
        """
        path = Path(path)
        if path.suffix not in (".dot", ".gv") and find_engine() is None:
            path, wanted = path.with_suffix(".dot"), path
            warnings.warn(f"{wanted} was saved as DOT text, {path}: {HOW_TO_INSTALL}", RuntimeWarning, stacklevel=2)
        is_text = path.suffix in (".dot", ".gv")
        write_whole(path, self.source.encode() if is_text else rendered(self.source, path.suffix[1:]))
        return path

    def _repr_mimebundle_(
        self, include: Iterable[str] | None = None, exclude: Iterable[str] | None = None, **_: Any
    ) -> dict[str, str]:
        """What a notebook shows: the picture, or the DOT text and a line on what to install."""
        if find_engine() is None:
            return {"text/plain": f"{self.source}\n{HOW_TO_INSTALL}"}
        return {"image/svg+xml": rendered(self.source, "svg").decode()}


def picture_of(drawing: Drawing, theme: Theme, values: bool = False, left_to_right: bool = False) -> Picture:
    """The picture of ``drawing``, with ``values`` and gradients written into the boxes."""
    picture = Picture(
        graph_attr=_graph_style(drawing, theme, left_to_right), node_attr=_box_style(theme), edge_attr=_edge_style(theme)
    )
    frames = {
        cluster: graphviz.Digraph(f"cluster_{i}", graph_attr=_frame_style(cluster, theme))
        for i, cluster in enumerate(drawing.clusters)
    }
    keys = {box: f"box_{i}" for i, box in enumerate(drawing.boxes)}
    for box, key in keys.items():
        label = labels.box_label(box, theme, values)
        frame = picture if box.cluster is None else frames[box.cluster]
        frame.node(key, label, tooltip=labels.plain(labels.tooltip(box)), **_box_look(box, theme))
    at_sides = sides(drawing)
    for box, beside in at_sides.items():
        row = [*beside.left, box, *beside.right]
        body = [f"\t{keys[member]}\n" for member in row]
        (picture if box.cluster is None else frames[box.cluster]).subgraph(graphviz.Digraph(body=["\trank=same\n", *body]))
    for cluster, frame in reversed(frames.items()):
        (picture if cluster.parent is None else frames[cluster.parent]).subgraph(frame)
    on_the_right = {(box, member) for box, beside in at_sides.items() for member in beside.right}
    on_the_way = {lower for _, lower in map(ends, drawing.edges)}
    for edge in drawing.edges:
        upper, lower = ends(edge)
        first, second = (lower, upper) if (lower, upper) in on_the_right else (upper, lower)
        look = _edge_look(edge, theme, is_reversed=first is not edge.source)
        look["weight"] = "0" if edge.target.of is edge.source else "4" if upper in on_the_way else "1"
        picture.edge(keys[first], keys[second], labels.edge_label(edge, theme), **look)
    return picture


def _graph_style(drawing: Drawing, theme: Theme, left_to_right: bool) -> dict[str, str]:
    style = {
        "rankdir": "LR" if left_to_right else "TB",
        "bgcolor": theme.background,
        "fontname": _FONT,
        "pad": "0.3",
        "nodesep": "0.3",
        "ranksep": "0.4",
    }
    if drawing.caption:
        style |= {"label": labels.caption(drawing.caption, theme), "labelloc": "t", "labeljust": "l"}
    return style


def _box_style(theme: Theme) -> dict[str, str]:
    return {
        "fontname": _FONT,
        "fontsize": "11",
        "fontcolor": theme.text,
        "style": "filled",
        "margin": "0.14,0.07",
        "height": "0.34",
        "width": "0.4",
    }


def _edge_style(theme: Theme) -> dict[str, str]:
    return {
        "fontname": _FONT,
        "fontsize": "8.5",
        "fontcolor": theme.muted,
        "color": theme.edge,
        "arrowsize": "0.6",
    }


def _frame_style(cluster: Cluster, theme: Theme) -> dict[str, str]:
    paint = theme.clusters[sum(1 for _ in cluster.upwards()) % 2]
    return {
        "label": labels.cluster_label(cluster, theme),
        "labeljust": "l",
        "style": "rounded,filled",
        "fillcolor": paint.fill,
        "color": paint.line,
        "margin": "12",
    }


def _box_look(box: Box, theme: Theme) -> dict[str, str]:
    paint = theme.boxes[box.role]
    return {**_SHAPES[box.role], "fillcolor": paint.fill, "color": paint.line}


def _edge_look(edge: Edge, theme: Theme, is_reversed: bool) -> dict[str, str]:
    look = {"dir": "back"} if is_reversed else {}
    return {**look, "color": theme.gradient, "fontcolor": theme.gradient} if edge.is_gradient else look
