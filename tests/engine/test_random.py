"""Random numbers: what they look like, and that they come again."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

import tinygrad_scratch as tg
from tinygrad_scratch import nn
from tinygrad_scratch.ops.neural.softmax import gumbel_softmax

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
        lambda g: tg.dropout(tg.ones(50), generator=g),
        lambda g: tg.alpha_dropout(tg.ones(50), training=True, generator=g),
        lambda g: tg.feature_alpha_dropout(tg.ones(5, 50, 2), training=True, generator=g),
        lambda g: tg.multinomial(tg.ones(50), 5, generator=g),
        lambda g: tg.empty(50).bernoulli_(0.3, generator=g),
        lambda g: tg.empty(5).random_(0, 100, generator=g),
        lambda g: tg.empty(5).random_(generator=g),
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
    assert 0 <= uniform.numpy().min() < uniform.numpy().max() < 1
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
    assert logits.grad.numpy().any()


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
    with pytest.raises(ValueError, match=r"poisson\(.*\): rates are not negative"):
        tg.poisson(tg.tensor([-1.0]))
    with pytest.raises(ValueError, match=r"binomial\(.*\): probabilities lie in"):
        tg.binomial(tg.tensor([3.0]), tg.tensor([1.5]))


FLOATING = (tg.float16, tg.float32, tg.float64)


@pytest.mark.parametrize("dtype", FLOATING, ids=str)
@pytest.mark.parametrize(("low", "high"), [(0, 1), (1000, 1001), (-1, -0.999), (0, 6e4), (0.1, 0.3), (-3e4, 3e4)])
def test_uniform_intervals_are_half_open(dtype: Any, low: float, high: float) -> None:
    numbers = tg.empty(500_000, dtype=dtype).uniform_(low, high)
    bounds = tg.tensor([low, high], dtype=dtype)
    assert numbers.dtype == dtype
    assert numbers.min() >= bounds[0]
    assert numbers.max() < bounds[1]
    assert abs(numbers.double().mean().item() - (low + high) / 2) < (high - low) / 200 + abs(high) / 4000


@pytest.mark.parametrize("dtype", FLOATING, ids=str)
def test_rand_is_below_1(dtype: Any) -> None:
    for numbers in (tg.rand(1_000_000, dtype=dtype), tg.rand_like(tg.empty(1_000_000, dtype=dtype))):
        assert 0 <= numbers.min() < numbers.max() < 1
    assert tg.rand((), dtype=dtype).shape == ()


@pytest.mark.parametrize("dtype", FLOATING, ids=str)
def test_an_interval_without_numbers_gives_its_lower_bound(dtype: Any) -> None:
    assert tg.empty(3, dtype=dtype).uniform_(2, 2).tolist() == [2, 2, 2]
    assert tg.empty(3, dtype=dtype).uniform_(1, 1 + 1e-17).tolist() == [1, 1, 1]


def test_slopes_are_below_their_upper_bound() -> None:
    slopes = -tg.rrelu(tg.full((200_000,), -1.0, dtype=tg.float16), 0.125, 0.126, training=True)
    assert tg.tensor(0.125) <= slopes.min() <= slopes.max() < tg.tensor(0.126, dtype=tg.float16)
    with pytest.raises(ValueError, match=r"rrelu: lower must not exceed upper, got 0.5 and 0.2"):
        tg.rrelu(slopes, 0.5, 0.2)


def test_the_numbers_of_a_seed_are_these() -> None:
    generator = tg.Generator().manual_seed(0)
    expected = np.random.default_rng(np.random.PCG64(0))
    np.testing.assert_array_equal(tg.rand(3, generator=generator).numpy(), expected.random(3, np.float32))
    np.testing.assert_array_equal(tg.rand(3, dtype=tg.float64, generator=generator).numpy(), expected.random(3))
    np.testing.assert_array_equal(tg.randn(3, generator=generator).numpy(), expected.standard_normal(3, np.float32))
    np.testing.assert_array_equal(tg.randint(2, 9, (3,), generator=generator).numpy(), expected.integers(2, 9, 3))
    uniform = expected.random(3, np.float32) * 2 - 1
    np.testing.assert_array_equal(tg.empty(3).uniform_(-1, 1, generator=generator).numpy(), uniform)


@pytest.mark.parametrize(
    ("dtype", "largest"),
    [
        (tg.bool, 1), (tg.uint8, 255), (tg.int8, 127), (tg.int16, 2**15 - 1), (tg.int32, 2**31 - 1),
        (tg.int64, 2**63 - 1), (tg.uint64, 2**64 - 1), (tg.float16, 2**11), (tg.float32, 2**24), (tg.float64, 2**53),
    ],
)  # fmt: skip
def test_random_integers_reach_over_the_whole_dtype(dtype: Any, largest: int) -> None:
    numbers = tg.zeros(100_000, dtype=dtype).random_().numpy()
    assert 0 <= numbers.min() < 0.01 * largest + 1
    assert 0.99 * largest < numbers.max() <= largest
    if largest < 300:
        assert set(numbers.tolist()) == set(range(largest + 1))


def test_random_integers_between_bounds() -> None:
    x = tg.empty(1000)
    assert set(x.random_(3).tolist()) == set(x.random_(to=3).tolist()) == {0, 1, 2}
    assert set(x.random_(-2, 1).tolist()) == set(x.random_(-2, to=1).tolist()) == {-2, -1, 0}
    assert set(tg.zeros(1000, dtype=tg.int8).random_(126, None).tolist()) == {126, 127}
    assert tg.zeros(100_000).random_(2**24 + 4).max() < 2**24 + 4
    assert tg.randint(0, 4099, (100_000,), dtype=tg.float16).max() < 4100


@pytest.mark.parametrize(
    ("draw", "error", "message"),
    [
        (lambda x: x.normal_(0, -1), ValueError, r"normal_: a standard deviation is not negative, got -1"),
        (lambda x: x.normal_(0, np.nan), ValueError, r"normal_: a standard deviation is not negative, got nan"),
        (lambda x: tg.normal(0.0, -1.0, x.shape), ValueError, r"normal: a standard deviation is not negative, got -1"),
        (lambda x: tg.normal(x, tg.tensor([1.0, -2.0])), ValueError, r"normal\(.*\): standard .* -2"),
        (lambda x: nn.init.normal_(x, std=-1), ValueError, r"normal_: a standard deviation is not negative"),
        (lambda x: x.log_normal_(0, 0), ValueError, r"log_normal_: a standard deviation must be positive, got 0"),
        (lambda x: x.exponential_(0), ValueError, r"exponential_: lambd must be positive, got 0"),
        (lambda x: x.geometric_(1), ValueError, r"geometric_: p must lie in \(0, 1\), got 1"),
        (lambda x: x.cauchy_(0, -1), ValueError, r"cauchy_: sigma must be positive, got -1"),
        (lambda x: x.bernoulli_(1.5), ValueError, r"bernoulli\(.*\): probabilities lie in \[0, 1\]"),
        (lambda x: x.uniform_(2, 1), ValueError, r"uniform_: \[2, 1\) is no interval"),
        (lambda x: x.uniform_(0, np.inf), ValueError, r"uniform_: \[0, inf\) is no interval"),
        (lambda x: x.uniform_(-3e38, 3e38), ValueError, r"uniform_: .* length float32 can hold"),
        (lambda x: x.half().uniform_(0, 1e5), ValueError, r"uniform_: \[0, 100000.0\) .* float16"),
        (lambda x: x.random_(5, 5), ValueError, r"random_: there are no integers from 5 up to 4 in float32"),
        (lambda x: x.byte().random_(257), ValueError, r"random_: there are no integers from 0 up to 256 in uint8"),
        (lambda x: tg.randint(0, 300, x.shape, dtype=tg.uint8), ValueError, r"randint: .* 0 up to 299 in uint8"),
        (lambda x: tg.randperm(300, dtype=x.byte().dtype), ValueError, r"randperm: there are no 300 .* in uint8"),
        (lambda x: tg.randperm(-len(x)), ValueError, r"randperm: there are no -2 integers"),
        (lambda x: tg.multinomial(x, 1), ValueError, r"multinomial\(.*\): chances are finite .* in no row all 0"),
        (lambda x: tg.multinomial(x - 1, 1), ValueError, r"multinomial\(.*\): chances are finite and not negative"),
        (lambda x: tg.multinomial(x * np.nan, 1), ValueError, r"multinomial\(.*\): chances are finite"),
        (
            lambda x: tg.multinomial(x + 1, 3),
            ValueError,
            r"multinomial\(.*\): 3 cannot be drawn without replacement of 2",
        ),
        (lambda x: tg.multinomial(x[0], 3), ValueError, r"multinomial: needs 1 or 2 dimensions, got shape \(\)"),
        (lambda x: x.long().uniform_(), TypeError, r"uniform_: these random numbers are floating point, not int64"),
        (lambda x: x.long().cauchy_(), TypeError, r"cauchy_: needs a floating point tensor, not int64"),
        (lambda x: x.long().exponential_(), TypeError, r"exponential_: needs a floating point tensor"),
        (lambda x: x.long().log_normal_(), TypeError, r"log_normal_: needs a floating point tensor"),
    ],
)
def test_arguments_of_distributions_are_checked(draw: Callable[[Any], Any], error: Any, message: str) -> None:
    with pytest.raises(error, match=message):
        draw(tg.zeros(2))


def test_ones_with_a_probability_for_each() -> None:
    assert tg.empty(3).bernoulli_(tg.tensor([0.0, 1.0, 0.0])).tolist() == [0, 1, 0]


@pytest.mark.parametrize("dtype", FLOATING, ids=str)
def test_whole_numbers_are_shown_with_all_their_digits(dtype: Any) -> None:
    suffix = "" if dtype == tg.float32 else f", dtype={dtype}"
    assert repr(tg.tensor([2048.0, 1001.0], dtype=dtype)) == f"tensor([2048., 1001.]{suffix})"
