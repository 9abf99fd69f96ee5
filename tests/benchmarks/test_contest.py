"""Contenders in processes of their own: their answers, their failures, and who must not be timed."""

from __future__ import annotations

import io

import numpy as np
import pytest

from benchmarks.configurations import CONFIGURATIONS, batches_of_xor
from benchmarks.parts import mnist
from benchmarks.peers import NUMPY
from benchmarks.processes import contest, protocol
from benchmarks.processes.contender import Contender, ContenderError
from benchmarks.processes.contest import Contest, Pace, Tally
from benchmarks.results import Comparison

NAMES, PACE = (NUMPY, "numpy-naive"), Pace(rounds=2, turn=0.001, pause=0.001)


def contest_of(session: str) -> Contest:
    return Contest(NAMES, f"tests.benchmarks.sessions:{session}", PACE, Tally(patience=0))


def test_a_contender_that_computes_something_else_is_an_error_and_is_not_timed() -> None:
    comparison = Comparison("mnist", "Training step", "XOR", "s")
    with contest_of("OneOfThemDoesNotTrain") as contenders:
        mnist.compare_steps(contenders, comparison, CONFIGURATIONS[0], *batches_of_xor(100))
    message = "computes something else: after 5 steps, parameter 0 is 1 of its change away from where it should be"
    assert comparison.failed == {NUMPY: message}
    assert list(comparison.values) == ["numpy-naive"]
    assert len(comparison.values["numpy-naive"]) == PACE.rounds


def test_one_contender_fails_and_the_others_go_on() -> None:
    with contest_of("OneOfThemFails") as contenders:
        answers = contenders.take_turns(contenders.gather(), "turn")
        assert list(answers) == ["numpy-naive"]
        assert [answer["numbers"].tolist() for answer in answers["numpy-naive"]] == [[0, 1, 2]] * PACE.rounds
        assert contenders.failed[NUMPY].splitlines()[-1] == "ArithmeticError: cannot count to three"
        assert contenders.running == ["numpy-naive"]
        assert set(contenders.gather()) == set(NAMES)


def test_a_contender_that_gives_no_answer_is_ended() -> None:
    with pytest.raises(ContenderError, match=r"slow: no answer for 0\.01 seconds"):
        Contender("slow", "tests.benchmarks.sessions:OneOfThemFails", patience=0.01, peer=NUMPY)


def test_a_disturbed_turn_is_repeated_while_there_is_patience(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(contest, "share_of_others", lambda _: 0.0)
    monkeypatch.setattr(contest, "_others_were_busy", lambda *_: True)
    asked = []
    contenders = Contest([], "", PACE, Tally(patience=1e-9))
    contenders._running["busy"] = _Answering(asked)  # type: ignore[assignment]
    assert contenders.turn("busy", "turn") == 2
    assert contenders.turn("busy", "turn") == 3
    assert contenders._tally.disturbed == 2


class _Answering:
    """Answers how often it has been asked."""

    cpu_seconds = 0.0

    def __init__(self, asked: list[str]) -> None:
        self._asked = asked

    def ask(self, method: str) -> int:
        self._asked.append(method)
        return len(self._asked)


def test_messages_hold_json_and_arrays_and_nothing_else() -> None:
    stream = io.BytesIO()
    protocol.send(stream, {"list": [1, None, "µs"], "arrays": [np.eye(2, dtype=np.float32), np.int64([3])]})
    stream.seek(0)
    found = protocol.receive(stream)
    assert found["list"] == [1, None, "µs"]
    assert [(array.dtype.name, array.tolist()) for array in found["arrays"]] == [
        ("float32", [[1, 0], [0, 1]]),
        ("int64", [3]),
    ]
    with pytest.raises(EOFError):
        protocol.receive(stream)
    with pytest.raises(TypeError, match="JSON values and arrays, not set"):
        protocol.send(stream, {1, 2})
    with pytest.raises(ValueError, match="allow_pickle"):
        protocol.send(stream, np.array([object()]))
