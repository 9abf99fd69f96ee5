"""Losses that want a margin: between scores of right and wrong classes, of pairs, or between distances.

What is beyond the margin costs nothing.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from tinygrad_scratch.ops.checks import check_shape, floating_only
from tinygrad_scratch.ops.index.indexing import gather
from tinygrad_scratch.ops.linalg.distance import pairwise_distance
from tinygrad_scratch.ops.losses.loss import (
    check_alike,
    check_weight,
    checked_signs,
    class_numbers,
    reduced,
    weight_of_each,
)
from tinygrad_scratch.ops.math.arithmetic import clamp, where
from tinygrad_scratch.ops.math.elementwise import minimum, sqrt
from tinygrad_scratch.ops.neural.activation import logsigmoid, relu
from tinygrad_scratch.record.operation import public
from tinygrad_scratch.record.tensor import Tensor, make_tensor

_EPSILON = 1e-12  # what PyTorch's cosine_embedding_loss adds to squared lengths


@public(is_method=False)
def hinge_embedding_loss(input: Tensor, target: Tensor, margin: float = 1.0, *, reduction: str = "mean") -> Tensor:
    """For distances ``input``: the distance itself where the target is 1 (alike), max(0, margin - distance) where -1.

    >>> tg.hinge_embedding_loss(tg.tensor([0.5, 0.2]), tg.tensor([1, -1]), reduction="none")
    tensor([0.5000, 0.8000])
    """
    target = checked_signs(target, input.shape, "hinge_embedding_loss")
    return reduced(where(target == 1, input, clamp(margin - input, min=0)), reduction, "hinge_embedding_loss")


@public(is_method=False)
def cosine_embedding_loss(
    input1: Tensor, input2: Tensor, target: Tensor, margin: float = 0, *, reduction: str = "mean"
) -> Tensor:
    """For pairs of vectors, with cosine c: 1 - c where the target is 1 (alike), max(0, c - margin) where -1.

    The vectors have shape (N, D) or (D,), the targets (N,) or ().

    >>> x = tg.tensor([[1.0, 0.0], [1.0, 0.0]])
    >>> tg.cosine_embedding_loss(x, x, tg.tensor([1, -1]), reduction="none")
    tensor([0., 1.])
    """
    check_alike(input1, input2, "cosine_embedding_loss")
    target = checked_signs(target, input1.shape[:-1], "cosine_embedding_loss")
    squared_lengths = ((input1 * input1).sum(-1) + _EPSILON) * ((input2 * input2).sum(-1) + _EPSILON)
    cosine = (input1 * input2).sum(-1) / sqrt(squared_lengths)
    return reduced(where(target == 1, 1 - cosine, clamp(cosine - margin, min=0)), reduction, "cosine_embedding_loss")


@public(is_method=False)
def margin_ranking_loss(
    input1: Tensor, input2: Tensor, target: Tensor, margin: float = 0, *, reduction: str = "mean"
) -> Tensor:
    """max(0, margin - target · (input1 - input2)): the first is to be larger where the target is 1, smaller where -1.

    >>> tg.margin_ranking_loss(tg.tensor([3.0]), tg.tensor([2.0]), tg.tensor([-1]))
    tensor(1.)
    """
    check_alike(input1, input2, "margin_ranking_loss")
    target = checked_signs(target, input1.shape, "margin_ranking_loss")
    losses = clamp(margin - target.to(input1.dtype) * (input1 - input2), min=0)
    return reduced(losses, reduction, "margin_ranking_loss")


@public(is_method=False)
def soft_margin_loss(input: Tensor, target: Tensor, *, reduction: str = "mean") -> Tensor:
    """ln(1 + exp(-target · input)), for targets 1 and -1.

    >>> tg.soft_margin_loss(tg.tensor([0.0]), tg.tensor([1]))
    tensor(0.6931)
    """
    target = checked_signs(target, input.shape, "soft_margin_loss")
    return reduced(-logsigmoid(target.to(input.dtype) * input), reduction, "soft_margin_loss")


@public(is_method=False)
def multilabel_soft_margin_loss(
    input: Tensor, target: Tensor, weight: Tensor | None = None, *, reduction: str = "mean"
) -> Tensor:
    """The mean over the classes of the binary cross-entropy of logits (N, C), each class times its ``weight`` (C,).

    ``target``, of the same shape, is 1 for each class that a sample belongs to and 0 for the others.

    >>> tg.multilabel_soft_margin_loss(tg.tensor([[0.0, 0.0]]), tg.tensor([[1.0, 0.0]]))
    tensor(0.6931)
    """
    check_alike(input, target, "multilabel_soft_margin_loss")
    losses = -(target * logsigmoid(input) + (1 - target) * logsigmoid(-input))
    if weight is not None:
        check_weight(weight, input, input.shape, "multilabel_soft_margin_loss")
        losses = losses * weight
    return reduced(losses.mean(-1), reduction, "multilabel_soft_margin_loss")


@public(is_method=False)
def multi_margin_loss(
    input: Tensor,
    target: Tensor,
    p: int = 1,
    margin: float = 1.0,
    weight: Tensor | None = None,
    *,
    reduction: str = "mean",
) -> Tensor:
    """Σ max(0, margin - (score of the target class) + (score of another))ᵖ / C over the other classes; ``p`` is 1 or 2.

    Scores have shape (N, C) or (C,), class numbers (N,) or (); ``weight`` (C,) weighs the target classes.

    >>> tg.multi_margin_loss(tg.tensor([[0.1, 0.2, 0.4, 0.8]]), tg.tensor([3]))
    tensor(0.3250)
    """
    name = "multi_margin_loss"
    if p not in (1, 2):
        raise ValueError(f"{name}: p must be 1 or 2, not {p}")
    input, target = (
        _checked_scores(input, name),
        target.reshape(()) if target.shape == (1,) and input.ndim < 2 else target,
    )
    check_shape(target, input.shape[:-1], "targets", name)
    classes = input.shape[-1]
    _check_integers(target, name)
    target = class_numbers(target, classes=classes, operation=name)
    excess = relu(margin - gather(input, -1, target.unsqueeze(-1)) + input)
    losses = excess if p == 1 else excess * excess
    if weight is not None:
        check_shape(weight, (classes,), "weight", name)
        losses = losses * weight_of_each(weight, target).unsqueeze(-1)
    is_other = target.unsqueeze(-1) != make_tensor(np.arange(classes))
    return reduced(where(is_other, losses, 0).sum(-1) / classes, reduction, name)


@public(is_method=False)
def multilabel_margin_loss(input: Tensor, target: Tensor, *, reduction: str = "mean") -> Tensor:
    """Σ max(0, 1 - (score of a target class) + (score of another)) / C over all pairs of a target class and another.

    Scores have shape (N, C) or (C,), and so has ``target``: the numbers of a sample's classes, then -1, and whatever
    follows is not looked at.

    >>> tg.multilabel_margin_loss(tg.tensor([[0.1, 0.2, 0.4, 0.8]]), tg.tensor([[3, 0, -1, 1]]))
    tensor(0.8500)
    """
    name = "multilabel_margin_loss"
    input, target = _checked_scores(input, name), target if target.ndim else target.reshape(1)
    check_shape(target, input.shape, "targets", name)
    classes = input.shape[-1]
    _check_integers(target, name)
    counts = (target >= 0).to(np.int64).cumprod(-1) == 1
    numbers = class_numbers(target, classes=classes, ignore_index=-1, operation=name)
    is_target = ((numbers.unsqueeze(-1) == make_tensor(np.arange(classes))) & counts.unsqueeze(-1)).any(-2)
    excess = relu(1 - gather(input, -1, numbers).unsqueeze(-1) + input.unsqueeze(-2))
    pairs = where(counts.unsqueeze(-1) & ~is_target.unsqueeze(-2), excess, 0)
    return reduced(pairs.sum((-2, -1)) / classes, reduction, name)


@public(is_method=False)
def triplet_margin_loss(
    anchor: Tensor,
    positive: Tensor,
    negative: Tensor,
    margin: float = 1.0,
    p: float = 2,
    eps: float = 1e-6,
    swap: bool = False,
    *,
    reduction: str = "mean",
) -> Tensor:
    """`triplet_margin_with_distance_loss` for the distance `pairwise_distance`, with its ``p`` and ``eps``.

    >>> anchor, near, far = (tg.tensor([[x, 0.0]]) for x in (0.0, 3.0, 3.5))
    >>> tg.triplet_margin_loss(anchor, near, far)
    tensor(0.5000)
    """

    def distance(x: Tensor, y: Tensor) -> Tensor:
        return pairwise_distance(x, y, p, eps)

    return triplet_margin_with_distance_loss(
        anchor, positive, negative, distance_function=distance, margin=margin, swap=swap, reduction=reduction
    )


@public(is_method=False)
def triplet_margin_with_distance_loss(
    anchor: Tensor,
    positive: Tensor,
    negative: Tensor,
    *,
    distance_function: Callable[[Tensor, Tensor], Tensor] | None = None,
    margin: float = 1.0,
    swap: bool = False,
    reduction: str = "mean",
) -> Tensor:
    """max(0, margin + distance from anchor to positive - distance from anchor to negative).

    All three have one shape, (N, D) or (D,); the distance is `pairwise_distance` by default. ``swap`` takes that from
    positive to negative for the last, where it is smaller (Balntas et al., 2016). ValueError if ``margin`` is not
    positive.

    >>> tg.triplet_margin_with_distance_loss(tg.zeros(1, 2), tg.zeros(1, 2), tg.full((1, 2), 0.5))
    tensor(0.2929)
    """
    name = "triplet_margin_with_distance_loss"
    check_alike(anchor, positive, name)
    check_alike(anchor, negative, name)
    if not margin > 0:
        raise ValueError(f"{name}: margin must be positive, not {margin}")
    distance = distance_function or pairwise_distance
    to_negative = distance(anchor, negative)
    if swap:
        to_negative = minimum(to_negative, distance(positive, negative))
    losses = clamp(margin + distance(anchor, positive) - to_negative, min=0)
    return reduced(losses, reduction, name)


def _checked_scores(input: Tensor, name: str) -> Tensor:
    """The scores, of which a single one may have shape ()."""
    floating_only(input, name)
    if input.ndim > 2:
        raise ValueError(f"{name}: scores have shape (N, C) or (C,), not {input.shape}")
    return input if input.ndim else input.reshape(1)


def _check_integers(target: Tensor, name: str) -> None:
    if target.dtype.kind not in "iu":
        raise TypeError(f"{name}: targets are class numbers (integers), not {target.dtype}")
