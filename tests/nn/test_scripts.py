"""Ordinary PyTorch scripts, of which only the imports are changed, print what they print with PyTorch."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

SCRIPTS = sorted((Path(__file__).parent / "scripts").glob("*.py"))
NUMBER = re.compile(r"-?\d+\.\d+")


def with_imports_changed(source: str) -> str:
    source = re.sub(r"^import torch$", "import tinygrad_scratch as torch", source, flags=re.MULTILINE)
    return re.sub(r"^(import|from) torch\b", r"\1 tinygrad_scratch", source, flags=re.MULTILINE)


def printed(script: Path, source: str, capsys: pytest.CaptureFixture[str]) -> str:
    exec(compile(source, script.name, "exec"), {"__name__": "__main__"})
    return capsys.readouterr().out


@pytest.mark.parametrize("script", SCRIPTS, ids=lambda script: script.stem)
def test_scripts_print_what_they_print_with_pytorch(script: Path, capsys: pytest.CaptureFixture[str]) -> None:
    source = script.read_text()
    changed = with_imports_changed(source)
    assert sum(old != new for old, new in zip(source.splitlines(), changed.splitlines(), strict=True)) <= 5
    mine = printed(script, changed, capsys)
    assert mine.count("\n") > 5
    pytest.importorskip("torch", reason="needs PyTorch: pip install -e .[peers]")
    theirs = printed(script, source, capsys)
    assert NUMBER.sub("#", mine) == NUMBER.sub("#", theirs)
    numbers = [[float(number) for number in NUMBER.findall(text)] for text in (mine, theirs)]
    assert numbers[0] == pytest.approx(numbers[1], rel=2e-3, abs=2e-4)
