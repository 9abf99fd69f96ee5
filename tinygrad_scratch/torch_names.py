"""Where scripts that import this package as torch look for the parts of `nn`, which is built on it.

``from torch import nn``, ``import torch.nn.functional as F`` or ``from torch.utils.data import DataLoader`` work with
``tinygrad_scratch`` in place of ``torch``: the parts of `nn` have second names, and under both are the same modules.
They are imported when a script asks for them, so that this package knows nothing of `nn` by itself.
"""

from __future__ import annotations

import importlib
import sys
from importlib.abc import Loader, MetaPathFinder
from importlib.machinery import ModuleSpec
from types import ModuleType

_PACKAGE = "tinygrad_scratch."
_PARTS = {"utils.data": "nn.data", "utils": "nn.utils", "optim": "nn.optim", "nn": "nn"}


def part_of_nn(name: str) -> ModuleType:
    """The module that torch has as the attribute ``name``; AttributeError if it is none of the parts of `nn`."""
    if name not in _PARTS:
        raise AttributeError(f"tinygrad_scratch has no attribute {name!r}")
    return importlib.import_module(_PARTS[name])


class _Finder(MetaPathFinder):
    """Answers for the second names. It is asked first: the folder of `nn` would give another copy of the module."""

    def find_spec(self, fullname: str, *_: object) -> ModuleSpec | None:
        name = fullname.removeprefix(_PACKAGE)
        for part, real in _PARTS.items():
            if name != fullname and f"{name}.".startswith(f"{part}."):
                return ModuleSpec(fullname, _SecondName(real + name[len(part) :]))
        return None


class _SecondName(Loader):
    """Gives, as the module to load, the one that is already known by its first name."""

    def __init__(self, first_name: str) -> None:
        self._first_name = first_name

    def create_module(self, spec: ModuleSpec) -> ModuleType:  # noqa: ARG002
        module = importlib.import_module(self._first_name)
        self._first_spec = module.__spec__
        return module

    def exec_module(self, module: ModuleType) -> None:
        module.__spec__ = self._first_spec  # in its place the import system has put that of the second name


sys.meta_path.insert(0, _Finder())
