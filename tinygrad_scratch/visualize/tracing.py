"""From the graph behind some results to a `Drawing`: every node becomes a box that says what is known of it."""

from __future__ import annotations

import linecache
import textwrap
from collections.abc import Iterator, Mapping
from math import prod
from pathlib import Path
from typing import Any

import numpy as np

from tinygrad_scratch.autograd.anomaly import ORIGINS, Origin
from tinygrad_scratch.record.node import Node
from tinygrad_scratch.record.primitive import OUTPUT
from tinygrad_scratch.record.tensor import Leaf, Tensor
from tinygrad_scratch.visualize.drawing import Box, Cluster, Drawing, Edge, Role, Saved, Shape
from tinygrad_scratch.visualize.essentials import essentials, settings_text
from tinygrad_scratch.visualize.formulas import formula, input_name
from tinygrad_scratch.visualize.graph import Graph, is_operation, primitive_of, pulled_positions, sight_of
from tinygrad_scratch.visualize.naming import Names, modules_of
from tinygrad_scratch.visualize.nesting import clusters_of, innermost_around
from tinygrad_scratch.visualize.recording import Given, Unrecorded, data_of, imaging_of, node_of
from tinygrad_scratch.visualize.roots import Roots
from tinygrad_scratch.visualize.summary import Summary, summarized

NO_GRADIENT_YET = "no grad yet"
NOT_RECORDED = "not recorded"
_LONGEST_SETTINGS = 120


def traced(roots: Roots, with_values: bool = True) -> Drawing:
    """The drawing of everything that ``roots.outputs`` were computed from, and of those outputs themselves.

    If it is not to be ``with_values``, none are looked for, nor gradients.
    """
    return _Tracing(roots, with_values).drawing()


class _Tracing:
    def __init__(self, roots: Roots, with_values: bool) -> None:
        self.with_values = with_values
        self.outputs = roots.outputs
        self.ends = {name: node_of(tensor) or Given(tensor) for name, tensor in roots.outputs.items()}
        self.graph = Graph(self.ends.values())
        operations = [node for node in self.graph.nodes if is_operation(node)]
        scopes = [node.scope for node in operations]
        self.clusters = dict(zip(operations, clusters_of(scopes), strict=True))
        unnamed = [("", value) for value in (*modules_of(scopes), *roots.outputs.values())]
        self.names = Names([*roots.names, *unnamed])
        # As names, since an index, such as that of an embedding, is only known by its array.
        self.inputs = None if roots.inputs is None else Names(("input", value) for value in roots.inputs)

    def drawing(self) -> Drawing:
        boxes = {node: self.box(node) for node in self.graph.nodes}
        edges = [edge for node in self.graph.nodes for edge in self.edges_into(node, boxes)]
        outputs = []
        for name, node in self.ends.items():
            outputs.append(self.output_box(name, self.outputs[name], node, boxes[node]))
            rule = "" if boxes[node].wants_gradient else None
            edges.append(Edge(boxes[node], outputs[-1], outputs[-1].shape_text, rule=rule))
        innermost = {box.cluster: None for box in boxes.values() if box.cluster is not None}
        clusters = {around: None for cluster in innermost for around in reversed([*cluster.upwards()])}
        return Drawing((*boxes.values(), *outputs), tuple(edges), tuple(clusters))

    def box(self, node: Node) -> Box:
        role, name = self.role(node), self.names.of(node)
        value = gradient = None
        value_note = no_gradient = ""
        wants_gradient = not isinstance(node, Given | Unrecorded)
        if self.with_values:
            value, gradient = self.value(node), self.gradient(node)
            value_note = NOT_RECORDED
            no_gradient = NOT_RECORDED if self.graph.has_lost_gradient(node) else NO_GRADIENT_YET
        settings = note = ""
        if (primitive := primitive_of(node)) is not None:
            note = essentials(primitive, node.settings, node.shape)
            settings = settings_text(primitive, node.settings, node.shape)
        # An operation with several results has a box for each of them below it, and none of its own.
        has_several = isinstance(node.shape, list)
        is_number = isinstance(node, Given) and node.source is None
        return Box(
            role=role,
            title=self.title(node, role, name),
            shape=() if has_several else node.shape,
            dtype=None if has_several or is_number else node.dtype,
            cluster=self.cluster(node, role),
            name=name if role is Role.OPERATION and node not in self.ends.values() else "",
            value=value,
            value_note="" if value or has_several else value_note,
            gradient=gradient,
            gradient_note=no_gradient if wants_gradient and not gradient and not has_several else "",
            wants_gradient=wants_gradient,
            notes=(note,) if note else (),
            settings=textwrap.shorten(settings, _LONGEST_SETTINGS, placeholder=" …"),
            saved=tuple(self.saved(node)),
            is_freed=node.plan is not None and node.saved is None,
            origin=_origin_text(sight_of(node).origin or ORIGINS.get(node)),
        )

    def output_box(self, name: str, tensor: Tensor, node: Node, computed: Box) -> Box:
        return Box(
            role=Role.OUTPUT,
            title=self.names.of(node) or name,
            shape=tensor.shape,
            dtype=tensor.dtype,
            value=summarized(tensor._data, imaging_of(node)) if self.with_values else None,
            gradient=computed.gradient,
            gradient_note=computed.gradient_note,
            wants_gradient=computed.wants_gradient,
        )

    def role(self, node: Node) -> Role:
        if is_operation(node):
            return Role.OPERATION
        if self.inputs is not None and self.inputs.of(node):
            return Role.INPUT
        if isinstance(node, Leaf):
            return Role.PARAMETER
        name = self.names.of(node)
        is_number = node.shape == () and not name
        return Role.CONSTANT if is_number or self.inputs is not None or name in self.names.paths else Role.INPUT

    def title(self, node: Node, role: Role, name: str) -> str:
        if role is Role.OPERATION:
            return node.name
        is_number = role is Role.CONSTANT and node.shape == ()
        return name or (node.value.text() if is_number and isinstance(node, Given) else str(role))

    def cluster(self, node: Node, role: Role) -> Cluster | None:
        """Where the box belongs: a parameter or constant where it is used, an input outside of everything."""
        if role is Role.OPERATION:
            return self.clusters[node]
        users = self.graph.uses[node]
        return None if role is Role.INPUT or not users else innermost_around([self.clusters[user] for user, _ in users])

    def value(self, node: Node) -> Summary | None:
        tensor = self.names.tensors.get(node)
        return self.graph.value(node) or (None if tensor is None else summarized(data_of(tensor), imaging_of(node)))

    def gradient(self, node: Node) -> Summary | None:
        gradient = getattr(self.names.tensors.get(node), "_grad", None)
        return self.graph.gradient(node) or (None if gradient is None else summarized(gradient._data, imaging_of(node)))

    def saved(self, node: Node) -> Iterator[Saved]:
        """The arrays among what the node's rules ask for, each as one of its inputs or its result."""
        if node.plan is None:
            return
        for _, position in node.plan.saved_arrays:
            source = node if position == OUTPUT else self.graph.sources[node][position]
            name = "y" if position == OUTPUT else input_name(node.plan.primitive, position)
            if source is not None and isinstance(source.shape, list):
                results = enumerate(zip(source.shape, source.dtype, strict=True))
                yield from (_saved(f"{name}[{i}]", shape, dtype) for i, (shape, dtype) in results)
            elif source is not None:
                yield _saved(name, source.shape, source.dtype)

    def edges_into(self, node: Node, boxes: Mapping[Node, Box]) -> Iterator[Edge]:
        primitive, pulled, sight = primitive_of(node), pulled_positions(node), sight_of(node)
        for position, source in enumerate(self.graph.sources[node]):
            if source is not None:
                name = "" if primitive is None else input_name(primitive, position)
                rule = "" if primitive is None else formula(primitive, position)
                contribution = sight.contributions.get(position)
                way_back = rule if position in pulled else None
                yield Edge(boxes[source], boxes[node], boxes[source].shape_text, name, way_back, contribution)


def _saved(name: str, shape: Shape, dtype: np.dtype[Any]) -> Saved:
    return Saved(name, shape, dtype, dtype.itemsize * prod(shape))


def _origin_text(origin: Origin | None) -> str:
    """``model.py:12 in forward: y = x * 2``: without folders, which are of no use to those whom a page is sent to."""
    if origin is None:
        return ""
    place = "" if origin.function == "<module>" else f" in {origin.function}"
    code = linecache.getline(origin.filename, origin.line).strip()
    return f"{Path(origin.filename).name}:{origin.line}{place}" + (f": {code}" if code else "")
