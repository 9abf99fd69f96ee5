"""The graph: a node for every recorded operation, with an edge to the node of each input that wants a gradient."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from itertools import count
from operator import attrgetter
from typing import Any

import numpy as np

from tinygrad_scratch.record.mode import SCOPE, Scope
from tinygrad_scratch.record.primitive import Plan

# Nodes and in-place writes take their times from one clock, so that it is known which came first.
tick = count(1).__next__
_time = attrgetter("time")

Shape = tuple[int, ...]
Hook = Callable[[Any], Any]


class Node:
    """One recorded operation.

    It keeps what the rules that will run need (`Plan`), and no more: not its Tensor, nor those of its inputs, so
    that a result nobody holds is freed at once.

    ``plan``      the primitive and which of its rules will run
    ``settings``  the primitive's settings, such as ``{"dim": 0}``
    ``edges``     for each input, the node it comes from, or None if it wants no gradient
    ``saved``      the values that the rules will ask for; None once a backward pass has freed them
    ``shape``, ``dtype``  of the result; of several results (see `Output`), lists of them
    ``scope``     the module that was running, if any
    ``time``      when it was recorded; later than all its inputs
    ``hooks``     functions that may replace the gradient of the result, or None
    """

    __slots__ = ("__weakref__", "dtype", "edges", "hooks", "plan", "saved", "scope", "settings", "shape", "time")

    def __init__(
        self,
        plan: Plan | None,
        settings: Mapping[str, Any],
        edges: tuple[Node | None, ...],
        saved: tuple[Any, ...] | None,
        shape: Any,
        dtype: Any,
    ) -> None:
        self.plan = plan
        self.settings = settings
        self.edges = edges
        self.saved = saved
        self.shape = shape
        self.dtype = dtype
        self.scope: Scope | None = SCOPE.get()
        self.time = tick()
        self.hooks: dict[int, Hook] | None = None

    @property
    def name(self) -> str:
        """The primitive's name, such as ``multiply``."""
        assert self.plan is not None
        return self.plan.primitive.name

    def __repr__(self) -> str:
        return f"<{self.name}>"


class Output(Node):
    """One of the results of an operation that has several; its edge leads to the node of the operation.

    The gradient of such an operation is a list with that of each result.
    """

    __slots__ = ("index",)

    def __init__(self, parent: Node, index: int, shape: Shape, dtype: np.dtype[Any]) -> None:
        super().__init__(None, {}, (parent,), (), shape, dtype)
        self.index = index

    @property
    def name(self) -> str:
        return f"output {self.index}"


def topological_order(roots: Iterable[Node]) -> list[Node]:
    """Every node that ``roots`` were computed from and the roots themselves, each after all that used it.

    A node is recorded after its inputs, so the order of recording, backwards, is such an order.
    """
    found = list(roots)
    seen = set(found)
    for node in found:  # which grows meanwhile
        for source in node.edges:
            if source is not None and source not in seen:
                seen.add(source)
                found.append(source)
    found.sort(key=_time, reverse=True)
    return found
