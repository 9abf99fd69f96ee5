"""The backward pass beside the forward one: for each box the gradient of it, and for each edge the way back."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace

from tinygrad_scratch.visualize.drawing import Box, Cluster, Drawing, Edge, Role


def with_backward_pass(drawing: Drawing) -> Drawing:
    """``drawing`` and its mirror image: the gradients, and on the edges between them the rules that give them."""
    sides = {name: Cluster(name) for name in ("forward", "backward")}
    clusters = {(None, name): side for name, side in sides.items()}
    for cluster in drawing.clusters:
        for name in sides:
            clusters[cluster, name] = replace(cluster, parent=clusters[cluster.parent, name])
    arriving = Counter(edge.source for edge in drawing.edges if edge.rule is not None)
    forward, backward = {}, {}
    for box in drawing.boxes:
        is_turn = box.role is Role.OUTPUT
        forward[box] = replace(box, cluster=None if is_turn else clusters[box.cluster, "forward"])
        if box.wants_gradient:
            cluster = None if is_turn else clusters[box.cluster, "backward"]
            backward[box] = _gradient_of(forward[box], cluster, arriving[box])
    edges = []
    for edge in drawing.edges:
        edges.append(replace(edge, source=forward[edge.source], target=forward[edge.target]))
        if edge.rule is not None:
            edges.append(Edge(backward[edge.target], backward[edge.source], rule=edge.rule, is_gradient=True))
    edges += [
        Edge(forward[box], backward[box], is_gradient=True) for box in backward if box.role is Role.OUTPUT
    ]
    boxes = (*forward.values(), *backward.values())
    around = {cluster for box in boxes if box.cluster is not None for cluster in box.cluster.upwards()}
    return replace(
        drawing, boxes=boxes, edges=tuple(edges), clusters=tuple(c for c in clusters.values() if c in around)
    )


def _gradient_of(box: Box, cluster: Cluster | None, arriving: int) -> Box:
    return Box(
        Role.GRADIENT,
        f"∂ {box.title}",
        box.shape,
        box.dtype,
        cluster,
        notes=(f"sum of {arriving}",) if arriving > 1 else (),
        of=box,
        value=box.gradient,
        value_note=box.gradient_note,
    )
