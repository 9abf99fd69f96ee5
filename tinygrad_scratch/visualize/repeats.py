"""Drawing a repeated block once, with ×N on it.

Blocks repeat if they run one after another, have the same operations with the same shapes, each takes from the one
before what that takes from its own predecessor, and nothing else uses what is inside of them. A block may be a module
or several in a row, such as a Linear and its ReLU.
"""

from __future__ import annotations

from collections import defaultdict, deque
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from tinygrad_scratch.visualize.drawing import Box, Cluster, Drawing, Role
from tinygrad_scratch.visualize.nesting import Part, parts_of, rehoused

_LONGEST_BLOCK = 12  # parts

Link = tuple[str, Any]


def with_repeats_folded(drawing: Drawing) -> Drawing:
    """``drawing`` with the first block of each row of repeated ones in place of them all."""
    return _Folding(drawing).folded()


@dataclass(frozen=True, slots=True)
class _Row:
    """The parts of the ``first`` of some repeated blocks, how many parts all blocks have, and how many blocks."""

    first: Sequence[Part]
    length: int
    times: int


class _Folding:
    def __init__(self, drawing: Drawing) -> None:
        self.drawing = drawing
        self.parts = parts_of(drawing)
        self.inputs: dict[Box, list[Box]] = defaultdict(list)
        self.users: dict[Box, list[Box]] = defaultdict(list)
        for edge in drawing.edges:
            self.inputs[edge.target].append(edge.source)
            self.users[edge.source].append(edge.target)
        self.operations = self.operations_inside()
        self.kinds = self.kinds_of_parts()
        self.same_in_first: dict[Box, Box] = {}  # for the operations of a row's last block, those of its first

    def operations_inside(self) -> dict[Part, list[Box]]:
        inside: dict[Part, list[Box]] = defaultdict(list)
        for box in self.drawing.boxes:
            if box.role is Role.OPERATION:
                for part in (box, *(() if box.cluster is None else box.cluster.upwards())):
                    inside[part].append(box)
        return inside

    def kinds_of_parts(self) -> dict[Part, int]:
        """A number for each part, which is the same for parts that do the same to the same shapes."""
        numbers: dict[Any, int] = {}
        kinds: dict[Part, int] = {}
        for box in self.drawing.boxes:
            if box.role is Role.OPERATION:
                starts = tuple(_look(source) for source in self.inputs[box] if _is_own(source))
                kind: Any = (box.title, box.shape, box.dtype, box.settings, starts)
                kinds[box] = numbers.setdefault(kind, len(numbers))
        for cluster in reversed(self.drawing.clusters):
            kind = (cluster.kind, tuple(kinds[part] for part in self.parts[cluster]))
            kinds[cluster] = numbers.setdefault(kind, len(numbers))
        return kinds

    def folded(self) -> Drawing:
        homes: dict[Box, Cluster | None] = {}
        clusters: list[Cluster] = []
        waiting: deque[tuple[Cluster | None, Sequence[Part]]] = deque([(None, self.parts[None])])

        def enter(cluster: Cluster, parts: Sequence[Part]) -> None:
            clusters.append(cluster)
            waiting.append((cluster, parts))

        while waiting:
            home, parts = waiting.popleft()
            position = 0
            while position < len(parts):
                row = self.longest_row(parts, position)
                part = parts[position]
                position += row.length
                if row.times > 1 and not (len(row.first) == 1 and isinstance(part, Cluster)):
                    enter(Cluster(f"repeated ×{row.times}", home), row.first)
                elif isinstance(part, Cluster):
                    title = f"{part.title} ×{row.times}" if row.times > 1 else part.title
                    enter(replace(part, parent=home, title=title), self.parts[part])
                else:
                    homes[part] = home
        return rehoused(self.saved(homes), homes, clusters)

    def longest_row(self, parts: Sequence[Part], start: int) -> _Row:
        """The row of repeated blocks from ``start`` on that covers the most parts; one part if nothing repeats."""
        best = _Row(parts[start : start + 1], 1, 1)
        for period in range(1, min(_LONGEST_BLOCK, (len(parts) - start) // 2) + 1):
            blocks = [parts[start : start + period]]
            end = start + period
            while self.is_repeated(blocks[0], following := parts[end : end + period]):
                blocks.append(following)
                end += period
            if len(blocks) * period > best.length and len(blocks) > 1 and self.is_chain(blocks):
                best = _Row(blocks[0], len(blocks) * period, len(blocks))
        if best.times > 1:
            last = parts[start + best.length - len(best.first) : start + best.length]
            self.same_in_first |= zip(self.inside(last), self.inside(best.first), strict=True)
        return best

    def is_repeated(self, block: Sequence[Part], other: Sequence[Part]) -> bool:
        return [self.kinds[part] for part in block] == [self.kinds[part] for part in other]

    def is_chain(self, blocks: Sequence[Sequence[Part]]) -> bool:
        """Whether the blocks are connected alike, and only each to the next."""
        place = {box: (i, j) for i, block in enumerate(blocks) for j, box in enumerate(self.inside(block))}
        first, *others = (self.links(self.inside(block), place) for block in blocks)
        are_alike = all(links == others[0] for links in others) and all(
            link == entry or (link[0] == "before" and entry[0] == "outside")
            for link, entry in zip(others[0], first, strict=True)
        )
        return are_alike and all(
            place.get(user, (-1,))[0] in (i, i + 1)
            for box, (i, _) in place.items()
            if i < len(blocks) - 1
            for user in self.users[box]
        )

    def links(self, block: Iterable[Box], place: Mapping[Box, tuple[int, int]]) -> list[Link]:
        """Where the inputs of a block's operations come from: inside the block, the one before it, or elsewhere."""
        found: list[Link] = []
        for box in block:
            here = place[box][0]
            for source in self.inputs[box]:
                block_of_source, number = place.get(source, (None, 0))
                if block_of_source == here:
                    found.append(("inside", number))
                elif block_of_source is not None and block_of_source == here - 1:
                    found.append(("before", number))
                elif not _is_own(source):
                    found.append(("outside", source))
        return found

    def inside(self, parts: Iterable[Part]) -> list[Box]:
        return [box for part in parts for box in self.operations[part]]

    def saved(self, homes: Mapping[Box, Cluster | None]) -> Drawing:
        """The drawing without the operations that have no home any more."""

        def shown(source: Box) -> Box:
            while source.role is Role.OPERATION and source not in homes:
                source = self.same_in_first[source]
            return source

        gone = {box for box in self.drawing.boxes if box.role is Role.OPERATION and box not in homes}
        edges = [replace(e, source=shown(e.source)) for e in self.drawing.edges if e.target not in gone]
        used = {edge.source for edge in edges} | {edge.target for edge in edges}
        boxes = tuple(box for box in self.drawing.boxes if box in used)
        return replace(self.drawing, boxes=boxes, edges=tuple(edges))


def _is_own(source: Box) -> bool:
    """Whether a block brings the box along, as its own parameter or constant."""
    return source.role in (Role.PARAMETER, Role.CONSTANT)


def _look(source: Box) -> tuple[Any, ...]:
    return (source.role, source.shape, source.dtype, source.title if source.role is Role.CONSTANT else "")
