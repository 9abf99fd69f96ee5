"""``import nn``, short for ``import tinygrad_scratch.nn``, wherever no other nn comes first.

Under either name the modules are those of `tinygrad_scratch.nn`, never copies of them.
"""

from __future__ import annotations

import sys
from importlib import import_module
from importlib.abc import Loader, MetaPathFinder
from importlib.machinery import ModuleSpec
from types import ModuleType

_PACKAGE = sys.modules["tinygrad_scratch.nn"]


class _Lookup(MetaPathFinder, Loader):
    """Has ``import nn.optim`` find `tinygrad_scratch.nn.optim`, where Python's own finder would run its file again."""

    def find_spec(self, name: str, *_: object) -> ModuleSpec | None:
        is_ours = name.startswith("nn.") and sys.modules.get("nn") is _PACKAGE
        return ModuleSpec(name, self) if is_ours else None

    def exec_module(self, module: ModuleType) -> None:
        sys.modules[module.__name__] = import_module(f"tinygrad_scratch.{module.__name__}")


def install() -> None:
    """Have ``nn`` lead to `tinygrad_scratch.nn`."""
    sys.modules["nn"] = _PACKAGE
    sys.meta_path.insert(0, _Lookup())
