"""What all losses share."""

from __future__ import annotations

from dataclasses import field
from typing import ClassVar

from tinygrad_scratch import Tensor
from tinygrad_scratch.engine import REDUCTIONS, check_reduction
from tinygrad_scratch.nn.configured import Configured


class _Loss(Configured):
    """The base of losses, with a ``reduction``: "mean", "sum" or "none". ValueError for another.

    A ``weight`` or ``pos_weight`` is a buffer.
    """

    reduction: str = field(default="mean", kw_only=True)

    _reductions: ClassVar[tuple[str, ...]] = REDUCTIONS

    def __post_init__(self) -> None:
        check_reduction(self.reduction, type(self).__name__, self._reductions)
        for name in ("weight", "pos_weight"):
            if hasattr(self, name):
                self.register_buffer(name, getattr(self, name))

    def extra_repr(self) -> str:
        return ""


class _WeightedLoss(_Loss):
    """A loss that also takes a ``weight``."""

    weight: Tensor | None = None
