"""The graph behind some results: its nodes in the order in which they ran, and what is known of each.

What the engine's nodes say (shapes, what their rules keep, the leaves) is always known. What only `recording` sees
(values in between, gradients, inputs that need none) is known where it was seen.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from functools import cached_property
from operator import attrgetter
from typing import Any

import numpy as np

from tinygrad_scratch.record.node import Node
from tinygrad_scratch.record.primitive import OUTPUT, Primitive
from tinygrad_scratch.record.tensor import Leaf
from tinygrad_scratch.record.writes import write_since
from tinygrad_scratch.visualize.recording import SIGHTS, Given, Sight, Sources, Unrecorded, imaging_of
from tinygrad_scratch.visualize.summary import Summary, summarized

_UNSEEN = Sight()


class Graph:
    """All that the nodes ``ends`` were computed from.

    ``nodes`` are in the order in which they ran, what was not computed coming just before its first use. ``sources``
    are the nodes that each one's inputs come from, None for what is unknown or left out. ``uses`` are the nodes that
    use it, each with the position of the input that it is there.
    """

    def __init__(self, ends: Iterable[Node]) -> None:
        self._given: dict[int, Given] = {}
        self.sources = self._walk(ends)
        self.nodes = self._in_order()
        self.uses: dict[Node, list[tuple[Node, int]]] = defaultdict(list)
        for node in self.nodes:
            for position, source in enumerate(self.sources[node]):
                if source is not None:
                    self.uses[source].append((node, position))

    def value(self, node: Node) -> Summary | None:
        """The value of the node's result, if it is known."""
        if isinstance(node, Given):
            return node.value
        if not isinstance(node, Leaf):
            return sight_of(node).value or self._saved_values.get(node)
        seen = (sight_of(user).leaf_values.get(position) for user, position in self.uses[node])
        tensor = node.tensor()
        now = self._saved_values.get(node) if tensor is None else summarized(tensor._data, imaging_of(node))
        return next(filter(None, seen), now)

    def gradient(self, node: Node) -> Summary | None:
        """The gradient of the node's result in the latest backward pass that was seen, or a leaf's ``grad``."""
        if not isinstance(node, Leaf):
            return sight_of(node).gradient
        # The pass comes to the first use last; there the gradient is complete.
        for user, position in sorted(self.uses[node], key=lambda use: (use[0].time, -use[1])):
            if (contribution := sight_of(user).contributions.get(position)) is not None:
                return contribution.total
        tensor = node.tensor()
        return None if tensor is None or tensor._grad is None else summarized(tensor._grad._data, imaging_of(node))

    def has_lost_gradient(self, node: Node) -> bool:
        """Whether a backward pass has computed the node's gradient, as far as one can tell, and nobody saved it."""
        was_seen = sight_of(node).value is not None
        return is_operation(node) and (self._was_freed or (self._has_gradients and not was_seen))

    def _walk(self, ends: Iterable[Node]) -> dict[Node, Sources]:
        found = list(ends)
        sources: dict[Node, Sources] = {}
        for node in found:  # which grows meanwhile
            if node not in sources:
                sources[node] = self._sources_of(node)
                found.extend(source for source in sources[node] if source is not None)
        return sources

    def _sources_of(self, node: Node) -> Sources:
        seen = sight_of(node).inputs
        if seen is not None:
            return seen
        sources = list(node.edges)
        for position, value in _saved_arrays(node):
            if position != OUTPUT and sources[position] is None and value is not None:
                sources[position] = self._node_of_saved(value)
        return tuple(sources)

    def _node_of_saved(self, value: Any) -> Given:
        if not isinstance(value, np.ndarray):
            return Given(value)
        if id(value) not in self._given:
            self._given[id(value)] = Given(value)
        return self._given[id(value)]

    def _in_order(self) -> list[Node]:
        ordered: dict[Node, None] = {}
        for operation in sorted(filter(is_operation, self.sources), key=attrgetter("time")):
            ordered.update((source, None) for source in self.sources[operation] if source is not None)
            ordered[operation] = None
        ordered.update((end, None) for end in self.sources)
        return list(ordered)

    @cached_property
    def _was_freed(self) -> bool:
        return any(node.plan is not None and node.saved is None for node in self.nodes)

    @cached_property
    def _has_gradients(self) -> bool:
        return any(isinstance(node, Leaf) and self.gradient(node) for node in self.nodes)

    @cached_property
    def _saved_values(self) -> dict[Node, Summary]:
        found = {}
        for node in self.nodes:
            for position, value in _saved_arrays(node):
                owner = node if position == OUTPUT else self.sources[node][position]
                if isinstance(value, np.ndarray) and owner is not None and not write_since(value, node.time):
                    found[owner] = summarized(value, imaging_of(owner))
        return found


def sight_of(node: Node) -> Sight:
    """What a recording saw of the node; a Sight of nothing if it saw nothing."""
    return SIGHTS.get(node, _UNSEEN)


def is_operation(node: Node) -> bool:
    """Whether the node's value was computed, rather than made by the user."""
    return not isinstance(node, Leaf | Given)


def primitive_of(node: Node) -> Primitive | None:
    """The primitive that ran; None if the value was not computed by one."""
    if isinstance(node, Unrecorded):
        return node.primitive
    return None if node.plan is None else node.plan.primitive


def pulled_positions(node: Node) -> tuple[int, ...]:
    """The positions of the inputs that the node passes a gradient on to."""
    if node.plan is not None:
        return tuple(position for position, _ in node.plan.pulls)
    is_recorded = is_operation(node) and not isinstance(node, Unrecorded)
    return tuple(range(len(node.edges))) if is_recorded else ()


def _saved_arrays(node: Node) -> Iterator[tuple[int, Any]]:
    """What the node still saves of its inputs and result: positions (or `OUTPUT`) and values."""
    if node.plan is not None and node.saved is not None:
        for place, position in node.plan.saved_arrays:
            yield position, node.saved[place]
