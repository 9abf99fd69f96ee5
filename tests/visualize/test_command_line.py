"""The command line: what a script defines is drawn without a change to the script."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from pathlib import Path

import pytest

from tinygrad_scratch.visualize import engines
from tinygrad_scratch.visualize.__main__ import main

SCRIPT = """
import tinygrad_scratch as tg
import nn
from helper import targets

model = nn.MLP(4, [3], 2)
x = tg.ones(5, 4)

def loss_function(x, t):
    return nn.functional.cross_entropy(model(x), t)

loss = loss_function(x, targets)
loss.backward()

class Holder:
    inner = model

if __name__ == "__main__":
    only_when_run = loss * 2
"""


@pytest.fixture
def script(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    (tmp_path / "train.py").write_text(SCRIPT)
    (tmp_path / "helper.py").write_text("import tinygrad_scratch as tg\ntargets = tg.tensor([0, 1, 0, 1, 0])\n")
    monkeypatch.setattr(sys, "path", list(sys.path))
    monkeypatch.setitem(sys.modules, "__main__", sys.modules["__main__"])
    monkeypatch.chdir(tmp_path)
    return "train.py"


def drawn(*arguments: str) -> str:
    main([*arguments, "--output", "graph.dot"])
    return Path("graph.dot").read_text(encoding="utf-8")


def test_a_loss_is_drawn_with_the_names_of_the_script(script: str) -> None:
    source = drawn(f"{script}:loss", "--values")
    for title in ("layers.0.weight", "targets", "loss", "cross_entropy"):
        assert f"<b>{title}</b>" in source
    assert "no grad yet" not in source
    assert "not recorded" not in source


def test_a_model_is_run_on_an_input_of_a_shape(script: str) -> None:
    assert "(2, 4) → (2, 2)" in drawn(f"{script}:model", "--input", "2x4", "--depth", "1")
    assert "(2, 4) → (2, 2)" in drawn(f"{script}:Holder.inner", "--input", "2x4", "--depth", "1")


def test_a_function_is_run_on_things_of_the_script_and_on_zeros(script: str) -> None:
    assert " (5,) int64 " in drawn(f"{script}:loss_function", "--input", "x", "--input", "targets")
    assert " (7,) int64 " in drawn(f"{script}:loss_function", "--input", "7x4", "--input", "7:int64")


def test_all_options_of_pictures(script: str) -> None:
    source = drawn(f"{script}:loss", "--backward", "--depth", "all", "--fold-repeats", "--left-to-right", "--dark")
    assert "<b>∂ loss</b>" in source
    assert "rankdir=LR" in source


def test_what_only_the_main_script_runs(script: str) -> None:
    assert "<b>only_when_run</b>" in drawn(f"{script}:only_when_run", "--main")


def test_a_page_is_the_default(script: str, capsys: pytest.CaptureFixture[str]) -> None:
    main([f"{script}:loss"])
    assert capsys.readouterr().out == "wrote graph.html\n"
    data = re.search(r'<script type="application/json" id="graph">(.*)</script>', Path("graph.html").read_text("utf-8"))
    assert data is not None
    assert json.loads(data[1])["title"] == "loss · train.py"


def test_without_an_engine_the_dot_text_is_written(
    script: str, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tinygrad_scratch.visualize.picture.find_engine", lambda: None)
    main([f"{script}:loss", "--output", "graph.png"])
    assert capsys.readouterr().out == f"wrote graph.dot\ngraph.png could not be drawn; {engines.HOW_TO_INSTALL}\n"


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["nowhere.py:loss"], r"'nowhere.py:loss' is not of the form SCRIPT:NAME with a script that exists"),
        (["train.py"], r"'train.py' is not of the form SCRIPT:NAME"),
        (["train.py:lost"], r"does not define 'lost' \(it defines .*loss_function, loss.*only run with --main"),
        (["train.py:Holder"], r"Holder is a class; name an instance of it"),
        (["train.py:model"], r"MLP takes \(input.*give one --input for each"),
        (["train.py:x"], r"there is no graph behind this"),
        (["train.py:loss", "--dark"], r"the options for pictures do not apply to a page"),
        (["train.py:loss", "--output", "a.bmp"], r"not as 'bmp'"),
        (["train.py:loss", "--depth", "0"], r"expected a number from 1 on, or 'all', not '0'"),
        (["train.py:model", "--input", "2x4:float99"], r"no dtype 'float99'"),
        (["train.py:model", "--input", "2,4"], r"'2,4' is neither a name in the script nor a shape, such as 32x784"),
    ],
)
@pytest.mark.usefixtures("script")
def test_mistakes_are_explained_in_one_line(
    arguments: list[str], message: str, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit) as caught:
        main(arguments)
    assert caught.value.code == 2
    assert re.search(f"error: .*{message}", capsys.readouterr().err)


def test_it_runs_as_a_module(script: str) -> None:
    command = [sys.executable, "-W", "error", "-m", "tinygrad_scratch.visualize", f"{script}:loss", "--output", "a.dot"]
    root = Path(__file__).parents[2]
    done = subprocess.run(command, capture_output=True, text=True, check=False, env={"PYTHONPATH": str(root)})
    assert done.stderr == ""
    assert done.stdout == "wrote a.dot\n"
