"""Optimizers: what they refuse, which parameters they change, and their state."""

from __future__ import annotations

import pickle
from collections.abc import Callable
from contextlib import nullcontext
from copy import deepcopy
from typing import Any

import numpy as np
import pytest

import nn
import tinygrad_scratch as tg
from nn import optim
from tinygrad_scratch.record.mode import Observer, observing


def weight(*values: float) -> tg.Tensor:
    return tg.tensor(list(values), dtype=tg.float32, requires_grad=True)


@pytest.mark.parametrize(
    ("make", "kind", "message"),
    [
        (lambda: optim.SGD([]), ValueError, "SGD: there are no parameters"),
        (lambda: optim.Adam(iter([])), ValueError, "Adam: there are no parameters"),
        (lambda: optim.SGD([{"params": []}]), ValueError, "SGD: a group has no parameters"),
        (lambda: optim.SGD([weight(1)], lr=-0.1), ValueError, "SGD: lr must not be negative, got -0.1"),
        (lambda: optim.SGD([weight(1)], lr=float("nan")), ValueError, "SGD: lr must not be negative, got nan"),
        (lambda: optim.AdamW([weight(1)], weight_decay=-1), ValueError, "AdamW: weight_decay must not be negative"),
        (lambda: optim.SGD([weight(1)], momentum=-1), ValueError, "SGD: momentum must not be negative"),
        (lambda: optim.SGD([weight(1)], nesterov=True), ValueError, "SGD: nesterov needs momentum"),
        (lambda: optim.Adam([weight(1)], betas=(0.9, 1.0)), ValueError, r"Adam: betas must be two numbers in \[0, 1\)"),
        (lambda: optim.Adam([weight(1)], betas=(0.9,)), ValueError, r"Adam: betas must be two numbers in \[0, 1\)"),
        (lambda: optim.Adam([weight(1)], eps=-1), ValueError, "Adam: eps must not be negative, got -1"),
        (lambda: optim.Adamax([weight(1)], betas=(-0.1, 0.9)), ValueError, "Adamax: betas must be two numbers"),
        (lambda: optim.Adamax([weight(1)], eps=-1), ValueError, "Adamax: eps must not be negative"),
        (lambda: optim.NAdam([weight(1)], betas=(0.9, 1.1)), ValueError, "NAdam: betas must be two numbers"),
        (lambda: optim.NAdam([weight(1)], momentum_decay=-1), ValueError, "NAdam: momentum_decay must not be negative"),
        (lambda: optim.RAdam([weight(1)], lr=-1), ValueError, "RAdam: lr must not be negative, got -1"),
        (lambda: optim.RAdam([weight(1)], betas=(1, 0.9)), ValueError, "RAdam: betas must be two numbers"),
        (lambda: optim.RMSprop([weight(1)], alpha=1.5), ValueError, r"RMSprop: alpha must lie in \[0, 1\], got 1.5"),
        (lambda: optim.RMSprop([weight(1)], momentum=-1), ValueError, "RMSprop: momentum must not be negative"),
        (lambda: optim.Adagrad([weight(1)], lr_decay=-1), ValueError, "Adagrad: lr_decay must not be negative"),
        (
            lambda: optim.Adagrad([weight(1)], initial_accumulator_value=-1),
            ValueError,
            "Adagrad: initial_accumulator_value must not be negative",
        ),
        (lambda: optim.Adadelta([weight(1)], rho=-0.1), ValueError, r"Adadelta: rho must lie in \[0, 1\], got -0.1"),
        (lambda: optim.Adadelta([weight(1)], eps=-1), ValueError, "Adadelta: eps must not be negative"),
        (
            lambda: optim.NAdam([{"params": [weight(1)]}, {"params": [weight(1)], "lr": -1}]),
            ValueError,
            "NAdam: lr must not be negative, got -1",
        ),
        (lambda: optim.SGD(weight(1)), TypeError, "SGD: params is an iterable"),
        (lambda: optim.SGD([1.0]), TypeError, "SGD: expected tensors to optimize, got float"),
        (
            lambda: optim.SGD([weight(1) * 2]),
            ValueError,
            "SGD: only leaves can be optimized, not a result of <multiply>",
        ),
        (lambda: optim.SGD([w := weight(1), w]), ValueError, r"SGD: a parameter of shape \(1,\) is given twice"),
    ],
)
def test_what_is_refused(make: Callable[[], object], kind: type[Exception], message: str) -> None:
    with pytest.raises(kind, match=message):
        make()


def test_groups_have_their_own_options() -> None:
    a, b = weight(1.0), weight(1.0)
    optimizer = optim.SGD([{"params": a}, {"params": [b], "lr": 1.0}], lr=0.1)
    (a + b).sum().backward()
    optimizer.step()
    np.testing.assert_allclose([a.item(), b.item()], [0.9, 0.0], rtol=1e-6)
    assert [group["lr"] for group in optimizer.param_groups] == [0.1, 1.0]


ALL = [
    lambda p: optim.SGD(p, 0.1, momentum=0.9, nesterov=True),
    lambda p: optim.Adam(p, 0.1, amsgrad=True),
    lambda p: optim.AdamW([{"params": p[:1]}, {"params": p[1:], "lr": 0.01}]),
    lambda p: optim.Adamax(p, 0.1),
    lambda p: optim.NAdam(p, 0.1, weight_decay=0.1, decoupled_weight_decay=True),
    lambda p: optim.RAdam(p, 0.1, betas=(0.9, 0.9)),
    lambda p: optim.RMSprop(p, 0.1, momentum=0.9, centered=True),
    lambda p: optim.Adagrad(p, 0.1, lr_decay=0.1, initial_accumulator_value=0.1),
    lambda p: optim.Adadelta(p),
]


@pytest.mark.parametrize("make", [make for make in ALL if make is not ALL[2]])
def test_parameters_without_gradients_are_left_alone_and_their_state_waits(
    make: Callable[[list[tg.Tensor]], optim.Optimizer],
) -> None:
    def run(uses: list[tuple[bool, bool]], together: bool) -> list[float]:
        a, b = weight(1.0, 2.0), tg.tensor(3.0, requires_grad=True)
        optimizers = [make([a, b])] if together else [make([a]), make([b])]
        for use_a, use_b in uses:
            a.grad = b.grad = None
            ((a * a).sum() * use_a + b * b * use_b).backward()
            a.grad, b.grad = a.grad if use_a else None, b.grad if use_b else None
            for optimizer in optimizers:
                optimizer.step()
        return [*a.tolist(), b.item()]

    uses = [(True, True), (True, False), (False, True), (True, True), (False, False), (True, True)]
    assert run(uses, together=True) == run(uses, together=False)


def test_a_large_parameter_is_updated_in_blocks_like_a_small_one() -> None:
    random = np.random.default_rng(0)
    values, gradient = (random.standard_normal(100_003).astype(np.float32) for _ in range(2))
    whole, parts = tg.tensor(values, requires_grad=True), [weight(*values[:7]), weight(*values[7:20])]
    optimizers = [optim.Adam([whole], 0.1, weight_decay=0.1), optim.Adam(parts, 0.1, weight_decay=0.1)]
    for _ in range(3):
        whole.grad = tg.tensor(gradient)
        parts[0].grad, parts[1].grad = tg.tensor(gradient[:7]), tg.tensor(gradient[7:20])
        for optimizer in optimizers:
            optimizer.step()
    np.testing.assert_array_equal(whole.detach()[:20], np.concatenate([part.detach().numpy() for part in parts]))


def test_an_optimizer_shows_its_options() -> None:
    shown = repr(optim.SGD([{"params": [weight(1.0)]}, {"params": [weight(2.0)], "lr": 0.5}], lr=0.1))
    assert shown.startswith("SGD (\nParameter Group 0\n    dampening: 0\n    lr: 0.1\n")
    assert "Parameter Group 1\n    dampening: 0\n    lr: 0.5\n" in shown


def test_zero_grad() -> None:
    a = weight(1.0)
    optimizer = optim.SGD([a], 0.1)
    (a * 2).sum().backward()
    optimizer.zero_grad(set_to_none=False)
    assert a.grad.tolist() == [0]
    optimizer.zero_grad()
    assert a.grad is None


def test_a_closure_computes_the_loss_even_under_no_grad() -> None:
    a = weight(1.0)
    optimizer = optim.SGD([a], 0.1)

    def closure() -> tg.Tensor:
        optimizer.zero_grad()
        loss = (a * a).sum()
        loss.backward()
        return loss

    with tg.no_grad():
        assert optimizer.step(closure).item() == 1
    np.testing.assert_allclose(a.item(), 0.8, rtol=1e-6)


@pytest.mark.parametrize("make", ALL)
def test_a_run_that_goes_on_from_a_saved_state_is_the_run_that_never_stopped(
    make: Callable[[list[tg.Tensor]], optim.Optimizer],
) -> None:
    def steps(net: nn.Module, optimizer: optim.Optimizer, batches: list[tg.Tensor]) -> None:
        for x in batches:
            optimizer.zero_grad()
            net(x).square().mean().backward()
            optimizer.step()

    batches = [tg.rand(4, 3) for _ in range(6)]
    net = nn.MLP(3, [5], 2)
    resumed = nn.MLP(3, [5], 2)
    resumed.load_state_dict(net.state_dict())
    optimizer, first = make(list(net.parameters())), make(list(resumed.parameters()))
    steps(net, optimizer, batches)
    steps(resumed, first, batches[:3])
    second = make(list(resumed.parameters()))
    second.load_state_dict(first.state_dict())
    steps(resumed, second, batches[3:])
    for name, value in net.state_dict().items():
        np.testing.assert_array_equal(value.numpy(), resumed.state_dict()[name].numpy())
    for number, state in optimizer.state_dict()["state"].items():
        for name, value in state.items():
            np.testing.assert_array_equal(value, second.state_dict()["state"][number][name])


def pickled(optimizer: optim.Optimizer) -> optim.Optimizer:
    copy: optim.Optimizer = pickle.loads(pickle.dumps(optimizer))
    return copy


@pytest.mark.parametrize("copied", [pickled, deepcopy])
@pytest.mark.parametrize("make", ALL)
def test_a_copy_goes_on_like_the_optimizer_itself(
    make: Callable[[list[tg.Tensor]], optim.Optimizer], copied: Callable[[optim.Optimizer], optim.Optimizer]
) -> None:
    def step(optimizer: optim.Optimizer, gradient: float) -> list[Any]:
        for group in optimizer.param_groups:
            for parameter in group["params"]:
                parameter.grad = tg.full(parameter.shape, gradient)
        optimizer.step()
        states = [[(name, np.asarray(value).tolist()) for name, value in s.items()] for s in optimizer.state.values()]
        return [[parameter.tolist() for parameter in optimizer.state], states]

    optimizer = make([weight(1.0, -2.0), weight(3.0)])
    before = step(optimizer, 0.5)
    copy = copied(optimizer)
    after = step(copy, -0.25)
    assert after != before
    assert step(optimizer, -0.25) == after


def test_a_state_of_other_parameters_is_refused() -> None:
    a, b = weight(1.0), weight(1.0, 2.0)
    adam = optim.Adam([a])
    a.grad = tg.ones(1)
    adam.step()
    with pytest.raises(ValueError, match=r"Adam: the state is for groups of \[1\] parameters, here they have \[2\]"):
        optim.Adam([a, b]).load_state_dict(adam.state_dict())
    with pytest.raises(ValueError, match=r"exp_avg of shape \(1,\), for a parameter of shape \(2,\)"):
        optim.Adam([b]).load_state_dict(adam.state_dict())


@pytest.mark.parametrize(
    ("other", "message"),
    [
        (lambda p: optim.SGD(p, 0.1), "Adam: the state has no betas, eps; is it of another kind of optimizer"),
        (lambda p: optim.Adamax(p, 0.1), "Adam: the state of a parameter has no exp_avg_sq; is it of another kind"),
    ],
)
def test_a_state_of_another_kind_is_refused_and_nothing_changed(
    other: Callable[[list[tg.Tensor]], optim.Optimizer], message: str
) -> None:
    a = weight(1.0)
    a.grad = tg.ones(1)
    adam, wrong = optim.Adam([a], 0.5), other([a])
    adam.step()
    wrong.step()
    before = repr(adam.state_dict())
    with pytest.raises(ValueError, match=message):
        adam.load_state_dict(wrong.state_dict())
    assert repr(adam.state_dict()) == before


def test_a_state_with_an_option_out_of_range_is_refused() -> None:
    adam = optim.Adam([weight(1.0)])
    state = adam.state_dict()
    state["param_groups"][0]["betas"] = (2.0, 0.9)
    with pytest.raises(ValueError, match="Adam: betas must be two numbers"):
        adam.load_state_dict(state)


def test_a_number_that_is_kept_for_a_parameter_is_part_of_its_state() -> None:
    a, b = weight(1.0, 2.0), tg.tensor(3.0, requires_grad=True)
    optimizer = optim.NAdam([a, b], momentum_decay=0, betas=(0.5, 0.9))
    a.grad, b.grad = tg.ones(2), tg.tensor(1.0)
    optimizer.step()
    b.grad = None
    optimizer.step()
    products = [optimizer.state[parameter]["mu_product"] for parameter in (a, b)]
    assert [product.shape for product in products] == [(), ()]
    assert [product.item() for product in products] == [0.0625, 0.25]


@pytest.mark.parametrize(
    ("momenta", "changes"),
    [((0, 0.5, 0.5), (1, 1, 1.5)), ((0.5, 0.5, 0, 0.5), (1, 1.5, 1, 1.75))],
)
def test_momentum_can_be_switched_on_and_off(momenta: tuple[float, ...], changes: tuple[float, ...]) -> None:
    a = weight(0.0)
    optimizer = optim.SGD([a], 1.0)
    for momentum, change in zip(momenta, changes, strict=True):
        optimizer.param_groups[0]["momentum"] = momentum
        a.grad = tg.ones(1)
        before = a.item()
        optimizer.step()
        assert before - a.item() == change


def test_a_centered_average_that_rounds_below_zero_does_no_harm() -> None:
    a = weight(0.0)
    optimizer = optim.RMSprop([a], alpha=0.5, centered=True)
    for _ in range(30):
        a.grad = tg.tensor([0.6369617])
        optimizer.step()
    assert np.isfinite(a.item())


can_flush = pytest.mark.skipif(not tg.set_flush_denormal(False), reason="this system cannot flush denormals")


@can_flush
@pytest.mark.parametrize(
    ("make", "decaying"),
    [
        (lambda p: optim.SGD(p, 0.1, momentum=0.9), {"momentum_buffer"}),
        (lambda p: optim.Adam(p, 0.1, betas=(0.9, 0.8)), {"exp_avg", "exp_avg_sq"}),
        (lambda p: optim.AdamW(p, 0.1, betas=(0.9, 0.8)), {"exp_avg", "exp_avg_sq"}),
        (lambda p: optim.Adamax(p, 0.1, eps=0), {"exp_avg"}),
        (lambda p: optim.NAdam(p, 0.1, betas=(0.9, 0.8)), {"exp_avg", "exp_avg_sq"}),
        (lambda p: optim.RAdam(p, 0.1, betas=(0.9, 0.8)), {"exp_avg", "exp_avg_sq"}),
        (
            lambda p: optim.RMSprop(p, 0.1, 0.8, momentum=0.9, centered=True),
            {"square_avg", "grad_avg", "momentum_buffer"},
        ),
        (lambda p: optim.Adadelta(p, rho=0.8), {"square_avg", "acc_delta"}),
    ],
)
@pytest.mark.parametrize("size", [20, 70_000], ids=["small", "in blocks"])
def test_what_decays_does_not_stay_among_the_denormals(
    make: Callable[[list[tg.Tensor]], optim.Optimizer], decaying: set[str], size: int
) -> None:
    """The gradients of the first half become 0, as those of dead units do, and its state follows."""
    a = tg.zeros(2, size // 2, requires_grad=True)
    optimizer = make([a])
    for step in range(960):
        a.grad = tg.tensor([[1e-3 * (step < 10)], [1e-3]]).expand(2, size // 2).contiguous()
        optimizer.step()
    state = {name: value.numpy() for name, value in optimizer.state[a].items() if name in decaying}
    assert state.keys() == decaying
    for values in state.values():
        assert not values[0].any()
        assert (values[1] != 0).all()


@can_flush
@pytest.mark.parametrize("seen", [False, True])
@pytest.mark.parametrize("steps", [31, 62, 63, 64, 127])
def test_every_64th_step_flushes_by_the_count_that_a_checkpoint_restores(steps: int, seen: bool) -> None:
    a = weight(1.0, 2.0)
    optimizer = optim.Adam([a])
    kept = {"step": steps, "exp_avg": tg.full((2,), 1e-40), "exp_avg_sq": tg.ones(2)}
    optimizer.load_state_dict({**optimizer.state_dict(), "state": {0: kept}})
    a.grad = tg.zeros(2)
    with observing(Observer()) if seen else nullcontext():
        optimizer.step()
    assert bool(optimizer.state[a]["exp_avg"].any()) == (steps not in (63, 127))
    assert not bool((tg.tensor([1e-40]) * 1 == 0).any())


def test_a_step_is_seen_by_a_pending_backward() -> None:
    a = weight(1.0)
    optimizer = optim.SGD([a], 0.1)
    loss = (a * a).sum()
    loss.backward(retain_graph=True)
    optimizer.step()
    with pytest.raises(RuntimeError, match=r"SGD\.step has written"):
        loss.backward()


@pytest.mark.parametrize("make", ALL)
def test_an_update_that_is_watched_is_the_same_to_the_last_bit(
    make: Callable[[list[tg.Tensor]], optim.Optimizer],
) -> None:
    class Names(Observer):
        def __init__(self) -> None:
            self.ran_names: list[str] = []
            self.written: list[tg.Tensor] = []

        def ran(self, primitive: Any, *_: Any) -> None:
            self.ran_names.append(primitive.name)

        def wrote(self, target: Any, *_: Any) -> None:
            self.written.append(target)

    def parameters() -> list[tg.Tensor]:
        return [weight(1.0, -2.0), tg.tensor(3.0, requires_grad=True)]

    watched, alone = parameters(), parameters()
    optimizers = [make(watched), make(alone)]
    for step in range(6):
        for parameter in (*watched, *alone):
            parameter.grad = tg.full(parameter.shape, 0.3 + step)
        seen = Names()
        with observing(seen):
            optimizers[0].step()
        optimizers[1].step()
        assert {"multiply", "subtract"} & set(seen.ran_names)
        assert all(any(target is parameter for target in seen.written) for parameter in watched)
    for one, other in zip(watched, alone, strict=True):
        np.testing.assert_array_equal(one.detach(), other.detach())
    states = [list(optimizer.state.values()) for optimizer in optimizers]
    for one_state, other_state in zip(*states, strict=True):
        assert {name: np.asarray(value).tolist() for name, value in one_state.items()} == {
            name: np.asarray(value).tolist() for name, value in other_state.items()
        }


@pytest.mark.parametrize("make", [tg.tensor, np.float64, np.float32])
@pytest.mark.parametrize("kind", [optim.Adam, optim.NAdam, optim.SGD])
def test_options_that_are_tensors_or_numpys_numbers_count_as_numbers(
    kind: type[optim.Optimizer], make: Callable[[float], Any]
) -> None:
    parameters = [weight(*np.linspace(-1, 1, 50)) for _ in range(3)]
    # 0.125 and 0.25 are the same in every dtype.
    given = [{"lr": make(0.125), "weight_decay": make(0.25)}] * 2 + [{"lr": 0.125, "weight_decay": 0.25}]
    optimizers = [kind([parameter], **options) for parameter, options in zip(parameters, given, strict=True)]
    for step in range(4):
        for parameter, optimizer in zip(parameters, optimizers, strict=True):
            parameter.grad = tg.tensor(np.cos(np.arange(50, dtype=np.float32) + step))
            with observing(Observer()) if parameter is parameters[0] else nullcontext():
                optimizer.step()
    watched, alone, plain = (parameter.detach().numpy() for parameter in parameters)
    np.testing.assert_array_equal(watched, plain, strict=True)
    np.testing.assert_array_equal(alone, plain, strict=True)


def test_an_optimizer_of_ones_own_has_the_options_that_it_names() -> None:
    class Sign(optim.Optimizer):
        def __init__(self, params: list[tg.Tensor], lr: float) -> None:
            super().__init__(params, {"lr": lr})

        @staticmethod
        def update(parameter: Any, gradient: Any, state: Any, step: Any, options: Any) -> Any:
            return parameter - options.lr * np.sign(gradient)

    for observer in (nullcontext(), observing(Observer())):
        a = weight(1.0, 2.0)
        a.grad = tg.tensor([3.0, -3.0])
        with observer:
            Sign([a], lr=0.5).step()
        assert a.tolist() == [0.5, 2.5]
