"""Random numbers of other distributions than the uniform and the normal."""

from __future__ import annotations

from typing import Any

import numpy as np

from tinygrad_scratch.ops.checks import check_probabilities, floating_only
from tinygrad_scratch.ops.in_place import copy_
from tinygrad_scratch.ops.random.generator import Generator, numpy_generator
from tinygrad_scratch.record.operation import method, public
from tinygrad_scratch.record.tensor import Tensor, make_tensor


@public
def bernoulli(input: Tensor, *, generator: Generator | None = None) -> Tensor:
    """For each probability in ``input`` a 1 with that probability, otherwise a 0. ValueError outside of [0, 1].

    >>> tg.bernoulli(tg.tensor([0.0, 1.0]))
    tensor([0., 1.])
    """
    check_probabilities(input, "bernoulli")
    return make_tensor((numpy_generator(generator).random(input.shape) < input._data).astype(input.dtype))


@public
def multinomial(
    input: Tensor, num_samples: int, replacement: bool = False, *, generator: Generator | None = None
) -> Tensor:
    """``num_samples`` numbers of places in each row, drawn with chances proportional to the values there.

    ValueError if a value is negative or not finite, or all are 0; or if a row has not as many places with a chance,
    and they are drawn without ``replacement``.

    >>> tg.multinomial(tg.tensor([0.0, 3.0, 0.0]), 2, replacement=True)
    tensor([1, 1])
    """
    random = numpy_generator(generator)
    if input.ndim not in (1, 2):
        raise ValueError(f"multinomial: needs 1 or 2 dimensions, got shape {input.shape}")
    chances = np.atleast_2d(input._data).astype(np.float64)
    if not (np.isfinite(chances).all() and (chances >= 0).all() and chances.any(-1).all()):
        raise ValueError("multinomial: chances are finite and not negative, and in no row all 0")
    fewest = int(np.count_nonzero(chances, -1).min(initial=num_samples))
    if fewest < num_samples and not replacement:
        raise ValueError(f"multinomial: {num_samples} cannot be drawn without replacement of {fewest} with a chance")
    rows = [random.choice(len(row), num_samples, replacement, row / row.sum()) for row in chances]
    return make_tensor(np.stack(rows).reshape((*input.shape[:-1], num_samples)))


@method
def bernoulli_(self: Tensor, p: float | Tensor = 0.5, *, generator: Generator | None = None) -> Tensor:
    """Fill the tensor with ones, with probability ``p`` (a number, or a tensor of one for each), and zeros."""
    chances = p if isinstance(p, Tensor) else make_tensor(np.float64(p))
    check_probabilities(chances, "bernoulli_")
    return copy_(self, (numpy_generator(generator).random(self.shape) < chances._data).astype(self.dtype))


@public(is_method=False)
def poisson(input: Tensor, generator: Generator | None = None) -> Tensor:
    """For each rate in ``input`` a random number from the Poisson distribution. ValueError if a rate is negative.

    >>> tg.poisson(tg.zeros(2))
    tensor([0., 0.])
    """
    if input._data.size and not input._data.min() >= 0:
        raise ValueError(f"poisson: rates are not negative, but one is {input._data.min()}")
    return make_tensor(np.asarray(numpy_generator(generator).poisson(input._data), input.dtype))


@public(is_method=False)
def binomial(count: Tensor, prob: Tensor, generator: Generator | None = None) -> Tensor:
    """How many of ``count`` trials succeed, each with probability ``prob``; of the broadcast shape and dtype of count.

    >>> tg.binomial(tg.tensor([3.0, 5.0]), tg.tensor([0.0, 1.0]))
    tensor([0., 5.])
    """
    check_probabilities(prob, "binomial")
    successes = numpy_generator(generator).binomial(count._data.astype(np.int64), prob._data)
    return make_tensor(np.asarray(successes, count.dtype))


@method
def exponential_(self: Tensor, lambd: float = 1, *, generator: Generator | None = None) -> Tensor:
    """Fill the tensor with random numbers of density lambd · exp(-lambd · x), for a positive ``lambd``."""
    _require(lambd > 0, f"exponential_: lambd must be positive, got {lambd}")
    floating_only(self, "exponential_")
    return _filled(self, numpy_generator(generator).exponential(1 / lambd, self.shape))


@method
def geometric_(self: Tensor, p: float, *, generator: Generator | None = None) -> Tensor:
    """Fill the tensor with how many trials it takes, each with probability ``p`` in (0, 1), until one succeeds."""
    _require(0 < p < 1, f"geometric_: p must lie in (0, 1), got {p}")
    return _filled(self, numpy_generator(generator).geometric(p, self.shape))


@method
def cauchy_(self: Tensor, median: float = 0, sigma: float = 1, *, generator: Generator | None = None) -> Tensor:
    """Fill the tensor with random numbers of the Cauchy distribution around ``median``, of positive width ``sigma``."""
    _require(sigma > 0, f"cauchy_: sigma must be positive, got {sigma}")
    floating_only(self, "cauchy_")
    return _filled(self, numpy_generator(generator).standard_cauchy(self.shape) * sigma + median)


@method
def log_normal_(self: Tensor, mean: float = 1, std: float = 2, *, generator: Generator | None = None) -> Tensor:
    """Fill the tensor with exponentials of random numbers of the normal distribution with this mean and deviation."""
    _require(std > 0, f"log_normal_: a standard deviation must be positive, got {std}")
    floating_only(self, "log_normal_")
    return _filled(self, numpy_generator(generator).lognormal(mean, std, self.shape))


def _require(condition: bool, message: str) -> None:
    if not condition:
        raise ValueError(message)


def _filled(tensor: Tensor, numbers: Any) -> Tensor:
    return copy_(tensor, np.asarray(numbers, tensor.dtype))
