"""Trees: tuples, lists and dicts of tensors, nested as deep as one likes, and what the transforms do to all of one."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Any


def leaves(tree: Any) -> list[Any]:
    """What is in the tree and is not itself a tuple, list or dict, in order.

    >>> leaves({"a": 1, "b": (2, [3])})
    [1, 2, 3]
    """
    if isinstance(tree, dict):
        return [leaf for value in tree.values() for leaf in leaves(value)]
    if isinstance(tree, tuple | list):
        return [leaf for value in tree for leaf in leaves(value)]
    return [tree]


def like(tree: Any, new_leaves: Sequence[Any]) -> Any:
    """A tree of the same form, with other leaves.

    >>> like({"a": 1, "b": (2, [3])}, "xyz")
    {'a': 'x', 'b': ('y', ['z'])}
    """
    return _filled(tree, iter(new_leaves))


def _filled(tree: Any, remaining: Iterator[Any]) -> Any:
    if isinstance(tree, dict):
        return {key: _filled(value, remaining) for key, value in tree.items()}
    if isinstance(tree, tuple | list):
        parts = [_filled(value, remaining) for value in tree]
        is_named = hasattr(tree, "_fields")
        return type(tree)(*parts) if is_named else type(tree)(parts)
    return next(remaining)


def mapped(function: Callable[..., Any], tree: Any, *others: Any) -> Any:
    """A tree of the same form, each leaf of which is ``function`` of the leaves in that place.

    >>> mapped(max, {"a": 1, "b": (2, [3])}, {"a": 5, "b": (0, [4])})
    {'a': 5, 'b': (2, [4])}
    """
    return like(tree, [function(*parts) for parts in zip(leaves(tree), *map(leaves, others), strict=True)])
