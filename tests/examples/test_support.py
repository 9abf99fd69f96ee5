"""Ctrl-C, and that every script explains itself."""

from __future__ import annotations

import signal
from pathlib import Path
from types import ModuleType

import numpy as np
import pytest

from examples import (
    backprop_by_hand,
    binary_classifier,
    character_lstm,
    character_transformer,
    graphs,
    kaggle_digits,
    mnist,
    mnist_cnn,
    mnist_from_layers,
    mnist_one_by_one,
    names_classifier,
)
from support.command_line import CtrlC, run
from support.plots import digit_as_text, sheet_of_digits

SCRIPTS = [
    backprop_by_hand,
    binary_classifier,
    character_lstm,
    character_transformer,
    graphs,
    kaggle_digits,
    mnist,
    mnist_cnn,
    mnist_from_layers,
    mnist_one_by_one,
    names_classifier,
]


@pytest.mark.parametrize("script", SCRIPTS)
def test_help_explains_every_option(script: ModuleType, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as stop:
        script.main(["--help"])
    assert stop.value.code == 0
    printed = capsys.readouterr().out
    assert script.__doc__ is not None
    assert script.__doc__.splitlines()[0] in printed
    assert "--output" in printed
    assert "(default: " in printed


def test_ctrl_c_is_noted_and_only_the_second_stops() -> None:
    usual = signal.getsignal(signal.SIGINT)
    with CtrlC() as ctrl_c:
        assert not ctrl_c.pressed
        signal.raise_signal(signal.SIGINT)
        assert ctrl_c.pressed
        with pytest.raises(KeyboardInterrupt):
            signal.raise_signal(signal.SIGINT)
    assert signal.getsignal(signal.SIGINT) is usual


def test_ctrl_c_elsewhere_ends_a_script_without_a_traceback() -> None:
    def interrupted() -> None:
        raise KeyboardInterrupt

    with pytest.raises(SystemExit, match=r"stopped by Ctrl-C"):
        run(interrupted)


def test_a_digit_in_characters() -> None:
    image = np.array([[0, 0, 0, 0], [0, 0, 0, 0], [1, 1, 0, 0], [1, 0, 1, 0]], float)
    assert digit_as_text(image) == "█▀▄"


def test_a_sheet_of_no_mistakes_is_empty(tmp_path: Path) -> None:
    sheet_of_digits(tmp_path / "mistakes.png", np.zeros((0, 8, 8)), [], [])
    assert (tmp_path / "mistakes.png").read_bytes().startswith(b"\x89PNG")
