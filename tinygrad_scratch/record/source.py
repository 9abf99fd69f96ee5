"""Functions made of text while the program runs, known to tracebacks and debuggers as if they stood in a file."""

from __future__ import annotations

import linecache
from collections.abc import Mapping
from typing import Any


def compiled(source: str, title: str, names: Mapping[str, Any]) -> dict[str, Any]:
    """What ``source`` defines, given what the ``names`` in it stand for. Tracebacks call it ``title`` and show it.

    >>> compiled("def twice(x):\\n    return two * x", "twice", {"two": 2})["twice"](4)
    8
    """
    filename = f"<tinygrad_scratch: {title}>"
    linecache.cache[filename] = len(source), None, source.splitlines(keepends=True), filename
    namespace = dict(names)
    exec(compile(source, filename, "exec"), namespace)
    return namespace
