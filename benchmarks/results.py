"""What a benchmark found, in a form that can be written to a JSON file."""

from __future__ import annotations

from dataclasses import dataclass, field
from statistics import median, quantiles
from typing import Any


@dataclass
class Comparison:
    """One task, and what it took each contender.

    ``part`` and ``group`` say where in the report it stands, and ``task`` is its line there. If it has a ``size``, it
    is in a plot a point of the curve ``series`` of its group. ``values``, in ``unit`` ("s" or "bytes"), has one for
    each round that a contender took part in; all have been through the same rounds. ``absent`` says why others did not
    take part, and ``failed`` what went wrong with some that did. ``notes`` has what else was counted.
    """

    part: str
    group: str
    task: str
    unit: str
    series: str = ""
    size: float | None = None
    values: dict[str, list[float]] = field(default_factory=dict)
    absent: dict[str, str] = field(default_factory=dict)
    failed: dict[str, str] = field(default_factory=dict)
    notes: dict[str, dict[str, Any]] = field(default_factory=dict)

    def typical(self, name: str) -> float:
        """The median of a contender's values."""
        return median(self.values[name])

    def spread(self, name: str) -> tuple[float, float]:
        """The quartiles, between which half of a contender's values lie, of which there must be two or more."""
        low, _, high = quantiles(self.values[name], n=4, method="inclusive")
        return low, high

    def ratio(self, name: str, to: str) -> float | None:
        """The median, over the rounds, of a contender's value divided by another's; None if one was absent."""
        if name not in self.values or to not in self.values:
            return None
        pairs = zip(self.values[name], self.values[to], strict=True)
        return median(value / other for value, other in pairs)


@dataclass
class Report:
    """Everything that a run found.

    ``machine`` describes it in words, and ``warnings`` says what makes the figures doubtful. ``contenders`` has for
    each its ``versions``, ``settings`` and ``thread_pools``, or why it is ``missing``.
    """

    started: str
    command: str
    machine: dict[str, str]
    warnings: list[str]
    contenders: dict[str, dict[str, Any]]
    comparisons: list[Comparison]

    @property
    def failures(self) -> list[str]:
        """What went wrong, with whom, on which task."""
        return [
            f"{comparison.task}: {name}: {reason}"
            for comparison in self.comparisons
            for name, reason in comparison.failed.items()
        ]
