"""Writes the type stubs of what the operation tables add: ``python -m tinygrad_scratch.stubs``.

The tables make functions of the package and methods of Tensor while the program starts. Editors and type checkers,
which do not run it, read them in ``__init__.pyi`` and ``methods.pyi``.
"""

from __future__ import annotations

import ast
import builtins
import inspect
import re
import sys
from collections import defaultdict
from collections.abc import Iterator, Mapping
from inspect import Parameter, Signature
from pathlib import Path
from types import ModuleType, SimpleNamespace
from typing import Any, get_overloads

import numpy as np

import tinygrad_scratch as tg
from tinygrad_scratch import dtypes
from tinygrad_scratch.record.operation import FUNCTIONS, METHODS
from tinygrad_scratch.record.tensor import Tensor

PACKAGE = Path(__file__).parent

_PACKAGE_HEADER = """\
# Written by `python -m tinygrad_scratch.stubs`: what the package and its operation tables define.
import builtins
from typing import Any

import numpy as np

from tinygrad_scratch import nn as nn
from tinygrad_scratch import optim as optim
from tinygrad_scratch import utils as utils
from tinygrad_scratch import visualize as visualize
"""
# Operators are written without regard to what arrays make of a tensor: misc.
_METHODS_HEADER = """\
# Written by `python -m tinygrad_scratch.stubs`: the methods that the operation tables add to Tensor.
# mypy: disable-error-code="misc"
import builtins
from typing import overload

import numpy as np

"""


def package_stub() -> str:
    """The text of ``__init__.pyi``."""
    return _PACKAGE_HEADER + "\n".join([*_imports(), *_constants(), *_functions()]) + "\n"


def methods_stub() -> str:
    """The text of ``methods.pyi``."""
    names: dict[str, set[str]] = defaultdict(set)
    methods = [line for name in sorted(METHODS) for line in _method(name, METHODS[name], names)]
    imports = [f"from {module} import {', '.join(sorted(names[module]))}" for module in sorted(names)]
    return _METHODS_HEADER + "\n".join([*imports, "", "class Methods:", *methods]) + "\n"


def _imports() -> Iterator[str]:
    for statement in ast.parse((PACKAGE / "__init__.py").read_text()).body:
        if isinstance(statement, ast.ImportFrom) and str(statement.module).startswith("tinygrad_scratch"):
            names = [alias.name for alias in statement.names if alias.name in vars(tg)["__all__"]]
            yield from (f"from {statement.module} import {name} as {name}" for name in names)


def _constants() -> Iterator[str]:
    for name in vars(tg)["__all__"]:
        value = getattr(tg, name)
        if isinstance(value, float):
            yield f"{name}: builtins.float"
        elif value is tuple:
            yield f"{name} = tuple[builtins.int, ...]"
        elif isinstance(value, np.dtype) and name not in vars(dtypes):
            yield f"{name}: np.dtype[Any]"


def _functions() -> Iterator[str]:
    """Each operation, imported from its table; an alias as another name for it."""
    for name, function in FUNCTIONS.items():
        if name == function.__name__:
            yield f"from {_home(function).__name__} import {name} as {name}"
        elif "." not in name:
            yield f"{name} = {function.__name__}"
    yield from (f"{name} = Tensor.{name}" for name in vars(tg)["METHODS_AS_FUNCTIONS"])


def _home(function: Any) -> ModuleType:
    """The module in which an operation is written."""
    return sys.modules[inspect.unwrap(function).__globals__["__name__"]]


def _method(name: str, value: Any, names: dict[str, set[str]]) -> Iterator[str]:
    """The lines for a method, or a property, of Tensor. What they name is added to ``names``, by module."""
    if isinstance(value, property):
        kind = type(value.fget(tg.ones(1, 1)))  # type: ignore[misc]
        _note_names(kind.__name__, sys.modules[kind.__module__], names)
        yield from ("    @property", f"    def {name}(self) -> {_shown(kind.__name__)}: ...")
        return
    forms = list(_forms(value))
    for form in forms:
        for annotation in [form.return_annotation, *(parameter.annotation for parameter in form.parameters.values())]:
            _note_names(annotation, _home(value), names)
        yield from ["    @overload"] * (len(forms) > 1)
        # Python lets everything be compared, and give a bool.
        overriding = "  # type: ignore[override]" if name in ("__eq__", "__ne__") else ""
        yield f"    def {name}{_shown(str(form))}: ...{overriding}"


def _forms(method: Any) -> Iterator[Signature]:
    """The ways to call a method, with ``self`` first: its signature or its overloads', and in NumPy's words."""
    # Overloads are known by the module that they are written in, not by the package.
    written: Any = SimpleNamespace(__module__=_home(method).__name__, __qualname__=inspect.unwrap(method).__name__)
    overloads = get_overloads(written)
    for signature in map(inspect.signature, overloads or [method]):
        _, *others = signature.parameters.values()
        parameters = [_SELF, *map(_parameter, others)]
        if hasattr(method, "numpy_words") and not overloads:
            parameters = _with_numpy_words(parameters, method.numpy_words)
        yield signature.replace(parameters=parameters)
        if hasattr(method, "word"):
            by_name = Parameter(method.word, Parameter.KEYWORD_ONLY, annotation="Size")
            yield signature.replace(parameters=[_SELF, by_name])


def _with_numpy_words(parameters: list[Parameter], words: Mapping[str, str]) -> list[Parameter]:
    """The parameters, and after them those that have a second name, as keywords."""
    named = {parameter.name: parameter for parameter in parameters}
    others = {numpy_word: named[word] for numpy_word, word in words.items() if word in named}
    optional = [p.replace(default=_DEFAULT) if p in others.values() else p for p in parameters]
    by_keyword = [p.replace(name=name, kind=p.KEYWORD_ONLY, default=_DEFAULT) for name, p in others.items()]
    return [*optional, *by_keyword]


def _parameter(parameter: Parameter) -> Parameter:
    return parameter if parameter.default is parameter.empty else parameter.replace(default=_DEFAULT)


def _note_names(annotation: str, module: ModuleType, names: dict[str, set[str]]) -> None:
    """Add the names in an annotation of something that is written in ``module``."""
    for node in ast.walk(ast.parse(annotation)):
        if isinstance(node, ast.Name) and node.id != "np" and not hasattr(builtins, node.id):
            names[_origin(node.id, module)].add(node.id)


def _origin(name: str, module: ModuleType) -> str:
    """The module that ``name`` comes from where it is used in ``module``."""
    for statement in ast.parse(inspect.getsource(module)).body:
        if isinstance(statement, ast.ImportFrom) and name in [alias.name for alias in statement.names]:
            return str(statement.module)
    return module.__name__ if hasattr(module, name) else Tensor.__module__  # a row's, which says nothing of types


def _shown(text: str) -> str:
    text = re.sub(r"'([^']*)'", r"\1", text)  # annotations, which are text, are shown in quotes
    text = text.replace("self: Tensor", "self")
    return re.sub(r"\b(int|float|bool|type)\b(?![:=])", r"builtins.\1", text)  # since there are methods of these names


class _Default:
    def __repr__(self) -> str:
        return "..."


_DEFAULT = _Default()
_SELF = Parameter("self", Parameter.POSITIONAL_OR_KEYWORD, annotation="Tensor")

if __name__ == "__main__":
    (PACKAGE / "__init__.pyi").write_text(package_stub())
    (PACKAGE / "methods.pyi").write_text(methods_stub())
