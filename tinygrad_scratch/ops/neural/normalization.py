"""Normalization: values brought to mean 0 and variance 1, over the samples or over the features of each sample."""

from __future__ import annotations

from collections.abc import Sequence
from math import prod
from typing import Any

import numpy as np

from tinygrad_scratch.dtypes import float16, float32
from tinygrad_scratch.ops.checks import check_shape, floating_only
from tinygrad_scratch.ops.math.elementwise import rsqrt
from tinygrad_scratch.ops.reduce.layout import layout_of
from tinygrad_scratch.ops.reduce.pairwise import count, in_float32, pairwise_mean
from tinygrad_scratch.ops.reduce.reduction import mean_over, sum_over, unsqueezed
from tinygrad_scratch.record.mode import no_grad
from tinygrad_scratch.record.operation import Operation, primitive, public
from tinygrad_scratch.record.tensor import Tensor

Dims = tuple[int, ...]


@primitive(
    is_multiple=True,
    x=lambda g, y, x_shape, dim, eps: _through_statistics(g, y[0], np.sqrt(y[2] + eps), count(x_shape, dim), dim),
)
def _standardize(x: Any, *, dim: Dims, eps: float) -> tuple[Any, Any, Any]:
    # (x - mean) / √(variance + eps), the mean and the variance of the values over dim, both float32 if x is float16.
    wide = _wide(x)
    result = np.empty_like(wide)
    layout = layout_of(result, dim)
    values, standardized = layout.seen(wide), layout.seen(result)
    mean = layout.sum(values) / layout.n
    np.subtract(values, layout.spread(mean), out=standardized)
    variance = layout.sum_of_products(standardized, standardized) / layout.n
    standardized *= layout.spread(1 / np.sqrt(variance + eps))
    return result.astype(x.dtype, copy=False), layout.unseen(mean), layout.unseen(variance)


def _through_statistics(gradients: Any, y: Any, deviation: Any, n: int, dim: Dims) -> Any:
    # The mean and the variance are results as well: what their gradients add is the same for all values, or goes as y.
    g, g_mean, g_variance = gradients
    return _standardize_gradient(g, y, 1 / deviation, g_mean / n, g_variance * deviation / (n / 2), dim=dim)


def _gradient_of_standardized(gradient: Any, z: Any, scale: Any, level: Any, slope: Any, *, dim: Dims) -> Any:
    # scale · (gradient - its mean - z · the mean of gradient · z), as the mean and the variance depend on all values;
    # and level + slope · z.
    wide = _wide(z)
    result = np.empty_like(wide)
    layout = layout_of(result, dim)
    gradients, standardized, out = layout.seen(_wide(gradient)), layout.seen(wide), layout.seen(result)
    scale = layout.seen_sums(scale)
    of_z, of_all = layout.sum_of_products(gradients, standardized), layout.sum(gradients)
    back = scale / -layout.n
    of_z *= back
    of_all *= back
    if level is not None:
        of_z += layout.seen_sums(slope)
        of_all += layout.seen_sums(level)
    np.multiply(standardized, layout.spread(of_z), out=out)
    out += layout.spread(of_all)
    out += gradients * layout.spread(scale)
    return result.astype(z.dtype, copy=False)


_standardize_gradient: Operation = primitive(
    _gradient_of_standardized,
    name="standardize_gradient",
    # As a map of the gradient it is symmetric.
    gradient=lambda g, z, scale, dim: _standardize_gradient(g, z, scale, None, None, dim=dim),
    z=lambda g, gradient, z, scale, slope, dim: (
        (0 if slope is None else g * slope)
        - scale * (g * _mean_of_product(gradient, z, dim) + gradient * _mean_of_product(g, z, dim))
    ),
    scale=lambda g, gradient, z, dim: (
        g * (gradient - mean_over(gradient, dim=dim, keepdim=True) - z * _mean_of_product(gradient, z, dim))
    ),
    level=lambda g: g,
    slope=lambda g, z: g * z,
)


def _mean_of_product(a: Any, b: Any, dim: Dims) -> Any:
    return mean_over(a * b, dim=dim, keepdim=True)


def _wide(x: Any) -> Any:
    return x.astype(float32) if x.dtype == float16 else x


_sum_of_products: Operation = primitive(
    lambda x, other, *, dim: _summed_products(x, other, dim),
    name="sum_of_products",
    x=lambda g, other, dim: other * unsqueezed(g, other.shape, dim),
    other=lambda g, x, dim: x * unsqueezed(g, x.shape, dim),
)


def _summed_products(x: Any, other: Any, dim: Dims) -> Any:
    like = np.asarray(_wide(other), order="K")
    layout = layout_of(like, dim)
    sums = layout.sum_of_products(layout.seen(_wide(x)), layout.seen(like))
    return layout.unseen(sums).squeeze(dim).astype(other.dtype)  # a copy, and no view of all these steps


_scale_and_shift: Operation = primitive(
    lambda x, weight, bias, *, dims: _scaled_and_shifted_array(x, weight, bias, dims),
    name="scale_and_shift",
    x=lambda g, weight, dims: _scale_and_shift(g, weight, None, dims=dims),
    weight=lambda g, x, dims: _sum_of_products(g, x, dim=_others(x.shape, dims)),
    bias=lambda g, dims: sum_over(g, dim=_others(g.shape, dims), keepdim=False),
)


def _scaled_and_shifted_array(x: Any, weight: Any, bias: Any, dims: Dims) -> Any:
    # x · weight + bias, which belong to the dimensions dims of x.
    if dims[-1] == x.ndim - 1:
        result = x * weight
        if bias is not None:
            result += bias
        return result
    result = np.empty_like(x)
    layout = layout_of(result, _others(x.shape, dims))
    out = layout.seen(result)
    np.multiply(layout.seen(x), layout.spread(weight.reshape(layout.sums)), out=out)
    if bias is not None:
        out += layout.spread(bias.reshape(layout.sums))
    return result


def _along(parameter: Any, shape: Dims, dims: Dims) -> Any:
    """``parameter``, which belongs to the dimensions ``dims`` of arrays of this shape, so as to broadcast to them."""
    following = len(shape) - 1 - dims[-1]
    return parameter.reshape(*parameter.shape, *[1] * following) if following else parameter


def _others(shape: Dims, dims: Dims) -> Dims:
    return tuple(i for i in range(len(shape)) if i not in dims)


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
    result, _, _ = _standardize(input, dim=dims, eps=eps)
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
    result, _, _ = _standardize(groups, dim=(2,), eps=eps)
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
    _check_channels(input, "batch_norm")
    if not training:
        return _by_running_statistics(input, running_mean, running_var, weight, bias, eps, "batch_norm")
    dims = (0, *range(2, input.ndim))
    n = count(input.shape, dims)
    if n == 1:
        raise ValueError(
            f"batch_norm: in training it needs more than one value in each channel, not an input of shape {input.shape}"
        )
    result, mean, variance = _standardize(input, dim=dims, eps=eps)
    if n:
        _move_towards(running_mean, mean.ravel(), momentum, "running_mean", "batch_norm")
        _move_towards(running_var, variance.ravel() * (n / (n - 1)), momentum, "running_var", "batch_norm")
    return _scaled_and_shifted(result, weight, bias, (1,), "batch_norm")


@public(is_method=False)
def instance_norm(
    input: Tensor,
    running_mean: Tensor | None = None,
    running_var: Tensor | None = None,
    weight: Tensor | None = None,
    bias: Tensor | None = None,
    use_input_stats: bool = True,
    momentum: float | Tensor = 0.1,
    eps: float = 1e-5,
) -> Tensor:
    """Each channel's values in each sample with mean 0 and variance 1, then times weight + bias, both of shape (C,).

    ``input`` has shape (N, C, \\*). Running statistics, of shape (C,) too, move towards the averages over the samples
    by ``momentum``, in place (the variances being those of n - 1); without ``use_input_stats`` the input is normalized
    by them (Ulyanov et al., 2016).

    ValueError if the shapes do not fit, if there are no running statistics though the input is normalized by them, or
    if otherwise a channel of a sample has only one value.

    >>> tg.instance_norm(tg.tensor([[[1.0, 3.0], [0.0, 8.0]]]))
    tensor([[[-1.0000,  1.0000],
             [-1.0000,  1.0000]]])
    """
    _check_channels(input, "instance_norm")
    if not use_input_stats:
        return _by_running_statistics(input, running_mean, running_var, weight, bias, eps, "instance_norm")
    dims = tuple(range(2, input.ndim))
    n = count(input.shape, dims)
    if n == 1:
        raise ValueError(
            f"instance_norm: needs more than one value in each channel of a sample, not an input of shape {input.shape}"
        )
    result, mean, variance = _standardize(input, dim=dims, eps=eps)
    if input.numel():
        _move_towards(running_mean, _over_samples(mean), momentum, "running_mean", "instance_norm")
        unbiased = _over_samples(variance) * (n / (n - 1))
        _move_towards(running_var, unbiased, momentum, "running_var", "instance_norm")
    return _scaled_and_shifted(result, weight, bias, (1,), "instance_norm")


def _with_neighbours(x: Any, before: int, after: int) -> Any:
    # Of each channel, the sum with as many before and after it, as far as there are so many.
    result, channels = x.copy(order="K"), x.shape[1]
    for distance in range(1, min(max(before, after), channels - 1) + 1):
        if distance <= before:
            result[:, distance:] += x[:, :-distance]
        if distance <= after:
            result[:, :-distance] += x[:, distance:]
    return result


_sum_of_neighbours: Operation = primitive(
    lambda x, *, before, after: _with_neighbours(x, before, after),
    name="sum_of_neighbours",
    x=lambda g, before, after: _sum_of_neighbours(g, before=after, after=before),
)


@public(is_method=False)
def local_response_norm(input: Tensor, size: int, alpha: float = 0.0001, beta: float = 0.75, k: float = 1.0) -> Tensor:
    """Each value over a power of the squares of the same place in ``size`` neighbouring channels, itself among them.

    That is x / (k + alpha · the mean of these squares)^beta, where those beyond the first and last channel count as 0
    (Krizhevsky et al., 2012). ``input`` has shape (N, C, \\*), of 3 dimensions or more; ValueError otherwise.

    >>> tg.local_response_norm(tg.tensor([[[3.0], [4.0]]]), size=2, alpha=2.0, beta=1.0, k=0.0)
    tensor([[[0.3333],
             [0.1600]]])
    """
    if input.ndim < 3 or size < 1:
        raise ValueError(
            f"local_response_norm: needs an input (N, C, *) of 3 dimensions or more and a size of at least 1, not "
            f"shape {input.shape} and size {size}"
        )
    squares = _sum_of_neighbours(input * input, before=size // 2, after=(size - 1) // 2)
    return input / (squares * (alpha / size) + k) ** beta


def _check_channels(input: Tensor, name: str) -> None:
    floating_only(input, name)
    if input.ndim < 2:
        raise ValueError(f"{name}: needs an input (N, C, *), not one of shape {input.shape}")


def _by_running_statistics(
    input: Tensor,
    running_mean: Tensor | None,
    running_var: Tensor | None,
    weight: Tensor | None,
    bias: Tensor | None,
    eps: float,
    name: str,
) -> Tensor:
    """(x - running_mean) / √(running_var + eps) · weight + bias, as one scale and one shift of each channel."""
    if running_mean is None or running_var is None:
        raise ValueError(f"{name}: needs running_mean and running_var unless the statistics are those of the input")
    given = {"running_mean": running_mean, "running_var": running_var, "weight": weight, "bias": bias}
    for what, parameter in given.items():
        _check_parameter(parameter, input, (1,), what, name)
    scale = rsqrt(running_var + eps)
    scale = scale if weight is None else scale * weight
    shift = -running_mean * scale
    return _scale_and_shift(input, scale, shift if bias is None else shift + bias, dims=(1,))


@no_grad
def _over_samples(statistics: Tensor) -> Tensor:
    return mean_over(statistics.flatten(1), dim=(0,), keepdim=False)


@no_grad
def _move_towards(running: Tensor | None, current: Tensor, momentum: float | Tensor, what: str, name: str) -> None:
    if running is not None:
        check_shape(running, current.shape, what, name)
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
    _check_parameter(weight, x, dims, "weight", name)
    _check_parameter(bias, x, dims, "bias", name)
    if weight is None:
        return x if bias is None else x + _along(bias, x.shape, dims)
    return _scale_and_shift(x, weight, bias, dims=dims)


def _check_parameter(parameter: Tensor | None, x: Tensor, dims: Dims, what: str, name: str) -> None:
    if parameter is None:
        return
    check_shape(parameter, tuple(x.shape[i] for i in dims), what, name)
    if parameter.dtype != x.dtype:
        raise TypeError(f"{name}: the input is {x.dtype} and {what} {parameter.dtype}; convert one of them with to()")
