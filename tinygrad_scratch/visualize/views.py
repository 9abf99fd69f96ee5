"""What a user asks for: `draw` makes a picture, `explore` the explorer."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import replace
from os import PathLike
from typing import Any

from tinygrad_scratch.autograd import grad
from tinygrad_scratch.record.node import topological_order
from tinygrad_scratch.record.tensor import Leaf, Tensor
from tinygrad_scratch.visualize.collapsing import at_depth, collapsed
from tinygrad_scratch.visualize.drawing import Cluster, Drawing
from tinygrad_scratch.visualize.explorer import Explorer
from tinygrad_scratch.visualize.explorer.content import content
from tinygrad_scratch.visualize.fitting import fitted, with_copies
from tinygrad_scratch.visualize.mirror import with_backward_pass
from tinygrad_scratch.visualize.picture import Picture, picture_of
from tinygrad_scratch.visualize.recording import recording
from tinygrad_scratch.visualize.repeats import with_repeats_folded, with_repeats_grouped
from tinygrad_scratch.visualize.results import with_single_results_merged
from tinygrad_scratch.visualize.roots import is_call, roots_of
from tinygrad_scratch.visualize.theme import DARK, LIGHT
from tinygrad_scratch.visualize.tracing import NOT_RECORDED, traced

_MOST_BOXES = 200  # that can be read at once,
_MOST_USES = 24  # if none of them has more lines than this to others; a drawing with more is closed until it has
_FEW_BOXES = 60  # or fewer


def draw(
    root: Any,
    *,
    names: Mapping[str, Any] | None = None,
    values: bool = False,
    depth: float | None = None,
    fold_repeats: bool = False,
    backward: bool = False,
    left_to_right: bool = False,
    dark: bool = False,
) -> Picture:
    """A picture of the graph behind ``root``: a `graphviz.Digraph` that notebooks show and ``save`` writes to a file.

    ``root`` is a Tensor, or several in a list or mapping; or ``(model or function, inputs)``, which is run once, so
    that what needs no gradient is seen, too. Its ``inputs`` are one argument, several in a tuple, or a mapping by name.

    ``names`` says what tensors, arrays and modules are called; ``globals()`` will do. ``values`` writes into each box
    its value and gradient, as far as they are known: see `recording`. ``depth`` closes the modules at that depth, the
    outermost at 1, each to one box; ``math.inf`` closes none. ``fold_repeats`` draws blocks that repeat only once. With
    a depth of None, both are done as far as it takes to be readable. ``backward`` draws the backward pass beside the
    forward one.

    Raises TypeError if there is no Tensor in ``root``, RuntimeError if nothing is known of how one was computed, and
    ValueError for a depth below 1.

    >>> from tinygrad_scratch import visualize
    >>> x = tg.tensor([1.0, 2.0], requires_grad=True)
    >>> picture = visualize.draw((x * x).sum(), names=globals(), values=True)
    """
    if depth is not None and depth < 1:
        raise ValueError(f"draw: depth must be at least 1, which closes the outermost modules, not {depth}")
    whole = traced(roots_of(root, names), values)
    drawing = with_single_results_merged(with_repeats_folded(whole) if fold_repeats else whole)
    captions = []
    if depth is not None:
        drawing = collapsed(drawing, at_depth(drawing, depth))
    elif not _can_be_read(drawing):
        count = len(drawing.boxes)
        drawing = _readable(whole, may_copy=not backward)
        if len(drawing.boxes) < count:
            captions.append(f"{len(drawing.boxes)} boxes that stand for {count:,}; depth=math.inf draws all of them")
    if values and any(NOT_RECORDED in (box.value_note, box.gradient_note) for box in drawing.boxes):
        captions.append("what is not recorded is known of what runs inside visualize.recording()")
    if backward:
        drawing = with_backward_pass(drawing)
    return picture_of(replace(drawing, caption="\n".join(captions)), DARK if dark else LIGHT, values, left_to_right)


def explore(
    root: Any,
    path: str | PathLike[str] | None = None,
    *,
    names: Mapping[str, Any] | None = None,
    title: str = "Computation graph",
) -> Explorer:
    """The graph behind ``root`` as a page to explore, with a replay of the forward and the backward pass.

    It is written to ``path`` if that is given: one HTML file, which needs nothing else. Notebooks show the result.
    ``root`` and ``names`` are as in `draw`. Values and gradients are seen, and replayed, of what was run inside
    `recording`. A model or function is run here, and so is its backward pass if the result is one number: no ``grad``
    is touched by that.

    >>> from tinygrad_scratch import visualize
    >>> x = tg.tensor(3.0, requires_grad=True)
    >>> page = visualize.explore((lambda x: x * x, x), title="A square")
    >>> "A square" in page.html
    True
    """
    roots = roots_of(root, names)
    if is_call(root):
        _go_back_through(list(roots.outputs.values()))
    page = Explorer(content(*_explorable(traced(roots)), title))
    if path is not None:
        page.save(path)
    return page


def _readable(drawing: Drawing, may_copy: bool) -> Drawing:
    """The drawing with repeats folded and, as far as it must be to be read, closed."""
    drawing = with_single_results_merged(with_repeats_folded(drawing))
    # Beside a backward pass there are no copies: each would seem to have a gradient of its own.
    open_ones = (drawing, with_copies(drawing, _MOST_USES)) if may_copy else (drawing,)
    return next(filter(_can_be_read, open_ones), None) or collapsed(*fitted(drawing, _FEW_BOXES))


def _explorable(drawing: Drawing) -> tuple[Drawing, list[Cluster]]:
    """The drawing, perhaps divided anew, and the clusters to close so that it can be read."""
    merged = with_single_results_merged(drawing)
    if _can_be_read(merged):
        return merged, []
    grouped, closed = with_repeats_grouped(drawing)
    merged = with_single_results_merged(grouped)
    return (merged, closed) if _can_be_read(collapsed(merged, closed)) else fitted(merged, _FEW_BOXES)


def _can_be_read(drawing: Drawing) -> bool:
    uses = Counter(edge.source for edge in drawing.edges)
    return len(drawing.boxes) <= _MOST_BOXES and max(uses.values(), default=0) <= _MOST_USES


def _go_back_through(outputs: list[Tensor]) -> None:
    """Have the gradients of a loss recorded, without adding them to any ``grad``."""
    if len(outputs) != 1 or outputs[0].node is None or outputs[0]._data.size != 1:
        return
    with recording():
        grad(outputs[0], list(_leaves(outputs[0])), retain_graph=True, allow_unused=True)


def _leaves(output: Tensor) -> Iterator[Tensor]:
    node = output.node
    for source in topological_order([] if node is None else [node]):
        tensor = source.tensor() if isinstance(source, Leaf) else None
        if tensor is not None:
            yield tensor
