"""How the boxes of a drawing stand to each other, whatever lays them out.

Data flows along one axis. What only one operation uses, its parameters above all, stands at the sides of it: so the way
of the data through a model is a straight line, and not one of many edges that meet at every operation.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass, field

from tinygrad_scratch.visualize.drawing import Box, Drawing, Edge, Role

# Which inputs are on the way of the data: those that are computed, if there are any, otherwise those of the whole.
_MAIN = ({Role.OPERATION, Role.MODULE}, {Role.INPUT})


@dataclass(slots=True)
class Sides:
    """The boxes to the left and right of one: next to it the first of each list."""

    left: list[Box] = field(default_factory=list)
    right: list[Box] = field(default_factory=list)


def ends(edge: Edge) -> tuple[Box, Box]:
    """The upper and the lower end of an edge.

    The way of a gradient is laid out as if it went forward: so each gradient stands where what it is of does.
    """
    return (edge.target, edge.source) if edge.is_gradient else (edge.source, edge.target)


def sides(drawing: Drawing) -> dict[Box, Sides]:
    """The boxes that have others at their sides, and which.

    Those are starting points that only one box of their cluster uses, as long as something else is on the way of the
    data; and beside an output, where the backward pass starts, its gradient.
    """
    inputs: dict[Box, list[Box]] = defaultdict(list)
    uses: Counter[Box] = Counter()
    for edge in drawing.edges:
        if not edge.is_gradient:
            inputs[edge.target].append(edge.source)
            uses[edge.source] += 1
    gradients = {box.of: box for box in drawing.boxes if box.of is not None}
    found = {}
    for box, sources in inputs.items():
        beside = [s for s in _not_on_the_way(sources) if uses[s] == 1 and s.cluster is box.cluster]
        if beside:
            found[box] = Sides(beside[0::2], beside[1::2])
            if box in gradients:
                found[gradients[box]] = Sides(
                    *([gradients[s] for s in side if s in gradients] for side in (beside[0::2], beside[1::2]))
                )
        if box.role is Role.OUTPUT and box in gradients:
            found[box] = Sides(right=[gradients[box]])
    return found


def _not_on_the_way(sources: list[Box]) -> list[Box]:
    """The starting points among a box's inputs, without those that the data comes from if nothing else is there."""
    roles = {source.role for source in sources}
    on_the_way = next((main for main in _MAIN if not roles.isdisjoint(main)), roles)
    return [source for source in sources if source.role not in on_the_way]
