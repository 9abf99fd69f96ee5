"""What tensors are called: by the path in their model, by the user, or by the function that took them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

import numpy as np

from tinygrad_scratch.record.mode import Scope
from tinygrad_scratch.record.node import Node
from tinygrad_scratch.record.tensor import Tensor
from tinygrad_scratch.visualize.recording import Given, data_of, node_of


class Names:
    """The names of nodes, and the ``tensors`` that were named: their values and gradients can still be shown.

    ``named`` pairs names with tensors, arrays or modules. The first name counts, but that of a parameter or buffer in
    its model goes before all others; ``paths`` are all of these.
    """

    def __init__(self, named: Iterable[tuple[str, Any]]) -> None:
        self.tensors: dict[Node, Any] = {}
        self._of_nodes: dict[Node, str] = {}
        self._of_arrays: dict[int, str] = {}  # by identity
        named = list(named)
        contents = [pair for _, value in named for pair in _contents(value)]
        self.paths = {path for path, _ in contents}
        for name, value in (*contents, *named):
            if isinstance(value, Tensor | np.ndarray):
                self._add(name, value)

    def _add(self, name: str, value: Any) -> None:
        self._of_arrays.setdefault(id(data_of(value)), name)
        node = node_of(value)
        if node is not None:
            self._of_nodes.setdefault(node, name)
            self.tensors.setdefault(node, value)

    def of(self, node: Node) -> str:
        """The name of the tensor that ``node`` stands for; empty if it has none."""
        source = node.source() if isinstance(node, Given) and node.source is not None else None
        return self._of_nodes.get(node) or ("" if source is None else self._of_arrays.get(id(data_of(source)), ""))


def modules_of(scopes: Iterable[Scope | None]) -> list[Any]:
    """The models that operations with these scopes ran in, as far as they still exist."""
    outermost = dict.fromkeys(_outermost(scope) for scope in scopes if scope is not None)
    # The scopes that nn makes refer to their module; the engine does not know nn.
    references = (getattr(scope, "module", None) for scope in outermost)
    modules = (reference() for reference in references if reference is not None)
    return [module for module in modules if module is not None]


def _outermost(scope: Scope) -> Scope:
    while scope.parent is not None:
        scope = scope.parent
    return scope


def _contents(value: Any) -> Iterator[tuple[str, Tensor]]:
    """The parameters and buffers, with their paths, of what looks like a module."""
    if hasattr(value, "named_parameters") and hasattr(value, "named_buffers") and not isinstance(value, type):
        yield from value.named_parameters()
        yield from value.named_buffers()
