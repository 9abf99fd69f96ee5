"""The models that write: what they learn, that a run goes on as if never stopped, and what they say of mistakes."""

from __future__ import annotations

import signal
from collections.abc import Callable
from pathlib import Path
from types import ModuleType

import numpy as np
import pytest

import tinygrad_scratch as tg
from examples import character_lstm, character_transformer
from support.characters import Alphabet, choose_character, read_text
from support.command_line import UserError
from support.plots import attention_maps, coloured_text
from support.writing import Lesson

Complaint = Callable[..., str]
Printed = pytest.CaptureFixture[str]

PHRASE = "to be or not to be, that is the question\n"
SMALL = ["--text", "text.txt", "--window", "24", "--batch-size", "8", "--characters", "82", "--prompt", "to be or"]
LEARNING = ["--steps", "150", "--every", "50", "--learning-rate", "0.01", "--dropout", "0", "--top-k", "1"]
SIZES = {
    character_lstm: ["--hidden", "32", "--layers", "2", "--dropout", "0.1"],
    character_transformer: ["--channels", "32", "--heads", "2", "--layers", "2", "--dropout", "0.1"],
}
PICTURES = {character_lstm: "surprise.png", character_transformer: "attention.png"}


@pytest.fixture(params=SIZES, ids=lambda script: script.__name__.split(".")[-1])
def script(request: pytest.FixtureRequest) -> ModuleType:
    Path("text.txt").write_text(PHRASE * 30)
    return request.param


def folder(script: ModuleType) -> Path:
    return Path("runs") / script.__name__.split(".")[-1]


def test_it_learns_to_write_and_leaves_pictures_and_a_checkpoint(script: ModuleType, capsys: Printed) -> None:
    script.main([*SMALL, *SIZES[script], *LEARNING])
    printed = capsys.readouterr().out
    assert "15 different characters: 1,107 to learn from, 123 held out to test with" in printed
    assert [f"step {step}: loss" in printed for step in (50, 100, 150)] == [True] * 3
    assert (PHRASE * 3)[:90] in printed
    assert {path.name for path in folder(script).iterdir()} == {"checkpoint", "learning_curves.png", PICTURES[script]}


def test_a_run_goes_on_as_if_it_had_never_stopped(
    script: ModuleType, capsys: Printed, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings = [*SMALL, *SIZES[script], "--steps", "6", "--every", "2"]
    script.main([*settings, "--output", "whole"])
    written = capsys.readouterr().out.rsplit("\n\n", 2)[1]

    def pressing_ctrl_c(lesson: Lesson) -> float:
        signal.raise_signal(signal.SIGINT)
        return test(lesson)

    test = Lesson.test
    monkeypatch.setattr(Lesson, "test", pressing_ctrl_c)
    script.main([*settings, "--output", "stopped"])
    printed = capsys.readouterr().out
    assert "step 2: loss" in printed
    assert "step 4: loss" not in printed
    monkeypatch.setattr(Lesson, "test", test)
    script.main([*settings, "--seed", "1", "--resume", "stopped/checkpoint", "--output", "resumed"])
    printed = capsys.readouterr().out
    assert "step 2: loss" not in printed
    assert "step 6: loss" in printed
    whole, resumed = ((Path(run) / "checkpoint").read_bytes() for run in ("whole", "resumed"))
    assert whole == resumed

    script.main([*settings, "--steps", "0", "--resume", "resumed/checkpoint", "--output", "written"])
    assert capsys.readouterr().out.rsplit("\n\n", 2)[1] == written
    assert not Path("written/checkpoint").exists()


def test_what_cannot_be_resumed_or_learned_from(script: ModuleType, complaint: Complaint) -> None:
    settings = [*SMALL, *SIZES[script], "--steps", "1"]
    script.main(settings)
    resume = ["--resume", str(folder(script) / "checkpoint"), "--output", "again"]
    said = complaint(script.main, *settings, *resume, "--layers", "1", "--dropout", "0")
    assert "the checkpoint is of another model; options say its sizes (--help)" in said
    assert "not in the module" in said
    Path("another.txt").write_text("another text " * 100)
    said = complaint(script.main, *settings, *resume, "--text", "another.txt", "--prompt", "an")
    assert "the checkpoint is of a text with other characters (--text says which it is)" in said
    assert "'T' is none of the 15 characters that were learned" in complaint(script.main, *settings, "--prompt", "To")
    said = complaint(script.main, *settings, "--window", "500")
    assert "a text of 1,230 characters is too short for windows of 500" in said
    Path("text.txt").write_bytes(b"\xff\xfe\xfd")
    assert "text.txt is not a text in UTF-8" in complaint(script.main, *settings)
    assert "No such file" in complaint(script.main, *settings, "--text", "none.txt")


def test_attention_looks_back_only() -> None:
    model = character_transformer.CharacterTransformer(10, 8, 16, heads=2, layers=3, dropout=0.0)
    text = tg.tensor([1, 2, 3, 4, 5])
    weights = model.attention(text)
    assert weights.shape == (3, 2, 5, 5)
    np.testing.assert_allclose(weights.sum(-1).detach().numpy(), 1, rtol=1e-6)
    assert (weights.triu(1) == 0).all()
    scores, other = model(text[None]), model(tg.tensor([[1, 2, 3, 4, 9]]))
    np.testing.assert_array_equal(scores[:, :4].detach().numpy(), other[:, :4].detach().numpy())


def test_the_lstm_may_read_in_parts() -> None:
    model = character_lstm.CharacterLSTM(10, 16, layers=2, dropout=0.0)
    text = tg.randint(0, 10, (3, 7))
    first, state = model.read(text[:, :4])
    second, _ = model.read(text[:, 4:], state)
    np.testing.assert_allclose(
        model(text).detach().numpy(), tg.cat([first, second], dim=1).detach().numpy(), rtol=1e-5, atol=1e-6
    )


def test_pythons_own_text_repeats_no_paragraph() -> None:
    text = read_text(None)
    paragraphs = text.split("\n\n")
    assert len(text) > 100_000
    assert len(set(paragraphs)) == len(paragraphs)


def test_an_alphabet_writes_what_it_reads() -> None:
    alphabet = Alphabet.of(PHRASE)
    assert alphabet.characters == "\n ,abehinoqrstu"
    assert alphabet.decode(alphabet.encode(PHRASE)) == PHRASE
    with pytest.raises(UserError, match="'x' is none of the 15 characters"):
        alphabet.encode("x")


@pytest.mark.parametrize(
    ("temperature", "top_k", "chances"),
    [(1.0, 4, [0.1, 0.2, 0.3, 0.4]), (1.0, 9, [0.1, 0.2, 0.3, 0.4]), (1.0, 2, [0, 0, 3 / 7, 4 / 7]),
     (0.5, 4, [1 / 30, 4 / 30, 9 / 30, 16 / 30]), (1000.0, 3, [0, 1 / 3, 1 / 3, 1 / 3]), (0.01, 4, [0, 0, 0, 1])],
)  # fmt: skip
def test_temperature_and_top_k(temperature: float, top_k: int, chances: list[float]) -> None:
    scores = tg.tensor([[0.1, 0.2, 0.3, 0.4]]).log()
    generator = tg.Generator().manual_seed(0)
    chosen = [choose_character(scores, temperature, top_k, generator).item() for _ in range(2000)]
    np.testing.assert_allclose(np.bincount(chosen, minlength=4) / 2000, chances, atol=0.04)


def test_pictures_of_any_text(tmp_path: Path) -> None:
    coloured_text(tmp_path / "text.png", "a\n\n$_$ \\alpha " + "long" * 30 + "\n", np.ones(135), "value")
    attention_maps(tmp_path / "maps.png", np.ones((1, 1, 3, 3)), "a$\n")
    for path in tmp_path.glob("*.png"):
        assert path.read_bytes().startswith(b"\x89PNG")
