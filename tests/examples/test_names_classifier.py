"""The classifier of letters' names: what Unicode gives it, what it learns, and what it says of other names."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from examples import names_classifier
from support.plots import confusion_matrix

FEW = {"Latin": ["A", "B WITH HOOK", "C"], "Greek": ["ALPHA", "BETA", "GAMMA"]}


def test_names_of_letters() -> None:
    names = names_classifier.names_of_letters()
    assert "ALPHA" in names["GREEK"]
    assert "SHIN WITH DAGESH AND SHIN DOT" in names["HEBREW"]
    assert "MODIFIER" not in names
    assert min(map(len, names.values())) >= names_classifier.FEWEST
    train, test = names_classifier.divided(names)
    assert set(train).isdisjoint(test)
    assert {script for _, script in test} == set(range(len(names)))
    hangul = [name for name, script in [*train, *test] if script == list(names).index("HANGUL")]
    assert len(hangul) == len(set(hangul)) == names_classifier.MOST


def test_it_learns_and_leaves_pictures(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    names = names_classifier.names_of_letters()
    few = {script: names[script] for script in ("CHEROKEE", "GREEK", "HEBREW")}
    monkeypatch.setattr(names_classifier, "names_of_letters", lambda: few)
    names_classifier.main(
        ["--epochs", "4", "--hidden", "16", "--learning-rate", "0.02", "--guess", "OMEGA", "SHIN WITH DOT"]
    )
    printed = capsys.readouterr().out
    assert "in 3 scripts to learn from" in printed
    assert float(printed.split("test accuracy: ")[1].split("%")[0]) > 80
    assert " OMEGA: Greek " in printed
    assert " SHIN WITH DOT: Hebrew " in printed
    left = {path.name for path in Path("runs/names_classifier").iterdir()}
    assert left == {"learning_curves.png", "confusion.png"}


def test_a_character_that_no_name_has(complaint: Callable[..., str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(names_classifier, "names_of_letters", lambda: {name: FEW[name] * 2 for name in FEW})
    said = complaint(names_classifier.main, "--epochs", "1", "--guess", "ÄTHER")
    assert "'Ä' is none of the" in said


def test_classes_of_which_none_is_tested(tmp_path: Path) -> None:
    confusion_matrix(tmp_path / "confusion.png", np.array([[2, 1], [0, 0]]), ["a", "b"])
    assert (tmp_path / "confusion.png").read_bytes().startswith(b"\x89PNG")
