"""The functions behind the modules, under PyTorch's names: most are operations of the engine."""

from __future__ import annotations

import tinygrad_scratch as tg
from tinygrad_scratch import Generator, Tensor
from tinygrad_scratch.ops.activation import log_softmax, softmax
from tinygrad_scratch.ops.elementwise import tanh
from tinygrad_scratch.ops.indexing import one_hot
from tinygrad_scratch.ops.linear_algebra import linear
from tinygrad_scratch.ops.loss import (
    binary_cross_entropy,
    binary_cross_entropy_with_logits,
    cross_entropy,
    mse_loss,
    nll_loss,
)
from tinygrad_scratch.ops.special import sigmoid

__all__ = [
    "binary_cross_entropy",
    "binary_cross_entropy_with_logits",
    "cross_entropy",
    "dropout",
    "linear",
    "log_softmax",
    "mse_loss",
    "nll_loss",
    "one_hot",
    "relu",
    "sigmoid",
    "softmax",
    "tanh",
]


def relu(input: Tensor, inplace: bool = False) -> Tensor:
    """max(input, 0); ``inplace`` writes it into the input.

    >>> relu(tg.tensor([-1.0, 2.0]))
    tensor([0., 2.])
    """
    return input.relu_() if inplace else input.relu()


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
    kept = tg.rand_like(input, generator=generator) >= p
    factor = kept.to(input.dtype) * (1 / (1 - p) if p < 1 else 0.0)
    return input.mul_(factor) if inplace else input * factor


def check_probability(p: float, name: str) -> None:
    """ValueError unless ``p`` lies in [0, 1]."""
    if not 0 <= p <= 1:
        raise ValueError(f"{name}: a probability lies in [0, 1], not {p}")
