"""The README's code runs and prints what it says, and what it points to exists."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).parent.parent
README = (ROOT / "README.md").read_text()


def test_the_code_prints_what_stands_below_it(capsys: pytest.CaptureFixture[str]) -> None:
    blocks = re.findall(r"```(python|text)\n(.*?)```", README, re.DOTALL)
    names: dict[str, Any] = {}
    printed = ""
    for kind, text in blocks:
        if kind == "python":
            assert not printed, f"the README does not show that its code prints {printed!r}"
            exec(compile(text, "README.md", "exec"), names)
            printed = capsys.readouterr().out
        else:
            assert printed == text
            printed = ""
    assert len(blocks) > 5


def test_what_it_points_to_exists() -> None:
    pointers = re.findall(r"\]\(([^)#]+)\)", README) + re.findall(r"^\| `([^`]+)`", README, re.MULTILINE)
    assert [pointer for pointer in pointers if not (ROOT / pointer).exists()] == []


@pytest.mark.parametrize("marker", ["run", "test"])
def test_each_command_is_one_line(marker: str) -> None:
    found = re.findall(rf"<!-- {marker} -->\n```bash\n(.*?)```", README, re.DOTALL)
    assert len(found) == 1
    assert found[0].count("\n") == 1
