"""What all losses share: their reduction, and the checks of what they are given.

A loss says how far predictions are from their targets, as one number to minimize. ``reduction`` is "mean", "sum", or
"none" for the loss of every value or sample. Predictions and targets are never broadcast against each other or
converted: a ValueError says that the shapes differ, a TypeError that the dtypes do.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from tinygrad_scratch.dtypes import float16, float32
from tinygrad_scratch.ops.checks import check_shape
from tinygrad_scratch.ops.dims import broadcasts
from tinygrad_scratch.record.operation import primitive
from tinygrad_scratch.record.tensor import Tensor

REDUCTIONS = ("mean", "sum", "none")


def reduced(losses: Tensor, reduction: str, name: str) -> Tensor:
    """The losses of all values or samples as the loss of the operation ``name``."""
    check_reduction(reduction, name)
    if reduction == "mean":
        return losses.mean()
    return losses.sum() if reduction == "sum" else losses


def divisor(count: int, reduction: str, name: str) -> int | None:
    """What a primitive that reduces ``count`` losses itself divides their sum by; None if they are not reduced."""
    check_reduction(reduction, name)
    if reduction == "mean":
        return count
    return 1 if reduction == "sum" else None


def divided_sum(losses: Any, n: int | None) -> Any:
    """The sum of an array of losses over ``n``, as `divisor` gives it; the losses themselves if that is None."""
    if n is None:
        return losses
    if losses.dtype == float16:
        return divided_sum(losses.astype(float32), n).astype(float16)
    total = np.add.reduce(losses, None)  # in pairs, as an array that was just computed is one row of memory
    return total if n == 1 else total / n


def gradient_of_each(g: Any, n: int | None) -> Any:
    """The gradient of each loss, given that of their `divided_sum`."""
    return g if n is None or n == 1 else g * (1 / max(n, 1))  # n may be above float16's largest number


def check_reduction(reduction: str, name: str, known: Sequence[str] = REDUCTIONS) -> None:
    """ValueError unless it is one of those that are ``known``."""
    if reduction not in known:
        *others, last = map(repr, known)
        raise ValueError(f"{name}: reduction must be {', '.join(others)} or {last}, not {reduction!r}")


def check_tensors(name: str, **given: Any) -> None:
    """TypeError unless everything ``given``, by the name it has in the message, is a Tensor."""
    for what, value in given.items():
        if not isinstance(value, Tensor):
            raise TypeError(f"{name}: {what} must be a Tensor, not {type(value).__name__}")


def check_weight(weight: Tensor, input: Tensor, shape: tuple[int, ...], name: str) -> None:
    """ValueError unless ``weight`` broadcasts to ``shape``, TypeError unless it has the dtype of the predictions."""
    check_tensors(name, weight=weight)
    if not broadcasts(weight.shape, shape):
        raise ValueError(f"{name}: a weight of shape {weight.shape} does not broadcast to {shape}")
    if weight.dtype != input.dtype:
        raise TypeError(f"{name}: predictions are {input.dtype} and the weight {weight.dtype}; they must be one dtype")


def check_alike(input: Tensor, target: Tensor, name: str) -> None:
    """ValueError unless predictions and targets have one shape, TypeError unless they have one floating dtype."""
    try:
        predicted, wanted = input._data, target._data
    except AttributeError:  # so that a check that nearly always passes costs nothing
        check_tensors(name, input=input, target=target)
        raise
    if predicted.shape != wanted.shape:
        raise ValueError(f"{name}: predictions of shape {input.shape}, but targets of shape {target.shape}")
    if predicted.dtype.kind != "f" or predicted.dtype is not wanted.dtype:
        raise TypeError(
            f"{name}: predictions are {input.dtype} and targets {target.dtype}; they must be one floating dtype"
        )


# What looks at values is part of a primitive: checks of targets give them on.


def check_classes(target: Any, classes: int, ignore_index: int | None) -> bool:
    """Whether any class number in an array is ``ignore_index``; ValueError if another is out of range."""
    # Seen as unsigned, a negative number is a huge one, so that one comparison finds both.
    numbers = target.astype(np.int64, copy=False).view(np.uint64)
    if not numbers.size or numbers.max() < classes:
        return ignore_index is not None and 0 <= ignore_index < classes and bool((target == ignore_index).any())
    wrong = target[(numbers >= classes) & (target != ignore_index)]
    if wrong.size:
        raise ValueError(f"class {wrong[0]} is out of range for {classes} classes, 0 to {classes - 1}")
    return True


@primitive
def class_numbers(target: Any, *, classes: int, ignore_index: int | None = None, operation: str) -> Any:  # noqa: ARG001
    """Targets as positions: 0 for those to ignore; ValueError for one that is out of range."""
    is_ignored = check_classes(target, classes, ignore_index) and target == ignore_index
    return np.where(is_ignored, 0, target)


def weight_of_each(weight: Tensor, numbers: Tensor) -> Tensor:
    """The weight of each sample's class. An index of one number would be read: it becomes a vector."""
    return weight[numbers.reshape(-1)].reshape(numbers.shape)


@primitive
def signs(x: Any, *, operation: str) -> Any:  # noqa: ARG001
    """Targets; ValueError unless they are 1 and -1."""
    wrong = x[np.abs(x) != 1]
    if wrong.size:
        raise ValueError(f"targets are 1 or -1, but one is {wrong[0]}")
    return x.copy()


def checked_signs(target: Tensor, shape: tuple[int, ...], name: str) -> Tensor:
    """``target``; ValueError unless it has this shape and holds nothing but 1 and -1."""
    check_shape(target, shape, "targets", name)
    return signs(target, operation=name)
