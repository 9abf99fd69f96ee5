"""Drawing as much as can be read: a large drawing is closed to the depth that fits.

Where modules do not divide it well, because there are none or hundreds in a row, what runs one after another is put in
groups first, and groups in groups, so that nothing has more than a few dozen parts. Where only what very many
operations use stands in the way, with as many lines across the picture, a copy of it at each of them is enough.
"""

from __future__ import annotations

from collections import Counter, deque
from collections.abc import Mapping, Sequence
from dataclasses import replace
from itertools import pairwise
from math import ceil, log

from tinygrad_scratch.visualize.collapsing import at_depth, collapsed
from tinygrad_scratch.visualize.drawing import Box, Cluster, Drawing, Role
from tinygrad_scratch.visualize.nesting import Part, parts_of, rehoused

_MOST_PARTS = 40  # of one group
_STARTS = (Role.PARAMETER, Role.INPUT, Role.CONSTANT)


def with_copies(drawing: Drawing, most: int) -> Drawing:
    """``drawing`` with starting points that have more than ``most`` uses drawn once for each of these."""
    uses = Counter(edge.source for edge in drawing.edges)
    copied = {box for box, count in uses.items() if count > most and box.role in _STARTS}
    edges = [
        replace(edge, source=replace(edge.source, cluster=edge.target.cluster)) if edge.source in copied else edge
        for edge in drawing.edges
    ]
    copies = (edge.source for edge, before in zip(edges, drawing.edges, strict=True) if edge is not before)
    boxes = (*(box for box in drawing.boxes if box not in copied), *copies)
    return replace(drawing, boxes=boxes, edges=tuple(edges))


def fitted(drawing: Drawing, most: int) -> tuple[Drawing, list[Cluster]]:
    """``drawing``, divided into groups if need be, and the clusters to close so that at most ``most`` boxes are left.

    They are all at one depth: the deepest that fits.
    """
    if len(drawing.boxes) <= most:
        return drawing, []
    drawing = grouped(drawing)
    deepest = max((sum(1 for _ in cluster.upwards()) for cluster in drawing.clusters), default=0)
    for depth in range(deepest, 1, -1):
        closed = at_depth(drawing, depth)
        if len(collapsed(drawing, closed).boxes) <= most:
            return drawing, closed
    return drawing, at_depth(drawing, 1)


def grouped(drawing: Drawing) -> Drawing:
    """``drawing`` with groups, as clusters without a path, where anything has too many parts."""
    parts = parts_of(drawing)
    numbers = {box: i for i, box in enumerate((b for b in drawing.boxes if b.role is Role.OPERATION), 1)}
    homes: dict[Box, Cluster | None] = {}
    clusters: list[Cluster] = []
    waiting: deque[tuple[Cluster | None, Sequence[Part]]] = deque([(None, parts[None])])
    while waiting:
        home, inside = waiting.popleft()
        if len(inside) > _MOST_PARTS:
            for chunk in _chunks(inside):
                clusters.append(Cluster(_title(chunk, parts, numbers), home))
                waiting.append((clusters[-1], chunk))
            continue
        for part in inside:
            if isinstance(part, Box):
                homes[part] = home
            else:
                clusters.append(replace(part, parent=home))
                waiting.append((clusters[-1], parts[part]))
    return rehoused(drawing, homes, clusters)


def _chunks(parts: Sequence[Part]) -> list[Sequence[Part]]:
    """``parts`` divided so that, divided again as often as need be, all groups have about the same size."""
    levels = ceil(log(len(parts), _MOST_PARTS))
    count = ceil(len(parts) ** (1 / levels))
    borders = [len(parts) * i // count for i in range(count + 1)]
    return [parts[start:end] for start, end in pairwise(borders)]


def _title(chunk: Sequence[Part], parts: Mapping[Cluster | None, Sequence[Part]], numbers: Mapping[Box, int]) -> str:
    first, last = chunk[0], chunk[-1]
    if isinstance(first, Cluster) and isinstance(last, Cluster):
        return f"{first.title.partition(':')[0]} … {last.title.partition(':')[0]}"
    while isinstance(first, Cluster):
        first = parts[first][0]
    while isinstance(last, Cluster):
        last = parts[last][-1]
    return f"operations {numbers[first]} to {numbers[last]}"
