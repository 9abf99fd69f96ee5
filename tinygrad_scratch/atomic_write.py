"""Writing a file so that it is complete, or not there at all: how everything here writes what is to be kept."""

from __future__ import annotations

import os
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO


@contextmanager
def atomic_write(path: str | os.PathLike[str]) -> Iterator[BinaryIO]:
    """A new file to write to, which takes the place of ``path`` once the ``with`` block has ended without an error.

    Until then, whatever happens, what was at ``path`` stays there: a process that is killed, or a machine that loses
    its power, leaves the old file or the new one, never a part. FileNotFoundError if there is no such folder.

    Its name, until then, ends as that of ``path`` does.
    """
    target = Path(os.path.realpath(path))
    if not target.parent.is_dir():
        raise FileNotFoundError(f"cannot write {target.name}: there is no folder {target.parent}")
    # Beside it, since only on one disk is a move atomic.
    partial = target.with_name(f".{secrets.token_hex(8)}.partial{target.suffix}")
    try:
        with partial.open("xb") as file:
            yield file
            file.flush()
            os.fsync(file.fileno())
        partial.replace(target)
    finally:
        partial.unlink(missing_ok=True)
    if os.name == "posix":
        _sync(target.parent)


def write_whole(path: Path, content: bytes) -> None:
    """Write ``content`` to ``path`` as `atomic_write` does; the folder is made if there is none."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with atomic_write(path) as file:
        file.write(content)


def _sync(folder: Path) -> None:
    """Have the new name, which is part of the folder, reach the disk too."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
