"""The functions behind the modules, under PyTorch's names: most are operations of the engine."""

from __future__ import annotations

from math import sqrt

import tinygrad_scratch as tg
from tinygrad_scratch import (
    Generator,
    Tensor,
    batch_norm,
    bilinear,
    binary_cross_entropy,
    binary_cross_entropy_with_logits,
    cosine_embedding_loss,
    cosine_similarity,
    cross_entropy,
    embedding,
    gaussian_nll_loss,
    gelu,
    glu,
    group_norm,
    gumbel_softmax,
    hardshrink,
    hinge_embedding_loss,
    huber_loss,
    kl_div,
    l1_loss,
    layer_norm,
    linear,
    log_softmax,
    logsigmoid,
    margin_ranking_loss,
    mse_loss,
    multi_margin_loss,
    multilabel_margin_loss,
    multilabel_soft_margin_loss,
    nll_loss,
    normalize,
    one_hot,
    pad,
    pairwise_distance,
    poisson_nll_loss,
    prelu,
    rms_norm,
    sigmoid,
    smooth_l1_loss,
    soft_margin_loss,
    softmax,
    softmin,
    softplus,
    softshrink,
    softsign,
    tanh,
    tanhshrink,
    triplet_margin_loss,
    triplet_margin_with_distance_loss,
)
from tinygrad_scratch.engine import in_place

__all__ = [
    "alpha_dropout",
    "batch_norm",
    "bilinear",
    "binary_cross_entropy",
    "binary_cross_entropy_with_logits",
    "celu",
    "celu_",
    "cosine_embedding_loss",
    "cosine_similarity",
    "cross_entropy",
    "dropout",
    "elu",
    "elu_",
    "embedding",
    "feature_alpha_dropout",
    "gaussian_nll_loss",
    "gelu",
    "glu",
    "group_norm",
    "gumbel_softmax",
    "hardshrink",
    "hardsigmoid",
    "hardswish",
    "hardtanh",
    "hardtanh_",
    "hinge_embedding_loss",
    "huber_loss",
    "kl_div",
    "l1_loss",
    "layer_norm",
    "leaky_relu",
    "leaky_relu_",
    "linear",
    "log_softmax",
    "logsigmoid",
    "margin_ranking_loss",
    "mish",
    "mse_loss",
    "multi_margin_loss",
    "multilabel_margin_loss",
    "multilabel_soft_margin_loss",
    "nll_loss",
    "normalize",
    "one_hot",
    "pad",
    "pairwise_distance",
    "poisson_nll_loss",
    "prelu",
    "relu",
    "relu6",
    "relu_",
    "rms_norm",
    "rrelu",
    "rrelu_",
    "selu",
    "selu_",
    "sigmoid",
    "silu",
    "smooth_l1_loss",
    "soft_margin_loss",
    "softmax",
    "softmin",
    "softplus",
    "softshrink",
    "softsign",
    "tanh",
    "tanhshrink",
    "threshold",
    "threshold_",
    "triplet_margin_loss",
    "triplet_margin_with_distance_loss",
]

# Activations that can be written into their input: as PyTorch has it, with an option or, for some, an underscore.

relu_ = in_place(tg.relu, "relu_")
elu_ = in_place(tg.elu, "elu_")
selu_ = in_place(tg.selu, "selu_")
celu_ = in_place(tg.celu, "celu_")
rrelu_ = in_place(tg.rrelu, "rrelu_")
leaky_relu_ = in_place(tg.leaky_relu, "leaky_relu_")
hardtanh_ = in_place(tg.hardtanh, "hardtanh_")
threshold_ = in_place(tg.threshold, "threshold_")
_relu6_ = in_place(tg.relu6, "relu6")
_silu_ = in_place(tg.silu, "silu")
_mish_ = in_place(tg.mish, "mish")
_hardsigmoid_ = in_place(tg.hardsigmoid, "hardsigmoid")
_hardswish_ = in_place(tg.hardswish, "hardswish")


def relu(input: Tensor, inplace: bool = False) -> Tensor:
    """max(input, 0); ``inplace`` writes it into the input, and so for the other activations.

    >>> relu(tg.tensor([-1.0, 2.0]))
    tensor([0., 2.])
    """
    return relu_(input) if inplace else tg.relu(input)


def relu6(input: Tensor, inplace: bool = False) -> Tensor:
    """x brought into [0, 6]."""
    return _relu6_(input) if inplace else tg.relu6(input)


def elu(input: Tensor, alpha: float = 1.0, inplace: bool = False) -> Tensor:
    """x where positive, ``alpha`` · (eˣ - 1) elsewhere."""
    return elu_(input, alpha) if inplace else tg.elu(input, alpha)


def selu(input: Tensor, inplace: bool = False) -> Tensor:
    """`elu`, scaled so that it keeps mean 0 and variance 1."""
    return selu_(input) if inplace else tg.selu(input)


def celu(input: Tensor, alpha: float = 1.0, inplace: bool = False) -> Tensor:
    """max(x, 0) + min(0, ``alpha`` · (exp(x / alpha) - 1))."""
    return celu_(input, alpha) if inplace else tg.celu(input, alpha)


def leaky_relu(input: Tensor, negative_slope: float = 0.01, inplace: bool = False) -> Tensor:
    """x where positive, ``negative_slope`` · x elsewhere."""
    return leaky_relu_(input, negative_slope) if inplace else tg.leaky_relu(input, negative_slope)


def rrelu(
    input: Tensor,
    lower: float = 1 / 8,
    upper: float = 1 / 3,
    training: bool = False,
    inplace: bool = False,
    generator: Generator | None = None,
) -> Tensor:
    """`leaky_relu` with a slope drawn, for each value, from [lower, upper); their mean if not ``training``."""
    return (rrelu_ if inplace else tg.rrelu)(input, lower, upper, training, generator)


def silu(input: Tensor, inplace: bool = False) -> Tensor:
    """x · sigmoid(x)."""
    return _silu_(input) if inplace else tg.silu(input)


def mish(input: Tensor, inplace: bool = False) -> Tensor:
    """x · tanh(softplus(x))."""
    return _mish_(input) if inplace else tg.mish(input)


def hardtanh(input: Tensor, min_val: float = -1.0, max_val: float = 1.0, inplace: bool = False) -> Tensor:
    """x brought into [min_val, max_val]."""
    return (hardtanh_ if inplace else tg.hardtanh)(input, min_val, max_val)


def hardsigmoid(input: Tensor, inplace: bool = False) -> Tensor:
    """(x + 3) / 6 brought into [0, 1]."""
    return _hardsigmoid_(input) if inplace else tg.hardsigmoid(input)


def hardswish(input: Tensor, inplace: bool = False) -> Tensor:
    """x · hardsigmoid(x)."""
    return _hardswish_(input) if inplace else tg.hardswish(input)


def threshold(input: Tensor, threshold: float, value: float, inplace: bool = False) -> Tensor:
    """x where it exceeds ``threshold``, and ``value`` elsewhere."""
    return (threshold_ if inplace else tg.threshold)(input, threshold, value)


# Dropout


def dropout(
    input: Tensor,
    p: float = 0.5,
    training: bool = True,
    inplace: bool = False,
    generator: Generator | None = None,
) -> Tensor:
    """If ``training``, each value is 0 with probability ``p`` and otherwise scaled by 1 / (1 - p).

    ValueError unless ``p`` lies in [0, 1].

    >>> dropout(tg.ones(3), p=1.0)
    tensor([0., 0., 0.])
    """
    check_probability(p, "dropout")
    if not training or p == 0:
        return input
    factor = _keep_mask(input.shape, p, input, generator) * (1 / (1 - p) if p < 1 else 0.0)
    return input.mul_(factor) if inplace else input * factor


def alpha_dropout(
    input: Tensor,
    p: float = 0.5,
    training: bool = False,
    inplace: bool = False,
    generator: Generator | None = None,
) -> Tensor:
    """`dropout` for values that went through `selu`: keeps their mean 0 and variance 1 (Klambauer et al., 2017).

    A dropped value becomes the one that `selu` tends to, and all are scaled and shifted to the same mean and variance.
    """
    check_probability(p, "alpha_dropout")
    return _alpha_dropped(input, p, input.shape, inplace, generator) if training and p else input


def feature_alpha_dropout(
    input: Tensor,
    p: float = 0.5,
    training: bool = False,
    inplace: bool = False,
    generator: Generator | None = None,
) -> Tensor:
    """`alpha_dropout` of whole channels: ``input`` has shape (N, C, \\*)."""
    check_probability(p, "feature_alpha_dropout")
    if input.ndim < 2:
        raise ValueError(f"feature_alpha_dropout: needs an input (N, C, *), not one of shape {input.shape}")
    channels = (*input.shape[:2], *[1] * (input.ndim - 2))
    return _alpha_dropped(input, p, channels, inplace, generator) if training and p else input


_SELU_LIMIT = -1.0507009873554805 * 1.6732632423543772  # what selu tends to for small numbers


def _alpha_dropped(
    input: Tensor, p: float, drawn: tuple[int, ...], inplace: bool, generator: Generator | None
) -> Tensor:
    scale = 1 / sqrt((1 - p) * (1 + p * _SELU_LIMIT**2)) if p < 1 else 0.0
    mask = _keep_mask(drawn, p, input, generator)
    factor, shift = mask * scale, (1 - mask - p) * (scale * _SELU_LIMIT)
    return input.mul_(factor).add_(shift) if inplace else input * factor + shift


def _keep_mask(shape: tuple[int, ...], p: float, like: Tensor, generator: Generator | None) -> Tensor:
    """Zeros with probability ``p``, otherwise ones."""
    return (tg.rand(shape, generator=generator, dtype=like.dtype) >= p).to(like.dtype)


def check_probability(p: float, name: str) -> None:
    """ValueError unless ``p`` lies in [0, 1]."""
    if not 0 <= p <= 1:
        raise ValueError(f"{name}: a probability lies in [0, 1], not {p}")
