"""What a package offers says that it is from there, and not from a file within, in help, tracebacks and pickles."""

from __future__ import annotations

from collections.abc import Mapping
from types import FunctionType
from typing import Any


def offered(package: Mapping[str, Any]) -> None:
    """Give the functions and exceptions in a package's ``__all__`` its name as their module.

    Other classes keep that of their file, since it is there that Python looks for the source of a class.
    """
    for name in package["__all__"]:
        value = package[name]
        is_exception = isinstance(value, type) and issubclass(value, Exception)
        if (isinstance(value, FunctionType) or is_exception) and value.__module__.startswith(f"{package['__name__']}."):
            value.__module__ = package["__name__"]
