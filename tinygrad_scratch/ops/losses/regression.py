"""Losses of predicted numbers: their errors, and how improbable the target is under a predicted distribution."""

from __future__ import annotations

from typing import Any

import numpy as np

from tinygrad_scratch.ops.checks import check_shape
from tinygrad_scratch.ops.losses.loss import (
    REDUCTIONS,
    check_alike,
    check_reduction,
    divided_sum,
    divisor,
    gradient_of_each,
    reduced,
)
from tinygrad_scratch.ops.math.arithmetic import where
from tinygrad_scratch.ops.math.elementwise import exp, log
from tinygrad_scratch.ops.math.special import xlogy
from tinygrad_scratch.record.operation import primitive, public
from tinygrad_scratch.record.tensor import Tensor, make_tensor

_LOG_2PI = float(np.log(2 * np.pi))

_mse_loss = primitive(
    lambda x, target, *, n: divided_sum(np.square(x - target), n),
    name="mse_loss",
    x=lambda g, x, target, n: (x - target) * (gradient_of_each(g, n) * 2),
    target=lambda g, x, target, n: (target - x) * (gradient_of_each(g, n) * 2),
)
_l1_loss = primitive(
    lambda x, target: np.abs(x - target),
    name="l1_loss",
    x=lambda g, x, target: g * np.sign(x - target),
    target=lambda g, x, target: g * np.sign(target - x),
)
_huber_loss = primitive(
    lambda x, target, *, delta: _huber_of(np.abs(x - target), delta),
    name="huber_loss",
    x=lambda g, x, target, delta: g * np.clip(x - target, -delta, delta),
    target=lambda g, x, target, delta: g * np.clip(target - x, -delta, delta),
)


def _huber_of(distance: Any, delta: float) -> Any:
    return np.where(distance <= delta, distance * distance / 2, (distance - delta / 2) * delta)


@public(is_method=False)
def mse_loss(input: Tensor, target: Tensor, *, reduction: str = "mean", weight: Tensor | None = None) -> Tensor:
    """The squared errors (input - target)². With a ``weight`` for each of them, "mean" is the weighted mean.

    >>> tg.mse_loss(tg.tensor([1.0, 2.0]), tg.tensor([1.0, 4.0]))
    tensor(2.)
    """
    check_alike(input, target, "mse_loss")
    if weight is None:
        return _mse_loss(input, target, n=divisor(input._data.size, reduction, "mse_loss"))
    return _weighted_mean(_mse_loss(input, target, n=None), weight, reduction, "mse_loss")


@public(is_method=False)
def l1_loss(input: Tensor, target: Tensor, *, reduction: str = "mean", weight: Tensor | None = None) -> Tensor:
    """The errors |input - target|. With a ``weight`` for each of them, "mean" is the weighted mean.

    >>> tg.l1_loss(tg.tensor([1.0, 2.0]), tg.tensor([1.0, 4.0]))
    tensor(1.)
    """
    check_alike(input, target, "l1_loss")
    losses = _l1_loss(input, target)
    return (
        reduced(losses, reduction, "l1_loss")
        if weight is None
        else _weighted_mean(losses, weight, reduction, "l1_loss")
    )


def _weighted_mean(losses: Tensor, weight: Tensor, reduction: str, name: str) -> Tensor:
    check_shape(weight, losses.shape, "weight", name)
    total = reduced(losses * weight, "sum" if reduction == "mean" else reduction, name)
    return total / weight.sum() if reduction == "mean" else total


@public(is_method=False)
def huber_loss(
    input: Tensor, target: Tensor, reduction: str = "mean", delta: float = 1.0, weight: Tensor | None = None
) -> Tensor:
    """e² / 2 for each error e up to ``delta``, and delta · (|e| - delta / 2) for larger ones; times its ``weight``.

    ValueError if ``delta`` is not positive.

    >>> tg.huber_loss(tg.tensor([1.0, 5.0]), tg.tensor([0.0, 0.0]), reduction="none")
    tensor([0.5000, 4.5000])
    """
    check_alike(input, target, "huber_loss")
    if not delta > 0:
        raise ValueError(f"huber_loss: delta must be positive, not {delta}")
    losses = _huber_loss(input, target, delta=delta)
    if weight is not None:
        check_shape(weight, losses.shape, "weight", "huber_loss")
        losses = losses * weight
    return reduced(losses, reduction, "huber_loss")


@public(is_method=False)
def smooth_l1_loss(input: Tensor, target: Tensor, *, reduction: str = "mean", beta: float = 1.0) -> Tensor:
    """e² / (2 · beta) for each error e below ``beta``, |e| - beta / 2 for the others: `l1_loss` without the kink at 0.

    ValueError if ``beta`` is negative.

    >>> tg.smooth_l1_loss(tg.tensor([1.0, 5.0]), tg.tensor([0.0, 0.0]), reduction="none", beta=2.0)
    tensor([0.2500, 4.0000])
    """
    check_alike(input, target, "smooth_l1_loss")
    if not beta >= 0:
        raise ValueError(f"smooth_l1_loss: beta must not be negative, got {beta}")
    losses = _huber_loss(input, target, delta=beta) / beta if beta else _l1_loss(input, target)
    return reduced(losses, reduction, "smooth_l1_loss")


@public(is_method=False)
def poisson_nll_loss(
    input: Tensor,
    target: Tensor,
    log_input: bool = True,
    full: bool = False,
    *,
    eps: float = 1e-8,
    reduction: str = "mean",
) -> Tensor:
    """-ln of the probability of the counts in ``target`` under Poisson distributions with the predicted means.

    ``input`` holds their logarithms or, without ``log_input``, the means, to which ``eps`` is added in logarithms.
    The term ln(target!) is left out; ``full`` adds Stirling's approximation of it for counts above 1.

    >>> tg.poisson_nll_loss(tg.tensor([0.0]), tg.tensor([3.0]))
    tensor(1.)
    """
    check_alike(input, target, "poisson_nll_loss")
    losses = exp(input) - target * input if log_input else input - target * log(input + eps)
    if full:
        count = where(target > 1, target, 1)
        stirling = count * log(count) - count + log(2 * np.pi * count) / 2
        losses = losses + where(target > 1, stirling, 0)
    return reduced(losses, reduction, "poisson_nll_loss")


@public(is_method=False)
def gaussian_nll_loss(
    input: Tensor, target: Tensor, var: Tensor | float, full: bool = False, eps: float = 1e-6, reduction: str = "mean"
) -> Tensor:
    """-ln of the probability density of ``target`` under normal distributions with means ``input``, variances ``var``.

    ``var`` is a number, or has the shape of the input, or that shape with one dimension of size 1 or without the last.
    Variances count at least as ``eps``. The constant ln(2π) / 2 is left out unless ``full``.

    ValueError for a negative variance.

    >>> tg.gaussian_nll_loss(tg.tensor([1.0]), tg.tensor([3.0]), tg.tensor([1.0]))
    tensor(2.)
    """
    check_alike(input, target, "gaussian_nll_loss")
    variance = _clamped_variance(_variance(var, input), eps=eps, operation="gaussian_nll_loss")
    losses = (log(variance) + _mse_loss(input, target, n=None) / variance) / 2
    return reduced(losses + _LOG_2PI / 2 if full else losses, reduction, "gaussian_nll_loss")


# Variances below eps have its value, but not its gradient, which would be 0.
@primitive(x=lambda g: g)
def _clamped_variance(x: Any, *, eps: float, operation: str) -> Any:  # noqa: ARG001
    if x.size and not x.min() >= 0:
        raise ValueError(f"a variance must not be negative, but one is {x.min()}")
    return np.maximum(x, eps)


def _variance(var: Tensor | float, input: Tensor) -> Tensor:
    """The variances in a shape that broadcasts against the input."""
    variance = var if isinstance(var, Tensor) else make_tensor(np.full(input.shape, var, input.dtype))
    if variance.ndim < input.ndim and variance.shape == input.shape[:-1]:
        return variance.unsqueeze(-1)
    different = [size for size, wanted in zip(variance.shape, input.shape, strict=False) if size != wanted]
    if variance.ndim != input.ndim or different not in ([], [1]):
        raise ValueError(
            f"gaussian_nll_loss: variances of shape {variance.shape} for predictions of shape {input.shape}; "
            "they may differ in one dimension of size 1, or lack the last"
        )
    return variance


@public(is_method=False)
def kl_div(input: Tensor, target: Tensor, *, reduction: str = "mean", log_target: bool = False) -> Tensor:
    """target · (ln target - input): the terms of the Kullback-Leibler divergence, of log-probabilities ``input``.

    ``log_target`` says that the target is given as logarithms too. The reduction that gives the divergence itself is
    "batchmean", the sum divided by the number of samples; "mean" divides by the number of values.

    >>> tg.kl_div(tg.tensor([[0.5, 0.5]]).log(), tg.tensor([[1.0, 0.0]]), reduction="batchmean")
    tensor(0.6931)
    """
    check_alike(input, target, "kl_div")
    check_reduction(reduction, "kl_div", (*REDUCTIONS, "batchmean"))
    losses = exp(target) * (target - input) if log_target else xlogy(target, target) - target * input
    if reduction == "batchmean":
        return losses.sum() / len(input) if input.ndim else losses
    return reduced(losses, reduction, "kl_div")
