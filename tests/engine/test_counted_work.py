"""The work of a training step, counted and not timed: a change that makes the engine do more, or less, shows here.

If less, or if it is worth it, put in what ``python -m benchmarks.counted_work`` prints. The numbers are the same under
Python 3.11 to 3.13 and on every machine.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from functools import partial
from typing import Any

import pytest

import nn
import tinygrad_scratch as tg
from benchmarks.configurations import SMALL, Configuration
from benchmarks.counted_work import Calls, Work, calls_of, calls_of_multiplication, work_of_step
from tests.visualize.graphs import chain
from tinygrad_scratch import visualize
from tinygrad_scratch.record.tensor import View

STEPS = {
    "XOR 2-8-1, SGD": Work(python=104, c=134, numpy=4, nodes=8, arrays=2, bytes=144),
    "XOR 2-8-1, Adam": Work(python=104, c=134, numpy=4, nodes=8, arrays=2, bytes=144),
    "784-64-64-10, one sample, SGD": Work(python=154, c=211, numpy=6, nodes=13, arrays=3, bytes=552),
    "784-128-10, batch 32, SGD": Work(python=122, c=157, numpy=5, nodes=8, arrays=2, bytes=17664),
    "784-128-10, batch 32, Adam": Work(python=122, c=157, numpy=5, nodes=8, arrays=2, bytes=17664),
    "784-256-128-10, batch 128, SGD": Work(python=167, c=224, numpy=10, nodes=12, arrays=3, bytes=201728),
    "784-256-128-10, batch 128, Adam": Work(python=167, c=224, numpy=10, nodes=12, arrays=3, bytes=201728),
}
MULTIPLICATION = {
    "forward": Calls(python=4, c=7, numpy=0),
    "by a number": Calls(python=7, c=14, numpy=0),
    "backward": Calls(python=22, c=24, numpy=0),
}


def test_every_configuration_that_is_counted_has_a_line() -> None:
    assert list(STEPS) == [str(configuration) for configuration in SMALL]


@pytest.mark.parametrize("configuration", SMALL, ids=str)
def test_work_of_a_training_step(configuration: Configuration) -> None:
    assert work_of_step(configuration) == STEPS[str(configuration)]


def test_calls_of_a_multiplication() -> None:
    assert calls_of_multiplication() == MULTIPLICATION


def test_calls_are_counted_by_who_makes_them() -> None:
    def square(x: int) -> int:
        return pow(x, 2)

    assert calls_of(lambda: [square(i) for i in range(5)]) == Calls(python=6, c=5, numpy=0)


def nested(depth: int) -> nn.Module:
    module: nn.Module = nn.Identity()
    for _ in range(depth):
        module = nn.Sequential(module)
    return module


def called_lists(length: int) -> nn.Module:
    class Net(nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.layers = nn.ModuleList(nn.Identity() for _ in range(length))

        def forward(self, x: tg.Tensor) -> tg.Tensor:
            for layer in self.layers:
                x = layer(x)
            return x

    return Net()


LONG: dict[str, Callable[[int], Callable[[], Any]]] = {
    "first call of a Sequential": lambda n: partial(nn.Sequential(*[nn.Identity() for _ in range(n)]), X),
    "first call of modules in a list": lambda n: partial(called_lists(n), X),
    "a list of modules": lambda n: partial(nn.ModuleList, [nn.Identity() for _ in range(n)]),
    "a walk through modules in modules": lambda n: partial(list, nested(n).named_parameters()),
    "apply": lambda n: partial(nested(n).apply, id),
    "a picture": lambda n: partial(visualize.draw, chain(n), depth=math.inf),
}
X = tg.ones(1)


@pytest.mark.parametrize("name", LONG)
def test_what_is_twice_as_long_takes_twice_the_calls(name: str) -> None:
    LONG[name](1)()  # the first time, there is more to do
    first, second, third = (calls_of(LONG[name](length)) for length in (200, 400, 800))
    for shortest, middle, longest in zip(first, second, third, strict=True):
        assert longest - middle == 2 * (middle - shortest)


def test_each_view_of_a_chain_keeps_only_its_own_step() -> None:
    views = [tg.ones(2, 2)]
    for _ in range(50):
        views.append(views[-1].t())
    slots = [getattr(view._view, slot) for view in views[1:] for slot in View.__slots__]
    assert sum(len(value) for value in slots if isinstance(value, tuple)) == 50
    views[-1][0, 1] = 7
    assert views[0].tolist() == [[1, 7], [1, 1]]
