"""The main job: what it prints and leaves, what it says where something is missing, and that Ctrl-C loses nothing."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from examples import mnist
from nn.datasets import mnist as files
from nn.utils import load_safetensors
from tinygrad_scratch.visualize import picture

ROOT = Path(mnist.__file__).parents[1]
SMALL = ["--hidden", "32", "--epochs", "2", "--batch-size", "32"]


def test_it_learns_and_leaves_pictures_and_weights(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    mnist.main([*SMALL, "--output", "results"])
    printed = capsys.readouterr().out
    assert "data: MNIST; 1,437 to learn from, 360 to test with" in printed
    assert "25,450 parameters" in printed
    assert "train loss  test loss  test accuracy  seconds" in printed
    assert float(printed.split("test accuracy: ")[1].split("%")[0]) > 80
    left = {path.name: path for path in (tmp_path / "results").iterdir()}
    pictures = {"graph.svg", "learning_curves.png", "test_images.png", "mistakes.png"}
    assert set(left) == {*pictures, "weights.safetensors"}
    assert left["graph.svg"].read_text().rstrip().endswith("</svg>")
    assert ">labels<" in left["graph.svg"].read_text()
    assert left["mistakes.png"].read_bytes() != left["test_images.png"].read_bytes()
    assert left["test_images.png"].read_bytes().startswith(b"\x89PNG")
    assert load_safetensors(left["weights.safetensors"])["layers.0.weight"].shape == (32, 784)


def test_the_same_seed_gives_the_same_weights(tmp_path: Path) -> None:
    for name in ("one", "two"):
        mnist.main([*SMALL, "--epochs", "1", "--output", name])
    one, two = ((tmp_path / name / "weights.safetensors").read_bytes() for name in ("one", "two"))
    assert one == two


def test_saved_weights_are_tested(capsys: pytest.CaptureFixture[str]) -> None:
    mnist.main(SMALL)
    accuracy = capsys.readouterr().out.split("test accuracy: ")[1].split("%")[0]
    mnist.main([*SMALL, "--epochs", "0", "--weights", "runs/mnist/weights.safetensors", "--output", "again"])
    assert f"test accuracy: {accuracy}%" in capsys.readouterr().out


def test_weights_of_another_model_and_a_file_cut_in_half(complaint: Callable[..., str], tmp_path: Path) -> None:
    mnist.main([*SMALL, "--epochs", "0"])
    weights = "runs/mnist/weights.safetensors"
    said = complaint(mnist.main, "--hidden", "16", "--weights", weights)
    assert "has the weights of another model; options say its sizes (--help)" in said
    assert "layers.0.weight: the module has shape (16, 784), the state (32, 784)" in said
    (tmp_path / "half.safetensors").write_bytes(Path(weights).read_bytes()[:50_000])
    said = complaint(mnist.main, "--hidden", "32", "--weights", "half.safetensors")
    assert "half.safetensors is not a complete safetensors file" in said
    assert "No such file" in complaint(mnist.main, "--weights", "none.safetensors")


def test_without_graphviz_it_leaves_the_graph_as_text(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(picture, "find_engine", lambda: None)
    mnist.main([*SMALL, "--epochs", "0"])
    assert "to draw it, install Graphviz: pip install 'tinygrad-scratch[viz]'" in capsys.readouterr().out
    assert Path("runs/mnist/graph.dot").read_text().startswith("digraph")


def test_without_mnist_it_says_why_and_takes_the_small_digits(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.delenv("TINYGRAD_SCRATCH_DATA")
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    monkeypatch.setattr(files, "MIRRORS", ())
    mnist.main([*SMALL, "--epochs", "1"])
    printed = capsys.readouterr().out
    assert "MNIST was neither found nor downloaded: cannot download train-images-idx3-ubyte.gz" in printed
    assert f"Put its four files into {tmp_path / 'tinygrad_scratch' / 'mnist'}." in printed
    assert "data: the digits of scikit-learn, 8 × 8 pixels; 1,437 to learn from" in printed


def test_a_named_folder_must_have_the_files(complaint: Callable[..., str]) -> None:
    assert "are not in nowhere" in complaint(mnist.main, "--data", "nowhere")


@pytest.mark.parametrize("option", [["--batch-size", "0"], ["--learning-rate", "-1"], ["--hidden", "many"]])
def test_numbers_are_checked(option: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as stop:
        mnist.main(option)
    assert stop.value.code == 2
    assert f"argument {option[0]}" in capsys.readouterr().err


@pytest.mark.skipif(os.name == "nt", reason="Windows sends no SIGINT to one process")
def test_ctrl_c_stops_and_keeps_what_was_learned(tmp_path: Path) -> None:
    command = [sys.executable, str(ROOT / "examples" / "mnist.py"), "--epochs", "100000", "--hidden", "16"]
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    pipes = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE}
    with subprocess.Popen(command, text=True, env=environment, **pipes) as process:
        assert process.stdout is not None
        for line in process.stdout:
            if line.lstrip().startswith("1 "):
                break
        process.send_signal(signal.SIGINT)
        printed, errors = process.communicate(timeout=60)
    assert process.returncode == 0
    assert "Traceback" not in errors
    assert "keeping what has been learned" in printed
    assert "test accuracy: " in printed
    assert len(load_safetensors(tmp_path / "runs" / "mnist" / "weights.safetensors")) == 4
    assert (tmp_path / "runs" / "mnist" / "learning_curves.png").exists()


def test_it_runs_as_a_module(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "examples.mnist", "--epochs", "0", "--output", str(tmp_path)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True)
    assert "test accuracy: " in done.stdout
