"""The explorer's HTML file, put together from the sources beside this file."""

from __future__ import annotations

import html
import json
import re
from os import PathLike
from pathlib import Path
from posixpath import dirname, join, normpath
from typing import Any

from tinygrad_scratch.atomic_write import write_whole
from tinygrad_scratch.visualize.drawing import Role
from tinygrad_scratch.visualize.theme import DARK, LIGHT, Theme

_SOURCES = Path(__file__).parent
_START = "main.js"
_IMPORT = re.compile(r'^import (\{.*?\}) from "(.*?)";$', re.MULTILINE | re.DOTALL)
_EXPORT = re.compile(r"^export (?=(?:function|class|const) (\w+))", re.MULTILINE)
_FRAME_HEIGHT = 640  # pixels, in a notebook


class Explorer:
    """A page in which a graph can be explored: ``html`` is all of it. Notebooks show it."""

    def __init__(self, content: dict[str, Any]) -> None:
        self.html = _page(content)

    def save(self, path: str | PathLike[str]) -> Path:
        """Write the page to a file, which needs nothing else to work; returns its path."""
        path = Path(path)
        write_whole(path, self.html.encode())
        return path

    def _repr_html_(self) -> str:
        return (
            f'<iframe srcdoc="{html.escape(self.html)}" width="100%" height="{_FRAME_HEIGHT}" '
            'style="border: 1px solid #8884; border-radius: 8px" title="Graph explorer"></iframe>'
        )


def _page(content: dict[str, Any]) -> str:
    # In a script element, "<" could start a comment or end the element.
    graph = json.dumps(content, ensure_ascii=False, separators=(",", ":"), allow_nan=False).replace("<", "\\u003c")
    parts = {
        "title": html.escape(content["title"]),
        "style": _colours() + _source("style.css"),
        "graph": graph,
        "script": _script(),
    }
    return re.sub(r"\{\{(\w+)\}\}", lambda place: parts[place[1]], _source("page.html"))


def _source(name: str) -> str:
    return (_SOURCES / name).read_text(encoding="utf-8")


def _script() -> str:
    functions: dict[str, str] = {}
    _add_module(_START, functions)
    return "\n".join(("const modules = {};", *functions.values()))


def _add_module(name: str, functions: dict[str, str]) -> None:
    """Add the module ``name`` as a function that returns what it exports, after those that it imports from.

    One file cannot hold several modules that import from each other; as functions, each keeps its own names.
    """
    if name in functions:
        return
    source = _source(name)

    def imported(match: re.Match[str]) -> str:
        path = normpath(join(dirname(name), match[2]))
        _add_module(path, functions)
        return f'const {match[1]} = modules["{path}"];'

    body = _EXPORT.sub("", _IMPORT.sub(imported, source))
    exported = ", ".join(_EXPORT.findall(source))
    functions[name] = f'modules["{name}"] = (() => {{\n{body}\nreturn {{ {exported} }};\n}})();\n'


def _colours() -> str:
    """The themes as custom properties of CSS: the light one, and the dark one where the system asks for it."""
    return (
        f":root {{\n{_properties(LIGHT)}}}\n@media (prefers-color-scheme: dark) {{ :root {{\n{_properties(DARK)}}} }}\n"
    )


def _properties(theme: Theme) -> str:
    even, odd = theme.clusters
    colours = {
        "background": theme.background,
        "text": theme.text,
        "muted": theme.muted,
        "edge": theme.edge,
        "frame-even": even.fill,
        "frame-odd": odd.fill,
        "frame-line": even.line,
        "now": theme.boxes[Role.INPUT].line,
        "gradient": theme.gradient,
        "gradient-fill": theme.boxes[Role.GRADIENT].fill,
        "gradient-negative": theme.gradient_negative,
        "positive": theme.boxes[Role.INPUT].line,
        "negative": theme.boxes[Role.PARAMETER].line,
        "alarm": theme.alarm,
    }
    for role, paint in theme.boxes.items():
        colours |= {f"{role}-fill": paint.fill, f"{role}-line": paint.line}
    return "".join(f"  --{name}: {colour};\n" for name, colour in colours.items())
