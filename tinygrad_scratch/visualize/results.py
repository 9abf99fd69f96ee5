"""Operations with several results, which have a box for each: where one of them is used, one box is enough."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import replace

from tinygrad_scratch.visualize.drawing import Box, Drawing, Role


def has_several_results(box: Box) -> bool:
    """Whether the box is an operation whose results have boxes of their own."""
    return box.role is Role.OPERATION and box.dtype is None


def with_single_results_merged(drawing: Drawing) -> Drawing:
    """``drawing`` with one box for each operation of whose results only one is used, in place of two."""
    results: dict[Box, list[Box]] = defaultdict(list)
    for edge in drawing.edges:
        if has_several_results(edge.source):
            results[edge.source].append(edge.target)
    merged = {}
    for operation, used in results.items():
        if len(used) == 1:
            merged[operation] = merged[used[0]] = _merged(operation, used[0])
    boxes = dict.fromkeys(merged.get(box, box) for box in drawing.boxes)
    edges = (
        replace(edge, source=merged.get(edge.source, edge.source), target=merged.get(edge.target, edge.target))
        for edge in drawing.edges
    )
    return replace(drawing, boxes=tuple(boxes), edges=tuple(edge for edge in edges if edge.source is not edge.target))


def _merged(operation: Box, result: Box) -> Box:
    return replace(
        operation,
        shape=result.shape,
        dtype=result.dtype,
        name=result.name,
        value=result.value,
        value_note=result.value_note,
        gradient=result.gradient,
        gradient_note=result.gradient_note,
    )
