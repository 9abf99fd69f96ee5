"""The clusters of a drawing: the calls of modules, one inside the other, found from the scopes of the operations."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from functools import reduce

from tinygrad_scratch.record.mode import Scope
from tinygrad_scratch.visualize.drawing import Box, Cluster, Drawing, Role

Part = Cluster | Box


def clusters_of(scopes: Iterable[Scope | None]) -> list[Cluster | None]:
    """For each operation, given by its scope and in the order in which they ran, the cluster that it belongs to.

    Operations that ran one after another in a module are one call of it; a module that runs again later gets another
    cluster. So nothing that depends on a cluster comes before any part of it, and one box can stand for all of it.
    """
    calls: Counter[Scope] = Counter()
    running: list[tuple[Scope, Cluster]] = []
    found: list[Cluster | None] = []
    for scope in scopes:
        chain = _chain(scope)
        still = _common_length([running_scope for running_scope, _ in running], chain)
        del running[still:]
        for entered in chain[still:]:
            calls[entered] += 1
            parent = running[-1][1] if running else None
            title = _title(entered, calls[entered])
            running.append((entered, Cluster(title, parent, entered.path, entered.module_type)))
        found.append(running[-1][1] if running else None)
    return found


def innermost_around(clusters: Sequence[Cluster | None]) -> Cluster | None:
    """The innermost cluster that contains all of ``clusters``; None is the outside of all."""
    return reduce(_around_both, clusters)


def parts_of(drawing: Drawing) -> dict[Cluster | None, list[Part]]:
    """The operations and clusters that stand directly in each cluster, in the order in which they ran."""
    parts: dict[Cluster | None, dict[Part, None]] = defaultdict(dict)
    for box in drawing.boxes:
        if box.role is Role.OPERATION:
            part: Part = box
            for cluster in () if box.cluster is None else box.cluster.upwards():
                parts[cluster][part] = None
                part = cluster
            parts[None][part] = None
    return defaultdict(list, {cluster: list(inside) for cluster, inside in parts.items()})


def rehoused(drawing: Drawing, homes: Mapping[Box, Cluster | None], clusters: Sequence[Cluster]) -> Drawing:
    """``drawing`` with other ``clusters``. ``homes`` are those of the operations; the rest goes where it is used."""
    users: dict[Box, list[Cluster | None]] = defaultdict(list)
    for edge in drawing.edges:
        users[edge.source].append(homes.get(edge.target))
    moved = {}
    for box in drawing.boxes:
        home = homes.get(box)
        if box.role in (Role.PARAMETER, Role.CONSTANT) and users[box]:
            home = innermost_around(users[box])
        moved[box] = box if box.cluster is home else replace(box, cluster=home)
    edges = (replace(edge, source=moved[edge.source], target=moved[edge.target]) for edge in drawing.edges)
    return replace(drawing, boxes=tuple(moved.values()), edges=tuple(edges), clusters=tuple(clusters))


def _around_both(one: Cluster | None, other: Cluster | None) -> Cluster | None:
    if one is None or other is None:
        return None
    around = set(one.upwards())
    return next((cluster for cluster in other.upwards() if cluster in around), None)


def _chain(scope: Scope | None) -> list[Scope]:
    """The scope and those around it, from the outside in."""
    chain = []
    while scope is not None:
        chain.append(scope)
        scope = scope.parent
    return chain[::-1]


def _common_length(one: Sequence[Scope], other: Sequence[Scope]) -> int:
    length = 0
    while length < min(len(one), len(other)) and one[length] is other[length]:
        length += 1
    return length


def _title(scope: Scope, call: int) -> str:
    """``layers.0: Linear``: the path within the model, and the class; a model of its own has only the class."""
    _, _, path = scope.path.partition(".")
    name = f"{path}: {scope.module_type}" if scope.parent is not None else scope.module_type
    return name if call == 1 else f"{name} (call {call})"
