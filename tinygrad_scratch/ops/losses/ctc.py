"""Connectionist temporal classification: the loss of sequences of which nobody says when each label is spoken.

A path says a label, or the blank, at each step. It spells the targets if they are left once repetitions are taken as
one and blanks are dropped. The probability of the targets is the sum over all paths that spell them; it is found going
from step to step over states, which are the targets with a blank before, between and after them (Graves et al., 2006).
All samples go together. Everything is kept as logarithms, which may be -∞.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from tinygrad_scratch.dtypes import float16
from tinygrad_scratch.ops.checks import floating_only
from tinygrad_scratch.ops.losses.loss import check_reduction, reduced
from tinygrad_scratch.record.operation import Operation, primitive, public
from tinygrad_scratch.record.tensor import Tensor, make_tensor

_NEVER = -np.inf  # the logarithm of the probability 0

Lengths = Tensor | Sequence[int] | int


@dataclass(frozen=True, slots=True)
class _States:
    """The states of all samples, (N, L): a blank, and after each target another.

    ``labels`` are the classes that they say. ``skips`` is 0 where a path may come from two states before, ``first``
    where it may begin and ``last`` where it may end, elsewhere -∞. It has ``steps`` steps.
    """

    labels: Any
    skips: Any
    first: Any
    last: Any
    steps: Any

    def said(self, values: Any) -> Any:
        """Of ``values`` (T, N, C) those of the class that each state says: (T, N, L)."""
        return np.take_along_axis(values, self.labels[None], 2)

    def by_class(self, values: Any, like: Any) -> Any:
        """The sums of ``values`` (T, N, L) over the states that say a class, with the shape and dtype of ``like``."""
        rows = np.arange(values.shape[0] * values.shape[1]).reshape(*values.shape[:2], 1)
        sums = np.bincount((rows * like.shape[2] + self.labels).ravel(), values.ravel(), like.size)
        return sums.reshape(like.shape).astype(like.dtype, copy=False)

    def forwards(self) -> tuple[Any, Any, Any]:
        """Skips, and where and when paths begin."""
        return self.skips, self.first, np.zeros_like(self.steps)

    def backwards(self, count: int) -> tuple[Any, Any, Any]:
        """The same for paths from behind, the last of ``count`` steps first, and the last of the states."""
        skips = np.full_like(self.skips, _NEVER)
        skips[:, 2:] = self.skips[:, :1:-1]
        return skips, self.last[:, ::-1], count - self.steps

    def of_targets(self, reached: Any) -> Any:
        """What the paths have that end where and when they may; with no step at all, it is the one that has none."""
        unmoved = np.full_like(self.last, _NEVER)
        unmoved[:, 0] = 0
        at_end = np.where(self.steps[:, None] > 0, reached[self.steps - 1, np.arange(len(self.steps))], unmoved)
        return _log_of_sum((at_end + self.last).T)

    def passing(self, said: Any, reached: Any) -> tuple[Any, Any]:
        """How probable it is that the path of the targets is in each state; and what is `_reached` from behind."""
        behind = _turned(_reached(_turned(said), *self.backwards(len(said))))
        of_targets = self.of_targets(reached)
        of_targets = np.where(np.isneginf(of_targets), np.nan, of_targets)[:, None]
        return np.exp(reached + np.where(np.isneginf(said), 0, behind - said) - of_targets), behind

    def where_it_counts(self, gradient: Any, reached: Any, zero_infinity: bool) -> Any:
        """``gradient`` up to the last step of each sample and, with ``zero_infinity``, where the loss is finite."""
        counts = np.arange(len(gradient))[:, None] < self.steps
        if zero_infinity:
            counts &= np.isfinite(self.of_targets(reached))
        return np.where(counts[..., None], gradient, 0).astype(gradient.dtype, copy=False)


def _states(log_probs: Any, targets: Any, steps: Any, spoken: Any, blank: int) -> _States:
    count, classes = log_probs.shape[0], log_probs.shape[2]
    if not ((steps >= 0) & (steps <= count)).all():
        raise ValueError(f"input_lengths go from 0 to {count}, the number of steps, but are {steps}")
    spelled, is_target = _in_rows(targets, spoken)
    wrong = spelled[is_target & ((spelled < 0) | (spelled >= classes) | (spelled == blank))]
    if wrong.size:
        raise ValueError(
            f"targets are class numbers below {classes} other than the blank, which is {blank}, but one is {wrong[0]}"
        )
    samples, length = len(steps), 2 * spelled.shape[1] + 1
    labels = np.full((samples, length), blank)
    labels[:, 1::2] = np.where(is_target, spelled, blank)
    skips, first, last = (np.full((samples, length), _NEVER, log_probs.dtype) for _ in range(3))
    # Over the blank between two targets, unless they are alike.
    skips[:, 3::2] = np.where(spelled[:, 1:] != spelled[:, :-1], 0, _NEVER)
    first[:, :2] = 0
    for end in (2 * spoken, np.maximum(2 * spoken - 1, 0)):
        last[np.arange(samples), end] = 0
    return _States(labels, skips, first, last, steps)


def _in_rows(targets: Any, spoken: Any) -> tuple[Any, Any]:
    """The targets of each sample as a row, and which of the values in it are any."""
    longest = spoken.max(initial=0)
    is_target = np.arange(longest) < spoken[:, None]
    if (spoken < 0).any() or (longest > targets.shape[1] if targets.ndim == 2 else spoken.sum() != targets.size):
        raise ValueError(f"target_lengths {spoken} do not fit targets of shape {targets.shape}")
    if targets.ndim == 2:
        return targets[:, :longest], is_target
    rows = np.zeros(is_target.shape, targets.dtype)
    rows[is_target] = targets
    return rows, is_target


def _turned(values: Any) -> Any:
    """``values`` (T, N, L) with the last step first, and the last state first."""
    return values[::-1, :, ::-1]


def _reached(said: Any, skips: Any, start: Any, begin: Any) -> Any:
    """ln of the probability of all paths to each state at each step, that of what is said there included."""
    reached = np.full_like(said, _NEVER)
    for t in range(len(said)):
        arrived = _log_of_sum(_ways(reached[t - 1], skips)) if t else _NEVER
        np.add(np.where((begin == t)[:, None], start, arrived), said[t], out=reached[t])
    return reached


def _change_of_reached(change: Any, said: Any, reached: Any, skips: Any) -> Any:
    """How `_reached` changes when ``said`` does: by the sum of what the states on the ways there change by."""
    result = change.copy()
    for t in range(1, len(said)):
        from_there = np.where(np.isneginf(reached[t]), _NEVER, said[t] - reached[t])
        shares = np.exp(_ways(reached[t - 1], skips) + from_there)
        result[t] += (shares * _ways(result[t - 1], 0, 0)).sum(0)
    return result


def _ways(before: Any, skips: Any, without: float = _NEVER) -> Any:
    """What was before in the three states from which a path comes: the same, the one before, and the second before."""
    ways = np.full((3, *before.shape), without, before.dtype)
    ways[0], ways[1, :, 1:], ways[2, :, 2:] = before, before[:, :-1], before[:, :-2]
    ways[2] += skips
    return ways


def _log_of_sum(logarithms: Any) -> Any:
    """The logarithm of the sum, over the first dimension, of numbers given as logarithms."""
    largest = logarithms.max(0)
    sums = np.exp(logarithms - np.where(np.isneginf(largest), 0, largest)).sum(0)
    return np.log(np.maximum(sums, 1)) + largest  # it is at least 1, unless all are -∞


def _losses(
    log_probs: Any, targets: Any, steps: Any, spoken: Any, *, blank: int, zero_infinity: bool
) -> tuple[Any, Any]:
    states = _states(log_probs, targets, steps, spoken, blank)
    reached = _reached(states.said(log_probs), *states.forwards())
    losses = -states.of_targets(reached)
    return np.where(np.isinf(losses), 0, losses) if zero_infinity else losses, reached


def _gradient(
    log_probs: Any, reached: Any, targets: Any, steps: Any, spoken: Any, *, blank: int, zero_infinity: bool
) -> Any:
    # How probable the classes are, less how probable they are on the paths that spell the targets.
    states = _states(log_probs, targets, steps, spoken, blank)
    passing, _ = states.passing(states.said(log_probs), reached)
    return states.where_it_counts(np.exp(log_probs) - states.by_class(passing, log_probs), reached, zero_infinity)


def _change_of_gradient(
    change: Any, log_probs: Any, reached: Any, targets: Any, steps: Any, spoken: Any, *, blank: int, zero_infinity: bool
) -> Any:
    # When log_probs change.
    states = _states(log_probs, targets, steps, spoken, blank)
    said, changed = states.said(log_probs), states.said(change)
    passing, behind = states.passing(said, reached)
    skips, _, _ = states.backwards(len(said))
    from_behind = _turned(_change_of_reached(_turned(changed), _turned(said), _turned(behind), skips))
    of_all = _change_of_reached(changed, said, reached, states.skips) + from_behind - changed
    # Whatever step it is looked at, that of the targets is the mean over all states.
    of_passing = passing * (of_all - (passing * of_all).sum(2, keepdims=True))
    gradient = np.exp(log_probs) * change - states.by_class(of_passing, log_probs)
    return states.where_it_counts(gradient, reached, zero_infinity)


def _no_third_gradient(g: Any) -> Any:
    raise NotImplementedError("ctc_loss has a first and a second gradient, but no third")


# What is reached is there to save time: the gradients are those with respect to log_probs, which it is computed from.
_ctc_loss = primitive(
    _losses,
    name="ctc_loss",
    is_multiple=True,
    log_probs=lambda g, log_probs, y, targets, steps, spoken, blank, zero_infinity: (
        g[0][:, None] * _ctc_gradient(log_probs, y[1], targets, steps, spoken, blank=blank, zero_infinity=zero_infinity)
    ),
)
_ctc_gradient: Operation = primitive(
    _gradient,
    name="ctc_gradient",
    log_probs=lambda g, log_probs, reached, targets, steps, spoken, blank, zero_infinity: _ctc_change_of_gradient(
        g, log_probs, reached, targets, steps, spoken, blank=blank, zero_infinity=zero_infinity
    ),
)
_ctc_change_of_gradient: Operation = primitive(
    _change_of_gradient,
    name="ctc_change_of_gradient",
    # As a map of the change it is symmetric.
    change=lambda g, log_probs, reached, targets, steps, spoken, blank, zero_infinity: _ctc_change_of_gradient(
        g, log_probs, reached, targets, steps, spoken, blank=blank, zero_infinity=zero_infinity
    ),
    log_probs=_no_third_gradient,
)


@public(is_method=False)
def ctc_loss(
    log_probs: Tensor,
    targets: Tensor,
    input_lengths: Lengths,
    target_lengths: Lengths,
    blank: int = 0,
    reduction: str = "mean",
    zero_infinity: bool = False,
) -> Tensor:
    """-ln of the probability that sequences spell their ``targets``, whenever each label is said (Graves et al., 2006).

    ``log_probs`` (T, N, C), or (T, C) for one sequence, are results of `log_softmax`; those of a sequence count up to
    its length. ``targets`` are class numbers other than ``blank``, of shape (N, S), where each row counts up to its
    length, or all one after another. The "mean" is that of losses divided by the lengths of their targets.
    ``zero_infinity`` makes a loss that is infinite, as the sequence is too short for its targets, 0.

    The gradient is PyTorch's: that of log_probs which stay normalized, as `log_softmax` sees to. It has a gradient
    itself, but that has none. TypeError if ``targets`` are no integers, ValueError for shapes, lengths or class numbers
    that do not fit.

    >>> log_probs = tg.log_softmax(tg.zeros(3, 1, 2), dim=2)
    >>> tg.ctc_loss(log_probs, tg.tensor([[1]]), (3,), (1,)).exp()
    tensor(1.3333)
    """
    check_reduction(reduction, "ctc_loss")
    floating_only(log_probs, "ctc_loss")
    steps, spoken = _as_lengths(input_lengths), _as_lengths(target_lengths)
    is_one = log_probs.ndim == 2
    if is_one:
        log_probs, steps, spoken = log_probs.unsqueeze(1), steps.reshape(-1), spoken.reshape(-1)
    _check(log_probs, targets, steps, spoken, blank)
    wide = log_probs.float() if log_probs.dtype == float16 else log_probs
    losses, _ = _ctc_loss(wide, targets, steps, spoken, blank=blank, zero_infinity=zero_infinity)
    if reduction == "mean":
        losses = losses / spoken.clamp(min=1).to(losses.dtype)
    return reduced(losses.squeeze(0) if is_one else losses, reduction, "ctc_loss").to(log_probs.dtype)


def _as_lengths(lengths: Lengths) -> Tensor:
    return lengths if isinstance(lengths, Tensor) else make_tensor(np.asarray(lengths, np.int64))


def _check(log_probs: Tensor, targets: Tensor, steps: Tensor, spoken: Tensor, blank: int) -> None:
    shape = log_probs.shape
    if len(shape) != 3 or 0 in shape:
        raise ValueError(f"ctc_loss: log_probs must have shape (T, N, C) or (T, C), and values, but have shape {shape}")
    if not 0 <= blank < shape[2]:
        raise ValueError(f"ctc_loss: the blank must be one of the {shape[2]} classes, not {blank}")
    for what, lengths in (("input_lengths", steps), ("target_lengths", spoken)):
        if lengths.shape != (shape[1],) or lengths.dtype.kind not in "iu":
            raise ValueError(
                f"ctc_loss: {what} must be an integer for each of the {shape[1]} sequences, not {lengths.dtype} of "
                f"shape {lengths.shape}"
            )
    if targets.dtype.kind not in "iu":
        raise TypeError(f"ctc_loss: targets are class numbers, integers, not {targets.dtype}")
    if targets.ndim not in (1, 2) or (targets.ndim == 2 and targets.shape[0] != shape[1]):
        raise ValueError(
            f"ctc_loss: targets must have shape ({shape[1]}, S), or be a vector of all of them, not {targets.shape}"
        )
