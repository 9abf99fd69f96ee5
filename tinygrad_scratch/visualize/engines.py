"""Graphviz, which lays pictures out: the system's ``dot`` if there is one, else the one that pygraphviz brings along.

Either runs as a process of its own, so that one that hangs can be stopped and one that crashes takes nothing with it.
"""

from __future__ import annotations

import shutil
import subprocess
import sys
from importlib.util import find_spec

HOW_TO_INSTALL = "to draw it, install Graphviz: pip install 'tinygrad-scratch[viz]', or your system's package graphviz"
TIME_LIMIT = 60.0  # seconds

_PYGRAPHVIZ = """
import sys, pygraphviz
graph = pygraphviz.AGraph(string=sys.stdin.buffer.read().decode())
sys.stdout.buffer.write(graph.draw(format=sys.argv[1], prog="dot"))
"""
# How a file of each format ends if it is complete.
_ENDINGS = {"svg": b"</svg>", "png": b"IEND\xaeB`\x82", "pdf": b"%%EOF"}


class RenderingError(RuntimeError):
    """The Graphviz engine failed, hung or gave an incomplete picture; the message says which, and what it said."""


def find_engine() -> list[str] | None:
    """The command that lays out the DOT text on its input, but for the format; None if no engine is installed."""
    dot = shutil.which("dot")
    if dot is not None:
        return [dot, "-T"]
    if find_spec("pygraphviz") is not None:
        return [sys.executable, "-c", _PYGRAPHVIZ, ""]
    return None


def check_format(format: str) -> None:
    """ValueError unless pictures of that format can be made."""
    if format not in _ENDINGS:
        raise ValueError(f"a picture can be saved as .svg, .png, .pdf or .dot, not as {format!r}")


def rendered(source: str, format: str, time_limit: float = TIME_LIMIT) -> bytes:
    """The picture of the DOT text ``source`` as the content of a file of ``format``: svg, png or pdf.

    Raises `RenderingError` if there is no engine, if it fails, or if it takes longer than ``time_limit`` seconds.
    """
    check_format(format)
    engine = find_engine()
    if engine is None:
        raise RenderingError(HOW_TO_INSTALL)
    command = [*engine[:-1], engine[-1] + format]
    try:
        done = subprocess.run(command, input=source.encode(), capture_output=True, timeout=time_limit, check=False)
    except subprocess.TimeoutExpired:
        raise RenderingError(
            f"Graphviz did not finish within {time_limit:g} s; draw less at once, with depth=1 for instance"
        ) from None
    if done.returncode or not done.stdout.rstrip().endswith(_ENDINGS[format]):
        said = done.stderr.decode(errors="replace").strip() or "nothing"
        raise RenderingError(f"Graphviz gave no complete {format} (exit code {done.returncode}); it said: {said}")
    return done.stdout
