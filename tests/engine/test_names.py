"""Public names are real: modules, pickles, signatures, help and sources know the operations by them."""

from __future__ import annotations

import inspect
import pickle
import pydoc
import re
from collections.abc import Callable
from types import FunctionType
from typing import Any

import pytest

import nn
import nn.datasets
import tinygrad_scratch as tg
import tinygrad_scratch.visualize
from tinygrad_scratch.record.operation import FUNCTIONS, METHODS

FACES = ("tinygrad_scratch", "tinygrad_scratch.linalg", "tinygrad_scratch.special")
PACKAGES = (tg, tg.autograd, tg.func, tg.visualize, nn, nn.utils, nn.data, nn.datasets, nn.optim, nn.optim.lr_scheduler)
OPERATIONS = pytest.mark.parametrize("name", FUNCTIONS)


def public(name: str) -> Any:
    value: Any = tg
    for part in name.split("."):
        value = getattr(value, part)
    return value


@OPERATIONS
def test_an_operation_is_where_its_name_says(name: str) -> None:
    operation = public(name)
    assert operation.__module__ in FACES
    assert operation.__qualname__ == operation.__name__
    assert pickle.loads(pickle.dumps(operation)) is operation


@pytest.mark.parametrize("name", [name for name, value in METHODS.items() if isinstance(value, FunctionType)])
def test_a_method_is_where_its_name_says(name: str) -> None:
    method = getattr(tg.Tensor, name)
    assert method.__module__ in FACES
    assert pickle.loads(pickle.dumps(method)) is method


@pytest.mark.parametrize("package", PACKAGES, ids=lambda package: package.__name__)
def test_what_a_package_offers_is_where_its_name_says(package: Any) -> None:
    for value in [getattr(package, name) for name in package.__all__]:
        if getattr(value, "__module__", "").startswith("tinygrad_scratch") and isinstance(value, FunctionType | type):
            assert pickle.loads(pickle.dumps(value)) is value
            if isinstance(value, FunctionType) or issubclass(value, Exception):
                assert value.__module__ in {package.__name__, *FACES}
            if not (isinstance(value, type) and issubclass(value, Exception)):
                assert inspect.getsource(value)


@pytest.mark.parametrize("package", [tg, nn, nn.functional])
def test_a_package_lists_what_it_offers_and_no_helpers(package: Any) -> None:
    assert {"Tensor", "Linear", "relu"} & set(dir(package))
    assert not {"Any", "annotations", "np", "offered", "FUNCTIONS", "check_sizes"} & set(dir(package))


def test_exceptions_have_the_names_that_users_write() -> None:
    assert f"{tg.CheckpointError.__module__}.{tg.CheckpointError.__qualname__}" == "tinygrad_scratch.CheckpointError"
    assert tg.autograd.AnomalyError.__module__ == "tinygrad_scratch.autograd"
    assert nn.datasets.DataError.__module__ == "tinygrad_scratch.nn.datasets"


@OPERATIONS
def test_the_source_of_an_operation_is_its_row_or_definition(name: str) -> None:
    source = inspect.getsource(public(name))
    written = public(name).__name__.removesuffix("_")  # what writes in place has the source of what it writes
    assert re.match(rf"{written}(: Unary)? = \w+\(|(@.*\n)*def {written}\(", source)
    assert source.startswith(("@", "def")) or source.endswith(")\n")


@pytest.mark.parametrize(
    ("operation", "signature"),
    [
        (tg.exp, "(input: 'Tensor') -> 'Tensor'"),
        (tg.multiply, "(input: 'Operand', other: 'Operand') -> 'Tensor'"),
        (tg.special.entr, "(input: 'Tensor') -> 'Tensor'"),
        (tg.Tensor.hypot, "(input: 'Operand', other: 'Operand') -> 'Tensor'"),
        (tg.linalg.vecdot, "(x: 'Tensor', y: 'Tensor', *, dim: 'int' = -1) -> 'Tensor'"),
    ],
)
def test_signatures(operation: Callable[..., Any], signature: str) -> None:
    assert str(inspect.signature(operation)) == signature


def test_inputs_can_be_given_by_name() -> None:
    x = tg.tensor([1.0, 2.0])
    assert tg.exp(input=x).equal(x.exp())
    assert tg.multiply(input=x, other=3).equal(tg.tensor([3.0, 6.0]))
    assert tg.Tensor.hypot(x, other=x).equal(x * 2**0.5)


def test_help() -> None:
    text = pydoc.plain(pydoc.render_doc(tg.exp)).replace("'", "")
    assert [line.strip() for line in text.splitlines() if line.strip()] == [
        "Python Library Documentation: function exp in module tinygrad_scratch",
        "exp(input: Tensor) -> Tensor",
        "eˣ, elementwise.",
        ">>> tg.exp(tg.tensor([0, 1]))",
        "tensor([1.0000, 2.7183])",
    ]


@tg.primitive(x=lambda g, x, power: g * power * x ** (power - 1))
def to_the(x: Any, *, power: int = 2) -> Any:
    """x to the ``power``."""
    return x**power


def test_a_primitive_of_ones_own() -> None:
    assert pickle.loads(pickle.dumps(to_the)) is to_the
    assert str(inspect.signature(to_the)) == "(x: 'Any', *, power: 'int' = 2) -> 'Any'"
    assert inspect.getsource(to_the).startswith("@tg.primitive(x=lambda g")
    assert to_the.__doc__ == "x to the ``power``."
