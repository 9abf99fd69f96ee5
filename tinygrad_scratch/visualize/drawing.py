"""A drawing: a graph as plain data, which every kind of picture is made from.

Boxes stand for tensors and operations, edges for the tensors that flow between them, and clusters for the modules that
ran. Nothing in it refers to a node or a tensor, so it can be looked at, transformed and stored after those are gone.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from typing import Any

import numpy as np

from tinygrad_scratch.visualize.summary import Contribution, Summary

Shape = tuple[int, ...]

_name_of = cache(str)  # of a dtype, which NumPy puts together each time


class Role(StrEnum):
    """What a box is: each role has its own shape and colour."""

    PARAMETER = "parameter"
    INPUT = "input"
    CONSTANT = "constant"
    OPERATION = "operation"
    OUTPUT = "output"
    MODULE = "module"  # or another group of boxes that is drawn as one
    GRADIENT = "gradient"  # of one of the boxes above


@dataclass(frozen=True, slots=True, eq=False)
class Cluster:
    """A call of a module, with its ``path`` and class (``kind``), or another group of boxes, which has neither."""

    title: str
    parent: Cluster | None = None
    path: str = ""
    kind: str = ""

    def upwards(self) -> Iterator[Cluster]:
        """This cluster and those around it, from the inside out."""
        cluster: Cluster | None = self
        while cluster is not None:
            yield cluster
            cluster = cluster.parent


@dataclass(frozen=True, slots=True)
class Saved:
    """An array that an operation keeps for its rules: one of its inputs, by name, or its result ``y``."""

    name: str
    shape: Shape
    dtype: np.dtype[Any]
    nbytes: int


@dataclass(frozen=True, slots=True, eq=False)
class Box:
    """A tensor, an operation with its result, or a module.

    ``name`` is the user's for the result, and ``notes`` are lines under the title. A gradient is that ``of`` another
    box. Where ``value`` or ``gradient`` is not known, ``value_note`` or ``gradient_note`` says why. ``is_freed`` says
    that a backward pass has freed what was ``saved``, and ``origin`` which line of source ran the operation.
    """

    role: Role
    title: str
    shape: Shape
    dtype: np.dtype[Any] | None
    cluster: Cluster | None = None
    name: str = ""
    notes: tuple[str, ...] = ()
    of: Box | None = None
    value: Summary | None = None
    value_note: str = ""
    gradient: Summary | None = None
    gradient_note: str = ""
    wants_gradient: bool = False
    settings: str = ""
    saved: tuple[Saved, ...] = ()
    is_freed: bool = False
    origin: str = ""

    @property
    def shape_text(self) -> str:
        """``(32, 784) float32``; empty for a plain number."""
        return "" if self.dtype is None else f"{self.shape} {_name_of(self.dtype)}"


@dataclass(frozen=True, slots=True, eq=False)
class Edge:
    """A tensor on its way from the box that made it to one that uses it, where it is the input ``input``.

    ``carries`` is its shape and dtype. If a gradient comes back along it, ``rule`` is the formula (empty if that is not
    known) and ``contribution`` what it gave in a backward pass that was recorded; if none does, ``rule`` is None. An
    edge that ``is_gradient`` is itself the way of a gradient.
    """

    source: Box
    target: Box
    carries: str = ""
    input: str = ""
    rule: str | None = None
    contribution: Contribution | None = None
    is_gradient: bool = False


@dataclass(frozen=True, slots=True)
class Drawing:
    """Boxes in the order in which they ran, the edges between them, and clusters, outer ones first.

    ``caption`` says what a reader must know of the whole: that it is not all that there is, for instance.
    """

    boxes: tuple[Box, ...]
    edges: tuple[Edge, ...]
    clusters: tuple[Cluster, ...]
    caption: str = ""
