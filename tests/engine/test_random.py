"""Random numbers: what they look like, and that they come again."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

import tinygrad_scratch as tg
from tinygrad_scratch.ops.neural.activation import gumbel_softmax

TESTED = {
    "bernoulli", "binomial", "multinomial", "poisson", "randint_like",
    "get_rng_state", "gumbel_softmax", "initial_seed", "manual_seed", "normal", "rand", "rand_like", "randint", "randn",
    "randn_like", "randperm", "seed", "set_rng_state",
}  # fmt: skip


@pytest.mark.parametrize(
    "draw",
    [
        lambda g: tg.rand(5, generator=g),
        lambda g: tg.randn((5,), generator=g, dtype=tg.float64),
        lambda g: tg.randint(0, 100, (5,), generator=g),
        lambda g: tg.randint(100, (5,), generator=g),
        lambda g: tg.randperm(5, generator=g),
        lambda g: tg.rand_like(tg.zeros(5), generator=g),
        lambda g: tg.randn_like(tg.zeros(5), generator=g),
        lambda g: tg.normal(1.0, 2.0, (5,), generator=g),
        lambda g: tg.normal(tg.zeros(5), 2.0, generator=g),
        lambda g: tg.randint(low=1, high=100, size=(5,), generator=g),
        lambda g: tg.empty(5).uniform_(1, 2, generator=g),
        lambda g: tg.empty(5).normal_(1, 2, generator=g),
        lambda g: tg.bernoulli(tg.full((50,), 0.5), generator=g),
        lambda g: tg.multinomial(tg.ones(50), 5, generator=g),
        lambda g: tg.empty(50).bernoulli_(0.3, generator=g),
        lambda g: tg.empty(5).random_(0, 100, generator=g),
        lambda g: tg.randint_like(tg.zeros(5), 1, 100, generator=g),
        lambda g: tg.poisson(tg.full((5,), 20.0), generator=g),
        lambda g: tg.binomial(tg.full((5,), 50.0), tg.full((5,), 0.5), generator=g),
        lambda g: tg.empty(5).exponential_(2.0, generator=g),
        lambda g: tg.empty(9).geometric_(0.1, generator=g),
        lambda g: tg.empty(5).cauchy_(1, 2, generator=g),
        lambda g: tg.empty(5).log_normal_(generator=g),
        lambda g: gumbel_softmax(tg.zeros(5), generator=g),
        lambda g: tg.rrelu(tg.full((5,), -1.0), training=True, generator=g),
    ],
)
def test_the_same_seed_gives_the_same_numbers(draw: Callable[[Any], tg.Tensor]) -> None:
    first, second = (draw(tg.Generator().manual_seed(7)) for _ in range(2))
    assert tg.equal(first, second)
    assert not tg.equal(first, draw(tg.Generator().manual_seed(8)))
    tg.manual_seed(7)
    by_default = draw(None)
    tg.manual_seed(7)
    assert tg.equal(by_default, draw(None))


def test_distributions() -> None:
    uniform, normal = tg.rand(100_000), tg.randn(100_000)
    assert uniform.dtype == normal.dtype == np.float32
    assert 0 <= uniform.data.min() < uniform.data.max() < 1
    assert abs(uniform.mean().item() - 0.5) < 0.01
    assert abs(normal.mean().item()) < 0.02
    assert abs(normal.std().item() - 1) < 0.02
    assert set(tg.randint(2, 5, (1000,)).tolist()) == {2, 3, 4}
    assert sorted(tg.randperm(100).tolist()) == list(range(100))
    shifted = tg.empty(100_000).normal_(3, 0.5)
    assert abs(shifted.mean().item() - 3) < 0.02
    assert abs(shifted.std().item() - 0.5) < 0.02
    assert tg.rand(2, dtype=tg.float16).dtype == np.float16


def test_a_generator_goes_on_from_its_state() -> None:
    generator = tg.Generator().manual_seed(3)
    tg.rand(3, generator=generator)
    state = generator.get_state()
    expected = tg.rand(3, generator=generator)
    assert tg.equal(tg.rand(3, generator=tg.Generator().set_state(state)), expected)
    assert generator.initial_seed() == tg.Generator().set_state(state).initial_seed() == 3
    tg.manual_seed(5)
    saved = tg.get_rng_state()
    first = tg.rand(2)
    tg.set_rng_state(saved)
    assert tg.equal(tg.rand(2), first)
    assert tg.initial_seed() == 5
    assert tg.seed() == tg.initial_seed() != 5


def test_draws_by_probability() -> None:
    assert abs(tg.bernoulli(tg.full((10_000,), 0.3)).mean().item() - 0.3) < 0.02
    drawn = tg.multinomial(tg.tensor([[0.0, 1.0, 3.0], [1.0, 0.0, 0.0]]), 4000, replacement=True)
    assert drawn.shape == (2, 4000)
    assert abs((drawn[0] == 2).float().mean().item() - 0.75) < 0.03
    assert not drawn[1].any()
    assert sorted(tg.multinomial(tg.ones(3), 3).tolist()) == [0, 1, 2]
    with pytest.raises(ValueError, match="probabilities lie in"):
        tg.bernoulli(tg.tensor([1.5]))


def test_what_is_refused() -> None:
    with pytest.raises(TypeError, match="floating point, not int64"):
        tg.rand(3, dtype=tg.int64)
    with pytest.raises(ValueError, match="set_state: expected the 45 bytes"):
        tg.Generator().set_state(tg.zeros(45))


def test_gumbel_softmax_draws_by_the_probabilities_and_passes_gradients() -> None:
    logits = tg.tensor([0.0, 1.0986123], requires_grad=True)  # odds of 1 to 3
    drawn = gumbel_softmax(logits.expand(20_000, 2), hard=True)
    assert set(np.unique(drawn.detach().numpy())) == {0.0, 1.0}
    assert abs(drawn[:, 1].mean().item() - 0.75) < 0.02
    drawn[:, 1].mean().backward()
    assert logits.grad.data.any()


def test_the_means_of_distributions() -> None:
    generator = tg.Generator().manual_seed(0)
    many = tg.empty(20000)
    assert abs(tg.poisson(many.fill_(4.0), generator).mean().item() - 4) < 0.06
    assert abs(tg.binomial(many.fill_(10.0), tg.tensor(0.3), generator).mean().item() - 3) < 0.06
    assert abs(many.exponential_(2.0, generator=generator).mean().item() - 0.5) < 0.02
    assert abs(many.geometric_(0.25, generator=generator).mean().item() - 4) < 0.1
    assert abs(many.cauchy_(3.0, 1.0, generator=generator).median().item() - 3) < 0.06
    assert abs(many.log_normal_(1.0, 0.5, generator=generator).log().mean().item() - 1) < 0.02


def test_probabilities_and_rates_are_checked() -> None:
    with pytest.raises(ValueError, match="poisson: rates are not negative"):
        tg.poisson(tg.tensor([-1.0]))
    with pytest.raises(ValueError, match="binomial: probabilities lie in"):
        tg.binomial(tg.tensor([3.0]), tg.tensor([1.5]))
