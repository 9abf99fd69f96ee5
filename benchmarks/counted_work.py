"""What a training step costs in counted work, with no clock: the same on every machine, however busy it is.

``python -m benchmarks.counted_work`` prints the table that ``tests/engine/test_counted_work.py`` expects.
"""

from __future__ import annotations

import gc
import sys
from collections.abc import Callable, Mapping
from functools import partial
from pathlib import Path
from types import FrameType
from typing import Any, NamedTuple

import numpy as np

import tinygrad_scratch as tg
from benchmarks.configurations import (
    BINARY_CROSS_ENTROPY,
    SMALL,
    Configuration,
    batches_of_digits,
    batches_of_xor,
    first_parameters,
)
from benchmarks.peers.this_project import Trainer
from benchmarks.sessions.memory import saved_arrays
from tinygrad_scratch.record.node import topological_order

HERE, NUMPY = str(Path(__file__).parent), str(Path(np.__file__).parent)

# Python 3.12 and later run them in place, without a call.
COMPREHENSIONS = ("<listcomp>", "<dictcomp>", "<setcomp>")


class Calls(NamedTuple):
    """Calls of functions, other than by NumPy or the benchmarks themselves.

    ``python``  of functions in Python: this project's and the standard library's, generators each time they go on
    ``c``       from those, of functions and methods in C; not of operators, ufuncs and classes, which Python hides
    ``numpy``   of NumPy's functions that are written in Python, around those that are not
    """

    python: int
    c: int
    numpy: int


class Work(NamedTuple):
    """Work of one step: its calls (see `Calls`), and its graph.

    ``nodes`` is how many nodes that has, and ``arrays`` how many arrays it saves for the backward pass, beside
    parameters and batch, in so many ``bytes``.
    """

    python: int
    c: int
    numpy: int
    nodes: int
    arrays: int
    bytes: int


def work_of_steps() -> dict[str, Work]:
    """The work of a training step, forward, backward and update, of each of the small networks."""
    return {str(configuration): work_of_step(configuration) for configuration in SMALL}


def work_of_step(configuration: Configuration) -> Work:
    """The work of a training step, after some have been made."""
    trainer = Trainer(configuration, first_parameters(configuration))
    batches = trainer.prepare(*_batches(configuration, 3))
    trainer.train(batches)
    of_three, of_two = (calls_of(partial(trainer.train, batches[:count])) for count in (3, 2))
    calls = [more - less for more, less in zip(of_three, of_two, strict=True)]  # without what is done once for all
    x, y = batches[0]
    loss = trainer.forward(x, y)
    saved = saved_arrays(loss, (x, y, *trainer.model.parameters()))
    nodes = len(topological_order([loss.node]))
    return Work(*calls, nodes, len(saved), sum(array.nbytes for array in saved))


def calls_of_multiplication() -> dict[str, Calls]:
    """The calls of one multiplication of 4 numbers, forward and then backward."""
    a, b, gradient = tg.rand(4, requires_grad=True), tg.rand(4, requires_grad=True), tg.ones(4)
    (a * b * 2.0).backward(gradient)  # the first time, there is more to do
    a.grad = b.grad = None
    results: list[tg.Tensor] = []
    return {
        "forward": calls_of(lambda: results.append(a * b)),
        "by a number": calls_of(lambda: a * 2.0),
        "backward": calls_of(lambda: results[0].backward(gradient)),
    }


def calls_of(work: Callable[[], Any]) -> Calls:
    """The calls that ``work`` makes."""
    python: list[str] = []  # the files of the functions
    c: list[str] = []  # the files that the calls are in

    def note(frame: FrameType, event: str, _: Any) -> None:
        code = frame.f_code
        if event == "call" and code.co_name not in COMPREHENSIONS:
            python.append(code.co_filename)
        elif event == "c_call":
            c.append(code.co_filename)

    profiler, collects = sys.getprofile(), gc.isenabled()
    gc.disable()  # others may have functions called whenever garbage is collected
    sys.setprofile(note)
    try:
        work()
    finally:
        sys.setprofile(profiler)
        if collects:
            gc.enable()
    return Calls(
        python=sum(not file.startswith((HERE, NUMPY)) for file in python),
        c=sum(not file.startswith((HERE, NUMPY)) for file in c),
        numpy=sum(file.startswith(NUMPY) for file in python),
    )


def _batches(configuration: Configuration, count: int) -> tuple[Any, Any]:
    if configuration.loss == BINARY_CROSS_ENTROPY:
        return batches_of_xor(count)
    random = np.random.default_rng(0)
    samples = count * configuration.batch
    images = random.random((samples, configuration.sizes[0]), np.float32)
    return batches_of_digits(configuration, images, random.integers(10, size=samples))


def _print_table(name: str, rows: Mapping[str, Calls | Work]) -> None:
    print(f"{name} = {{")
    for what, work in rows.items():
        print(f'    "{what}": {work},')
    print("}")


if __name__ == "__main__":
    _print_table("STEPS", work_of_steps())
    _print_table("MULTIPLICATION", calls_of_multiplication())
