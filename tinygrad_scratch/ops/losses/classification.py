"""Losses of classifiers: how improbable they find the right class, from probabilities, log-probabilities or logits."""

from __future__ import annotations

from typing import Any

import numpy as np

from tinygrad_scratch.ops.checks import check_probabilities
from tinygrad_scratch.ops.dims import along
from tinygrad_scratch.ops.index.indexing import gather
from tinygrad_scratch.ops.losses.loss import (
    check_alike,
    check_classes,
    check_reduction,
    check_tensors,
    check_weight,
    class_numbers,
    divided_sum,
    divisor,
    gradient_of_each,
    reduced,
    weight_of_each,
)
from tinygrad_scratch.ops.math.arithmetic import where
from tinygrad_scratch.ops.math.special import sigmoid
from tinygrad_scratch.ops.neural.softmax import _softmax, largest, log_softmax, softmax_gradient
from tinygrad_scratch.ops.reduce.pairwise import pairwise_sum
from tinygrad_scratch.record.operation import Operation, primitive, public
from tinygrad_scratch.record.tensor import Tensor

_LOG_OF_ZERO = -100.0  # as PyTorch's binary_cross_entropy has it


@primitive(x=lambda g, x: np.where(x > 0, g / np.where(x > 0, x, 1), 0))
def _clamped_log(x: Any) -> Any:
    return np.maximum(np.log(x), _LOG_OF_ZERO)


@primitive(
    x=lambda g, x, target: g * (x - target) / np.maximum((1 - x) * x, 1e-12),
    target=lambda g, x: g * (_clamped_log(1 - x) - _clamped_log(x)),
)
def _binary_cross_entropy(x: Any, target: Any) -> Any:
    check_probabilities(x, advice="; for logits use binary_cross_entropy_with_logits")
    check_probabilities(target, "targets")
    return (target - 1) * _clamped_log(1 - x) - target * _clamped_log(x)


@primitive(
    x=lambda g, x, target, n: (sigmoid(x) - target) * gradient_of_each(g, n),
    target=lambda g, x, n: x * -gradient_of_each(g, n),
)
def _binary_cross_entropy_with_logits(x: Any, target: Any, *, n: int | None) -> Any:
    return divided_sum(np.maximum(x, 0) - x * target + np.log1p(np.exp(-np.abs(x))), n)


@primitive
def _sample_weights(logits: Any, target: Any, *, ignore_index: int, is_mean: bool) -> Any:
    """What the loss of each sample counts in the sum or mean."""
    counts = (target != ignore_index).astype(logits.dtype)[:, None]
    return counts / np.add.reduce(counts, None) if is_mean else counts


def _loss_of_logits(logits: Any, target: Any, *, ignore_index: int, is_mean: bool) -> Any:
    """The sum or mean over the samples that count."""
    if check_classes(target, logits.shape[1], ignore_index):
        counts = target != ignore_index
        logits, target = logits[counts], target[counts]
    shifted = logits - largest(logits, dim=1)
    of_target = shifted[np.arange(len(target)), target]
    losses = np.log(pairwise_sum(np.exp(shifted), dim=(1,), keepdim=False)) - of_target
    return divided_sum(losses, len(target) if is_mean else 1)


def _gradient_of_logits(scale: Any, logits: Any, target: Any, *, ignore_index: int, is_mean: bool) -> Any:
    """softmax(logits), less 1 at the target class, of each sample that counts; times ``scale``, over their number."""
    gradient = _softmax(logits, dim=1)
    gradient -= target[:, None] == np.arange(logits.shape[1])
    counts = target != ignore_index
    n = int(np.add.reduce(counts))
    gradient *= scale / n if is_mean else scale
    if n < len(target):
        gradient[~counts] = 0
    return gradient


_cross_entropy = primitive(
    _loss_of_logits,
    name="cross_entropy",
    logits=lambda g, logits, target, ignore_index, is_mean: _cross_entropy_gradient(
        g, logits, target, ignore_index=ignore_index, is_mean=is_mean
    ),
)
_cross_entropy_gradient: Operation = primitive(
    _gradient_of_logits,
    name="cross_entropy_gradient",
    scale=lambda g, logits, target, ignore_index, is_mean: (
        g * _cross_entropy_gradient(1.0, logits, target, ignore_index=ignore_index, is_mean=is_mean)
    ),
    logits=lambda g, scale, logits, target, ignore_index, is_mean: softmax_gradient(
        g * scale * _sample_weights(logits, target, ignore_index=ignore_index, is_mean=is_mean),
        _softmax(logits, dim=1),
        1,
    ),
)


@public(is_method=False)
def binary_cross_entropy(
    input: Tensor, target: Tensor, weight: Tensor | None = None, *, reduction: str = "mean"
) -> Tensor:
    """-(t ln p + (1 - t) ln(1 - p)) of probabilities p and targets t, each times its ``weight``.

    Logarithms below -100 count as -100, so that probabilities of exactly 0 and 1 give finite losses, as in PyTorch.
    ValueError for a probability or target outside of [0, 1].

    >>> tg.binary_cross_entropy(tg.tensor([0.5, 0.0]), tg.tensor([1.0, 1.0]), reduction="none")
    tensor([  0.6931, 100.0000])
    """
    check_alike(input, target, "binary_cross_entropy")
    if weight is not None:
        check_weight(weight, input, input.shape, "binary_cross_entropy")
    losses = _binary_cross_entropy(input, target)
    return reduced(losses if weight is None else losses * weight, reduction, "binary_cross_entropy")


@public(is_method=False)
def binary_cross_entropy_with_logits(
    input: Tensor,
    target: Tensor,
    weight: Tensor | None = None,
    *,
    reduction: str = "mean",
    pos_weight: Tensor | None = None,
) -> Tensor:
    """`binary_cross_entropy` of sigmoid(input), computed from the logits, so that none is too large.

    ``weight`` multiplies each loss; ``pos_weight`` the part of it that is due to a target of 1.

    >>> tg.binary_cross_entropy_with_logits(tg.tensor([0.0, -1e4]), tg.tensor([1.0, 1.0]), reduction="none")
    tensor([6.9315e-01, 1.0000e+04])
    """
    name = "binary_cross_entropy_with_logits"
    check_alike(input, target, name)
    if weight is None and pos_weight is None:
        return _binary_cross_entropy_with_logits(input, target, n=divisor(input._data.size, reduction, name))
    for factor in (weight, pos_weight):
        if factor is not None:
            check_weight(factor, input, input.shape, name)
    if pos_weight is None:
        losses = _binary_cross_entropy_with_logits(input, target, n=None)
    else:
        # softplus(-x) is the loss of x for a target of 1.
        softplus = _binary_cross_entropy_with_logits(input, target * 0 + 1, n=None)
        losses = (1 - target) * input + (1 + (pos_weight - 1) * target) * softplus
    return reduced(losses if weight is None else losses * weight, reduction, name)


@public(is_method=False)
def cross_entropy(
    input: Tensor,
    target: Tensor,
    weight: Tensor | None = None,
    *,
    ignore_index: int = -100,
    reduction: str = "mean",
    label_smoothing: float = 0.0,
) -> Tensor:
    """-ln of the probability that softmax(input) gives the target class. Logits have shape (N, C), (C,) or (N, C, …).

    ``target`` holds either class numbers, one integer for each sample, or probabilities, in the shape of the input.
    Samples of class ``ignore_index`` do not count; ``weight`` (C,) weighs the classes, and "mean" is then the weighted
    mean; ``label_smoothing`` moves that fraction of the target evenly to all classes.

    ValueError if the shapes do not fit or a class is out of range, TypeError if a dtype is none of these.

    >>> tg.cross_entropy(tg.tensor([[0.0, 0.0], [0.0, 100.0]]), tg.tensor([0, 0]), reduction="none")
    tensor([  0.6931, 100.0000])
    """
    if not 0 <= label_smoothing <= 1:
        raise ValueError(f"cross_entropy: label_smoothing must lie in [0, 1], not {label_smoothing}")
    _check_class_scores(input, target, "cross_entropy")
    if weight is not None:
        _check_class_weight(weight, input, "cross_entropy")
    if target.dtype.kind == "f":
        check_alike(input, target, "cross_entropy of probabilities")
        return _loss_of_distributions(input, target, weight, reduction, label_smoothing)
    _check_class_targets(input, target, "cross_entropy")
    check_reduction(reduction, "cross_entropy")
    if input.ndim == 2 and reduction != "none" and weight is None and not label_smoothing:
        return _cross_entropy(input, target, ignore_index=ignore_index, is_mean=reduction == "mean")
    log_probability = log_softmax(input, _class_dim(input))
    return _loss_of_classes(log_probability, target, weight, ignore_index, reduction, label_smoothing, "cross_entropy")


@public(is_method=False)
def nll_loss(
    input: Tensor,
    target: Tensor,
    weight: Tensor | None = None,
    *,
    ignore_index: int = -100,
    reduction: str = "mean",
) -> Tensor:
    """Minus the log-probability of the target class. ``input`` holds log-probabilities; the rest is as in
    `cross_entropy`.

    >>> tg.nll_loss(tg.tensor([[-1.0, -2.0]]), tg.tensor([1]))
    tensor(2.)
    """
    _check_class_scores(input, target, "nll_loss")
    if weight is not None:
        _check_class_weight(weight, input, "nll_loss")
    _check_class_targets(input, target, "nll_loss")
    return _loss_of_classes(input, target, weight, ignore_index, reduction, 0.0, "nll_loss")


def _class_dim(scores: Tensor) -> int:
    return min(scores.ndim - 1, 1)


def _loss_of_classes(
    log_probability: Tensor,
    target: Tensor,
    weight: Tensor | None,
    ignore_index: int,
    reduction: str,
    label_smoothing: float,
    name: str,
) -> Tensor:
    dim = _class_dim(log_probability)
    counts = target != ignore_index
    target = class_numbers(target, classes=log_probability.shape[dim], ignore_index=ignore_index, operation=name)
    weight_of_class = (
        counts.to(log_probability.dtype) if weight is None else where(counts, weight_of_each(weight, target), 0)
    )
    losses = -gather(log_probability, dim, target.unsqueeze(dim)).squeeze(dim) * weight_of_class
    if label_smoothing:
        per_class = log_probability
        if weight is not None:
            per_class = per_class * weight.reshape(along(dim, per_class.ndim))
        even = -per_class.sum(dim) * (label_smoothing / log_probability.shape[dim])
        losses = losses * (1 - label_smoothing) + even
    losses = where(counts, losses, 0)
    return losses.sum() / weight_of_class.sum() if reduction == "mean" else reduced(losses, reduction, name)


def _loss_of_distributions(
    input: Tensor, target: Tensor, weight: Tensor | None, reduction: str, label_smoothing: float
) -> Tensor:
    dim = _class_dim(input)
    if label_smoothing:
        target = target * (1 - label_smoothing) + label_smoothing / input.shape[dim]
    if weight is not None:
        target = target * weight.reshape(along(dim, input.ndim))
    return reduced(-(log_softmax(input, dim) * target).sum(dim), reduction, "cross_entropy")


def _check_class_scores(input: Tensor, target: Tensor, name: str) -> None:
    try:
        scores, _ = input._data, target._data
    except AttributeError:
        check_tensors(name, input=input, target=target)
        raise
    if scores.dtype.kind != "f":
        raise TypeError(f"{name}: needs a floating point score for every class, not {input.dtype}")
    if not scores.ndim:
        raise ValueError(f"{name}: needs a score for every class, in shape (N, C), not a 0-d tensor")


def _check_class_weight(weight: Tensor, input: Tensor, name: str) -> None:
    check_tensors(name, weight=weight)
    classes = input.shape[_class_dim(input)]
    if weight.shape != (classes,):
        raise ValueError(
            f"{name}: a weight of shape {weight.shape} for {classes} classes; it must have one value for each"
        )
    check_weight(weight, input, weight.shape, name)


def _check_class_targets(input: Tensor, target: Tensor, name: str) -> None:
    """An error if the targets do not have the dtype or shape of class numbers for the scores ``input``."""
    dim = _class_dim(input)
    expected = input.shape[:dim] + input.shape[dim + 1 :]
    if target.dtype.kind not in "iu":
        raise TypeError(
            f"{name}: targets are class numbers (integers) or probabilities (floating point), not {target.dtype}"
        )
    if target.shape != expected:
        raise ValueError(f"{name}: scores of shape {input.shape} need targets of shape {expected}, not {target.shape}")
