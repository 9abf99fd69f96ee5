"""From a `Drawing` to a picture: DOT text in the style of a theme, which Graphviz lays out."""

from __future__ import annotations

import warnings
from collections.abc import Mapping
from functools import lru_cache
from os import PathLike
from pathlib import Path
from typing import Any

import graphviz

from tinygrad_scratch.atomic_write import write_whole
from tinygrad_scratch.visualize import labels
from tinygrad_scratch.visualize.arrangement import Sides, ends, sides
from tinygrad_scratch.visualize.drawing import Box, Cluster, Drawing, Edge, Role
from tinygrad_scratch.visualize.engines import HOW_TO_INSTALL, check_format, find_engine, rendered
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
_FONT = "Helvetica,Arial,sans-serif"  # the list, unlike the one name, gets the metrics that browsers use


class Picture(graphviz.Digraph):  # type: ignore[misc]
    """A graph as DOT text, its ``source``; notebooks show it as a picture."""

    def save(self, path: str | PathLike[str]) -> Path:
        """Write the picture, in the format that the ending of ``path`` names: .svg, .png, .pdf, or .dot for the text.

        Returns the file that was written. Where no Graphviz engine is installed that is the DOT text, beside where the
        picture would be, and a warning says what to install. Raises `RenderingError` if the engine fails or hangs.
        """
        path = Path(path)
        format = path.suffix[1:].lower()
        if format in ("dot", "gv"):
            write_whole(path, self.source.encode())
            return path
        check_format(format)
        if find_engine() is None:
            text = path.with_suffix(".dot")
            warnings.warn(f"{path} was saved as DOT text, {text}: {HOW_TO_INSTALL}", RuntimeWarning, stacklevel=2)
            return self.save(text)
        write_whole(path, rendered(self.source, format))
        return path

    def _repr_mimebundle_(self, **_: Any) -> dict[str, str]:
        """What a notebook shows: the picture or, without an engine, the DOT text and a line on what to install."""
        if find_engine() is None:
            return {"text/plain": f"{self.source}\n{HOW_TO_INSTALL}"}
        return {"image/svg+xml": rendered(self.source, "svg").decode()}


def picture_of(drawing: Drawing, theme: Theme, values: bool = False, left_to_right: bool = False) -> Picture:
    """The picture of ``drawing``, with ``values`` and gradients written into the boxes."""
    picture = Picture(
        graph_attr=_graph_style(drawing.caption, theme, left_to_right),
        node_attr=_box_style(theme),
        edge_attr=_edge_style(theme),
    )
    _Painting(drawing, theme, values, left_to_right).put_on(picture)
    return picture


class _Painting:
    """The statements of a picture: boxes and rows of them in the frames of their clusters, and edges."""

    def __init__(self, drawing: Drawing, theme: Theme, values: bool, left_to_right: bool) -> None:
        self.drawing = drawing
        self.theme = theme
        self.values = values
        self.left_to_right = left_to_right
        self.keys = {box: f"box_{i}" for i, box in enumerate(drawing.boxes)}
        # One box on each side: an edge with a label that passes another box of its row can crash Graphviz.
        self.sides = {box: Sides(beside.left[:1], beside.right[:1]) for box, beside in sides(drawing).items()}
        self.frames: dict[Cluster | None, Any] = {}

    def put_on(self, picture: Picture) -> None:
        self.frames[None] = picture
        for i, cluster in enumerate(self.drawing.clusters):
            self.frames[cluster] = graphviz.Digraph(f"cluster_{i}", graph_attr=self.frame_style(cluster))
        for box in self.drawing.boxes:
            self.add_box(box)
        for box in self.sides:
            self.add_row(box)
        for cluster in reversed(self.drawing.clusters):  # inner ones first, since each is copied into the one around it
            self.frames[cluster.parent].subgraph(self.frames[cluster])
        on_the_way = {lower for _, lower in map(ends, self.drawing.edges)}
        for edge in self.drawing.edges:
            self.add_edge(edge, is_main=ends(edge)[0] in on_the_way)

    def frame_style(self, cluster: Cluster) -> dict[str, str]:
        paint = self.theme.clusters[sum(1 for _ in cluster.upwards()) % 2]
        return {
            "label": labels.cluster_label(cluster, self.theme, self.left_to_right),
            "labeljust": "l",
            "style": "rounded,filled",
            "fillcolor": paint.fill,
            "color": paint.line,
            "margin": "12",
        }

    def add_box(self, box: Box) -> None:
        paint = self.theme.boxes[box.role]
        look = {**_SHAPES[box.role], "fillcolor": paint.fill, "color": paint.line, "tooltip": labels.tooltip(box)}
        label = labels.box_label(box, self.theme, self.values)
        self.frames[box.cluster].body.append(f"\t{self.keys[box]}{_attributes(label, look)}\n")

    def add_row(self, box: Box) -> None:
        members = (*self.sides[box].left, box, *self.sides[box].right)
        row = "".join(f"\t\t{self.keys[member]}\n" for member in members)
        self.frames[box.cluster].body += f"\t{{\n\t\tgraph [rank=same]\n{row}\t}}\n".splitlines(keepends=True)

    def add_edge(self, edge: Edge, is_main: bool) -> None:
        upper, lower = ends(edge)
        beside = self.sides.get(lower, Sides())
        is_on_right = upper in beside.right
        is_vertical_in_row = self.left_to_right and (is_on_right or upper in beside.left)
        is_turn = edge.target.of is edge.source
        first, second = (lower, upper) if is_on_right else (upper, lower)
        look = {"weight": "0" if is_turn else "4" if is_main else "1"}  # the more the straighter
        if first is not edge.source:
            look["dir"] = "back"
        if edge.is_gradient:
            look |= {"color": self.theme.gradient, "fontcolor": self.theme.gradient}
        if edge.rule:
            look |= {"tooltip": labels.plain(edge.rule), "labeltooltip": labels.plain(edge.rule)}
        attributes = _attributes(labels.edge_label(edge, is_vertical_in_row), look)
        self.frames[None].body.append(f"\t{self.keys[first]} -> {self.keys[second]}{attributes}\n")


# A large picture says the same of many boxes. Escaped text is of another type, which does not mean the same.
_quoted = lru_cache(maxsize=10_000, typed=True)(graphviz.quoting.quote)


def _attributes(label: str, look: Mapping[str, str]) -> str:
    """As `graphviz.Digraph` writes them, for labels in the HTML-like language; that takes three times as long."""
    pairs = " ".join(f"{name}={_quoted(look[name])}" for name in sorted(look))
    return f" [label={label or _quoted('')} {pairs}]"


def _graph_style(caption: str, theme: Theme, left_to_right: bool) -> dict[str, str]:
    style = {
        "rankdir": "LR" if left_to_right else "TB",
        "bgcolor": theme.background,
        "fontname": _FONT,
        "pad": "0.3",
        "nodesep": "0.3",
        "ranksep": "0.4",
    }
    if caption:
        style |= {"label": labels.caption(caption, theme), "labelloc": "t", "labeljust": "l"}
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
