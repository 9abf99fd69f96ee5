"""The names that examples in docstrings may use without importing them."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

import tinygrad_scratch as tg


@pytest.fixture(autouse=True)
def _names_for_doctests(doctest_namespace: dict[str, Any]) -> None:
    doctest_namespace.update(np=np, tg=tg)
