"""`Configured`: a module that is nothing but its options and a function."""

from __future__ import annotations

from dataclasses import dataclass, field, fields
from typing import Any, dataclass_transform

from tinygrad_scratch.nn.module import Module


@dataclass_transform(eq_default=False, field_specifiers=(field,))
class Configured(Module):
    """The base of modules that only keep options: the fields that a subclass lists are its arguments.

    >>> class Scale(Configured):
    ...     factor: float = 2.0
    ...     def forward(self, input):
    ...         return input * self.factor
    >>> Scale(3.0)
    Scale(factor=3.0)
    >>> Scale()(tg.tensor(5.0))
    tensor(10.)
    """

    def __init_subclass__(cls, **kwargs: Any) -> None:
        super().__init_subclass__(**kwargs)
        dataclass(eq=False, repr=False)(cls)

    def extra_repr(self) -> str:
        return ", ".join(f"{field.name}={getattr(self, field.name)!r}" for field in fields(self))  # type: ignore[arg-type]
