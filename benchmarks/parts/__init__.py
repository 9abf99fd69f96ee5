"""The parts of a run: what each asks of the contenders, and the comparisons it makes of their answers."""

from collections.abc import Callable

from benchmarks.parts import accuracy, growth, imports, memory, mnist, models, overhead
from benchmarks.parts.run import Run
from benchmarks.results import Comparison

PARTS: dict[str, Callable[[Run], list[Comparison]]] = {
    "mnist": mnist.run,
    "models": models.run,
    "accuracy": accuracy.run,
    "overhead": overhead.run,
    "memory": memory.run,
    "imports": imports.run,
    "growth": growth.run,
}
