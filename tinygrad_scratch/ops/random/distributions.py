"""Random numbers of other distributions than the uniform and the normal."""

from __future__ import annotations

from typing import Any

import numpy as np

from tinygrad_scratch.ops.checks import check_probabilities, floating_only
from tinygrad_scratch.ops.in_place import copy_
from tinygrad_scratch.ops.random.generator import Generator, default_generator
from tinygrad_scratch.ops.random.sampling import draw
from tinygrad_scratch.record.operation import method, primitive, public
from tinygrad_scratch.record.tensor import Tensor, make_tensor


@public
def bernoulli(input: Tensor, *, generator: Generator | None = None) -> Tensor:
    """For each probability in ``input`` a 1 with that probability, otherwise a 0. ValueError outside of [0, 1].

    >>> tg.bernoulli(tg.tensor([0.0, 1.0]))
    tensor([0., 1.])
    """
    return _bernoulli(input, generator=generator or default_generator, shape=input.shape, dtype=input.dtype)


@primitive(name="bernoulli")
def _bernoulli(p: Any, *, generator: Generator, shape: tuple[int, ...], dtype: np.dtype[Any]) -> Any:
    check_probabilities(p)
    return (generator.numpy.random(shape) < p).astype(dtype)


@public
def multinomial(
    input: Tensor, num_samples: int, replacement: bool = False, *, generator: Generator | None = None
) -> Tensor:
    """``num_samples`` numbers of places in each row, drawn with chances proportional to the values there.

    ValueError if none is to be drawn, a value is negative or not finite, or all are 0; or if a row has not as many
    places with a chance, and they are drawn without ``replacement``.

    >>> tg.multinomial(tg.tensor([0.0, 3.0, 0.0]), 2, replacement=True)
    tensor([1, 1])
    """
    if input.ndim not in (1, 2):
        raise ValueError(f"multinomial: needs 1 or 2 dimensions, got shape {input.shape}")
    floating_only(input, "multinomial")
    if num_samples <= 0:
        raise ValueError(f"multinomial: num_samples must be positive, not {num_samples}")
    return _multinomial(input, generator=generator or default_generator, count=num_samples, replacement=replacement)


@primitive(name="multinomial")
def _multinomial(input: Any, *, generator: Generator, count: int, replacement: bool) -> Any:
    chances = np.atleast_2d(input).astype(np.float64)
    if not (np.isfinite(chances).all() and (chances >= 0).all() and chances.any(-1).all()):
        raise ValueError("chances are finite and not negative, and in no row all 0")
    fewest = int(np.count_nonzero(chances, -1).min(initial=count))
    if fewest < count and not replacement:
        raise ValueError(f"{count} cannot be drawn without replacement of {fewest} with a chance")
    rows = [generator.numpy.choice(len(row), count, replacement, row / row.sum()) for row in chances]
    return np.stack(rows).reshape((*input.shape[:-1], count))


@method
def bernoulli_(self: Tensor, p: float | Tensor = 0.5, *, generator: Generator | None = None) -> Tensor:
    """Fill the tensor with ones, with probability ``p`` (a number, or a tensor of one for each), and zeros."""
    chances = p if isinstance(p, Tensor) else make_tensor(np.float64(p))
    draw = _bernoulli(chances, generator=generator or default_generator, shape=self.shape, dtype=self.dtype)
    return copy_(self, draw)


@public(is_method=False)
def poisson(input: Tensor, generator: Generator | None = None) -> Tensor:
    """For each rate in ``input`` a random number from the Poisson distribution. ValueError if a rate is negative.

    >>> tg.poisson(tg.zeros(2))
    tensor([0., 0.])
    """
    return _poisson(input, generator=generator or default_generator)


@primitive(name="poisson")
def _poisson(rate: Any, *, generator: Generator) -> Any:
    if not np.all(rate >= 0):
        raise ValueError(f"rates are not negative, but one is {rate.min()}")
    return np.asarray(generator.numpy.poisson(rate), rate.dtype)


@public(is_method=False)
def binomial(count: Tensor, prob: Tensor, generator: Generator | None = None) -> Tensor:
    """How many of ``count`` trials succeed, each with probability ``prob``; of the broadcast shape and dtype of count.

    >>> tg.binomial(tg.tensor([3.0, 5.0]), tg.tensor([0.0, 1.0]))
    tensor([0., 5.])
    """
    return _binomial(count, prob, generator=generator or default_generator)


@primitive(name="binomial")
def _binomial(count: Any, prob: Any, *, generator: Generator) -> Any:
    check_probabilities(prob)
    return np.asarray(generator.numpy.binomial(count.astype(np.int64), prob), count.dtype)


@method
def exponential_(self: Tensor, lambd: float = 1, *, generator: Generator | None = None) -> Tensor:
    """Fill the tensor with random numbers of density lambd · exp(-lambd · x), for a positive ``lambd``."""
    _require(lambd > 0, f"exponential_: lambd must be positive, got {lambd}")
    floating_only(self, "exponential_")
    return copy_(self, draw("exponential", (1 / lambd,), self.shape, generator))


@method
def geometric_(self: Tensor, p: float, *, generator: Generator | None = None) -> Tensor:
    """Fill the tensor with how many trials it takes, each with probability ``p`` in (0, 1), until one succeeds."""
    _require(0 < p < 1, f"geometric_: p must lie in (0, 1), got {p}")
    return copy_(self, draw("geometric", (p,), self.shape, generator))


@method
def cauchy_(self: Tensor, median: float = 0, sigma: float = 1, *, generator: Generator | None = None) -> Tensor:
    """Fill the tensor with random numbers of the Cauchy distribution around ``median``, of positive width ``sigma``."""
    _require(sigma > 0, f"cauchy_: sigma must be positive, got {sigma}")
    floating_only(self, "cauchy_")
    return copy_(self, draw("standard_cauchy", (), self.shape, generator) * sigma + median)


@method
def log_normal_(self: Tensor, mean: float = 1, std: float = 2, *, generator: Generator | None = None) -> Tensor:
    """Fill the tensor with exponentials of random numbers of the normal distribution with this mean and deviation."""
    _require(std > 0, f"log_normal_: a standard deviation must be positive, got {std}")
    floating_only(self, "log_normal_")
    return copy_(self, draw("lognormal", (mean, std), self.shape, generator))


def _require(condition: bool, message: str) -> None:
    if not condition:
        raise ValueError(message)
