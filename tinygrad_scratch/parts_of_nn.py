"""The names under which PyTorch's scripts look for the parts of nn: ``tinygrad_scratch.nn``, ``.optim`` and ``.utils``.

The package nn is built on this one, and has its own name. So that a script needs no more than ``tinygrad_scratch`` in
place of ``torch`` in its imports, these names lead to nn's modules, which are not imported before one of them is used.
"""

from __future__ import annotations

import sys
from importlib import import_module
from importlib.abc import Loader, MetaPathFinder
from importlib.machinery import ModuleSpec
from types import ModuleType
from typing import Any

PARTS_OF_NN = {"nn": "nn", "optim": "nn.optim", "utils": "nn.utils"}


class _ExistingModule(Loader):
    """Has an import give a module that exists already, in place of a new one."""

    def __init__(self, module: ModuleType) -> None:
        self._module = module

    def exec_module(self, module: ModuleType) -> None:
        sys.modules[module.__name__] = self._module


class _PartsOfNN(MetaPathFinder):
    """Finds the parts. It comes before Python's own finders, which would make second copies of nn's modules."""

    def find_spec(self, fullname: str, *_: object) -> ModuleSpec | None:
        package, *names = fullname.split(".")
        if package != __package__ or not names or names[0] not in PARTS_OF_NN:
            return None
        module: Any = import_module(PARTS_OF_NN[names[0]])
        for name in names[1:]:
            module = getattr(module, name, None)
        return ModuleSpec(fullname, _ExistingModule(module)) if isinstance(module, ModuleType) else None


def install() -> None:
    """Have imports find the parts."""
    sys.meta_path.insert(0, _PartsOfNN())
