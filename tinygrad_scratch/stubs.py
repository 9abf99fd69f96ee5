"""Writes the type stubs of what the operation tables add: ``python -m tinygrad_scratch.stubs``.

The tables make functions of the package and methods of Tensor while the program starts. Editors and type checkers,
which do not run it, read them in ``__init__.pyi`` and ``methods.pyi``.
"""

from __future__ import annotations

import ast
import inspect
import re
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType
from typing import Any

import numpy as np

import tinygrad_scratch as tg
from tinygrad_scratch import dtypes, ops
from tinygrad_scratch.record.operation import FUNCTIONS, METHODS

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
_METHODS_HEADER = """\
# Written by `python -m tinygrad_scratch.stubs`: the methods that the operation tables add to Tensor.
# mypy: disable-error-code="misc"
import builtins
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np

from tinygrad_scratch.autograd.backward import Tensors
from tinygrad_scratch.autograd.hooks import RemovableHandle
from tinygrad_scratch.device import Device
from tinygrad_scratch.dtypes import DType
from tinygrad_scratch.ops.math.arithmetic import MantissaAndExponent
from tinygrad_scratch.ops.dims import Dims
from tinygrad_scratch.ops.index.indexing import ValuesAndIndices
from tinygrad_scratch.ops.linalg.legacy import SVDWithV
from tinygrad_scratch.ops.linalg.matrices import QR, SignAndLog
from tinygrad_scratch.ops.random.generator import Generator
from tinygrad_scratch.ops.reduce.sorting import Histogram
from tinygrad_scratch.record.tensor import Operand, Tensor

class Methods:
"""


def package_stub() -> str:
    """The text of ``__init__.pyi``."""
    return _PACKAGE_HEADER + "\n".join([*_imports(), *_constants(), *_functions()]) + "\n"


def methods_stub() -> str:
    """The text of ``methods.pyi``."""
    return _METHODS_HEADER + "\n".join(_method(name, METHODS[name]) for name in sorted(METHODS)) + "\n"


def _imports() -> Iterator[str]:
    for statement in ast.parse((PACKAGE / "__init__.py").read_text()).body:
        if isinstance(statement, ast.ImportFrom) and str(statement.module).startswith("tinygrad_scratch"):
            yield from (f"from {statement.module} import {alias.name} as {alias.name}" for alias in statement.names)


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
    homes: dict[int, tuple[str, str]] = {}
    for module in ops.TABLES:
        for name in _defined_in(module):
            homes.setdefault(id(getattr(module, name)), (module.__name__, name))
    for name, function in FUNCTIONS.items():
        if "." in name:
            continue
        module_name, original = homes[id(function)]
        if name == original:
            yield f"from {module_name} import {name} as {name}"
        else:
            yield f"{name} = {original}"
    yield from (f"{name} = Tensor.{name}" for name in vars(tg)["METHODS_AS_FUNCTIONS"])


def _defined_in(module: ModuleType) -> Iterator[str]:
    for statement in ast.parse(inspect.getsource(module)).body:
        if isinstance(statement, ast.FunctionDef):
            yield statement.name
        elif isinstance(statement, ast.Assign | ast.AnnAssign):
            targets = statement.targets if isinstance(statement, ast.Assign) else [statement.target]
            yield from (target.id for target in targets if isinstance(target, ast.Name) and hasattr(module, target.id))


def _method(name: str, value: Any) -> str:
    if isinstance(value, property):
        return f"    @property\n    def {name}(self) -> Any: ..."
    signature = inspect.signature(value)
    _, *others = signature.parameters.values()
    parameters = [inspect.Parameter("self", inspect.Parameter.POSITIONAL_OR_KEYWORD)]
    parameters += [_parameter(parameter) for parameter in others if parameter.kind is not parameter.VAR_KEYWORD]
    returned = "Tensor" if hasattr(value, "primitive") else signature.return_annotation
    returned = "Any" if returned is signature.empty else returned
    shown = str(signature.replace(parameters=parameters, return_annotation=returned))
    shown = re.sub(r"'([^']*)'", r"\1", shown)  # annotations, which are text, are shown in quotes
    shown = re.sub(r"\b(int|float|bool)\b", r"builtins.\1", shown)  # since there are methods of these names
    return f"    def {name}{shown}: ..."


def _parameter(parameter: inspect.Parameter) -> inspect.Parameter:
    default = parameter.empty if parameter.default is parameter.empty else _DEFAULT
    annotation = "Any" if parameter.annotation is parameter.empty else parameter.annotation
    return parameter.replace(default=default, annotation=annotation)


class _Default:
    def __repr__(self) -> str:
        return "..."


_DEFAULT = _Default()

if __name__ == "__main__":
    (PACKAGE / "__init__.pyi").write_text(package_stub())
    (PACKAGE / "methods.pyi").write_text(methods_stub())
