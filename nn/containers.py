"""Modules made of modules, and modules that hold parameters: in a row, in a list, in a dict."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Iterable, Iterator, Mapping, MutableMapping
from itertools import groupby
from typing import Any, Self

from tinygrad_scratch import Tensor
from tinygrad_scratch.nn.module import Module, framed
from tinygrad_scratch.nn.parameter import Parameter


class _List(Module):
    """The base of modules that are a list of other modules or of parameters, as attributes "0", "1" and so on."""

    _kind: type[Module] | type[Parameter] = Module

    def _accepted(self, value: Any) -> Any:
        """``value`` as it is held; TypeError if it cannot be."""
        return _checked_module(value, type(self).__name__)

    def _named(self) -> list[tuple[str, Any]]:
        return [(name, value) for name, value in vars(self).items() if isinstance(value, self._kind)]

    def _refill(self, values: Iterable[Any]) -> None:
        """Hold ``values`` instead, numbered anew."""
        accepted = [self._accepted(value) for value in values]
        for name, _ in self._named():
            delattr(self, name)
        for i, value in enumerate(accepted):
            setattr(self, str(i), value)

    def __iter__(self) -> Iterator[Any]:
        return (value for value in vars(self).values() if isinstance(value, self._kind))

    def __len__(self) -> int:
        return sum(1 for _ in self)

    def __getitem__(self, index: int | slice) -> Any:
        if isinstance(index, slice):
            return type(self)(list(self)[index])  # type: ignore[call-arg]
        return list(self)[index]

    def __setitem__(self, index: int, value: Any) -> None:
        setattr(self, self._named()[index][0], self._accepted(value))

    def __delitem__(self, index: int | slice) -> None:
        values = list(self)
        del values[index]
        self._refill(values)

    def append(self, value: Any) -> Self:
        """Add ``value`` at the end; returns the container."""
        setattr(self, str(len(self)), self._accepted(value))
        return self

    def extend(self, values: Iterable[Any]) -> Self:
        """Add ``values`` at the end; returns the container."""
        for number, value in enumerate([self._accepted(value) for value in values], len(self)):
            setattr(self, str(number), value)
        return self

    def insert(self, index: int, value: Any) -> Self:
        """Add ``value`` before the one at ``index``; returns the container."""
        values = list(self)
        values.insert(index, value)
        self._refill(values)
        return self

    def pop(self, index: int) -> Any:
        """Take out the one at ``index``, and return it."""
        value = self[index]
        del self[index]
        return value

    def __iadd__(self, values: Iterable[Any]) -> Self:
        return self.extend(values)

    def __add__(self, values: Iterable[Any]) -> Self:
        return type(self)([*self, *values])  # type: ignore[call-arg]


class Sequential(_List):
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
            self.add_module(name, _checked_module(module, f"Sequential: {name}"))

    def forward(self, input: Any) -> Tensor:
        for module in self:
            input = module(input)
        return input  # type: ignore[no-any-return]

    def __getitem__(self, index: int | slice) -> Any:
        return Sequential(dict(self._named()[index])) if isinstance(index, slice) else super().__getitem__(index)

    def __add__(self, values: Iterable[Any]) -> Self:
        return type(self)(*self, *values)


class ModuleList(_List):
    """Modules in a list, so that their parameters are found; how they run is up to the forward of the module around.

    >>> import nn
    >>> ModuleList([nn.Linear(2, 2) for _ in range(3)]).append(nn.ReLU())
    ModuleList(
      (0-2): 3 x Linear(in_features=2, out_features=2, bias=True)
      (3): ReLU()
    )
    """

    def __init__(self, modules: Iterable[Module] | None = None) -> None:
        super().__init__()
        self.extend(() if modules is None else modules)

    def __repr__(self) -> str:
        lines: list[str] = []
        start = 0
        for shown, alike in groupby(map(repr, self)):
            count = sum(1 for _ in alike)
            last = start + count - 1
            lines.append(f"({start}): {shown}" if count == 1 else f"({start}-{last}): {count} x {shown}")
            start += count
        return framed(type(self).__name__, lines)


class ParameterList(_List):
    """Parameters in a list; tensors become parameters.

    >>> weights = ParameterList([tg.zeros(2, 3), tg.zeros(3)])
    >>> [name for name, _ in weights.named_parameters()]
    ['0', '1']
    >>> weights
    ParameterList(
      (0): Parameter of shape (2, 3), float32
      (1): Parameter of shape (3,), float32
    )
    """

    _kind = Parameter

    def __init__(self, values: Iterable[Tensor] | None = None) -> None:
        super().__init__()
        self.extend(() if values is None else values)

    def _accepted(self, value: Any) -> Parameter:
        return _as_parameter(value, "ParameterList")

    def __repr__(self) -> str:
        return framed(type(self).__name__, [_shown(name, value) for name, value in self._named()])


class _Dict(Module, MutableMapping[str, Any]):
    """The base of modules that are a dict of other modules or of parameters: its keys are names of attributes."""

    _kind: type[Module] | type[Parameter] = Module

    def _accepted(self, key: str, value: Any) -> Any:
        """``value`` as it is held; TypeError if it cannot be."""
        return _checked_module(value, f"ModuleDict: {key}")

    def __getitem__(self, key: str) -> Any:
        value = vars(self).get(key)
        if not isinstance(value, self._kind):
            raise KeyError(key)
        return value

    def __setitem__(self, key: str, value: Any) -> None:
        value = self._accepted(key, value)
        self._register(key, value, self._kind)

    def __delitem__(self, key: str) -> None:
        if key not in self:
            raise KeyError(key)
        delattr(self, key)

    def __iter__(self) -> Iterator[str]:
        return iter([name for name, value in vars(self).items() if isinstance(value, self._kind)])

    def __len__(self) -> int:
        return sum(1 for _ in self)

    # As a module, it is only equal to itself.
    __eq__ = object.__eq__
    __hash__ = object.__hash__


class ModuleDict(_Dict):
    """Modules in a dict, so that their parameters are found; how they run is up to the forward of the module around.

    >>> import nn
    >>> model = ModuleDict({"linear": nn.Linear(2, 2), "relu": nn.ReLU()})
    >>> list(model), model["relu"]
    (['linear', 'relu'], ReLU())
    """

    def __init__(self, modules: Mapping[str, Module] | Iterable[tuple[str, Module]] | None = None) -> None:
        super().__init__()
        self.update(() if modules is None else modules)


class ParameterDict(_Dict):
    """Parameters in a dict; tensors become parameters. As in PyTorch, those of a plain dict are sorted by their keys.

    >>> weights = ParameterDict({"scale": tg.ones(3), "bias": tg.zeros(3)})
    >>> [name for name, _ in weights.named_parameters()]
    ['bias', 'scale']
    """

    _kind = Parameter

    def __init__(self, parameters: Mapping[str, Tensor] | Iterable[tuple[str, Tensor]] | None = None) -> None:
        super().__init__()
        self.update(() if parameters is None else parameters)

    def update(self, parameters: Any = (), /, **others: Tensor) -> None:
        """Add, or replace, those in ``parameters``: a mapping, or pairs of a key and a tensor."""
        if isinstance(parameters, Mapping) and not isinstance(parameters, OrderedDict | ParameterDict):
            parameters = sorted(parameters.items())
        super().update(parameters, **others)

    def _accepted(self, key: str, value: Any) -> Parameter:
        return _as_parameter(value, f"ParameterDict: {key}")

    def __repr__(self) -> str:
        return framed(type(self).__name__, [_shown(name, value) for name, value in self.items()])


def _checked_module(value: Any, where: str) -> Module:
    if not isinstance(value, Module):
        raise TypeError(f"{where}: expected a module, got {type(value).__name__}")
    return value


def _as_parameter(value: Any, where: str) -> Parameter:
    if not isinstance(value, Tensor):
        raise TypeError(f"{where}: expected a tensor, got {type(value).__name__}")
    return value if isinstance(value, Parameter) else Parameter(value)


def _shown(name: str, parameter: Parameter) -> str:
    return f"({name}): Parameter of shape {parameter.shape}, {parameter.dtype}"
