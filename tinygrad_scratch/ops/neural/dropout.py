"""Dropout: values set to 0 at random in training, so that no value is relied on alone (Srivastava et al., 2014)."""

from __future__ import annotations

from math import sqrt

from tinygrad_scratch.ops.checks import check_probability
from tinygrad_scratch.ops.neural.activation import SELU_ALPHA, SELU_SCALE
from tinygrad_scratch.ops.random.generator import Generator
from tinygrad_scratch.ops.random.sampling import rand
from tinygrad_scratch.record.operation import public
from tinygrad_scratch.record.tensor import Tensor

_SELU_LIMIT = -SELU_SCALE * SELU_ALPHA  # what selu tends to for small numbers


@public(is_method=False)
def dropout(
    input: Tensor,
    p: float = 0.5,
    training: bool = True,
    inplace: bool = False,
    generator: Generator | None = None,
) -> Tensor:
    """If ``training``, each value is 0 with probability ``p`` and otherwise scaled by 1 / (1 - p).

    ``inplace`` writes the result into the input. ValueError unless ``p`` lies in [0, 1].

    >>> tg.dropout(tg.ones(3), p=1.0)
    tensor([0., 0., 0.])
    """
    check_probability(p, "dropout")
    if not training or p == 0:
        return input
    factor = _zeros_and_ones(input, input.shape, p, generator) * (1 / (1 - p) if p < 1 else 0.0)
    return input.mul_(factor) if inplace else input * factor


@public(is_method=False)
def alpha_dropout(
    input: Tensor,
    p: float = 0.5,
    training: bool = False,
    inplace: bool = False,
    generator: Generator | None = None,
) -> Tensor:
    """`dropout` for values that went through `selu`: keeps their mean 0 and variance 1 (Klambauer et al., 2017).

    A dropped value becomes the one that `selu` tends to, and all are scaled and shifted to the same mean and variance.

    >>> tg.alpha_dropout(tg.ones(3), training=False)
    tensor([1., 1., 1.])
    """
    check_probability(p, "alpha_dropout")
    return _alpha_dropped(input, input.shape, p, inplace, generator) if training and p else input


@public(is_method=False)
def feature_alpha_dropout(
    input: Tensor,
    p: float = 0.5,
    training: bool = False,
    inplace: bool = False,
    generator: Generator | None = None,
) -> Tensor:
    """`alpha_dropout` of whole channels: ``input`` has shape (N, C, \\*). ValueError for fewer dimensions.

    >>> tg.feature_alpha_dropout(tg.ones(1, 3), training=False)
    tensor([[1., 1., 1.]])
    """
    check_probability(p, "feature_alpha_dropout")
    if not (training and p):
        return input
    if input.ndim < 2:
        raise ValueError(f"feature_alpha_dropout: needs an input (N, C, *), not one of shape {input.shape}")
    channels = (*input.shape[:2], *[1] * (input.ndim - 2))
    return _alpha_dropped(input, channels, p, inplace, generator)


def _alpha_dropped(
    input: Tensor, shape: tuple[int, ...], p: float, inplace: bool, generator: Generator | None
) -> Tensor:
    scale = 1 / sqrt((1 - p) * (1 + p * _SELU_LIMIT**2)) if p < 1 else 0.0
    mask = _zeros_and_ones(input, shape, p, generator)
    factor, shift = mask * scale, (1 - mask - p) * (scale * _SELU_LIMIT)
    return input.mul_(factor).add_(shift) if inplace else input * factor + shift


def _zeros_and_ones(like: Tensor, shape: tuple[int, ...], p: float, generator: Generator | None) -> Tensor:
    """The draw: zeros with probability ``p``, otherwise ones, in the dtype of ``like``."""
    return (rand(shape, generator=generator, dtype=like.dtype) >= p).to(like.dtype)
