"""`Configured`: a module that is nothing but its options and a function."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, fields
from inspect import Parameter, signature
from typing import TYPE_CHECKING, Any, dataclass_transform

from tinygrad_scratch import Tensor
from tinygrad_scratch.engine import compiled
from tinygrad_scratch.nn.module import Module


@dataclass_transform(eq_default=False, field_specifiers=(field,))
class Configured(Module):
    """The base of modules that only keep options: the fields that a subclass lists are its arguments.

    With a ``function``, ``forward`` calls that, with those of its parameters that are options here; and a subclass that
    says nothing about itself says what the function does.

    >>> class Leaky(Configured, function=tg.leaky_relu):
    ...     negative_slope: float = 0.5
    >>> Leaky(0.25)
    Leaky(negative_slope=0.25)
    >>> Leaky()(tg.tensor([-1.0, 2.0]))
    tensor([-0.5000,  2.0000])
    """

    def __init_subclass__(cls, function: Callable[..., Any] | None = None, **kwargs: Any) -> None:
        super().__init_subclass__(**kwargs)
        if function is not None:
            cls.__doc__ = cls.__doc__ or function.__doc__
        configured: Any = dataclass(eq=False, repr=False)(cls)
        if function is not None:
            options = {"training", *(field.name for field in fields(configured))}
            configured.forward = _forward(function, options, f"{cls.__name__}.forward")

    if TYPE_CHECKING:

        def forward(self, *args: Any, **kwargs: Any) -> Tensor: ...

    def extra_repr(self) -> str:
        return ", ".join(f"{field.name}={getattr(self, field.name)!r}" for field in fields(self))  # type: ignore[arg-type]


def _forward(function: Callable[..., Any], options: set[str], title: str) -> Any:
    """A method that calls ``function`` with its ``options`` from the module, and takes what else that needs.

    It is written out, so that a call costs no more than if someone had written it.
    """
    parameters = signature(function).parameters.values()
    needed = [p.name for p in parameters if p.default is p.empty and p.kind is not Parameter.VAR_KEYWORD]
    inputs = ", ".join(name for name in needed if name not in options)
    settings = "".join(f", {p.name}=self.{p.name}" for p in parameters if p.name in options)
    name = function.__name__
    source = f"def forward(self, {inputs}):\n    return {name}({inputs}{settings})\n"
    return compiled(source, title, {name: function})["forward"]
