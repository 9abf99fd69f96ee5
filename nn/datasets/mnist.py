"""MNIST: 70,000 handwritten digits of 28 × 28 pixels (LeCun, Cortes and Burges, 1998)."""

from __future__ import annotations

import gzip
import hashlib
import zlib
from functools import partial
from math import prod
from pathlib import Path

import numpy as np

from tinygrad_scratch import from_numpy
from tinygrad_scratch.engine import Array
from tinygrad_scratch.nn.data import TensorDataset
from tinygrad_scratch.nn.datasets.files import DataError, data_folders, download

MIRRORS = ("https://storage.googleapis.com/cvdf-datasets/mnist/", "https://ossci-datasets.s3.amazonaws.com/mnist/")

# Of the unpacked files, since every packing of the same file is another.
SHA256 = {
    "train-images-idx3-ubyte": "ba891046e6505d7aadcbbe25680a0738ad16aec93bde7f9b65e87a2fc25776db",
    "train-labels-idx1-ubyte": "65a50cbbf4e906d70832878ad85ccda5333a97f0f4c3dd2ef09a8a9eef7101c5",
    "t10k-images-idx3-ubyte": "0fa7898d509279e482958e8ce81c8e77db3f2f8254e26661ceb7762c4d494ce7",
    "t10k-labels-idx1-ubyte": "ff7bcfd416de33731a308c3f266cc351222c34898ecbeaf847f06e48f7ec33f2",
}
_UNSIGNED_BYTE = 0x08


class MNIST(TensorDataset):
    """The 60,000 training digits, or (``train=False``) the 10,000 test digits: images (1, 28, 28) and labels 0 to 9.

    Pixels are float32 in [0, 1]; ``data`` holds them as they are stored, uint8 (N, 28, 28), and ``targets`` the labels.

    The files are looked for in ``root``, or else in a folder ``mnist`` inside each of `data_folders`; if they are in
    none and ``download`` is true, they are fetched into the cache.

    Raises DataError if there are no files, or one is damaged.
    """

    classes = tuple("0123456789")

    def __init__(
        self,
        root: str | Path | None = None,
        train: bool = True,
        download: bool = True,
    ) -> None:
        part = "train" if train else "t10k"
        folder = _folder(None if root is None else Path(root), download)
        images = read_idx(_file(folder, f"{part}-images-idx3-ubyte"), dims=3)
        labels = read_idx(_file(folder, f"{part}-labels-idx1-ubyte"), dims=1)
        if len(images) != len(labels):
            raise DataError(f"{folder} has {len(images)} {part} images, but {len(labels)} labels")
        self.data = images
        self.targets = from_numpy(labels.astype(np.int64))
        pixels = np.divide(images, 255, dtype=np.float32)[:, None]
        super().__init__(from_numpy(pixels), self.targets)


def read_idx(path: Path, dims: int) -> Array:
    """The array of unsigned bytes in an idx file, packed with gzip or not: the format of MNIST's files.

    It starts with two zero bytes, the code of the element type, the number of dimensions and, as big-endian 32-bit
    integers, the sizes. DataError if the file is damaged or holds anything but ``dims`` dimensions of bytes.
    """
    content = _content(path)
    magic, expected = content[:4], bytes([0, 0, _UNSIGNED_BYTE, dims])
    if magic != expected:
        raise DataError(
            f"{path} is not an idx file of {dims} dimensions: it starts with {magic.hex()}, not {expected.hex()}"
        )
    header, values = content[: 4 + 4 * dims], content[4 + 4 * dims :]
    sizes = [int.from_bytes(header[4 * i : 4 * i + 4], "big") for i in range(1, dims + 1)]
    if len(header) != 4 + 4 * dims or len(values) != prod(sizes):
        raise DataError(
            f"{path} should hold {' x '.join(map(str, sizes))} bytes after its header, but has {len(values)}"
        )
    return np.frombuffer(values, np.uint8).reshape(sizes)


def _content(path: Path) -> bytes:
    try:
        if path.suffix != ".gz":
            return path.read_bytes()
        with gzip.open(path) as file:
            return file.read()
    except (gzip.BadGzipFile, zlib.error) as error:
        raise DataError(f"{path} is not a file packed with gzip: {error}") from error
    except EOFError as error:
        raise DataError(f"{path} is cut off: {error}") from error


def _folder(root: Path | None, may_download: bool) -> Path:
    """The folder that has all four files."""
    folders = [root] if root is not None else [folder / "mnist" for folder in data_folders()]
    for folder in folders:
        if all(_existing(folder, name) for name in SHA256):
            return folder
    if not may_download:
        places = ", ".join(map(str, folders))
        raise DataError(f"the MNIST files ({', '.join(f'{name}.gz' for name in SHA256)}) are not in {places}")
    for name, sha256 in SHA256.items():
        if not _existing(folders[-1], name):
            urls = [f"{mirror}{name}.gz" for mirror in MIRRORS]
            download(urls, folders[-1] / f"{name}.gz", partial(_check, sha256))
    return folders[-1]


def _existing(folder: Path, name: str) -> Path | None:
    return next((path for path in (folder / f"{name}.gz", folder / name) if path.is_file()), None)


def _file(folder: Path, name: str) -> Path:
    path = _existing(folder, name)
    if path is None:
        raise DataError(f"{folder} has no file {name}.gz")
    return path


def _check(sha256: str, path: Path) -> None:
    found = hashlib.sha256(_content(path)).hexdigest()
    if found != sha256:
        raise DataError(f"the checksum of the unpacked file is {found}, but should be {sha256}")
