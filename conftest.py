"""The names that examples in docstrings may use without importing them."""

from __future__ import annotations

import builtins
from typing import Any

import numpy as np
import pytest

import tinygrad_scratch as tg


@pytest.fixture(autouse=True)
def _names_for_doctests(doctest_namespace: dict[str, Any]) -> None:
    # Python's own names as well: in the package, whose functions' examples run there, float and int are dtypes.
    doctest_namespace.update(vars(builtins), np=np, tg=tg)
