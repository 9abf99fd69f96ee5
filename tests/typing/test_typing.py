"""What type checkers say to users: the programs have errors in the lines that end in ``# error``, and in no others."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PROGRAMS = sorted((Path(__file__).parent / "programs").glob("*.py"))
EXPECTED = {
    f"{path.name}:{number}"
    for path in PROGRAMS
    for number, line in enumerate(path.read_text().splitlines(), 1)
    if line.endswith("# error")
}


def output(*command: str) -> str:
    run = [sys.executable, "-m", *command, *map(str, PROGRAMS)]
    environment = {**os.environ, "MYPYPATH": str(ROOT)}
    return subprocess.run(run, cwd=ROOT, env=environment, capture_output=True, text=True, check=False).stdout


def test_mypy() -> None:
    pytest.importorskip("mypy")
    lines = output("mypy", "--strict", "--follow-imports=silent", "--config-file=")
    found = {f"{name}:{line}" for name, line in re.findall(r"(\w+\.py):(\d+): error", lines)}
    assert found == EXPECTED, lines


def test_pyright() -> None:
    pytest.importorskip("pyright")
    lines = output("pyright", "--outputjson", "--pythonpath", sys.executable)
    found = {
        f"{Path(item['file']).name}:{item['range']['start']['line'] + 1}"
        for item in json.loads(lines)["generalDiagnostics"]
        if item["severity"] == "error"
    }
    assert found == EXPECTED, lines


@pytest.mark.parametrize(
    ("code", "line"),
    [
        ("tg.exp", "exp = floating("),
        ("tg.add", "def add("),
        ("tg.sum", "def sum("),
        ("tg.linalg.norm", "def norm("),
        ("tg.nn.functional.gelu", "def gelu("),
        ("tg.nn.Linear", "class Linear("),
        ("tg.optim.Adam", "class Adam("),
    ],
)
def test_jedi_finds_the_definition(code: str, line: str) -> None:
    jedi = pytest.importorskip("jedi")
    text = f"import tinygrad_scratch as tg\n{code}"
    (found,) = jedi.Script(text, project=jedi.Project(ROOT)).goto(2, len(code), follow_imports=True)
    assert found.get_line_code().startswith(line)


@pytest.mark.parametrize(
    "code", ["tg.ones(2)", "tg.exp(t)", "tg.sum(t)", "t.add_(1)", "t + t", "t.T", "t.max(dim=0).values"]
)
def test_jedi_knows_the_type(code: str) -> None:
    jedi = pytest.importorskip("jedi")
    text = f"import tinygrad_scratch as tg\nt = tg.tensor([1.0])\nresult = {code}\nresult"
    assert [found.name for found in jedi.Script(text, project=jedi.Project(ROOT)).infer(4, 0)] == ["Tensor"]
