"""Single operations, forward and backward, on operands of several sizes: what they cost beside their arithmetic."""

from __future__ import annotations

import importlib
from collections.abc import Callable
from dataclasses import dataclass
from itertools import product
from math import isqrt
from timeit import timeit
from typing import Any

import numpy as np

from benchmarks.configurations import Array
from benchmarks.peers import NUMPY

Function = Callable[..., Any]


@dataclass(frozen=True)
class Operation:
    """An operation on ``a`` and ``b``, for Tensors and for arrays, and its gradients, of (g, a, b, y), for arrays."""

    tensors: Function
    arrays: Function
    gradients: Function


OPERATIONS = {
    "a * b": Operation(lambda a, b: a * b, lambda a, b: a * b, lambda g, a, b, y: (g * b, g * a)),
    "a + b": Operation(lambda a, b: a + b, lambda a, b: a + b, lambda g, a, b, y: (g, g)),
    "exp(a)": Operation(lambda a, b: a.exp(), lambda a, b: np.exp(a), lambda g, a, b, y: g * y),
    "relu(a)": Operation(lambda a, b: a.relu(), lambda a, b: np.maximum(a, 0), lambda g, a, b, y: g * (y > 0)),
    "sum(a)": Operation(lambda a, b: a.sum(), lambda a, b: a.sum(), lambda g, a, b, y: np.full_like(a, g)),
    "a @ b": Operation(lambda a, b: a @ b, lambda a, b: a @ b, lambda g, a, b, y: (g @ b.T, a.T @ g)),
}
SIZES = (4, 64, 1024, 16_384, 262_144)
DIRECTIONS = ("forward", "forward and backward")
# Small ones first: after a large one the threads of a library may go on spinning for a while.
CELLS = list(product(SIZES, DIRECTIONS, OPERATIONS))


class OperationsSession:
    """All `OPERATIONS` on all `SIZES`, by the library ``peer``: NumPy by hand, or one that has PyTorch's names."""

    def __init__(self, peer: str) -> None:
        work = _work_by_hand if peer == NUMPY else _work_of(importlib.import_module(peer))
        self._work = [work(direction, OPERATIONS[name], *_operands(name, size)) for size, direction, name in CELLS]
        self._loops = [1] * len(CELLS)

    def warm_up(self, seconds: float) -> None:
        """Run, and so find out how often to do each so that it takes at least that long in a turn."""
        for place, work in enumerate(self._work):
            work()
            while timeit(work, number=self._loops[place]) < seconds:
                self._loops[place] *= 2

    def turn(self) -> list[float]:
        """The seconds that each of `CELLS` takes once."""
        return [timeit(work, number=loops) / loops for work, loops in zip(self._work, self._loops, strict=True)]


def _operands(name: str, size: int) -> tuple[Array, Array]:
    shape = (isqrt(size), isqrt(size)) if name == "a @ b" else (size,)
    random = np.random.default_rng(0)
    a, b = (random.uniform(-1, 1, shape).astype(np.float32) for _ in range(2))
    return a, b


def _work_by_hand(direction: str, operation: Operation, a: Array, b: Array) -> Callable[[], Any]:
    forward, gradients = operation.arrays, operation.gradients
    g = np.ones_like(forward(a, b))

    def both() -> Any:
        return gradients(g, a, b, forward(a, b))

    return both if direction != "forward" else lambda: forward(a, b)


def _work_of(library: Any) -> Function:
    def work(direction: str, operation: Operation, a_values: Array, b_values: Array) -> Callable[[], Any]:
        forward = operation.tensors
        a, b = (library.from_numpy(values).requires_grad_() for values in (a_values, b_values))
        g = library.ones_like(forward(a, b).detach())

        def both() -> None:
            forward(a, b).backward(g)
            a.grad = b.grad = None

        return both if direction != "forward" else lambda: forward(a, b)

    return work
