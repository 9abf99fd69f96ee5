"""The examples of operations run, and the type stubs that are written from the tables are up to date."""

from __future__ import annotations

import doctest
import inspect
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

import tinygrad_scratch as tg
from tinygrad_scratch import stubs
from tinygrad_scratch.record.operation import FUNCTIONS, METHODS

FLAGS = doctest.NORMALIZE_WHITESPACE | doctest.ELLIPSIS
DOCUMENTED = {id(function): (name, function) for name, function in reversed(FUNCTIONS.items())}.values()


def example_of(name: str, function: Callable[..., Any]) -> doctest.DocTest:
    text = inspect.cleandoc(function.__doc__ or "")
    return doctest.DocTestParser().get_doctest(text, {"np": np, "tg": tg}, name, None, 0)


@pytest.mark.parametrize(("name", "function"), DOCUMENTED, ids=lambda value: value if isinstance(value, str) else "")
def test_the_example_of_an_operation_runs(name: str, function: Callable[..., Any]) -> None:
    assert function.__doc__, f"{name} says nothing about itself"
    failures: list[str] = []
    doctest.DocTestRunner(optionflags=FLAGS).run(example_of(name, function), out=failures.append)
    assert not failures, "".join(failures)


@pytest.mark.parametrize("name", [name for name in METHODS if name not in FUNCTIONS])
def test_the_example_of_a_method_runs(name: str) -> None:
    failures: list[str] = []
    doctest.DocTestRunner(optionflags=FLAGS).run(example_of(name, METHODS[name]), out=failures.append)
    assert not failures, "".join(failures)


def test_every_operation_has_an_example() -> None:
    without = sorted(name for name, function in DOCUMENTED if not example_of(name, function).examples)
    assert without == []


def test_the_stubs_are_up_to_date() -> None:
    assert (stubs.PACKAGE / "__init__.pyi").read_text() == stubs.package_stub()
    assert (stubs.PACKAGE / "methods.pyi").read_text() == stubs.methods_stub()
