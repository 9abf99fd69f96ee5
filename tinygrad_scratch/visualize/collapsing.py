"""Drawing less: a closed cluster becomes one box, with what goes in and what comes out of it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from math import prod

from tinygrad_scratch.visualize.drawing import Box, Cluster, Drawing, Edge, Role

_MOST_SHAPES = 3  # that are named of what goes into a cluster, or comes out


def at_depth(drawing: Drawing, depth: float) -> list[Cluster]:
    """The clusters that ``depth - 1`` others stand around."""
    return [cluster for cluster in drawing.clusters if sum(1 for _ in cluster.upwards()) == depth]


def collapsed(drawing: Drawing, closed: Collection[Cluster]) -> Drawing:
    """``drawing`` with each of the ``closed`` clusters as one box.

    A parameter or constant that is only used inside of them disappears, too.
    """
    contents = _contents(drawing, frozenset(closed))
    shown = {box: box for box in drawing.boxes}
    for cluster, inside in contents.items():
        shown |= dict.fromkeys(inside.boxes, _module(cluster, inside))
    hidden = {edge.source for inside in contents.values() for edge in inside.hidden}
    boxes = tuple(dict.fromkeys(shown[box] for box in drawing.boxes if box not in hidden))
    edges = tuple(_edges_between(shown, (edge for edge in drawing.edges if edge.source not in hidden)))
    around = {cluster for box in boxes if box.cluster is not None for cluster in box.cluster.upwards()}
    return replace(drawing, boxes=boxes, edges=edges, clusters=tuple(c for c in drawing.clusters if c in around))


def modules(drawing: Drawing, closed: Collection[Cluster]) -> dict[Cluster, Box]:
    """The boxes that stand for the ``closed`` clusters, but for those inside of others."""
    return {cluster: _module(cluster, inside) for cluster, inside in _contents(drawing, frozenset(closed)).items()}


@dataclass(slots=True)
class _Contents:
    """The boxes in a closed cluster and the edges across its border; ``hidden`` are those from boxes that disappear."""

    boxes: list[Box] = field(default_factory=list)
    entering: list[Edge] = field(default_factory=list)
    leaving: list[Edge] = field(default_factory=list)
    hidden: list[Edge] = field(default_factory=list)


def _contents(drawing: Drawing, closed: frozenset[Cluster]) -> dict[Cluster, _Contents]:
    """The contents of each closed cluster that is not inside another one."""
    contents: dict[Cluster, _Contents] = defaultdict(_Contents)
    home: dict[Box, Cluster] = {}
    for box in drawing.boxes:
        around = [] if box.cluster is None else [cluster for cluster in box.cluster.upwards() if cluster in closed]
        if around:
            home[box] = around[-1]
            contents[around[-1]].boxes.append(box)
    used_outside = {edge.source for edge in drawing.edges if edge.target not in home}
    for edge in drawing.edges:
        source, target = home.get(edge.source), home.get(edge.target)
        if source is target:
            continue
        if source is not None:
            contents[source].leaving.append(edge)
        if target is not None:
            disappears = edge.source.role in (Role.PARAMETER, Role.CONSTANT) and edge.source not in used_outside
            (contents[target].hidden if disappears and source is None else contents[target].entering).append(edge)
    return contents


def _module(cluster: Cluster, inside: _Contents) -> Box:
    """The box that stands for a cluster; its value and gradient are those of its last result."""
    result = inside.leaving[-1].source if inside.leaving else inside.boxes[-1]
    parameters = {
        box for box in (*inside.boxes, *(edge.source for edge in inside.hidden)) if box.role is Role.PARAMETER
    }
    notes = [f"{_shapes(inside.entering)} → {_shapes(inside.leaving)}".strip()]
    if not cluster.path:
        notes.append(_counted(sum(box.role is Role.OPERATION for box in inside.boxes), "operation"))
    if parameters:
        notes.append(_counted(sum(prod(box.shape) for box in parameters), "parameter"))
    return replace(
        result, role=Role.MODULE, title=cluster.title, cluster=cluster.parent, name="", notes=tuple(notes), saved=()
    )


def _counted(count: int, what: str) -> str:
    return f"{count:,} {what}" if count == 1 else f"{count:,} {what}s"


def _shapes(edges: Iterable[Edge]) -> str:
    shapes = list(dict.fromkeys(str(edge.source.shape) for edge in edges))
    return ", ".join(shapes if len(shapes) <= _MOST_SHAPES else [*shapes[:_MOST_SHAPES], "…"])


def _edges_between(shown: Mapping[Box, Box], edges: Iterable[Edge]) -> Iterator[Edge]:
    """The edges between the boxes that are shown; several between the same two modules that carry the same are one."""
    drawn = set()
    for edge in edges:
        source, target = shown[edge.source], shown[edge.target]
        if source is edge.source and target is edge.target:
            yield edge
        elif source is not target and (source, target, edge.carries) not in drawn:
            drawn.add((source, target, edge.carries))
            yield Edge(source, target, edge.carries, rule=None if edge.rule is None else "")
