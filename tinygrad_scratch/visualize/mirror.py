"""The backward pass beside the forward one: for each box the gradient of it, and for each edge the way back."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import replace

from tinygrad_scratch.visualize.drawing import Box, Cluster, Drawing, Edge, Role


def with_backward_pass(drawing: Drawing) -> Drawing:
    """``drawing`` and its mirror image: the gradients, and on the edges between them the rules that give them."""
    forward, backward = _copies(drawing, "forward"), _copies(drawing, "backward")
    arriving = Counter(edge.source for edge in drawing.edges if edge.rule is not None)
    boxes = {box: replace(box, cluster=_home(box, forward)) for box in drawing.boxes}
    gradients = {
        box: _gradient_of(boxes[box], _home(box, backward), arriving[box])
        for box in drawing.boxes
        if box.wants_gradient
    }
    edges = []
    for edge in drawing.edges:
        edges.append(replace(edge, source=boxes[edge.source], target=boxes[edge.target]))
        if edge.rule is not None:
            edges.append(Edge(gradients[edge.target], gradients[edge.source], rule=edge.rule, is_gradient=True))
    edges += [Edge(boxes[box], gradients[box], is_gradient=True) for box in gradients if box.role is Role.OUTPUT]
    all_boxes = (*boxes.values(), *gradients.values())
    around = {cluster for box in all_boxes if box.cluster is not None for cluster in box.cluster.upwards()}
    clusters = (cluster for cluster in (*forward.values(), *backward.values()) if cluster in around)
    return replace(drawing, boxes=all_boxes, edges=tuple(edges), clusters=tuple(clusters))


def _copies(drawing: Drawing, title: str) -> dict[Cluster | None, Cluster]:
    """The clusters of the drawing once more, inside of one with that title."""
    copies: dict[Cluster | None, Cluster] = {None: Cluster(title)}
    for cluster in drawing.clusters:
        copies[cluster] = replace(cluster, parent=copies[cluster.parent])
    return copies


def _home(box: Box, clusters: Mapping[Cluster | None, Cluster]) -> Cluster | None:
    """Where the box belongs in one half; an output and its gradient, where the way turns, belong to neither."""
    return None if box.role is Role.OUTPUT else clusters[box.cluster]


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
