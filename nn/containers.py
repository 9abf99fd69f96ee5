"""Modules made of modules."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Self

from nn.module import Module


class Sequential(Module):
    """Modules that run one after another, each on the result of the one before.

    They are given in order, or as a mapping from names; unnamed ones are called "0", "1" and so on.

    >>> import nn, tinygrad_scratch as tg
    >>> model = Sequential(nn.Linear(3, 2), nn.ReLU())
    >>> model(tg.ones(4, 3)).shape
    (4, 2)
    >>> model[1]
    ReLU()
    """

    def __init__(self, *modules: Module | Mapping[str, Module]) -> None:
        super().__init__()
        if len(modules) == 1 and isinstance(modules[0], Mapping):
            named = modules[0]
        else:
            named = {str(i): module for i, module in enumerate(modules)}  # type: ignore[misc]
        for name, module in named.items():
            if not isinstance(module, Module):
                raise TypeError(f"Sequential: expected modules, got {type(module).__name__} for {name!r}")
            self.add_module(name, module)

    def forward(self, input: Any) -> Any:
        for value in vars(self).values():
            if isinstance(value, Module):
                input = value(input)
        return input

    def append(self, module: Module) -> Self:
        """Add ``module`` at the end; returns the container."""
        self.add_module(str(len(self)), module)
        return self

    def __iter__(self) -> Iterator[Module]:
        return (value for value in vars(self).values() if isinstance(value, Module))

    def __len__(self) -> int:
        return sum(1 for _ in self)

    def __getitem__(self, index: int | slice) -> Any:
        modules = [(name, value) for name, value in vars(self).items() if isinstance(value, Module)]
        return Sequential(dict(modules[index])) if isinstance(index, slice) else modules[index][1]
