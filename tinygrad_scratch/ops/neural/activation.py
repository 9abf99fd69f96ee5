"""Activation functions of single numbers, and gates.

The option ``inplace`` has a function write its result into its input, which it returns; so does the function of the
same name with an underscore.
"""

from __future__ import annotations

from math import pi, sqrt
from typing import Any

import numpy as np

from tinygrad_scratch.ops.dims import along, checked_dim
from tinygrad_scratch.ops.in_place import in_place
from tinygrad_scratch.ops.math.arithmetic import clamp, where
from tinygrad_scratch.ops.math.elementwise import floating, in_common_dtype, in_floating_dtype, tanh
from tinygrad_scratch.ops.math.special import erf, sigmoid
from tinygrad_scratch.ops.random.generator import Generator
from tinygrad_scratch.ops.random.sampling import uniform
from tinygrad_scratch.record.operation import F, method, primitive, public
from tinygrad_scratch.record.tensor import Tensor

_relu = primitive(
    lambda x: np.maximum(x, 0),
    name="relu",
    doc="max(x, 0), with gradient 0 at 0.",
    prepare=in_common_dtype,
    x=lambda g, y: g * (y != 0),
)
method(_relu)  # without the option `inplace`, and so a little faster
_leaky_relu = primitive(
    lambda x, *, slope: np.where(x > 0, x, x * slope),
    name="leaky_relu",
    x=lambda g, x, slope: np.where(x > 0, g, g * slope),
)
_prelu = primitive(
    lambda x, weight: np.where(x > 0, x, x * weight),
    name="prelu",
    prepare=in_common_dtype,
    x=lambda g, x, weight: np.where(x > 0, g, g * weight),
    weight=lambda g, x: np.where(x > 0, 0, g * x),
)
_elu = primitive(
    lambda x, *, alpha, scale, input_scale: (
        np.where(x > 0, x, np.expm1(np.minimum(x, 0) * input_scale) * alpha) * scale
    ),
    name="elu",
    x=lambda g, x, alpha, scale, input_scale: (
        np.where(x <= 0, g * (np.exp(np.minimum(x, 0) * input_scale) * (alpha * input_scale)), g) * scale
    ),
)
_silu = primitive(
    lambda x: x * sigmoid(x),
    name="silu",
    prepare=in_floating_dtype,
    x=lambda g, x: g * sigmoid(x) * (1 + x * sigmoid(-x)),
)
_softplus = primitive(
    lambda x, *, beta, threshold: np.where(x * beta > threshold, x, np.logaddexp(x * beta, 0) / beta),
    name="softplus",
    prepare=in_floating_dtype,
    x=lambda g, x, beta, threshold: np.where(x * beta > threshold, g, g * sigmoid(x * beta)),
)


@primitive(x=lambda g, x: g * (2 - x * x) * np.exp(x * x / -2) / sqrt(2 * pi))
def _gelu_slope(x: Any, y: Any) -> Any:
    """Φ(x) + x · Φ'(x), where Φ(x) is y / x. Its rule for x says all, since y is a function of that."""
    slope = x * x
    is_small = slope < np.finfo(x.dtype).eps ** 2
    slope *= -0.5
    slope = np.exp(slope)
    slope *= x
    slope *= 1 / sqrt(2 * pi)
    cdf = np.asarray(y / x)
    cdf[is_small] = 0.5  # what it is to the last digit, whereas y may have lost its own
    slope += cdf
    return slope


@primitive(name="gelu", x=lambda g, x, y: g * _gelu_slope(x, y))
def _gelu(x: Any) -> Any:
    """x · Φ(x), where Φ(x) = (1 + erf(x / √2)) / 2."""
    y = erf(x * sqrt(0.5))
    y += 1
    y *= x
    y *= 0.5
    return y


SELU_SCALE, SELU_ALPHA = 1.0507009873554805, 1.6732632423543772


logsigmoid = floating(
    lambda x: -np.logaddexp(-x, 0),
    "ln sigmoid(x), without overflow: logsigmoid([0.0, -100.0]) = [  -0.6931, -100.0000]",
    is_method=False,
    x=lambda g, x: g * sigmoid(-x),
)
softsign = floating(
    lambda x: x / (1 + np.abs(x)),
    "x / (1 + |x|): softsign([-1.0, 3.0]) = [-0.5000,  0.7500]",
    is_method=False,
    x=lambda g, x: g / (1 + np.abs(x)) ** 2,
)
tanhshrink = floating(
    lambda x: x - np.tanh(x),
    "x - tanh x: tanhshrink([0.0, 1.0]) = [0.0000, 0.2384]",
    is_method=False,
    x=lambda g, x: g * np.tanh(x) ** 2,
)


@public(is_method=False)
def relu(input: Tensor, inplace: bool = False) -> Tensor:
    """max(x, 0), with gradient 0 at 0.

    >>> tg.relu(tg.tensor([-1.0, 2.0]))
    tensor([0., 2.])
    """
    return relu_(input) if inplace else _relu(input)


@public(is_method=False)
def leaky_relu(input: Tensor, negative_slope: float = 0.01, inplace: bool = False) -> Tensor:
    """x where positive, ``negative_slope`` · x elsewhere.

    >>> tg.leaky_relu(tg.tensor([-1.0, 2.0]), 0.1)
    tensor([-0.1000,  2.0000])
    """
    return leaky_relu_(input, negative_slope) if inplace else _leaky_relu(input, slope=negative_slope)


@public(is_method=False)
def prelu(input: Tensor, weight: Tensor) -> Tensor:
    """`leaky_relu` with a learned slope: one, or one for each channel (dimension 1; or 0, if there is no other).

    >>> tg.prelu(tg.tensor([-1.0, 2.0]), tg.tensor([0.25]))
    tensor([-0.2500,  2.0000])
    """
    if weight.numel() > 1:
        channel = min(1, input.ndim - 1)
        if channel < 0 or (input.shape[channel],) != weight.shape:
            raise ValueError(f"prelu: slopes of shape {weight.shape} do not fit an input of shape {input.shape}")
        weight = weight.reshape(along(channel, input.ndim))
    elif weight.ndim > input.ndim:
        weight = weight.reshape(())
    return _prelu(input, weight)


@public(is_method=False)
def rrelu(
    input: Tensor,
    lower: float = 1 / 8,
    upper: float = 1 / 3,
    training: bool = False,
    inplace: bool = False,
    generator: Generator | None = None,
) -> Tensor:
    """`leaky_relu` with a slope drawn, for each value, from [lower, upper); their mean if not ``training``.

    ValueError if ``lower`` exceeds ``upper``.

    >>> tg.rrelu(tg.tensor([-1.0, 2.0]), lower=0.5, upper=0.5)
    tensor([-0.5000,  2.0000])
    """
    if not lower <= upper:
        raise ValueError(f"rrelu: lower must not exceed upper, got {lower} and {upper}")
    if inplace:
        return rrelu_(input, lower, upper, training, generator=generator)
    if not training:
        return leaky_relu(input, (lower + upper) / 2)
    slope = uniform(input.shape, input.dtype, lower, upper, generator=generator)
    return where(input > 0, input, input * slope)


@public(is_method=False)
def elu(input: Tensor, alpha: float = 1.0, inplace: bool = False) -> Tensor:
    """x where positive, ``alpha`` · (eˣ - 1) elsewhere (Clevert et al., 2016).

    >>> tg.elu(tg.tensor([-1.0, 2.0]))
    tensor([-0.6321,  2.0000])
    """
    return elu_(input, alpha) if inplace else _elu(input, alpha=alpha, scale=1.0, input_scale=1.0)


@public(is_method=False)
def selu(input: Tensor, inplace: bool = False) -> Tensor:
    """`elu`, scaled so that it keeps mean 0 and variance 1 (Klambauer et al., 2017).

    >>> tg.selu(tg.tensor([-1.0, 2.0]))
    tensor([-1.1113,  2.1014])
    """
    return selu_(input) if inplace else _elu(input, alpha=SELU_ALPHA, scale=SELU_SCALE, input_scale=1.0)


@public(is_method=False)
def celu(input: Tensor, alpha: float = 1.0, inplace: bool = False) -> Tensor:
    """max(x, 0) + min(0, ``alpha`` · (exp(x / alpha) - 1)) (Barron, 2017).

    >>> tg.celu(tg.tensor([-1.0, 2.0]), alpha=2.0)
    tensor([-0.7869,  2.0000])
    """
    return celu_(input, alpha) if inplace else _elu(input, alpha=alpha, scale=1.0, input_scale=1 / alpha)


@public(is_method=False)
def gelu(input: Tensor, approximate: str = "none") -> Tensor:
    """x · Φ(x), with Φ the normal distribution function (Hendrycks and Gimpel, 2016); "tanh" approximates Φ.

    >>> tg.gelu(tg.tensor([-1.0, 2.0]))
    tensor([-0.1587,  1.9545])
    """
    if approximate == "none":
        return _gelu(input)
    if approximate == "tanh":
        return input * (1 + tanh(sqrt(2 / pi) * (input + 0.044715 * input**3))) / 2
    raise ValueError(f"gelu: approximate must be 'none' or 'tanh', not {approximate!r}")


@public(is_method=False)
def silu(input: Tensor, inplace: bool = False) -> Tensor:
    """x · sigmoid(x), also called swish.

    >>> tg.silu(tg.tensor([-1.0, 2.0]))
    tensor([-0.2689,  1.7616])
    """
    return _silu_(input) if inplace else _silu(input)


@public(is_method=False)
def mish(input: Tensor, inplace: bool = False) -> Tensor:
    """x · tanh(softplus(x)) (Misra, 2019).

    >>> tg.mish(tg.tensor([-1.0, 2.0]))
    tensor([-0.3034,  1.9440])
    """
    return _mish_(input) if inplace else input * tanh(softplus(input))


@public(is_method=False)
def softplus(input: Tensor, beta: float = 1.0, threshold: float = 20.0) -> Tensor:
    """ln(1 + exp(beta · x)) / beta: a smooth `relu`. Where beta · x exceeds ``threshold``, it is x.

    >>> tg.softplus(tg.tensor([0.0, 100.0]))
    tensor([  0.6931, 100.0000])
    """
    return _softplus(input, beta=beta, threshold=threshold)


@public(is_method=False)
def softshrink(input: Tensor, lambd: float = 0.5) -> Tensor:
    """x moved by ``lambd`` towards 0, and 0 where that would pass it. ValueError if ``lambd`` is negative.

    >>> tg.softshrink(tg.tensor([-1.0, 0.2]))
    tensor([-0.5000,  0.0000])
    """
    if lambd < 0:
        raise ValueError(f"softshrink: lambd must not be negative, got {lambd}")
    return input - clamp(input, -lambd, lambd)


@public(is_method=False)
def hardshrink(input: Tensor, lambd: float = 0.5) -> Tensor:
    """x, but 0 within [-lambd, lambd].

    >>> tg.hardshrink(tg.tensor([-1.0, 0.2]))
    tensor([-1.,  0.])
    """
    return where(abs(input) <= lambd, 0, input)


@public(is_method=False)
def threshold(input: Tensor, threshold: float, value: float, inplace: bool = False) -> Tensor:
    """x where it exceeds ``threshold``, and ``value`` elsewhere.

    >>> tg.threshold(tg.tensor([1.0, 3.0]), 2, -1)
    tensor([-1.,  3.])
    """
    return threshold_(input, threshold, value) if inplace else where(input <= threshold, value, input)


@public(is_method=False)
def hardtanh(input: Tensor, min_val: float = -1.0, max_val: float = 1.0, inplace: bool = False) -> Tensor:
    """x brought into [min_val, max_val]; unlike that of `clamp`, its gradient is 0 at the bounds.

    ValueError if ``min_val`` is above ``max_val``.

    >>> tg.hardtanh(tg.tensor([-3.0, 0.5]))
    tensor([-1.0000,  0.5000])
    """
    if inplace:
        return hardtanh_(input, min_val, max_val)
    if min_val > max_val:
        raise ValueError(f"hardtanh: min_val {min_val} is above max_val {max_val}")
    within = clamp(input.detach(), min_val, max_val).to(input.dtype)
    return where((input <= min_val) | (input >= max_val), within, input)


@public(is_method=False)
def relu6(input: Tensor, inplace: bool = False) -> Tensor:
    """x brought into [0, 6].

    >>> tg.relu6(tg.tensor([-1.0, 2.0, 8.0]))
    tensor([0., 2., 6.])
    """
    return hardtanh(input, 0.0, 6.0, inplace)


@public(is_method=False)
def hardsigmoid(input: Tensor, inplace: bool = False) -> Tensor:
    """(x + 3) / 6 brought into [0, 1]: a `sigmoid` of three straight lines.

    >>> tg.hardsigmoid(tg.tensor([-4.0, 0.0]))
    tensor([0.0000, 0.5000])
    """
    return _hardsigmoid_(input) if inplace else relu6(input + 3) / 6


@public(is_method=False)
def hardswish(input: Tensor, inplace: bool = False) -> Tensor:
    """x · hardsigmoid(x) (Howard et al., 2019).

    >>> tg.hardswish(tg.tensor([-1.0, 4.0]))
    tensor([-0.3333,  4.0000])
    """
    return _hardswish_(input) if inplace else input * hardsigmoid(input)


@public(is_method=False)
def glu(input: Tensor, dim: int = -1) -> Tensor:
    """The first half of the values along ``dim`` times the sigmoid of the second (Dauphin et al., 2017).

    ValueError if they cannot be halved.

    >>> tg.glu(tg.tensor([2.0, 0.0]))
    tensor([1.])
    """
    size = input.shape[checked_dim(dim, input.ndim, "glu")]
    if size % 2:
        raise ValueError(f"glu: dim {dim} of shape {input.shape} has {size} values, which cannot be halved")
    values, gates = input.split(size // 2, dim)
    return values * sigmoid(gates)


# Written into their input: those that PyTorch has as functions too, and the others


def _in_place_form(function: F) -> F:
    name = function.__name__
    write: Any = in_place(function, f"{name}_")
    example = (function.__doc__ or "").replace(f"tg.{name}(", f"tg.{name}_(")
    write.__doc__ = f"{write.__doc__}\n\n    {example}"
    return public(write, is_method=False)  # type: ignore[no-any-return]


relu_ = method(_in_place_form(relu))
leaky_relu_ = _in_place_form(leaky_relu)
rrelu_ = _in_place_form(rrelu)
elu_ = _in_place_form(elu)
selu_ = _in_place_form(selu)
celu_ = _in_place_form(celu)
threshold_ = _in_place_form(threshold)
hardtanh_ = _in_place_form(hardtanh)
_silu_ = in_place(silu, "silu")
_mish_ = in_place(mish, "mish")
_hardsigmoid_ = in_place(hardsigmoid, "hardsigmoid")
_hardswish_ = in_place(hardswish, "hardswish")
