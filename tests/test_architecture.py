"""Imports point down: a part of the packages imports only from those that stand below it."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
PARTS = {path.stem for path in (ROOT / "tinygrad_scratch").iterdir()}
BASICS = {"dtypes", "denormals", "device", "face", "atomic_write", "methods"}
ENGINE = BASICS | {"record", "ops"}
READERS = {"autograd", "func", "checkpoint"}
BELOW = {
    "record": {"dtypes", "methods"},
    "ops": BASICS | {"record"},
    "autograd": ENGINE,
    "func": ENGINE | {"autograd"},
    "checkpoint": ENGINE,
    "__init__": ENGINE | READERS | {"freed_memory", "linalg", "special"},
    "visualize": ENGINE | {"autograd", "__init__"},
    "engine": ENGINE | READERS,
    "neural": ENGINE,
    "nn": {"__init__", "autograd", "engine", "neural"},
    "optim": {"nn"},
    "utils": {"nn"},
}


def imported_parts(path: Path) -> set[str]:
    modules = set()
    for statement in ast.walk(ast.parse(path.read_text())):
        if isinstance(statement, ast.Import):
            modules |= {alias.name for alias in statement.names}
        elif isinstance(statement, ast.ImportFrom) and statement.module:
            modules |= {f"{statement.module}.{alias.name}" for alias in statement.names}
    assert not {module for module in modules if module.split(".")[0] == "nn"}  # which may be the user's own
    ours = [f"{module}.".split(".") for module in modules if module.split(".")[0] == "tinygrad_scratch"]
    return {part if part in PARTS else "__init__" for _, part, *_ in ours}


@pytest.mark.parametrize("part", BELOW)
def test_imports_point_down(part: str) -> None:
    files = [*ROOT.glob(f"tinygrad_scratch/{part}.py"), *ROOT.glob(f"tinygrad_scratch/{part}/**/*.py")]
    assert files
    upward = {str(path): found for path in files if (found := imported_parts(path) - BELOW[part] - {part})}
    assert not upward
