"""Dropout: values set to 0 at random in training, so that no value is relied on alone (Srivastava et al., 2014)."""

from __future__ import annotations

import warnings
from math import sqrt

from tinygrad_scratch.ops.checks import check_probability
from tinygrad_scratch.ops.dims import inverse_order, memory_order
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
    return _dropped(input, input.shape, p, inplace, generator) if training and p else input


@public(is_method=False)
def dropout1d(
    input: Tensor,
    p: float = 0.5,
    training: bool = True,
    inplace: bool = False,
    generator: Generator | None = None,
) -> Tensor:
    """`dropout` of whole channels of ``input`` (N, C, L), or (C, L) for one sample: Tompson et al., 2015.

    ValueError for another number of dimensions.

    >>> tg.dropout1d(tg.ones(2, 3), p=1.0)
    tensor([[0., 0., 0.],
            [0., 0., 0.]])
    """
    return _channels_dropped(input, 1, p, training, inplace, generator, "dropout1d")


@public(is_method=False)
def dropout2d(
    input: Tensor,
    p: float = 0.5,
    training: bool = True,
    inplace: bool = False,
    generator: Generator | None = None,
) -> Tensor:
    """`dropout` of whole channels of ``input`` (N, C, H, W).

    As in PyTorch, 3 dimensions are taken for (N, C, L), and not for one image, with a warning. ValueError for any other
    number of dimensions.

    >>> tg.dropout2d(tg.ones(1, 2, 1, 3), p=1.0)
    tensor([[[[0., 0., 0.]],
    <BLANKLINE>
             [[0., 0., 0.]]]])
    """
    if input.ndim == 3:
        warnings.warn(
            f"dropout2d: an input of shape {input.shape} is taken for (N, C, L), as PyTorch does; dropout1d says so",
            UserWarning,
            stacklevel=2,
        )
    return _channels_dropped(input, 1 if input.ndim == 3 else 2, p, training, inplace, generator, "dropout2d")


@public(is_method=False)
def dropout3d(
    input: Tensor,
    p: float = 0.5,
    training: bool = True,
    inplace: bool = False,
    generator: Generator | None = None,
) -> Tensor:
    """`dropout` of whole channels of ``input`` (N, C, D, H, W), or (C, D, H, W) for one sample.

    ValueError for another number of dimensions.

    >>> tg.dropout3d(tg.ones(1, 1, 1, 3), p=1.0)
    tensor([[[[0., 0., 0.]]]])
    """
    return _channels_dropped(input, 3, p, training, inplace, generator, "dropout3d")


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


def _dropped(input: Tensor, shape: tuple[int, ...], p: float, inplace: bool, generator: Generator | None) -> Tensor:
    factor = _zeros_and_ones(input, shape, p, generator) * (1 / (1 - p) if p < 1 else 0.0)
    return input.mul_(factor) if inplace else input * factor


def _channels_dropped(
    input: Tensor, places: int, p: float, training: bool, inplace: bool, generator: Generator | None, name: str
) -> Tensor:
    """`_dropped`, with one draw for each channel, which is all of the last ``places`` dimensions."""
    check_probability(p, name)
    channels = input.shape[: input.ndim - places]
    if len(channels) not in (1, 2):
        raise ValueError(
            f"{name}: needs channels of {places} dimensions, in a sample or a batch, not shape {input.shape}"
        )
    return _dropped(input, (*channels, *[1] * places), p, inplace, generator) if training and p else input


def _alpha_dropped(
    input: Tensor, shape: tuple[int, ...], p: float, inplace: bool, generator: Generator | None
) -> Tensor:
    scale = 1 / sqrt((1 - p) * (1 + p * _SELU_LIMIT**2)) if p < 1 else 0.0
    mask = _zeros_and_ones(input, shape, p, generator)
    factor, shift = mask * scale, (1 - mask - p) * (scale * _SELU_LIMIT)
    return input.mul_(factor).add_(shift) if inplace else input * factor + shift


def _zeros_and_ones(like: Tensor, shape: tuple[int, ...], p: float, generator: Generator | None) -> Tensor:
    """The draw: zeros with probability ``p``, otherwise ones, in the dtype and the order in memory of ``like``."""
    if like._data.flags.c_contiguous:
        return (rand(shape, generator=generator, dtype=like.dtype) >= p).to(like.dtype)
    order = memory_order(like._data.strides)
    drawn = rand([shape[i] for i in order], generator=generator, dtype=like.dtype)
    return (drawn >= p).to(like.dtype).permute(inverse_order(order))
