"""Weights in safetensors files: there and back, to PyTorch and from it, damaged ones, those of another model."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import nn
import tinygrad_scratch as tg
from nn.utils import load_safetensors, save_safetensors

safetensors = pytest.importorskip("safetensors", reason="needs safetensors: pip install -e .[examples]")


def model() -> nn.Sequential:
    return nn.Sequential(nn.Linear(3, 4), nn.BatchNorm1d(4), nn.Linear(4, 2, bias=False))


def test_a_model_goes_there_and_back(tmp_path: Path) -> None:
    path = tmp_path / "model.safetensors"
    first, second = model(), model()
    save_safetensors(first, path, metadata={"epoch": "3"})
    second.load_state_dict(load_safetensors(path))
    x = tg.rand(5, 3)
    assert tg.equal(first(x), second(x))
    with safetensors.safe_open(path, "np") as file:
        assert file.metadata() == {"epoch": "3"}


def test_layouts_and_dtypes_come_back(tmp_path: Path) -> None:
    path = tmp_path / "t.safetensors"
    state = {
        "transposed": tg.arange(6).reshape(2, 3).T,
        "every second": tg.arange(8.0)[::2],
        "0-d": tg.tensor(2.5, requires_grad=True),
        "empty": tg.zeros(0, 3),
        **{name: tg.ones(2, dtype=name) for name in ("bool", "uint8", "int16", "float16", "float64", "uint32")},
    }
    save_safetensors(state, path)
    loaded = load_safetensors(path)
    assert loaded.keys() == state.keys()
    for name, tensor in state.items():
        assert loaded[name].dtype == tensor.dtype
        assert loaded[name].tolist() == tensor.tolist()
        loaded[name].zero_()


def test_files_that_pytorch_reads_and_writes(tmp_path: Path) -> None:
    torch = pytest.importorskip("torch", reason="needs PyTorch: pip install -e .[peers]")
    from safetensors.torch import load_file, save_file

    path, ours = tmp_path / "model.safetensors", model()
    theirs = torch.nn.Sequential(torch.nn.Linear(3, 4), torch.nn.BatchNorm1d(4), torch.nn.Linear(4, 2, bias=False))
    save_safetensors(ours, path)
    theirs.load_state_dict(load_file(path))
    x = np.ones((2, 3), np.float32)
    theirs(torch.tensor(x)).square().sum().backward()
    torch.optim.SGD(theirs.parameters(), 0.1).step()
    save_file(theirs.state_dict(), path)
    ours.load_state_dict(load_safetensors(path))
    np.testing.assert_allclose(
        ours.eval()(tg.tensor(x)).detach().numpy(), theirs.eval()(torch.tensor(x)).detach().numpy(), rtol=1e-6
    )
    save_file({"half": torch.ones(2, dtype=torch.bfloat16)}, path)
    with pytest.raises(tg.CheckpointError, match=r"model\.safetensors holds tensors of a dtype .* 'BF16'"):
        load_safetensors(path)


def test_every_cut_and_damaged_headers_are_noticed(tmp_path: Path) -> None:
    path = tmp_path / "model.safetensors"
    save_safetensors(nn.Linear(2, 2), path)
    content = path.read_bytes()
    length = int.from_bytes(content[:8], "little")
    shorter = json.dumps({"w": {"dtype": "F32", "shape": [9, 9], "data_offsets": [0, 24]}}).encode()
    for damaged in (
        *(content[:size] for size in range(len(content))),
        content + b"\0",
        b"PK\x03\x04" + content,
        content[:8] + b"!" + content[9:],
        len(shorter).to_bytes(8, "little") + shorter + content[8 + length :],
    ):
        path.write_bytes(damaged)
        with pytest.raises(tg.CheckpointError, match=r"model\.safetensors is not a complete safetensors file"):
            load_safetensors(path)
    with pytest.raises(FileNotFoundError):
        load_safetensors(tmp_path / "missing")


def test_the_weights_of_another_model_are_refused_and_nothing_changes(tmp_path: Path) -> None:
    path, small = tmp_path / "model.safetensors", nn.Linear(3, 2)
    before = {name: value.clone() for name, value in small.state_dict().items()}
    for other in (model(), nn.Linear(2, 3)):
        save_safetensors(other, path)
        with pytest.raises(RuntimeError, match="load_state_dict: the state does not fit Linear"):
            small.load_state_dict(load_safetensors(path))
    assert all(tg.equal(value, before[name]) for name, value in small.state_dict().items())


def test_what_is_not_a_tensor_is_refused_and_the_old_file_stays(tmp_path: Path) -> None:
    path = tmp_path / "model.safetensors"
    save_safetensors({"w": tg.ones(1)}, path)
    for state in ({"w": tg.zeros(1), "lr": 0.1}, {"w": np.ones(1)}):
        with pytest.raises(TypeError, match=r"save_safetensors: (lr|w) should be a Tensor, not a (float|ndarray)"):
            save_safetensors(state, path)
    assert load_safetensors(path)["w"].tolist() == [1]
    assert list(tmp_path.iterdir()) == [path]


def test_without_the_library_the_error_names_the_extra(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    hidden: Any = None
    monkeypatch.setitem(sys.modules, "safetensors", hidden)
    with pytest.raises(ImportError, match=r"pip install 'tinygrad-scratch\[examples\]'"):
        save_safetensors(nn.Linear(1, 1), tmp_path / "model.safetensors")
