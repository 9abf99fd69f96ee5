"""Watching operations run: what a picture shows that the graph itself does not keep.

A node does not hold the value of its result, and of inputs that want no gradient it knows nothing at all. Inside
`recording`, every operation leaves what was seen of it with its node, weakly: when the graph is freed, so is this. An
operation that the engine does not record, and an input that it has no node for, get nodes of our own, `Unrecorded` and
`Given`, so that to the rest of the package everything that ran is one graph of nodes.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from functools import partial
from typing import Any
from weakref import WeakKeyDictionary, ref

import numpy as np

from tinygrad_scratch.autograd.anomaly import Origin, user_line
from tinygrad_scratch.ops.sequence.recurrent import CELLS
from tinygrad_scratch.record.mode import Observer, observing
from tinygrad_scratch.record.node import Node, Output
from tinygrad_scratch.record.primitive import Primitive
from tinygrad_scratch.record.tensor import Leaf, Tensor
from tinygrad_scratch.record.writes import write_since
from tinygrad_scratch.visualize.images import Imaging, filters, maps, states
from tinygrad_scratch.visualize.summary import Contribution, Summary, summarized

Sources = tuple[Node | None, ...]


class Unrecorded(Node):
    """The node of an operation that ran without being recorded, since no gradient is wanted of it."""

    __slots__ = ("primitive",)

    def __init__(
        self, primitive: Primitive, settings: Mapping[str, Any], sources: Sources, shape: Any, dtype: Any
    ) -> None:
        super().__init__(None, settings, sources, None, shape, dtype)
        self.primitive: Primitive | None = primitive

    @property
    def name(self) -> str:
        assert self.primitive is not None
        return self.primitive.name


class UnrecordedOutput(Unrecorded):
    """The node of one of several results that wants no gradient: what `Output` is for those that want one."""

    __slots__ = ("index",)

    def __init__(self, parent: Node, index: int, result: Tensor) -> None:
        Node.__init__(self, None, {}, (parent,), None, result.shape, result.dtype)
        self.primitive = None
        self.index = index

    @property
    def name(self) -> str:
        return f"output {self.index}"


class Given(Node):
    """The node of an input that needs no gradient and was not computed: a tensor, an array or a number.

    ``source`` refers to the tensor or array; for a number it is None.
    """

    __slots__ = ("source", "value")

    def __init__(self, value: Any) -> None:
        array = data_of(value)
        super().__init__(None, {}, (), None, array.shape, array.dtype)
        self.source = ref(value) if isinstance(value, Tensor | np.ndarray) else None
        self.value = summarized(array, maps)

    @property
    def name(self) -> str:
        return "number" if self.source is None else "input"


@dataclass(slots=True)
class Sight:
    """What was seen of an operation.

    ``inputs`` are the nodes that its inputs came from; None if only a backward pass was seen. ``leaf_values`` are the
    values of those that are leaves, which may change, by position. ``gradient`` is that of the result, and
    ``contributions`` what the rules gave, by position, in the latest backward pass. ``origin`` is the line of source
    that ran the operation, if that was seen.
    """

    inputs: Sources | None = None
    leaf_values: dict[int, Summary] = field(default_factory=dict)
    value: Summary | None = None
    gradient: Summary | None = None
    contributions: dict[int, Contribution] = field(default_factory=dict)
    origin: Origin | None = None


SIGHTS: WeakKeyDictionary[Node, Sight] = WeakKeyDictionary()

# The nodes of tensors and arrays that the engine has none for, by identity: comparing tensors would compare values.
_own_nodes: dict[int, tuple[ref[Any], Node]] = {}


@contextmanager
def recording() -> Iterator[None]:
    """Remember, for pictures, the values and gradients of all that runs inside the ``with`` block.

    It costs time and memory, so it is meant for a step of training, not for an epoch. What was remembered of a graph is
    freed with the graph.

    >>> from tinygrad_scratch import visualize
    >>> x = tg.tensor(3.0, requires_grad=True)
    >>> with visualize.recording():
    ...     y = x * x
    ...     y.backward()
    >>> picture = visualize.draw(y, values=True)
    """
    with observing(_Recorder()):
        yield


class _Recorder(Observer):
    """The `Observer` that fills `SIGHTS`."""

    def __init__(self) -> None:
        # Of each gradient that is not complete yet: the sum so far, and where its latest part came from.
        self._pending: dict[Node, tuple[Any, Sight, int]] = {}

    def ran(self, primitive: Primitive, inputs: Sequence[Any], settings: Mapping[str, Any], result: Any) -> None:
        results = result if isinstance(result, tuple) else (result,)
        operation = _recorded_operation(results)
        sources = tuple(_source(value, results) for value in inputs)
        if operation is not None:
            # The engine knows where a tensor came from that has been written to since.
            sources = tuple(edge or source for edge, source in zip(operation.edges, sources, strict=True))
        elif isinstance(result, tuple):
            shapes, dtypes = [part.shape for part in result], [part.dtype for part in result]
            operation = Unrecorded(primitive, settings, sources, shapes, dtypes)
        else:
            operation = Unrecorded(primitive, settings, sources, result.shape, result.dtype)
            _remember(result, operation)
        leaf_values = {
            position: summarized(data_of(inputs[position]), filters)
            for position, node in enumerate(sources)
            if isinstance(node, Leaf)
        }
        SIGHTS[operation] = sight = Sight(sources, leaf_values, origin=user_line())
        if isinstance(result, tuple):
            for i, part in enumerate(result):
                value = summarized(part._data, imaging_of(operation))
                SIGHTS[_output_node(operation, i, part)] = Sight(value=value, origin=sight.origin)
        else:
            sight.value = summarized(result._data, imaging_of(operation))

    def wrote(
        self,
        target: Tensor,
        value: Tensor,
        index: tuple[Any, ...],  # noqa: ARG002
        arrays: Sequence[Any],
        node: Node | None,
    ) -> None:
        if node is not None and node is not value._node:
            assert node.plan is not None
            base = target if target._view is None else target._view.base
            self.ran(node.plan.primitive, (base, value, *arrays), node.settings, base)

    def pulled(self, node: Node, position: int, gradient: Any) -> None:
        source = node.edges[position]
        assert source is not None
        sight, given = _sight(node), data_of(gradient)
        summary = summarized(given)
        if source in self._pending:
            total = self._pending[source][0] + given
            sight.contributions[position] = Contribution(summary, summarized(total))
        else:
            total = given
            sight.contributions[position] = Contribution(summary, summary)
        self._pending[source] = total, sight, position

    def completed(self, node: Node, gradient: Any) -> None:
        if isinstance(gradient, list):
            return  # of several results: those were seen before
        summary = summarized(data_of(gradient), imaging_of(node))
        if isinstance(node, Output):
            _sight(node).contributions[0] = Contribution(summary, summary)  # to the operation, which no rule gives
        _, sight, position = self._pending.pop(node, (None, None, 0))
        if not isinstance(node, Leaf):
            _sight(node).gradient = summary
        elif sight is not None:
            # A leaf lives on in other graphs, so its gradient is noted where it came from. A hook may have changed it.
            sight.contributions[position] = replace(sight.contributions[position], total=summary)


def node_of(value: Any) -> Node | None:
    """The node of a tensor or array: the engine's, or the one that a recording made; None if it has neither."""
    node = value.node if isinstance(value, Tensor) else None
    return node or _own_node(value)


def imaging_of(node: Node) -> Imaging:
    """How images are made of the node's value and gradient."""
    if isinstance(node, Leaf):
        return filters
    operation = node.edges[0] if isinstance(node, Output | UnrecordedOutput) else node
    # A user's own operation may have such a name, too.
    if operation is not None and operation.name in CELLS and "batch_sizes" in operation.settings:
        return partial(states, batch_sizes=operation.settings["batch_sizes"])
    return maps


def data_of(value: Any) -> Any:
    """The array of a tensor; of anything else, the array that NumPy makes of it."""
    return value._data if isinstance(value, Tensor) else np.asarray(value)


def _sight(node: Node) -> Sight:
    sight = SIGHTS.get(node)
    if sight is None:
        sight = SIGHTS[node] = Sight()
    return sight


def _recorded_operation(results: Sequence[Tensor]) -> Node | None:
    """The engine's node of the operation that gave these results; None if it was not recorded."""
    node = next((tensor._node for tensor in results if tensor._node is not None), None)
    return node.edges[0] if isinstance(node, Output) else node


def _output_node(operation: Node, index: int, result: Tensor) -> Node:
    if result._node is not None:
        return result._node
    node = UnrecordedOutput(operation, index, result)
    _remember(result, node)
    return node


def _source(value: Any, results: Sequence[Tensor]) -> Node | None:
    """The node that an input comes from; None for an input left out, and for one that the operation has overwritten."""
    if value is None or any(value is result for result in results):
        return None
    node = value._node if isinstance(value, Tensor) else None
    return node or _own_node(value) or _given(value)


def _given(value: Any) -> Given:
    node = Given(value)
    if node.source is not None:
        _remember(value, node)
    return node


def _remember(value: Any, node: Node) -> None:
    key = id(value)
    _own_nodes[key] = (ref(value, lambda _: _own_nodes.pop(key, None)), node)


def _own_node(value: Any) -> Node | None:
    reference, node = _own_nodes.get(id(value), (None, None))
    if reference is None or node is None or reference() is not value or write_since(data_of(value), node.time):
        return None
    return node
