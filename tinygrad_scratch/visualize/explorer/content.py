"""A `Drawing` as the plain lists and mappings that the explorer's scripts read.

Boxes, edges and clusters refer to each other by their places in the lists. What is empty is left out, and so is what
follows from the rest, such as the mean of values that are all there: the scripts know what that means.
"""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Collection, Mapping, Sequence
from itertools import accumulate
from typing import Any

from tinygrad_scratch.visualize.arrangement import sides
from tinygrad_scratch.visualize.collapsing import at_depth, modules
from tinygrad_scratch.visualize.drawing import Box, Cluster, Drawing, Edge
from tinygrad_scratch.visualize.images import Images
from tinygrad_scratch.visualize.summary import Summary

_MOST_GLIMPSES = 150  # boxes; in a larger drawing none has room for its values
_MOST_PIXELS = 400_000  # of all images of a page, each of which takes four thirds of a byte

Json = dict[str, Any]


def content(drawing: Drawing, closed: Sequence[Cluster], title: str) -> Json:
    """All that the explorer shows of ``drawing``; ``closed`` are the clusters that are closed at first."""
    boxes = {box: i for i, box in enumerate(drawing.boxes)}
    clusters = {cluster: i for i, cluster in enumerate(drawing.clusters)}
    places = {
        member: {"of": boxes[box], "at": at}
        for box, beside in sides(drawing).items()
        for at, members in (("left", beside.left), ("right", beside.right))
        for member in members
    }
    has_glimpses = len(boxes) <= _MOST_GLIMPSES
    images = _images_with_room(drawing.boxes)
    return {
        "title": title,
        "boxes": [_box(box, clusters, places.get(box), images, has_glimpses) for box in boxes],
        "edges": [_edge(edge, boxes) for edge in drawing.edges],
        "clusters": _clusters(drawing, clusters),
        "closed": [clusters[cluster] for cluster in closed],
    }


def _box(
    box: Box, clusters: Mapping[Cluster, int], side: Json | None, images: Collection[Images], has_glimpses: bool
) -> Json:
    lines = [line for line in (box.name, box.shape_text, *box.notes) if line]
    is_named_by_value = box.value is not None and box.title == box.value.text()
    return _without_empty(
        role=str(box.role),
        title=box.title,
        lines=[] if is_named_by_value else lines,
        shape="" if box.dtype is None else str(box.shape),
        dtype="" if box.dtype is None else str(box.dtype),
        cluster=None if box.cluster is None else clusters[box.cluster],
        side=side,
        name=box.name,
        settings=box.settings,
        saved=[{"name": saved.name, "shape": str(saved.shape), "bytes": saved.nbytes} for saved in box.saved],
        isFreed=box.is_freed,
        origin=box.origin,
        value=_summary_with_images(box.value, images),
        valueNote=box.value_note,
        gradient=_summary_with_images(box.gradient, images),
        gradientNote=box.gradient_note,
        wantsGradient=box.wants_gradient,
        hasGlimpses=has_glimpses and box.value is not None and not is_named_by_value,
    )


def _edge(edge: Edge, boxes: Mapping[Box, int]) -> Json:
    part = edge.contribution
    way_back = {} if edge.rule is None else {"rule": edge.rule}
    fields = _without_empty(
        source=boxes[edge.source],
        target=boxes[edge.target],
        input=edge.input,
        carries=edge.carries,
        total=None if part is None else _summary(part.total),
        given=None if part is None or part.given is part.total else _summary(part.given),
    )
    return fields | way_back


def _clusters(drawing: Drawing, clusters: Mapping[Cluster, int]) -> list[Json]:
    closed: dict[Cluster, Box] = {}
    depth = 1
    while at_this_depth := at_depth(drawing, depth):
        closed |= modules(drawing, at_this_depth)
        depth += 1
    return [
        _without_empty(
            title=cluster.title,
            path=cluster.path,
            cluster=None if cluster.parent is None else clusters[cluster.parent],
            lines=closed[cluster].notes,
        )
        for cluster in clusters
    ]


def _images_with_room(boxes: Sequence[Box]) -> set[Images]:
    """As many images as a page has room for; where that is not all, those of arrays that have several come first."""
    found = [summary.images for box in boxes for summary in (box.value, box.gradient) if summary and summary.images]
    found.sort(key=lambda images: -len(images.pixels))
    totals = accumulate(images.pixels.size for images in found)
    return {images for images, total in zip(found, totals, strict=True) if total <= _MOST_PIXELS}


def _summary_with_images(summary: Summary | None, shown: Collection[Images]) -> Json | None:
    content = _summary(summary)
    images = None if summary is None else summary.images
    if content is not None and images is not None and images in shown:
        content["images"] = _images(images)
    return content


def _images(images: Images) -> Json:
    _, height, width = images.pixels.shape
    return {
        "index": images.index,
        "columns": images.columns,
        "height": height,
        "width": width,
        "strongest": _rounded(images.strongest),
        "pixels": b64encode(images.pixels.tobytes()).decode(),
    }


def _summary(summary: Summary | None) -> Json | None:
    if summary is None:
        return None
    alarms = {"nans": summary.nans or None, "infinities": summary.infinities or None}
    if summary.values is not None:
        values = [_number(value) for value in summary.values.ravel()]
        return {"values": values, **_without_empty(shape=summary.shape, **alarms)}
    return _without_empty(
        shape=summary.shape,
        minimum=_rounded(summary.minimum),
        maximum=_rounded(summary.maximum),
        mean=_rounded(summary.mean),
        std=_rounded(summary.std),
        histogram=summary.histogram,
        **alarms,
    )


def _number(value: Any) -> Any:
    """A NumPy number as JSON has it: with the fewest digits that name it, and NaN and infinities as words."""
    if value.dtype.kind != "f":
        return value.item()
    text = str(value)
    return float(text) if text.strip("-") not in ("inf", "nan") else text


def _rounded(value: float | None) -> float | None:
    return None if value is None else float(f"{value:.6g}")


def _without_empty(**fields: Any) -> Json:
    return {name: value for name, value in fields.items() if value not in (None, "", (), [], False) or value == 0}
