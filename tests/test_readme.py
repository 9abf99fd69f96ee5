"""The code of README and tour runs and prints what they say, and what they point to and show exists."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest

from tests.engine.test_operations import primitives

ROOT = Path(__file__).parent.parent
README = ROOT / "README.md"
TOUR = ROOT / "examples" / "README.md"
DOCUMENTS = [
    *ROOT.glob("*.md"),
    *(path for part in ("docs", "examples", "benchmarks") for path in ROOT.glob(f"{part}/*.md")),
]


@pytest.mark.parametrize("document", [README, TOUR], ids=["README", "tour"])
def test_the_code_prints_what_stands_below_it(document: Path, capsys: pytest.CaptureFixture[str]) -> None:
    blocks = re.findall(r"```(python|text)\n(.*?)```", document.read_text(), re.DOTALL)
    names: dict[str, Any] = {}
    printed = ""
    for kind, text in blocks:
        if kind == "python":
            assert not printed, f"{document} does not show that its code prints {printed!r}"
            exec(compile(text, str(document), "exec"), names)
            printed = capsys.readouterr().out
        else:
            assert printed == text
            printed = ""
    assert len(blocks) > 5


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: str(path.relative_to(ROOT)))
def test_lines_are_short(document: Path) -> None:
    assert [line for line in document.read_text().splitlines() if len(line) > 120] == []


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: str(path.relative_to(ROOT)))
def test_what_it_points_to_exists(document: Path) -> None:
    text = document.read_text()
    pointers = re.findall(r"\]\(((?!https:)[^)#]+)\)", text) + re.findall(r"^\| `(\w+/[^`]*)`", text, re.MULTILINE)
    assert [pointer for pointer in pointers if not (document.parent / pointer).exists()] == []


@pytest.mark.parametrize("marker", ["run", "test"])
def test_each_command_is_one_line(marker: str) -> None:
    found = re.findall(rf"<!-- {marker} -->\n```bash\n(.*?)```", README.read_text(), re.DOTALL)
    assert len(found) == 1
    assert found[0].count("\n") == 1


@pytest.mark.parametrize("picture", [*ROOT.glob("examples/pictures/*.svg")], ids=lambda path: path.stem)
def test_operations_in_pictures_have_their_present_names(picture: Path) -> None:
    shown = set(re.findall(r'"operation: (\w+)', picture.read_text()))
    assert shown
    assert shown <= {primitive.name for primitive in primitives()}
