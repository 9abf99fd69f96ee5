"""Parameters that are computed from others each time they are looked at, such as a weight of a fixed norm.

A parametrized module is of a class of its own, a subclass of its former one, that answers for the parametrized tensors.
What they are computed from stands in ``module.parametrizations``, so that optimizers, `state_dict` and copies find it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from copy import deepcopy
from functools import cache
from typing import Any

from tinygrad_scratch import Tensor, no_grad
from tinygrad_scratch.nn.containers import ModuleDict, ModuleList
from tinygrad_scratch.nn.module import Module
from tinygrad_scratch.nn.parameter import Parameter

_CACHE: ContextVar[dict[tuple[int, str], Tensor] | None] = ContextVar("cache", default=None)


@contextmanager
def cached() -> Iterator[None]:
    """Compute each parametrized tensor only once inside the ``with`` block.

    >>> import nn
    >>> layer = register_parametrization(nn.Linear(2, 2), "weight", nn.Tanh())
    >>> layer.weight is layer.weight
    False
    >>> with cached():
    ...     layer.weight is layer.weight
    True
    """
    token = _CACHE.set({} if (outer := _CACHE.get()) is None else outer)
    try:
        yield
    finally:
        _CACHE.reset(token)


class ParametrizationList(ModuleList):
    """What a tensor is computed by, one module after another, from ``original``, or ``original0``, ``original1``, ….

    These are what the modules' ``right_inverse`` make of the tensor, or without such a method the tensor itself.
    """

    def __init__(self, modules: Iterable[Module], original: Tensor, unsafe: bool = False) -> None:
        super().__init__(modules)
        self.unsafe = unsafe
        inverse = self._inverse(original, is_needed=False)
        self.is_tensor = isinstance(inverse, Tensor)
        if self.is_tensor:
            _check_alike(inverse, original, "right_inverse", same_shape=False)
            original.data = inverse.data
            _register(self, "original", original)
        else:
            for i, part in enumerate(_parts(inverse)):
                is_learned = isinstance(original, Parameter)
                _register(self, f"original{i}", Parameter(part, original.requires_grad) if is_learned else part)
        if not unsafe:
            _check_alike(self(), original, "forward")

    def right_inverse(self, value: Tensor) -> None:
        """Make the tensor ``value``: write into the originals what it is computed from.

        RuntimeError if a module has no ``right_inverse``.
        """
        inverse = self._inverse(value, is_needed=True)
        parts = [inverse] if self.is_tensor else _parts(inverse)
        originals = self._originals()
        if len(parts) != len(originals):
            raise ValueError(f"right_inverse gave {len(parts)} tensors, but there are {len(originals)} originals")
        for original, part in zip(originals, parts, strict=True):
            _check_alike(part, original, "right_inverse", same_shape=False)
            original.data = part.data

    def forward(self) -> Any:
        first, *others = self
        value = first(*self._originals())
        for parametrization in others:
            value = parametrization(value)
        return value

    def _originals(self) -> list[Tensor]:
        own = vars(self)
        return [own["original"]] if self.is_tensor else [own[name] for name in own if name.startswith("original")]

    @no_grad
    def _inverse(self, value: Any, is_needed: bool) -> Any:
        for parametrization in reversed(list(self)):
            try:
                value = getattr(parametrization, "right_inverse", _no_inverse)(value)
            except NotImplementedError as error:
                if is_needed:
                    kind = type(parametrization).__name__
                    raise RuntimeError(f"the parametrized tensor cannot be set: {kind} has no right_inverse") from error
        return value


class _Parametrized(Module):
    """What the class of a parametrized module begins with."""

    def __getattr__(self, name: str) -> Any:
        lists = vars(self).get("parametrizations", {})
        if name not in lists:
            raise AttributeError(f"{type(self).__name__!r} object has no attribute {name!r}")
        values = _CACHE.get()
        if values is None:
            return lists[name]()
        key = (id(self), name)
        if key not in values:
            values[key] = lists[name]()
        return values[key]

    def __setattr__(self, name: str, value: Any) -> None:
        if name in vars(self).get("parametrizations", {}):
            _lists(self)[name].right_inverse(value)
        else:
            super().__setattr__(name, value)

    def __getstate__(self) -> dict[str, Any]:
        raise RuntimeError(
            "a parametrized module cannot be pickled, as its class is made for it; keep its state_dict()"
        )

    def __deepcopy__(self, memo: dict[int, Any]) -> Any:
        copy = type(self).__new__(type(self))
        memo[id(self)] = copy
        vars(copy).update(deepcopy(super().__getstate__(), memo))
        return copy


@cache
def _parametrized(kind: Any) -> type[Module]:
    return type(f"Parametrized{kind.__name__}", (_Parametrized, kind), {"__module__": kind.__module__})


def register_parametrization(
    module: Module, tensor_name: str, parametrization: Module, *, unsafe: bool = False
) -> Module:
    """Have ``module`` compute its parameter or buffer ``tensor_name`` by ``parametrization``; returns the module.

    On a tensor that is parametrized already, it follows those that are there. It may have a method ``right_inverse``,
    which takes a value for the tensor and returns what it is computed from, one tensor or several: so the value of the
    tensor is kept if it can be, and assigned to. ValueError if there is no such tensor or, unless ``unsafe``, if its
    shape or dtype changes.

    >>> import nn
    >>> class Symmetric(nn.Module):
    ...     def forward(self, x):
    ...         return x.triu() + x.triu(1).mT
    >>> layer = register_parametrization(nn.Linear(3, 3), "weight", Symmetric())
    >>> bool((layer.weight == layer.weight.mT).all())
    True
    >>> list(layer.state_dict())
    ['bias', 'parametrizations.weight.original']
    """
    parametrization.train(module.training)
    if is_parametrized(module, tensor_name):
        _append(_lists(module)[tensor_name], getattr(module, tensor_name), parametrization, unsafe)
        return module
    original = module._tensor_at(tensor_name)
    if original is None:
        raise ValueError(
            f"register_parametrization: {type(module).__name__} has no parameter or buffer {tensor_name!r}"
        )
    parametrizations = ParametrizationList([parametrization], original, unsafe)
    delattr(module, tensor_name)
    if not is_parametrized(module):
        kind: Any = type(module)
        module.__class__ = _parametrized(kind)
        module.add_module("parametrizations", ModuleDict())
    _lists(module)[tensor_name] = parametrizations
    return module


def _lists(module: Module) -> ModuleDict:
    return vars(module)["parametrizations"]  # type: ignore[no-any-return]


def _append(parametrizations: ParametrizationList, value: Tensor, parametrization: Module, unsafe: bool) -> None:
    if not unsafe:
        _check_alike(parametrization(value), value, "forward")
    parametrizations.append(parametrization)
    parametrizations.unsafe |= unsafe


def is_parametrized(module: Module, tensor_name: str | None = None) -> bool:
    """Whether ``module`` has a parametrized tensor of that name or, without one, any."""
    if not isinstance(module, _Parametrized):
        return False
    return tensor_name is None or tensor_name in _lists(module)


def remove_parametrizations(module: Module, tensor_name: str, leave_parametrized: bool = True) -> Module:
    """Make the tensor an ordinary parameter or buffer again; returns the module.

    It keeps its value or, unless ``leave_parametrized``, gets that of the original. ValueError if it is not
    parametrized, or if there are several originals to go back to.

    >>> import nn
    >>> layer = register_parametrization(nn.Linear(2, 2), "weight", nn.Tanh())
    >>> remove_parametrizations(layer, "weight")
    Linear(in_features=2, out_features=2, bias=True)
    """
    if not is_parametrized(module, tensor_name):
        raise ValueError(f"remove_parametrizations: {type(module).__name__} has no parametrized {tensor_name!r}")
    parametrizations = _lists(module)[tensor_name]
    if not (leave_parametrized or parametrizations.is_tensor):
        raise ValueError(f"remove_parametrizations: {tensor_name!r} has several originals and must keep its value")
    value = getattr(module, tensor_name)
    if not parametrizations.is_tensor:
        tensor = Parameter(value) if value.requires_grad else value
    else:
        tensor = parametrizations.original  # itself, as optimizers know it
        if leave_parametrized:
            tensor.data = value.data
    del _lists(module)[tensor_name]
    if not _lists(module):
        delattr(module, "parametrizations")
        module.__class__ = type_before_parametrizations(module)
    _register(module, tensor_name, tensor)
    return module


def type_before_parametrizations(module: Module) -> type[Module]:
    """The class that ``module`` had before it was parametrized; if it is not, its class."""
    return type(module).__bases__[1] if isinstance(module, _Parametrized) else type(module)


def _register(module: Module, name: str, tensor: Tensor) -> None:
    if isinstance(tensor, Parameter):
        module.register_parameter(name, tensor)
    else:
        module.register_buffer(name, tensor)


def _no_inverse(value: Any) -> Any:
    raise NotImplementedError


def _parts(inverse: Any) -> Sequence[Tensor]:
    if not isinstance(inverse, Sequence) or not all(isinstance(part, Tensor) for part in inverse):
        raise ValueError(f"right_inverse must return a tensor or a sequence of tensors, not {type(inverse).__name__}")
    return inverse


def _check_alike(found: Any, wanted: Tensor, what: str, same_shape: bool = True) -> None:
    """ValueError unless what a parametrization's method ``what`` returned is a tensor like the one it stands for."""
    if not isinstance(found, Tensor):
        raise ValueError(f"a parametrization's {what} must return a tensor, not {type(found).__name__}")
    if found.dtype != wanted.dtype or (same_shape and found.shape != wanted.shape):
        raise ValueError(
            f"a parametrization's {what} must return {wanted.dtype} {wanted.shape}, not {found.dtype} {found.shape}"
        )
