"""Denormals are flushed where that is asked for: in a block, in a thread, and nowhere else."""

from __future__ import annotations

import platform
import sys
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import numpy as np
import pytest

import tinygrad_scratch as tg
from tinygrad_scratch import denormals
from tinygrad_scratch.denormals import flushing_denormals

pytestmark = pytest.mark.skipif(not tg.set_flush_denormal(False), reason="this system cannot flush denormals")
HERE = (sys.platform, platform.machine())


def flushed() -> set[bool]:
    """Whether denormals are zeros: as operands and as results, in both dtypes, of few numbers and of many."""
    tiny = [np.full(count, np.finfo(dtype).tiny) for dtype in (np.float32, np.float64) for count in (1, 100)]
    results = [(values * 0.5).tolist() for values in tiny]
    operands = [(np.nextafter(values * 0, values) * 2.0**30).tolist() for values in tiny]
    return {value == 0 for values in results + operands for value in values}


@pytest.fixture(autouse=True)
def _not_flushing_afterwards() -> Iterator[None]:
    yield
    left = flushed()
    tg.set_flush_denormal(False)
    assert left == {False}


def test_denormals_are_zeros_inside_and_numbers_again_outside() -> None:
    assert flushed() == {False}
    with flushing_denormals():
        assert flushed() == {True}
    assert flushed() == {False}


def test_normal_numbers_stay_as_they_are() -> None:
    values = np.random.default_rng(0).standard_normal(1000, np.float32) * np.float32(1e-30)
    expected = [(values * 0.7).tolist(), np.exp(values).tolist(), (values / (np.sqrt(np.abs(values)) + 1)).tolist()]
    with flushing_denormals():
        found = [(values * 0.7).tolist(), np.exp(values).tolist(), (values / (np.sqrt(np.abs(values)) + 1)).tolist()]
    assert found == expected


def test_blocks_may_be_nested() -> None:
    with flushing_denormals():
        with flushing_denormals():
            assert flushed() == {True}
        assert flushed() == {True}
        tg.set_flush_denormal(False)
        with flushing_denormals():
            assert flushed() == {True}
        assert flushed() == {False}
    assert flushed() == {False}


def test_an_exception_ends_the_block() -> None:
    with pytest.raises(ZeroDivisionError), flushing_denormals():
        1 / 0  # noqa: B018
    assert flushed() == {False}


def test_each_thread_decides_for_itself() -> None:
    with ThreadPoolExecutor(1) as pool:
        assert pool.submit(flushed).result() == {False}  # the thread starts here: it would begin with what holds
        with flushing_denormals():
            assert pool.submit(flushed).result() == {False}
            assert flushed() == {True}
        pool.submit(tg.set_flush_denormal, True).result()
        assert pool.submit(flushed).result() == {True}
        assert flushed() == {False}


def test_blocks_of_many_threads_at_once() -> None:
    def work(flush: bool) -> bool:
        for _ in range(200):
            if flush:
                with flushing_denormals():
                    right = flushed() == {True}
            else:
                right = flushed() == {False}
            if not right:
                return False
        return flushed() == {False}

    with ThreadPoolExecutor(8) as pool:
        assert all(pool.map(work, [True, False] * 8))


def test_flushing_from_here_on() -> None:
    assert tg.set_flush_denormal(True) is True
    assert flushed() == {True}
    with flushing_denormals():
        assert flushed() == {True}
    assert flushed() == {True}
    assert (tg.tensor([1e-30]) * tg.tensor([1e-10])).tolist() == [0]
    assert tg.set_flush_denormal(False) is True
    assert (tg.tensor([1e-30]) * tg.tensor([1e-10])).tolist() == [np.float32(1e-40)]


@pytest.mark.parametrize("way", denormals._WAYS[HERE])
def test_every_way_of_this_system(way: Callable[[], Any]) -> None:
    control = way()
    before = control.buffer()
    control.read(before)
    flushing = control.buffer()
    control.read(flushing)
    flushing[control.word] |= control.flush
    control.write(flushing)
    inside = flushed()
    control.write(before)
    assert inside == {True}
    assert flushed() == {False}


def test_a_system_without_a_way_goes_on_without(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "platform", "unknown")
    control = denormals._control()
    buffer = control.buffer()
    control.read(buffer)
    buffer[control.word] |= control.flush
    control.write(buffer)
    assert control.flush == 0
    assert flushed() == {False}
