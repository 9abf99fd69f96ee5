"""Drawing a repeated block once, with ×N on it, or all of them as one group.

Blocks repeat if they run one after another, have the same operations with the same shapes, and each takes from the one
before what that takes from its own predecessor. What is outside uses the results of all of them or of none, but for the
last. A block may be a module or several in a row, such as a Linear and its ReLU, or a step of a loop over a sequence,
which takes another part of it each time.
"""

from __future__ import annotations

from collections import defaultdict, deque
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import takewhile
from typing import Any

from tinygrad_scratch.visualize.drawing import Box, Cluster, Drawing, Role
from tinygrad_scratch.visualize.nesting import Part, parts_of, rehoused
from tinygrad_scratch.visualize.results import has_several_results

_LONGEST_BLOCK = 12  # parts
_SELECTION = "getitem"  # the operation that takes a part of its input, each block perhaps another one

Link = tuple[Any, ...]


def with_repeats_folded(drawing: Drawing) -> Drawing:
    """``drawing`` with the first block of each row of repeated ones in place of them all."""
    return _Folding(drawing).folded()


def with_repeats_grouped(drawing: Drawing) -> tuple[Drawing, list[Cluster]]:
    """``drawing`` with rows of repeated blocks in clusters of their own: those and the modules that stand in them."""
    return _Folding(drawing).grouped()


@dataclass(frozen=True, slots=True)
class _Row:
    """The ``parts`` of some repeated blocks in a row, and how many blocks they are."""

    parts: Sequence[Part]
    times: int

    @property
    def first(self) -> Sequence[Part]:
        """The parts of the first block."""
        return self.parts[: len(self.parts) // self.times]

    @property
    def title(self) -> str:
        """``cell: LSTMCell ×40`` if a block has one module."""
        modules = [part.title for part in self.first if isinstance(part, Cluster)]
        return f"{modules[0] if len(modules) == 1 else 'repeated'} ×{self.times}"


class _Folding:
    def __init__(self, drawing: Drawing) -> None:
        self.drawing = drawing
        # Several results of an operation go where it goes; blocks may use more of them or fewer.
        self.results = {edge.target: edge.source for edge in drawing.edges if has_several_results(edge.source)}
        self.parts = {
            cluster: [part for part in parts if part not in self.results]
            for cluster, parts in parts_of(drawing).items()
        }
        # Each with the title of the result that is used, if there are several, and users with what they call it.
        self.inputs: dict[Box, list[tuple[Box, str]]] = defaultdict(list)
        self.users: dict[Box, list[tuple[Box, str, str]]] = defaultdict(list)
        for edge in drawing.edges:
            if edge.target not in self.results:
                source, result = self.operation_of(edge.source)
                self.inputs[edge.target].append((source, result))
                self.users[source].append((edge.target, result, edge.input.partition("[")[0]))
        self.operations = self.operations_inside()
        self.parts = {cluster: self.ordered(parts) for cluster, parts in parts_of(drawing).items()}
        self.kinds = self.kinds_of_parts()
        self.same_in_first: dict[Box, Box] = {}  # for the operations of a row's other blocks, those of its first

    def operation_of(self, box: Box) -> tuple[Box, str]:
        return (self.results[box], box.title) if box in self.results else (box, "")

    def operations_inside(self) -> dict[Part, list[Box]]:
        inside: dict[Part, list[Box]] = defaultdict(list)
        for box in self.drawing.boxes:
            if box.role is Role.OPERATION and box not in self.results:
                for part in (box, *(() if box.cluster is None else box.cluster.upwards())):
                    inside[part].append(box)
        return inside

    def ordered(self, parts: Sequence[Part]) -> list[Part]:
        """The parts as they ran, but what was taken of a sequence, perhaps all at once, at its only use."""
        parts = [part for part in parts if part not in self.results]
        place = {box: i for i, part in enumerate(parts) for box in self.operations[part]}

        def rank(part: Part) -> float:
            here = place[self.operations[part][0]]
            if isinstance(part, Cluster) or part.title != _SELECTION:
                return here
            users = {place.get(user, here) for user, *_ in self.users[part]}
            return min(users) - 0.5 if len(users) == 1 else here

        return sorted(parts, key=rank)

    def kinds_of_parts(self) -> dict[Part, int]:
        """A number for each part, which is the same for parts that do the same to the same shapes."""
        numbers: dict[Any, int] = {}
        kinds: dict[Part, int] = {}
        for box in self.drawing.boxes:
            if box.role is Role.OPERATION and box not in self.results:
                settings = "" if box.title == _SELECTION else box.settings
                kind: Any = (box.title, box.shape, box.dtype, settings)
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
            for row in self.rows(parts):
                part = row.first[0]
                if row.times > 1 and not (len(row.first) == 1 and isinstance(part, Cluster)):
                    enter(Cluster(f"repeated ×{row.times}", home), row.first)
                elif isinstance(part, Cluster):
                    title = f"{part.title} ×{row.times}" if row.times > 1 else part.title
                    enter(replace(part, parent=home, title=title), self.parts[part])
                else:
                    homes[part] = home
        self.take_results_along(homes)
        return rehoused(self.saved(homes), homes, clusters)

    def grouped(self) -> tuple[Drawing, list[Cluster]]:
        homes: dict[Box, Cluster | None] = {}
        clusters: list[Cluster] = []
        gathered: list[Cluster] = []
        waiting: deque[tuple[Cluster | None, Sequence[Part]]] = deque([(None, self.parts[None])])
        while waiting:
            around, parts = waiting.popleft()
            for row in self.rows(parts):
                home, start = around, len(clusters)
                is_group = row.times > 1 and len(row.parts) < len(parts)
                if is_group:
                    home = Cluster(row.title, around)
                    clusters.append(home)
                for part in row.parts:
                    if isinstance(part, Cluster):
                        clusters.append(replace(part, parent=home))
                        waiting.append((clusters[-1], self.parts[part]))
                    else:
                        homes[part] = home
                if is_group:
                    gathered += clusters[start:]
        self.take_results_along(homes)
        return rehoused(self.drawing, homes, clusters), gathered

    def take_results_along(self, homes: dict[Box, Cluster | None]) -> None:
        homes |= {result: homes[operation] for result, operation in self.results.items() if operation in homes}

    def rows(self, parts: Sequence[Part]) -> Iterator[_Row]:
        """The parts in rows of repeated blocks, each as long as can be."""
        position = 0
        while position < len(parts):
            row = self.longest_row(parts, position)
            position += len(row.parts)
            yield row

    def longest_row(self, parts: Sequence[Part], start: int) -> _Row:
        """The row of repeated blocks from ``start`` on that covers the most parts; one part if nothing repeats."""
        best = _Row(parts[start : start + 1], 1)
        for period in range(1, min(_LONGEST_BLOCK, (len(parts) - start) // 2) + 1):
            blocks = [parts[start : start + period]]
            end = start + period
            while self.is_repeated(blocks[0], following := parts[end : end + period]):
                blocks.append(following)
                end += period
            times = self.times_repeated(blocks) if end - start > len(best.parts) else 1
            if times > 1 and times * period > len(best.parts):
                best = _Row(parts[start : start + times * period], times)
        others = self.inside(best.parts[len(best.first) :])
        self.same_in_first |= zip(others, self.inside(best.first) * (best.times - 1), strict=True)
        return best

    def is_repeated(self, block: Sequence[Part], other: Sequence[Part]) -> bool:
        return [self.kinds[part] for part in block] == [self.kinds[part] for part in other]

    def times_repeated(self, blocks: Sequence[Sequence[Part]]) -> int:
        """How many of the blocks are connected alike, and with what is around them alike; 1 if they do not repeat."""
        place = {box: (i, j) for i, block in enumerate(blocks) for j, box in enumerate(self.inside(block))}
        first, *others = (self.links(self.inside(block), place) for block in blocks)
        if not others or not all(map(_is_entry, first, others[0])):
            return 1
        times = 1 + sum(1 for _ in takewhile(lambda links: links == others[0], others))
        return times if self.are_used_alike(blocks[:times]) else 1

    def are_used_alike(self, blocks: Sequence[Sequence[Part]]) -> bool:
        """Whether only the next block, and what is outside of all, uses what is in a block, and that alike.

        The last block may be used more: its results are those of the whole row.
        """
        place = {box: i for i, block in enumerate(blocks) for box in self.inside(block)}
        outside = [[self.users_outside(box, place) for box in self.inside(block)] for block in blocks]
        first, last = outside[0], outside[-1]
        return (
            all(place[user] - i in (0, 1) for box, i in place.items() for user, *_ in self.users[box] if user in place)
            and all(users == first for users in outside[:-1])
            and all(map(set.issubset, first, last))
        )

    def users_outside(self, box: Box, place: Mapping[Box, int]) -> set[tuple[Box, str, str]]:
        return {use for use in self.users[box] if use[0] not in place}

    def links(self, block: Iterable[Box], place: Mapping[Box, tuple[int, int]]) -> list[Link]:
        """Where the inputs of a block's operations come from: inside the block, the one before it, or elsewhere."""
        found: list[Link] = []
        for box in block:
            here = place[box][0]
            for source, result in self.inputs[box]:
                block_of_source, number = place.get(source, (None, 0))
                if block_of_source == here:
                    found.append(("inside", number, result))
                elif block_of_source is not None and block_of_source == here - 1:
                    found.append(("before", number, result))
                elif _is_own(source):
                    found.append(("own", _look(source)))
                else:
                    found.append(("outside", source))  # each block may take another of its results
        return found

    def inside(self, parts: Iterable[Part]) -> list[Box]:
        return [box for part in parts for box in self.operations[part]]

    def saved(self, homes: Mapping[Box, Cluster | None]) -> Drawing:
        """The drawing without the operations that have no home any more."""

        named = {(operation, result.title): result for result, operation in self.results.items()}

        def shown(box: Box) -> Box:
            operation, result = self.operation_of(box)
            while operation.role is Role.OPERATION and operation not in homes:
                operation = self.same_in_first[operation]
            return named[operation, result] if result else operation

        gone = {box for box in self.drawing.boxes if box.role is Role.OPERATION and box not in homes}
        edges = []
        drawn = set()  # of several blocks whose results go to the same operation, one does
        for edge in self.drawing.edges:
            source = edge.source if edge.target in gone else shown(edge.source)
            if edge.target not in gone and (source is edge.source or (source, edge.target) not in drawn):
                drawn.add((source, edge.target))
                edges.append(replace(edge, source=source))
        # Of what is outside, only blocks that are gone used some results; of a first block, the one after it did.
        firsts = set(self.same_in_first.values())
        needed = {edge.source for edge in edges} | {box for box, source in self.results.items() if source in firsts}
        edges = [edge for edge in edges if edge.target not in self.results or edge.target in needed]
        used = {edge.source for edge in edges} | {edge.target for edge in edges}
        boxes = tuple(box for box in self.drawing.boxes if box in used)
        return replace(self.drawing, boxes=boxes, edges=tuple(edges))


def _is_entry(link: Link, repeated: Link) -> bool:
    """Whether a first block may have ``link`` where others have ``repeated``: what it starts with is from elsewhere."""
    return link == repeated or (repeated[0] == "before" and link[0] in ("own", "outside"))


def _is_own(source: Box) -> bool:
    """Whether a block brings the box along, as its own parameter or constant."""
    return source.role in (Role.PARAMETER, Role.CONSTANT)


def _look(source: Box) -> tuple[Any, ...]:
    return (source.role, source.shape, source.dtype, source.title if source.role is Role.CONSTANT else "")
