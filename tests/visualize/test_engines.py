"""Engines: what lays the pictures out, what happens without one, and what when it fails."""

from __future__ import annotations

import os
import sys
import warnings
from importlib.util import find_spec
from pathlib import Path

import pytest

import tinygrad_scratch as tg
from tests.visualize.graphs import chain
from tinygrad_scratch import visualize
from tinygrad_scratch.visualize import engines
from tinygrad_scratch.visualize.engines import RenderingError, find_engine, rendered

needs_pygraphviz = pytest.mark.skipif(
    find_spec("pygraphviz") is None, reason="no pygraphviz: pip install 'tinygrad-scratch[viz]'"
)


@pytest.fixture
def no_dot(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """A system without Graphviz: no folder in PATH has a dot."""
    monkeypatch.setenv("PATH", str(tmp_path))


@pytest.fixture
def no_engine(monkeypatch: pytest.MonkeyPatch, no_dot: None) -> None:  # noqa: ARG001
    monkeypatch.setattr(engines, "find_spec", lambda _: None)


def fake_dot(monkeypatch: pytest.MonkeyPatch, folder: Path, program: str) -> None:
    """Put a program named dot, written in Python, in front of all others."""
    dot = folder / "dot"
    dot.write_text(f"#!{sys.executable}\nimport sys, time\n{program}\n")
    dot.chmod(0o755)
    monkeypatch.setenv("PATH", str(folder), prepend=os.pathsep)


@needs_pygraphviz
@pytest.mark.usefixtures("no_dot")
@pytest.mark.parametrize("format", ["svg", "png", "pdf"])
def test_pygraphviz_draws_without_a_dot_of_the_system(tmp_path: Path, format: str) -> None:
    path = visualize.draw(chain(2)).save(tmp_path / f"graph.{format}")
    starts = {"svg": b"<?xml", "png": b"\x89PNG", "pdf": b"%PDF"}
    assert path.read_bytes().startswith(starts[format])


@needs_pygraphviz
@pytest.mark.usefixtures("no_dot")
def test_notebooks_get_a_picture() -> None:
    assert "</svg>" in visualize.draw(chain(2))._repr_mimebundle_()["image/svg+xml"]


@pytest.mark.skipif(os.name != "posix", reason="the false dot is a script with a shebang")
def test_the_dot_of_the_system_comes_first(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    fake_dot(monkeypatch, tmp_path, "sys.stdin.read(); print('<svg>', sys.argv[1], '</svg>')")
    assert find_engine() == [str(tmp_path / "dot"), "-T"]
    assert rendered("digraph {}", "svg") == b"<svg> -Tsvg </svg>\n"


@pytest.mark.usefixtures("no_engine")
def test_without_an_engine_the_dot_text_is_saved_and_one_line_says_what_to_install(tmp_path: Path) -> None:
    picture = visualize.draw(chain(2))
    with pytest.warns(RuntimeWarning) as caught:
        path = picture.save(tmp_path / "graph.svg")
    assert path == tmp_path / "graph.dot"
    assert path.read_text(encoding="utf-8") == picture.source
    message = str(caught[0].message)
    assert len(caught) == 1
    assert "\n" not in message
    assert "pip install 'tinygrad-scratch[viz]'" in message
    assert [file.name for file in tmp_path.iterdir()] == ["graph.dot"]


@pytest.mark.usefixtures("no_engine")
def test_without_an_engine_notebooks_get_the_dot_text() -> None:
    picture = visualize.draw(chain(2))
    bundle = picture._repr_mimebundle_()
    assert bundle["text/plain"].startswith(picture.source)
    assert bundle["text/plain"].endswith(engines.HOW_TO_INSTALL)
    with pytest.raises(RenderingError, match="install Graphviz"):
        rendered(picture.source, "svg")


@pytest.mark.usefixtures("no_engine")
def test_dot_text_needs_no_engine(tmp_path: Path) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert visualize.draw(chain(2)).save(tmp_path / "new folder" / "graph.dot").exists()


BROKEN = {
    "fails": ("sys.exit('out of paint')", r"exit code 1\); it said: out of paint"),
    "says nothing": ("sys.exit(3)", r"exit code 3\); it said: nothing"),
    "truncates": ("sys.stdin.read(); print('<svg><g>')", r"no complete svg"),
    "dies": ("import os, signal; print('<svg>', flush=True); os.kill(os.getpid(), signal.SIGKILL)", r"exit code -9"),
}


@pytest.mark.skipif(os.name != "posix", reason="the false dot is a script with a shebang")
@pytest.mark.parametrize("kind", BROKEN)
def test_an_engine_that_fails_gives_an_error_and_no_file(
    kind: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    program, message = BROKEN[kind]
    (tmp_path / "bin").mkdir()
    fake_dot(monkeypatch, tmp_path / "bin", program)
    with pytest.raises(RenderingError, match=message):
        visualize.draw(chain(2)).save(tmp_path / "out" / "graph.svg")
    assert not (tmp_path / "out").exists()


@pytest.mark.skipif(os.name != "posix", reason="the false dot is a script with a shebang")
def test_an_engine_that_hangs_is_stopped(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    fake_dot(monkeypatch, tmp_path, "time.sleep(60)")
    with pytest.raises(RenderingError, match=r"did not finish within 0.5 s; draw less at once, with depth=1"):
        rendered("digraph {}", "svg", time_limit=0.5)


@needs_pygraphviz
@pytest.mark.usefixtures("no_dot")
def test_text_that_is_not_dot_is_an_error() -> None:
    with pytest.raises(RenderingError, match="gave no complete svg"):
        rendered("digraph {", "svg")


def test_unknown_formats_are_an_error(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match=r"as \.svg, \.png, \.pdf or \.dot, not as 'bmp'"):
        visualize.draw(chain(2)).save(tmp_path / "graph.bmp")


def test_a_picture_that_could_not_be_written_leaves_the_old_one(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    path = tmp_path / "graph.dot"
    path.write_bytes(b"old")

    def full_disk(_: int) -> None:
        raise OSError("no space left on device")

    monkeypatch.setattr(os, "fsync", full_disk)
    with pytest.raises(OSError, match="no space"):
        visualize.draw(chain(2)).save(path)
    assert [file.name for file in tmp_path.iterdir()] == ["graph.dot"]
    assert path.read_bytes() == b"old"


def test_drawing_runs_no_operation() -> None:
    y = chain(2)
    time = y.node.time
    visualize.draw(y, values=True, backward=True)
    assert tg.tensor(1.0, requires_grad=True).exp().node.time == time + 2  # a leaf and an operation
