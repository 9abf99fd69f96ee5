"""Where data files lie, and how they get there."""

from __future__ import annotations

import os
import sys
import urllib.request
from collections.abc import Callable, Sequence
from contextlib import nullcontext
from pathlib import Path
from typing import Any

from tinygrad_scratch.engine import atomic_write


class DataError(ValueError):
    """A data file is missing, damaged, or not what it should be; the message says which, and what would be right."""


def data_folders() -> list[Path]:
    """Where data sets are looked for: the folder that TINYGRAD_SCRATCH_DATA names, if it is set, then the user's cache.

    What is downloaded goes to the last.
    """
    named = os.environ.get("TINYGRAD_SCRATCH_DATA")
    home = os.environ.get("LOCALAPPDATA" if sys.platform == "win32" else "XDG_CACHE_HOME")
    cache = (Path(home) if home else Path.home() / ".cache") / "tinygrad_scratch"
    return [Path(named), cache] if named else [cache]


def download(urls: Sequence[str], target: Path, check: Callable[[Path], None]) -> None:
    """Fetch ``target`` from the first of ``urls`` that has it and passes ``check``, which raises DataError otherwise.

    The file appears under its name only when it is complete and checked. DataError, with what was wrong at each
    address, if it is to be had from none.
    """
    target.parent.mkdir(parents=True, exist_ok=True)
    reasons = []
    for url in urls:
        try:
            with atomic_write(target) as file:
                _fetch(url, file.write)
                file.flush()
                check(Path(file.name))
        except (OSError, DataError) as error:
            reasons.append(f"{url}: {error}")
        else:
            return
    raise DataError(f"cannot download {target.name}:\n  " + "\n  ".join(reasons))


def _fetch(url: str, write: Callable[[bytes], Any]) -> None:
    with urllib.request.urlopen(url, timeout=20) as response:
        size = int(response.headers.get("Content-Length", 0)) or None
        with _progress_bar(size, url.rpartition("/")[2]) as bar:
            while chunk := response.read(1 << 16):
                write(chunk)
                if bar is not None:
                    bar.update(len(chunk))


def _progress_bar(size: int | None, name: str) -> Any:
    try:
        from tqdm import tqdm
    except ImportError:
        return nullcontext()
    return tqdm(total=size, desc=name, unit="B", unit_scale=True, leave=False)
