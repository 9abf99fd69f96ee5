"""Checkpoint files: what goes in comes out; what is damaged, foreign or cut off is refused; nothing is half written."""

from __future__ import annotations

import io
import json
import math
import os
import pickle
import struct
import tracemalloc
import zipfile
from collections import Counter, OrderedDict
from pathlib import Path
from typing import Any
from zlib import crc32

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as np_st

import nn
import tinygrad_scratch as tg
from tinygrad_scratch.checkpoint.tree import DTYPES


def there_and_back(value: Any) -> Any:
    file = io.BytesIO()
    tg.save(value, file)
    file.seek(0)
    return tg.load(file)


def same(mine: Any, other: Any) -> bool:
    """Whether two values are of the same types and equal, NaN being equal to NaN, to the bit."""
    if type(mine) is not type(other):
        return False
    if isinstance(mine, tg.Tensor):
        return mine.requires_grad == other.requires_grad and same(mine.numpy(force=True), other.numpy(force=True))
    if isinstance(mine, np.ndarray | np.generic):
        return mine.dtype == other.dtype and mine.shape == other.shape and mine.tobytes() == other.tobytes()
    if isinstance(mine, dict):
        return list(mine) == list(other) and all(map(same, mine.values(), other.values()))
    if isinstance(mine, list | tuple):
        return len(mine) == len(other) and all(map(same, mine, other))
    if isinstance(mine, float):
        return struct.pack("d", mine) == struct.pack("d", other)
    return bool(mine == other)


STATE = {
    "none": None,
    "truths": [True, False],
    "numbers": (0, -7, 2**80, 0.1, -0.0, math.inf, -math.inf, math.nan, 5e-324),
    "text": "naïve ⊗ \ud800 \n",
    "bytes": b"\x00\xff",
    3: {(1, "a"): {"nested": []}, None: (), 2.5: {}},
    "tensor": tg.arange(6).reshape(2, 3),
    "wants grad": tg.ones(2, requires_grad=True),
    "array": np.arange(4.0)[::2],
    "complex": np.array([1j]),
    "0-d": np.array(3, np.int16),
    "empty": tg.zeros(0, 5),
    "truth": np.bool_(True),
    "number": np.float32(0.1),
    "dtype": tg.float16,
    "ordered": OrderedDict(b=1, a=2),
    "milestones": Counter({30: 2, 80: 1}),
    "sets": [{1, 2}, frozenset("ab")],
}


def test_everything_comes_back_as_it_was() -> None:
    assert same(there_and_back(STATE), STATE)


@pytest.mark.parametrize("name", DTYPES)
def test_every_dtype_comes_back(name: str) -> None:
    array = np.array([[0, 1], [2, 3]]).astype(name)
    for value in (array, array.T, array[0, 0], array.astype(array.dtype.newbyteorder(">"))):
        assert same(there_and_back(value), value.astype(name))


leaves = (
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats(allow_nan=False)
    | st.text()
    | st.binary()
    | np_st.arrays(st.sampled_from(["float32", "int64", "bool", "uint8"]), np_st.array_shapes(min_dims=0, min_side=0))
)
keys = st.none() | st.booleans() | st.integers() | st.text() | st.tuples(st.integers(), st.text())
states = st.recursive(
    leaves,
    lambda parts: st.lists(parts) | st.lists(parts).map(tuple) | st.dictionaries(keys, parts),
    max_leaves=20,
)


@given(states)
def test_any_state_comes_back(state: Any) -> None:
    assert same(there_and_back(state), state)


def test_what_is_loaded_can_be_written_to_and_is_shared_as_before() -> None:
    weight, other = tg.ones(2, 3), tg.ones(2, 3)
    tied = {"a": weight, "b": weight.detach(), "c": other, "d": weight.T}
    loaded = there_and_back(tied)
    loaded["a"].add_(1)
    assert np.shares_memory(loaded["a"].numpy(), loaded["b"].numpy())
    assert loaded["b"].tolist() == [[2, 2, 2], [2, 2, 2]]
    assert loaded["c"].tolist() == loaded["d"].T.tolist() == other.tolist()


def test_a_result_is_saved_without_its_graph_and_a_parameter_as_a_tensor() -> None:
    loss = (tg.ones(2, requires_grad=True) * 3).sum()
    loaded = there_and_back({"loss": loss, "weight": nn.Parameter([1.0])})
    assert type(loaded["weight"]) is tg.Tensor
    assert all(tensor.is_leaf and tensor.requires_grad for tensor in loaded.values())
    assert loaded["loss"].item() == 6


@pytest.mark.parametrize(
    ("state", "message"),
    [
        ({"model": nn.Linear(1, 1)}, r"state\['model'\] is a Linear, .* save its state_dict\(\)"),
        ([0, {"g": tg.Generator()}], r"state\[1\]\['g'\] is a Generator, .* save its get_state\(\)"),
        ({"f": print}, r"state\['f'\] is a builtin_function_or_method, and a checkpoint holds data only"),
        ((1, (2, 1j)), r"state\[1\]\[1\] is a complex"),
        ({nn.Identity(): 1}, r"is an Identity"),
        ({"names": np.array(["a"])}, r"state\['names'\] is an array of <U1"),
        ({"objects": np.array([None])}, r"state\['objects'\] is an array of object"),
        ({"masked": np.ma.ones(2)}, r"is a MaskedArray"),
    ],
)
def test_what_is_not_data_is_refused_with_its_place(state: Any, message: str, tmp_path: Path) -> None:
    path = tmp_path / "state"
    tg.save(1, path)
    with pytest.raises(TypeError, match=message):
        tg.save(state, path)
    assert tg.load(path) == 1


def test_a_state_that_contains_itself_is_refused() -> None:
    state: list[Any] = []
    state.append(state)
    with pytest.raises(ValueError, match="nested too deeply, or contains itself"):
        tg.save(state, io.BytesIO())


SMALL = {"w": tg.tensor([1.0, 2.0]), "n": 3, "e": tg.zeros(0)}


def small_file() -> bytes:
    file = io.BytesIO()
    tg.save(SMALL, file)
    return file.getvalue()


def test_every_damaged_byte_and_every_cut_is_noticed() -> None:
    content = small_file()
    for place in range(len(content)):
        for flipped in (1, 0x80):
            damaged = bytearray(content)
            damaged[place] ^= flipped
            with pytest.raises(tg.CheckpointError):
                tg.load(io.BytesIO(damaged))
        with pytest.raises(tg.CheckpointError):
            tg.load(io.BytesIO(content[:place]))
    with pytest.raises(tg.CheckpointError, match="followed by 1 bytes that are not its own"):
        tg.load(io.BytesIO(content + b"\0"))


def test_messages_name_the_file_and_what_is_wrong(tmp_path: Path) -> None:
    path, content = tmp_path / "run.ckpt", small_file()
    for cut, message in (
        (0, "it is empty"),
        (12, "is cut off: it ends after 12 bytes"),
        (60, "is cut off or damaged: of .* bytes or more it has 60"),
        (len(content) - 5, "is cut off: 5 of the last 16 bytes are missing"),
    ):
        path.write_bytes(content[:cut])
        with pytest.raises(tg.CheckpointError, match=rf"run\.ckpt .*{message}"):
            tg.load(path)
    path.write_bytes(content[:-5] + b"\0" + content[-4:])
    with pytest.raises(tg.CheckpointError, match=r"run\.ckpt is damaged"):
        tg.load(path)
    path.write_text("hello, world")
    with pytest.raises(tg.CheckpointError, match="is not a checkpoint of tinygrad_scratch: it starts with b'hello, w'"):
        tg.load(path)
    with pytest.raises(FileNotFoundError):
        tg.load(tmp_path / "missing")


class Bomb:
    def __reduce__(self) -> Any:
        return os.mkdir, ("executed",)


def test_pickles_and_pytorchs_checkpoints_are_refused_and_not_executed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("pickle.pt").write_bytes(pickle.dumps(Bomb()))
    with zipfile.ZipFile("zip.pt", "w") as archive:
        archive.writestr("archive/data.pkl", pickle.dumps(Bomb()))
    for name in ("pickle.pt", "zip.pt"):
        with pytest.raises(tg.CheckpointError, match=r"looks like one of PyTorch's or a pickle, .* safetensors"):
            tg.load(name)
        with pytest.raises(tg.CheckpointError):
            tg.load(name, weights_only=False)
    assert not Path("executed").exists()


def forged(description: Any, rest: bytes = b"") -> io.BytesIO:
    """A file whose checksums are right, but which `save` has not written."""
    text = description if isinstance(description, bytes) else json.dumps(description).encode()
    return io.BytesIO(small_file()[:8] + struct.pack("<QI", len(text), crc32(text)) + text + rest)


def version_1(state: Any, *arrays: Any) -> dict[str, Any]:
    return {"version": 1, "state": state, "arrays": list(arrays)}


ONE = {"dtype": "int64", "shape": [1]}
ONE_ELEMENT = bytes(8) + struct.pack("<I", crc32(bytes(8)))


@pytest.mark.parametrize(
    ("description", "rest"),
    [
        (b"\xff", b""),
        (b"[" * 100_000, b""),
        ([], b""),
        ({"version": 1}, b""),
        (version_1([1]), b""),
        (version_1({}), b""),
        (version_1({"list": [], "tuple": []}), b""),
        (version_1({"object": 0}), b""),
        (version_1({"dict": [[{"list": []}, 1]]}), b""),
        (version_1({"dict": [1]}), b""),
        (version_1({"array": 0}), b""),
        (version_1({"tensor": [0, True]}, ONE), ONE_ELEMENT),
        (version_1({"tensor": 0}, ONE), ONE_ELEMENT),
        (version_1({"dtype": "object"}), b""),
        (version_1({"float": "one"}), b""),
        (version_1(None, {"dtype": "object", "shape": [1]}), ONE_ELEMENT),
        (version_1(None, {"dtype": "int64", "shape": [-1]}), b""),
        (version_1(None, {"dtype": "int64", "shape": 1}), ONE_ELEMENT),
        (version_1(None, {"dtype": "int64", "shape": [0, 2**70]}), struct.pack("<I", 0)),
        (version_1(None, {"dtype": "int64", "shape": [1] * 100}), ONE_ELEMENT),
        (version_1(None, {"dtype": "int64"}), ONE_ELEMENT),
    ],
)
def test_a_description_that_makes_no_sense_is_refused(description: Any, rest: bytes) -> None:
    with pytest.raises(tg.CheckpointError, match="the description of the checkpoint makes no sense"):
        tg.load(forged(description, rest))


def test_a_file_cannot_ask_for_more_memory_than_its_size() -> None:
    tracemalloc.start()
    with pytest.raises(tg.CheckpointError, match="is cut off"):
        tg.load(forged(version_1(None, {"dtype": "float64", "shape": [1 << 40]})))
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert peak < 1_000_000


def test_a_later_version_is_named() -> None:
    with pytest.raises(tg.CheckpointError, match="is a checkpoint of version 2, and this library reads version 1"):
        tg.load(forged({"version": 2}))


def test_a_save_that_fails_halfway_leaves_the_old_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "state.ckpt"
    tg.save({"epoch": 1}, path)

    def full(_: int) -> None:
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patched:
        patched.setattr(os, "fsync", full)
        with pytest.raises(OSError, match="No space left"):
            tg.save({"epoch": 2}, path)
    assert tg.load(path) == {"epoch": 1}
    assert list(tmp_path.iterdir()) == [path]
    tg.save({"epoch": 2}, path)
    assert tg.load(str(path)) == {"epoch": 2}
    with pytest.raises(FileNotFoundError, match=r"cannot write state\.ckpt: there is no folder"):
        tg.save(1, tmp_path / "missing" / "state.ckpt")


@pytest.mark.skipif(os.name != "posix", reason="links and permissions as POSIX has them")
def test_a_link_stays_a_link_and_permissions_are_the_usual(tmp_path: Path) -> None:
    target, link, plain = tmp_path / "3.ckpt", tmp_path / "latest.ckpt", tmp_path / "plain"
    link.symlink_to(target)
    tg.save(3, link)
    plain.touch()
    assert link.is_symlink()
    assert tg.load(target) == 3
    assert target.stat().st_mode == plain.stat().st_mode


@pytest.mark.parametrize("file", [5, None, io.StringIO()])
def test_what_is_no_file_is_refused(file: Any) -> None:
    with pytest.raises(TypeError, match="save: needs a path or a file opened in binary mode, not"):
        tg.save(1, file)
    with pytest.raises(TypeError, match="load: needs a path or a file opened in binary mode, not"):
        tg.load(file)


def test_the_device_is_checked_as_everywhere(tmp_path: Path) -> None:
    tg.save(1, tmp_path / "one")
    assert tg.load(tmp_path / "one", map_location="cpu", weights_only=True) == 1
    with pytest.raises(ValueError, match="'cuda' is not available"):
        tg.load(tmp_path / "one", map_location="cuda")
