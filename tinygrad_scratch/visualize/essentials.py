"""What must be known of an operation to read a picture: the settings that shapes do not tell, in a few words."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from tinygrad_scratch.ops.index.indexing import Slot
from tinygrad_scratch.record.primitive import Primitive


def essentials(primitive: Primitive, settings: Mapping[str, Any], shape: Any) -> str:
    """The settings worth a line in the box of an operation whose result has that ``shape``; empty if there are none.

    >>> from tinygrad_scratch.ops.sequence.attention import _attention_weights
    >>> essentials(_attention_weights.primitive, {"is_causal": True}, (4, 8, 8))
    'causal'
    """
    words = _words_for(primitive)
    return ", ".join(filter(None, (words[name](value, shape) for name, value in settings.items() if name in words)))


def settings_text(primitive: Primitive, settings: Mapping[str, Any], shape: Any) -> str:
    """The `essentials`, and all other settings as they are written in Python."""
    others = (f"{name}={value!r}" for name, value in settings.items() if name not in _words_for(primitive))
    return ", ".join(filter(None, (essentials(primitive, settings, shape), *others)))


def _windows(windows: Sequence[Any], shape: Any) -> str:  # noqa: ARG001
    """``kernel 3×3, stride 2``: what is 1 anyway, or 0 of the padding, is left out."""
    texts = [f"kernel {'×'.join(str(one.size) for one in windows)}"]
    for name, usual in (("stride", 1), ("padding", 0), ("dilation", 1)):
        values = [getattr(one, name) for one in windows]
        if set(values) != {usual}:
            texts.append(f"{name} {values[0] if len(set(values)) == 1 else '×'.join(map(str, values))}")
    return ", ".join(texts)


def _index(index: Sequence[Any], shape: Any) -> str:  # noqa: ARG001
    """As it is written in Python: ``[:, 0]``."""
    return f"[{', '.join(map(_index_entry, index))}]"


def _index_entry(entry: Any) -> str:
    if isinstance(entry, slice):
        start, stop, step = ("" if bound is None else str(bound) for bound in (entry.start, entry.stop, entry.step))
        return f"{start}:{stop}:{step}" if step else f"{start}:{stop}"
    return {Ellipsis: "...", Slot.ARRAY: "array"}.get(entry, str(entry))


# The words for settings of the engine's own operations, by name.
_WORDS: Mapping[str, Callable[[Any, Any], str]] = {
    "index": _index,
    "windows": _windows,
    "groups": lambda groups, _: f"{groups} groups" if groups > 1 else "",
    "is_causal": lambda is_causal, _: "causal" if is_causal else "",
    "batch_sizes": lambda sizes, shapes: f"hidden size {shapes[0][-1]}" + f", {len(sizes)} steps" * (len(sizes) > 1),
    "reverse": lambda reverse, _: "backwards" if reverse else "",
}


def _words_for(primitive: Primitive) -> Mapping[str, Callable[[Any, Any], str]]:
    # In an operation of the user's own, the same name may mean anything.
    return _WORDS if primitive.forward.__module__.startswith("tinygrad_scratch.ops.") else {}
