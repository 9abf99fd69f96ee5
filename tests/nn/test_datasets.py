"""Digits from files: what is read, what is refused, and what a download leaves behind."""

from __future__ import annotations

import functools
import gzip
import hashlib
import http.server
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from nn.datasets import MNIST, DataError, Digits, DigitsCSV, TableCSV, data_folders, mnist, write_digits_csv

RANDOM = np.random.default_rng(0)
IMAGES, LABELS = RANDOM.integers(0, 256, (5, 28, 28), np.uint8), np.array([3, 0, 9, 1, 1], np.uint8)


def idx(array: np.ndarray) -> bytes:
    sizes = b"".join(size.to_bytes(4, "big") for size in array.shape)
    return bytes([0, 0, 8, array.ndim]) + sizes + array.tobytes()


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for part in ("train", "t10k"):
        (tmp_path / f"{part}-images-idx3-ubyte.gz").write_bytes(gzip.compress(idx(IMAGES)))
        (tmp_path / f"{part}-labels-idx1-ubyte.gz").write_bytes(gzip.compress(idx(LABELS)))
    return tmp_path


def test_images_and_labels(folder: Path) -> None:
    data = MNIST(folder, train=False)
    image, label = data[2]
    assert len(data) == 5
    assert image.shape == (1, 28, 28)
    assert image.dtype == np.float32
    np.testing.assert_allclose(image.numpy()[0], IMAGES[2] / 255, rtol=1e-6)
    assert label.item() == 9
    assert label.dtype == np.int64
    assert data.targets.tolist() == [3, 0, 9, 1, 1]
    np.testing.assert_array_equal(data.data, IMAGES)


def test_unpacked_files_will_do(folder: Path) -> None:
    for path in folder.glob("*.gz"):
        path.with_suffix("").write_bytes(gzip.decompress(path.read_bytes()))
        path.unlink()
    assert len(MNIST(folder)) == 5


@pytest.mark.parametrize(
    ("name", "content", "message"),
    [
        ("images-idx3", b"not gzip", r"is not a file packed with gzip"),
        ("images-idx3", gzip.compress(idx(IMAGES))[:500], r"is cut off"),
        (
            "images-idx3",
            gzip.compress(idx(IMAGES)[:-1]),
            r"should hold 5 x 28 x 28 bytes after its header, but has 3919",
        ),
        (
            "images-idx3",
            gzip.compress(idx(LABELS)),
            r"not an idx file of 3 dimensions: it starts with 00000801, not 00000803",
        ),
        ("images-idx3", gzip.compress(b"\x00\x00\x08\x03\x00"), r"should hold .* bytes"),
        ("images-idx3", gzip.compress(b""), r"not an idx file of 3 dimensions"),
        ("labels-idx1", gzip.compress(idx(LABELS[:4])), r"has 5 train images, but 4 labels"),
    ],
)
def test_damaged_files(folder: Path, name: str, content: bytes, message: str) -> None:
    (folder / f"train-{name}-ubyte.gz").write_bytes(content)
    with pytest.raises(DataError, match=message):
        MNIST(folder)


def test_missing_files(tmp_path: Path) -> None:
    with pytest.raises(DataError, match=r"train-images-idx3-ubyte\.gz.* are not in .*nowhere"):
        MNIST(tmp_path / "nowhere", download=False)


def test_where_data_is_looked_for(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    monkeypatch.delenv("TINYGRAD_SCRATCH_DATA", raising=False)
    assert data_folders() == [tmp_path / "cache" / "tinygrad_scratch"]
    monkeypatch.setenv("TINYGRAD_SCRATCH_DATA", str(tmp_path / "data"))
    assert data_folders()[0] == tmp_path / "data"


@pytest.fixture
def mirror(folder: Path) -> Iterator[str]:
    handler = functools.partial(Quiet, directory=str(folder))
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}/"
        server.shutdown()


class Quiet(http.server.SimpleHTTPRequestHandler):
    def log_message(self, *args: object) -> None:
        pass


def test_a_download_falls_back_to_another_mirror_and_fills_the_cache(
    mirror: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    contents = {name: idx(IMAGES if "images" in name else LABELS) for name in mnist.SHA256}
    monkeypatch.setattr(mnist, "SHA256", {name: hashlib.sha256(c).hexdigest() for name, c in contents.items()})
    monkeypatch.setattr(mnist, "MIRRORS", (f"{mirror}nothing/", mirror))
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    monkeypatch.delenv("TINYGRAD_SCRATCH_DATA", raising=False)
    assert len(MNIST()) == 5
    cached = tmp_path / "cache" / "tinygrad_scratch" / "mnist"
    assert sorted(path.name for path in cached.iterdir()) == sorted(f"{name}.gz" for name in mnist.SHA256)
    (tmp_path / "ordinary").touch()
    assert {path.stat().st_mode for path in cached.iterdir()} == {(tmp_path / "ordinary").stat().st_mode}
    monkeypatch.setattr(mnist, "MIRRORS", ())
    assert len(MNIST(train=False)) == 5


def test_a_download_of_something_else_does_not_stay(
    mirror: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(mnist, "MIRRORS", (mirror,))
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    monkeypatch.delenv("TINYGRAD_SCRATCH_DATA", raising=False)
    with pytest.raises(DataError, match=r"cannot download train-images.*\n.*checksum of the unpacked file is"):
        MNIST()
    assert list((tmp_path / "cache" / "tinygrad_scratch" / "mnist").iterdir()) == []


def test_the_digits_of_scikit_learn() -> None:
    train, test = Digits(), Digits(train=False)
    assert (len(train), len(test)) == (1437, 360)
    image, label = train[0]
    assert image.shape == (1, 8, 8)
    assert image.dtype == np.float32
    assert 0 <= label.item() <= 9
    assert train.tensors[0].numpy().max() == 1


def test_a_csv_that_is_written_is_read_back(tmp_path: Path) -> None:
    path = tmp_path / "digits.csv"
    write_digits_csv(path, IMAGES, LABELS)
    assert path.read_text().startswith("label,pixel0,pixel1,")
    data = DigitsCSV(path)
    np.testing.assert_allclose(data.tensors[0].numpy(), IMAGES[:, None] / np.float32(255), rtol=1e-6)
    assert data.tensors[1].tolist() == LABELS.tolist()
    with pytest.raises(ValueError, match="5 images, but 4 labels"):
        write_digits_csv(path, IMAGES, LABELS[:4])


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (lambda _: "", r"is empty; its first line should name the columns"),
        (lambda text: text.replace("label", "digit", 1), r"line 1: there is no column 'label' \(1 are missing\)"),
        (lambda text: text.replace("pixel3,", "", 1), r"line 1: there is no column 'pixel3' \(1 are missing\)"),
        (lambda text: text.replace("pixel0,pixel1,", "pixel1,pixel0,", 1), r"line 1: the columns are not in the order"),
        (lambda text: text.splitlines()[0] + "\n", r"has a header, but no rows"),
        (lambda text: text.splitlines()[0] + "\n\n\n", r"has a header, but no rows"),
        (lambda text: text.replace("\n9,", "\n#9,", 1), r"line 4: label is '#9', not an integer from 0 to 9"),
        (lambda text: text.rstrip() + " # good\n", r"line 6: pixel783 is '\d+ # good'"),
        (lambda text: text.replace("\n9,", "\n٣,", 1), r"line 4: label is '٣', not an integer"),
        (lambda text: text.replace("\n9,", "\nnine,", 1), r"line 4: label is 'nine', not an integer from 0 to 9"),
        (lambda text: text.replace("\n9,", "\n12,", 1), r"line 4: label is '12'"),
        (lambda text: text.replace("\n9,", "\n9,300,", 1), r"line 4: 786 values, but there are 785 columns"),
        (lambda text: text.rsplit(",", 1)[0] + ",256\n", r"line 6: pixel783 is '256', not an integer from 0 to 255"),
        (lambda text: text.rsplit(",", 1)[0] + ",\n", r"line 6: pixel783 is ''"),
    ],
)
def test_a_damaged_csv(tmp_path: Path, change: object, message: str) -> None:
    path = tmp_path / "digits.csv"
    write_digits_csv(path, IMAGES, LABELS)
    path.write_text(change(path.read_text()))
    with pytest.raises(DataError, match=message):
        DigitsCSV(path)


def test_a_csv_as_other_programs_write_it(tmp_path: Path) -> None:
    path = tmp_path / "digits.csv"
    write_digits_csv(path, IMAGES, LABELS)
    lines = path.read_text().splitlines()
    quoted = [",".join(f'"{cell}"' for cell in line.split(",")) for line in lines]
    path.write_text("\ufeff" + "\r\n".join(quoted), encoding="utf-8")
    assert DigitsCSV(path).tensors[1].tolist() == LABELS.tolist()


@pytest.mark.parametrize("kind", [DigitsCSV, TableCSV])
@pytest.mark.parametrize("content", [b"\x1f\x8b\x08", b"label,a\n\xff\xfe,1\n"])
def test_a_csv_that_is_not_text(tmp_path: Path, kind: Any, content: bytes) -> None:
    path = tmp_path / "table.csv"
    path.write_bytes(content)
    with pytest.raises(DataError, match="cannot be read as CSV text"):
        kind(path)


def test_a_csv_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        DigitsCSV(tmp_path / "digits.csv")


def table(tmp_path: Path, text: str) -> Path:
    path = tmp_path / "table.csv"
    path.write_text(text)
    return path


def test_a_table(tmp_path: Path) -> None:
    data = TableCSV(table(tmp_path, "size,ripe,weight\n1, yes ,2.5\n\n3,no,-4e1\n"), target="ripe")
    assert data.feature_names == ("size", "weight")
    assert data.classes == ("no", "yes")
    features, labels = data.tensors
    assert features.tolist() == [[1, 2.5], [3, -40]]
    assert features.dtype == np.float32
    assert labels.tolist() == [1, 0]
    assert labels.dtype == np.int64


def test_the_target_of_a_table_is_its_last_column_and_numbers_are_in_order(tmp_path: Path) -> None:
    data = TableCSV(table(tmp_path, "size,level\n1,10\n2,9\n3,none\n"))
    assert data.classes == ("9", "10", "none")
    assert data.tensors[1].tolist() == [1, 0, 2]


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", r"is empty; its first line should name the columns"),
        ("size,ripe\n", r"has a header, but no rows"),
        ("size,colour\n1,2\n", r"has no column 'ripe'; its columns are size, colour"),
        ("ripe,size,ripe\n1,2,3\n", r"has more than one column 'ripe'"),
        ("ripe\n1\n", r"has no column but 'ripe'"),
        ("size,ripe\n1,no\n\nbig,yes\n", r"line 4: size is 'big', not a number"),
        ("size,ripe\n1_0,no\n", r"line 2: size is '1_0', not a number"),
        ("size,ripe\n1e39,no\n", r"line 2: size is '1e39', more than float32 can hold \(3\.4e\+38\)"),
        ("size,ripe\nnan,no\n", r"line 2: size is 'nan', not a number"),
        ("size,ripe\n,no\n", r"line 2: size is '', not a number"),
        ("size,ripe\n1,\n", r"line 2: ripe is empty"),
        ("size,ripe\n1,no\n2\n", r"line 3: 1 values, but there are 2 columns"),
    ],
)
def test_a_damaged_table(tmp_path: Path, text: str, message: str) -> None:
    with pytest.raises(DataError, match=message):
        TableCSV(table(tmp_path, text), target="ripe")
