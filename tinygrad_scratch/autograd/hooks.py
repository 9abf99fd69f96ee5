"""Hooks: functions that see, and may replace, a gradient on its way."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from tinygrad_scratch.record.node import tick
from tinygrad_scratch.record.operation import method
from tinygrad_scratch.record.tensor import RETAIN_GRAD, Leaf, Tensor


class RemovableHandle:
    """What registering a hook returns: ``remove()`` takes the hook back, and so does the end of a ``with``."""

    def __init__(self, hooks: dict[int, Any], key: int) -> None:
        self._hooks = hooks
        self._key = key

    def remove(self) -> None:
        """Take the hook back; once is enough, and more do no harm."""
        self._hooks.pop(self._key, None)

    def __enter__(self) -> RemovableHandle:
        return self

    def __exit__(self, *_: object) -> None:
        self.remove()


def registered(hooks: dict[int, Any], hook: Callable[..., Any], is_first: bool = False) -> RemovableHandle:
    """Add ``hook`` to ``hooks``, as the last or the first; returns the handle to take it back with."""
    key = tick()
    later = dict(hooks) if is_first else {}
    for other in later:
        del hooks[other]
    hooks[key] = hook
    hooks.update(later)
    return RemovableHandle(hooks, key)


@method
def register_hook(self: Tensor, hook: Callable[[Tensor], Tensor | None]) -> RemovableHandle:
    """Have backward call ``hook`` with the complete gradient of this tensor, and use what it returns instead.

    If it returns None, the gradient stays what it is. RuntimeError if the tensor does not require grad.

    >>> x = tg.tensor([1.0], requires_grad=True)
    >>> handle = x.register_hook(lambda gradient: gradient * 10)
    >>> (x * 2).backward()
    >>> x.grad
    tensor([20.])
    """
    hooks = self._hooks()
    retaining = hooks.pop(RETAIN_GRAD, None)
    handle = registered(hooks, hook)
    if retaining is not None:
        hooks[RETAIN_GRAD] = retaining  # the last, so that it retains what the others made of it
    return handle


@method
def register_post_accumulate_grad_hook(self: Tensor, hook: Callable[[Tensor], None]) -> RemovableHandle:
    """Have backward call ``hook`` with this tensor, a leaf, whenever it has added to its ``grad``."""
    node = self.node
    if not isinstance(node, Leaf):
        raise RuntimeError("register_post_accumulate_grad_hook: only a leaf that requires grad accumulates a gradient")
    if node.after_accumulation is None:
        node.after_accumulation = {}
    return registered(node.after_accumulation, hook)
