"""Normalization: values brought to mean 0 and variance 1, over the samples or over the features of each sample."""

from __future__ import annotations

from collections.abc import Sequence
from math import prod
from typing import Any

import numpy as np

from tinygrad_scratch.dtypes import float16, float32
from tinygrad_scratch.ops.checks import check_shape, floating_only
from tinygrad_scratch.ops.math.elementwise import rsqrt
from tinygrad_scratch.ops.reduce.pairwise import count, in_float32, pairwise_mean, pairwise_sum
from tinygrad_scratch.ops.reduce.reduction import mean_over
from tinygrad_scratch.record.mode import no_grad
from tinygrad_scratch.record.operation import primitive, public
from tinygrad_scratch.record.tensor import Tensor

Dims = tuple[int, ...]


@primitive(is_multiple=True, x=lambda g, y, dim, eps, n: _standardize_gradient(g, y[0], y[2], dim, eps, n))
def _standardize(x: Any, *, dim: Dims, eps: float, n: int) -> tuple[Any, Any, Any]:
    # (x - mean) / √(variance + eps), the mean and the variance of the n values over dim, both float32 if x is float16.
    wide = x.astype(float32) if x.dtype == float16 else x
    mean = pairwise_sum(wide, dim=dim, keepdim=True) / n
    result = wide - mean
    variance = pairwise_sum(result * result, dim=dim, keepdim=True) / n
    result *= 1 / np.sqrt(variance + eps)
    return result.astype(x.dtype, copy=False), mean, variance


def _standardize_gradient(gradients: Any, y: Any, variance: Any, dim: Dims, eps: float, n: int) -> Any:
    # y = (x - mean) / deviation gets g, less what the mean and the variance, which depend on all of x, take back.
    g, g_mean, g_variance = gradients
    deviation = np.sqrt(variance + eps)
    through_mean = mean_over(g, dim=dim, keepdim=True) - g_mean * deviation / n
    through_variance = mean_over(g * y, dim=dim, keepdim=True) - 2 * g_variance * deviation * deviation / n
    return (g - through_mean - y * through_variance) / deviation


def standardized(input: Tensor, dim: Dims, eps: float) -> tuple[Tensor, Tensor, Tensor]:
    """(x - mean) / √(variance + eps), with the mean and variance over ``dim``; these two as well, with size 1 there."""
    n = prod(input.shape[i] for i in dim)
    return _standardize(input, dim=dim, eps=eps, n=n)  # type: ignore[return-value]


_inverse_rms = primitive(
    in_float32(lambda x, *, dim, eps: 1 / np.sqrt(pairwise_mean(x * x, dim=dim, keepdim=True) + eps)),
    name="inverse_rms",
    x=lambda g, x, y, dim: (x * y) * (g * y * y / -count(x.shape, dim)),
)
_rms_norm = primitive(
    lambda x, *, dim, eps: x * _inverse_rms(x, dim=dim, eps=eps),
    name="rms_norm",
    x=lambda g, x, y, dim, eps: (g - y * mean_over(g * y, dim=dim, keepdim=True)) * _inverse_rms(x, dim=dim, eps=eps),
)


@public(is_method=False)
def layer_norm(
    input: Tensor,
    normalized_shape: Sequence[int],
    weight: Tensor | None = None,
    bias: Tensor | None = None,
    eps: float = 1e-5,
) -> Tensor:
    """Each sample's values over the last dimensions, of shape ``normalized_shape``, with mean 0 and variance 1.

    That is (x - mean) / √(variance + eps) · weight + bias, the last two of shape ``normalized_shape`` (Ba et al.,
    2016). ValueError if the shapes do not fit.

    >>> tg.layer_norm(tg.tensor([[1.0, 3.0], [0.0, 8.0]]), [2])
    tensor([[-1.0000,  1.0000],
            [-1.0000,  1.0000]])
    """
    dims = _trailing_dims(input, tuple(normalized_shape), "layer_norm")
    result, _, _ = standardized(input, dims, eps)
    return _scaled_and_shifted(result, weight, bias, dims, "layer_norm")


@public(is_method=False)
def rms_norm(
    input: Tensor, normalized_shape: Sequence[int], weight: Tensor | None = None, eps: float | None = None
) -> Tensor:
    """Each sample's values over the last dimensions, of shape ``normalized_shape``, with mean square 1.

    That is x / √(mean of x² + eps) · weight (Zhang and Sennrich, 2019); ``eps`` is by default the dtype's. ValueError
    if the shapes do not fit.

    >>> tg.rms_norm(tg.tensor([[1.0, 7.0]]), [2])
    tensor([[0.2000, 1.4000]])
    """
    dims = _trailing_dims(input, tuple(normalized_shape), "rms_norm")
    result = _rms_norm(input, dim=dims, eps=float(np.finfo(input.dtype).eps) if eps is None else eps)
    return _scaled_and_shifted(result, weight, None, dims, "rms_norm")


@public(is_method=False)
def group_norm(
    input: Tensor, num_groups: int, weight: Tensor | None = None, bias: Tensor | None = None, eps: float = 1e-5
) -> Tensor:
    """Each sample's values in each of ``num_groups`` groups of channels with mean 0 and variance 1 (Wu and He, 2018).

    ``input`` has shape (N, C, \\*), and ``weight`` and ``bias``, with which the channels are multiplied and shifted
    then, have shape (C,). ValueError if the shapes do not fit.

    >>> tg.group_norm(tg.tensor([[1.0, 3.0, 0.0, 8.0]]), num_groups=2)
    tensor([[-1.0000,  1.0000, -1.0000,  1.0000]])
    """
    floating_only(input, "group_norm")
    if input.ndim < 2 or num_groups < 1 or input.shape[1] % num_groups:
        raise ValueError(
            f"group_norm: an input (N, C, *) of shape {input.shape} has no {num_groups} groups of channels"
        )
    groups = input.reshape(input.shape[0], num_groups, prod(input.shape[1:]) // num_groups)
    result, _, _ = standardized(groups, (2,), eps)
    return _scaled_and_shifted(result.reshape(input.shape), weight, bias, (1,), "group_norm")


@public(is_method=False)
def batch_norm(
    input: Tensor,
    running_mean: Tensor | None,
    running_var: Tensor | None,
    weight: Tensor | None = None,
    bias: Tensor | None = None,
    training: bool = False,
    momentum: float | Tensor = 0.1,
    eps: float = 1e-5,
) -> Tensor:
    """Each channel's values over all samples with mean 0 and variance 1, then times weight + bias: all of shape (C,).

    ``input`` has shape (N, C, \\*). In ``training`` the mean and variance are those of the input, and the running ones
    move towards them by ``momentum``, in place (the variance being that of n - 1); otherwise they are the running ones
    (Ioffe and Szegedy, 2015).

    ValueError if the shapes do not fit, if there are no running statistics though not in ``training``, or in it only
    one value in each channel.

    >>> tg.batch_norm(tg.tensor([[1.0, 0.0], [3.0, 8.0]]), None, None, training=True)
    tensor([[-1.0000, -1.0000],
            [ 1.0000,  1.0000]])
    """
    floating_only(input, "batch_norm")
    if input.ndim < 2:
        raise ValueError(f"batch_norm: needs an input (N, C, *), not one of shape {input.shape}")
    if not training:
        if running_mean is None or running_var is None:
            raise ValueError("batch_norm: needs running_mean and running_var when not in training")
        centered = input - _along(running_mean, input, (1,), "running_mean", "batch_norm")
        scale = rsqrt(_along(running_var, input, (1,), "running_var", "batch_norm") + eps)
        return _scaled_and_shifted(centered * scale, weight, bias, (1,), "batch_norm")
    dims = (0, *range(2, input.ndim))
    count = prod(input.shape[i] for i in dims)
    if count < 2:
        raise ValueError(
            f"batch_norm: in training it needs more than one value in each channel, not an input of shape {input.shape}"
        )
    result, mean, variance = standardized(input, dims, eps)
    _move_towards(running_mean, mean.ravel(), momentum, "running_mean")
    _move_towards(running_var, variance.ravel() * (count / (count - 1)), momentum, "running_var")
    return _scaled_and_shifted(result, weight, bias, (1,), "batch_norm")


@no_grad
def _move_towards(running: Tensor | None, current: Tensor, momentum: float | Tensor, what: str) -> None:
    if running is not None:
        check_shape(running, current.shape, what, "batch_norm")
        running += (current.to(running.dtype) - running) * momentum


def _trailing_dims(input: Tensor, normalized_shape: tuple[int, ...], name: str) -> Dims:
    floating_only(input, name)
    first = input.ndim - len(normalized_shape)
    if not normalized_shape or first < 0 or input.shape[first:] != normalized_shape:
        raise ValueError(
            f"{name}: the input must end in dimensions {normalized_shape}, the normalized shape, but has shape "
            f"{input.shape}"
        )
    return tuple(range(first, input.ndim))


def _scaled_and_shifted(x: Tensor, weight: Tensor | None, bias: Tensor | None, dims: Dims, name: str) -> Tensor:
    """x · weight + bias, of which both have the shape of the dimensions ``dims`` of x."""
    if weight is not None:
        x = x * _along(weight, x, dims, "weight", name)
    if bias is not None:
        x = x + _along(bias, x, dims, "bias", name)
    return x


def _along(parameter: Tensor, x: Tensor, dims: Dims, what: str, name: str) -> Tensor:
    """``parameter``, which belongs to the dimensions ``dims`` of x, in a shape that broadcasts against x."""
    shape = tuple(x.shape[i] for i in dims)
    check_shape(parameter, shape, what, name)
    if parameter.dtype != x.dtype:
        raise TypeError(f"{name}: the input is {x.dtype} and {what} {parameter.dtype}; convert one of them with to()")
    following = x.ndim - 1 - dims[-1]
    return parameter.reshape(*shape, *[1] * following) if following else parameter
