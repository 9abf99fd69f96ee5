"""What all tests share: ``tg`` and ``np`` in doctests, and a clean slate of global settings around every test."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

import tinygrad_scratch as tg


@pytest.fixture(autouse=True)
def _fixed_seed_and_defaults() -> Iterator[None]:
    tg.manual_seed(0)
    yield
    assert tg.get_default_dtype() == tg.float32, "a test changed the default dtype and left it so"
    assert tg.is_grad_enabled(), "a test switched recording off and left it so"
