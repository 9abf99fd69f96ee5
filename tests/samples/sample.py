"""Sample calls of every operation: what the registry-driven tests run, each in all the ways there are.

A sample is a call, written once for whichever package ``T`` stands for (this one or PyTorch), its operands as NumPy
arrays and, where NumPy or SciPy has the answer, the same call in their words. The gradients checked are those of the
floating point operands that are not written as capitals. An operation without samples fails the suite.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

Array = np.ndarray[Any, np.dtype[Any]]
Domain = Callable[[np.random.Generator, tuple[int, ...]], Array]

SAMPLES: list[Sample] = []


@dataclass(frozen=True)
class Sample:
    """``call`` is an expression in ``T`` and the operands, ``expected`` one in ``np``, ``special`` and the operands."""

    operation: str
    call: str
    operands: Mapping[str, Array]
    expected: str | None = None
    label: str = ""

    def __str__(self) -> str:
        return f"{self.call} {self.label}".strip()

    def run(self, package: Any, operands: Mapping[str, Any]) -> Any:
        return eval(self.call, {"T": package}, dict(operands))

    @property
    def differentiable(self) -> list[str]:
        return [name for name, array in self.operands.items() if array.dtype.kind == "f" and not name.isupper()]


# Where operands come from


def normal(random: np.random.Generator, shape: tuple[int, ...]) -> Array:
    return np.asarray(random.standard_normal(shape))


def between(low: float, high: float) -> Domain:
    return lambda random, shape: np.asarray(random.uniform(low, high, shape))


def away_from_zero(random: np.random.Generator, shape: tuple[int, ...]) -> Array:
    return np.asarray(random.uniform(0.5, 2.5, shape) * random.choice([-1.0, 1.0], shape))


def away_from_kinks(random: np.random.Generator, shape: tuple[int, ...]) -> Array:
    """Values a little above multiples of 0.25, of which the kinks of activation functions are some."""
    return np.asarray(random.integers(-16, 16, shape) / 4 + random.uniform(0.05, 0.2, shape))


def truth(random: np.random.Generator, shape: tuple[int, ...]) -> Array:
    return np.asarray(random.random(shape) < 0.5)


def distinct(random: np.random.Generator, shape: tuple[int, ...]) -> Array:
    """Values far enough from each other that a small step does not change their order."""
    return (random.permutation(int(np.prod(shape))).reshape(shape) - 2) / 2.0


positive = between(0.5, 2.5)
unit = between(0.1, 0.9)


def layouts(domain: Domain) -> Iterator[tuple[str, Array]]:
    """Arrays of ordinary and nasty shapes and memory layouts."""
    random = np.random.default_rng(0)
    for shape in ((2, 3), (), (1,), (0,), (2, 0, 3), (2, 1, 3)):
        yield str(shape), domain(random, shape)
    yield "transposed", domain(random, (3, 2)).T
    yield "strided", domain(random, (4, 3))[::2]
    yield "reversed", domain(random, (4,))[::-1]
    yield "repeated", np.broadcast_to(domain(random, (3,)), (2, 3))


def broadcasts() -> Iterator[tuple[tuple[int, ...], tuple[int, ...]]]:
    yield from (((2, 3), (2, 3)), ((2, 3), (3,)), ((3,), (2, 3)), ((2, 1), (1, 3)), ((), (2, 3)), ((2, 3), ()))
    yield from (((), ()), ((0, 3), (1, 3)), ((1,), (2, 2, 1)))


# How samples are noted down


def unary(operation: str, expected: str | None = None, domain: Domain = normal, *calls: str) -> None:
    for label, x in layouts(domain):
        SAMPLES.append(Sample(operation, f"T.{operation}(x)", {"x": x}, expected, label))
    more(operation, *calls, x=domain(np.random.default_rng(1), (2, 3)))


def binary(operation: str, expected: str | None, x: Domain, y: Domain, *calls: str) -> None:
    random = np.random.default_rng(0)
    for left, right in broadcasts():
        operands = {"x": x(random, left), "y": y(random, right)}
        SAMPLES.append(Sample(operation, f"T.{operation}(x, y)", operands, expected, f"{left} {right}"))
    more(operation, *calls, x=x(random, (3, 2)).T, y=y(random, (2, 3)))


def more(operation: str, *calls: str, **operands: Array) -> None:
    """Any calls on the same operands; ``"call -> expected"`` also gives the answer."""
    label = " ".join(f"{name}:{array.shape}" for name, array in operands.items())
    for text in calls:
        call, _, expected = text.partition(" -> ")
        SAMPLES.append(Sample(operation, call, operands, expected or None, label))


def array(domain: Domain, *shape: int, seed: int = 0) -> Array:
    return domain(np.random.default_rng(seed), shape)
