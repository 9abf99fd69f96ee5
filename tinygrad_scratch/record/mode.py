"""What holds while operations run: are they recorded, inside which module, and who is watching.

Each is a context variable, so every thread and every async task has its own.
"""

from __future__ import annotations

from collections.abc import Callable, Generator, Iterable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from functools import wraps
from inspect import isgeneratorfunction
from types import TracebackType
from typing import Any, ParamSpec, TypeVar, overload

P = ParamSpec("P")
R = TypeVar("R")
F = TypeVar("F", bound=Callable[..., Any])

GRAD_ENABLED: ContextVar[bool] = ContextVar("grad_enabled", default=True)


def is_grad_enabled() -> bool:
    """Whether operations on tensors that require a gradient are recorded.

    >>> is_grad_enabled()
    True
    """
    return GRAD_ENABLED.get()


class _GradMode:
    """Records (or not) inside a ``with`` block or a decorated function, then restores what was before."""

    def __init__(self, enabled: bool) -> None:
        self._enabled = enabled
        self._previous: list[bool] = []

    def __enter__(self) -> None:
        self._previous.append(GRAD_ENABLED.get())
        GRAD_ENABLED.set(self._enabled)

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        GRAD_ENABLED.set(self._previous.pop())

    def __call__(self, function: Callable[P, R]) -> Callable[P, R]:
        @wraps(function)
        def in_mode(*args: P.args, **kwargs: P.kwargs) -> R:
            with _GradMode(self._enabled):
                return function(*args, **kwargs)

        return self._generating(function) if isgeneratorfunction(function) else in_mode

    def _generating(self, function: Callable[..., Any]) -> Callable[..., Any]:
        """As a decorated function that generates: the mode holds while it runs, not for those it yields to."""

        @wraps(function)
        def in_mode(*args: Any, **kwargs: Any) -> Generator[Any, Any, Any]:
            generator = function(*args, **kwargs)
            resume, argument = generator.send, None
            while True:
                try:
                    with _GradMode(self._enabled):
                        value = resume(argument)
                except StopIteration as end:
                    return end.value
                finally:
                    del argument  # an exception, whose traceback would keep this frame, which would keep it
                try:
                    resume, argument = generator.send, (yield value)
                except BaseException as thrown:  # by `throw`, or by `close`
                    resume, argument = generator.throw, thrown

        return in_mode


@overload
def no_grad() -> _GradMode: ...


@overload
def no_grad(function: F) -> F: ...


def no_grad(function: Callable[..., Any] | None = None) -> Any:
    """Record nothing: inside ``with no_grad():``, or in a function decorated with it.

    >>> import tinygrad_scratch as tg
    >>> x = tg.tensor(3.0, requires_grad=True)
    >>> with no_grad():
    ...     (x * 2).requires_grad
    False
    """
    return _GradMode(False) if function is None else _GradMode(False)(function)


@overload
def enable_grad() -> _GradMode: ...


@overload
def enable_grad(function: F) -> F: ...


def enable_grad(function: Callable[..., Any] | None = None) -> Any:
    """Record again inside a `no_grad` block: ``with enable_grad():``, or as a decorator.

    >>> with no_grad(), enable_grad():
    ...     is_grad_enabled()
    True
    """
    return _GradMode(True) if function is None else _GradMode(True)(function)


class set_grad_enabled(_GradMode):
    """Record from here on, or not. In a ``with`` statement, what was before returns at its end.

    >>> with set_grad_enabled(False):
    ...     is_grad_enabled()
    False
    """

    def __init__(self, mode: bool) -> None:
        super().__init__(bool(mode))
        self._before = GRAD_ENABLED.get()
        GRAD_ENABLED.set(self._enabled)

    def __enter__(self) -> None:
        self._previous.append(self._before)
        GRAD_ENABLED.set(self._enabled)

    def __call__(self, function: Callable[P, R]) -> Callable[P, R]:
        GRAD_ENABLED.set(self._before)
        return super().__call__(function)


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class Scope:
    """Where in the program's modules an operation ran: its module's path, such as ``mlp.layers.0``."""

    path: str
    module_type: str
    parent: Scope | None = None

    def __repr__(self) -> str:
        return f"<{self.path}: {self.module_type}>"


def told(scope: Scope | None) -> str:
    """What a message says of the module that an operation ran in: `` in mlp.layers.0 (Linear)``, or nothing."""
    return "" if scope is None else f" in {scope.path} ({scope.module_type})"


SCOPE: ContextVar[Scope | None] = ContextVar("scope", default=None)


class Observer:
    """Someone who watches a program run: anomaly detection, a picture of the values, a list of all that happens.

    It is told everything that changes a number: operations and random draws are `ran`, writes into memory `wrote`, and
    an optimizer's update is both. Of the backward pass it is told what the rules gave; with ``watches_rules`` also each
    primitive that ran in a rule, as rules then run on Tensors. Whoever takes values out of all this, `read` them.
    """

    watches_rules = False

    def ran(self, primitive: Any, inputs: Sequence[Any], settings: Mapping[str, Any], result: Any) -> None:
        """``primitive`` was run on ``inputs``, Tensors and others, and gave ``result``, a Tensor or a tuple of them."""

    def converted(self, input: Any, array: Any) -> None:
        """The primitive that ran next was given ``input``, a Tensor or array, as ``array``, which has its own dtype."""

    def wrote(self, target: Any, value: Any, index: tuple[Any, ...], arrays: Sequence[Any], node: Any) -> None:
        """The Tensor ``value`` was written into memory, at ``index`` of the Tensor ``target``.

        A `Slot.ARRAY` in the index stands for the next of ``arrays``. ``node`` is the history that this gave to the
        target, or the tensor that it is a view of; None if it was not recorded.
        """

    def pulled(self, node: Any, position: int, gradient: Any) -> None:
        """A backward pass had a rule of ``node`` give ``gradient``, an array or Tensor, for its input ``position``."""

    def completed(self, node: Any, gradient: Any) -> None:
        """A backward pass has added up all of the gradient of ``node``."""

    def accumulated(self, tensor: Any, gradient: Any) -> None:
        """A backward pass has added the Tensor ``gradient`` to the ``grad`` of ``tensor``, or has made it that."""

    def read(self, tensor: Any) -> None:
        """The values of ``tensor`` went to Python or NumPy: what is made of them there is out of sight."""


OBSERVERS: ContextVar[tuple[Observer, ...]] = ContextVar("observers", default=())


def observing(observer: Observer) -> AbstractContextManager[None]:
    """Tell ``observer``, too, what runs inside the ``with`` block."""
    return observed_by((*OBSERVERS.get(), observer))


@contextmanager
def observed_by(observers: Iterable[Observer]) -> Iterator[None]:
    """Tell ``observers``, and no others, what runs inside the ``with`` block."""
    token = OBSERVERS.set(tuple(observers))
    try:
        yield
    finally:
        OBSERVERS.reset(token)
