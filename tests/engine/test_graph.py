"""The record: what nodes hold, the order of the backward pass, what is freed and when."""

from __future__ import annotations

import asyncio
import gc
import threading
import weakref
from collections.abc import Generator, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from typing import Any

import numpy as np
import pytest

import tinygrad_scratch as tg
from tinygrad_scratch.record.node import topological_order


@pytest.fixture
def without_garbage_collector() -> Iterator[None]:
    gc.collect()
    gc.disable()
    yield
    gc.enable()


def leaf(*values: float) -> tg.Tensor:
    return tg.tensor(list(values), requires_grad=True)


def test_every_node_comes_after_all_that_used_it() -> None:
    x = leaf(1.0, 2.0)
    y = x.exp()
    z = (y * x + y).sum() * y.sum()
    place = {node: i for i, node in enumerate(topological_order([z.node]))}
    assert all(place[node] < place[source] for node in place for source in node.edges if source is not None)
    assert len(place) == 7


def test_fan_out_is_added_up() -> None:
    x = leaf(3.0)
    y = sum((x * k for k in range(1, 21)), x * 0)
    y.backward(tg.tensor([1.0]))
    assert x.grad is not None
    assert x.grad.item() == sum(range(1, 21))


@pytest.mark.usefixtures("without_garbage_collector")
def test_a_chain_of_a_million_operations_goes_forward_backward_and_is_freed() -> None:
    x = tg.tensor(0.5, requires_grad=True)
    y = x
    for _ in range(1_000_000):
        y = y + 1e-6
    y.backward()
    node = weakref.ref(y.node)
    del y
    assert x.grad is not None
    assert x.grad.item() == 1
    assert node() is None


def test_an_addition_keeps_nothing_and_a_product_only_what_its_rules_need() -> None:
    x, weight, constant = leaf(1.0, 2.0), leaf(3.0, 4.0), tg.tensor([5.0, 6.0])
    assert (x + weight).node.saved == ()
    assert (x + 1).node.saved == ()
    (saved,) = (constant * weight).node.saved
    assert saved is constant.numpy()
    assert [id(saved) for saved in (x * weight).node.saved] == [id(weight._data), id(x._data)]


def test_a_layer_whose_input_needs_no_gradient_does_not_keep_its_weight() -> None:
    x, weight, bias = tg.rand(4, 3), tg.rand(2, 3, requires_grad=True), tg.rand(2, requires_grad=True)
    saved = tg.linear(x, weight, bias).node.saved
    assert len(saved) == 1
    assert saved[0] is x.numpy()


@pytest.mark.usefixtures("without_garbage_collector")
def test_a_result_that_nobody_holds_is_freed_at_once() -> None:
    x = leaf(1.0, 2.0)
    middle = x + 1
    reference = weakref.ref(middle)
    y = middle.exp()
    del middle
    assert reference() is None
    y.sum().backward()


@pytest.mark.usefixtures("without_garbage_collector")
def test_a_training_step_leaves_nothing_behind() -> None:
    weight, data = tg.rand(8, 4, requires_grad=True), tg.rand(16, 4)

    def step() -> weakref.ref[object]:
        loss = tg.linear(data, weight).relu().softmax(1).var(0).sum()
        loss.backward(create_graph=True)
        tg.autograd.grad(weight.grad.sum(), weight)
        weight.grad = None
        return weakref.ref(loss.node)

    step()
    assert step()() is None
    before = len(gc.get_objects())
    for _ in range(1000):
        step()
    assert len(gc.get_objects()) - before < 10
    assert gc.collect() < 10


def test_a_graph_is_freed_by_backward_unless_retained() -> None:
    x = leaf(1.0, 2.0)
    y = (x * x).sum()
    y.backward(retain_graph=True)
    y.backward()
    np.testing.assert_array_equal(x.grad.numpy(), [4, 8])
    with pytest.raises(RuntimeError, match=r"backward through multiply a second time.*retain_graph=True"):
        y.backward()


def test_a_graph_that_kept_nothing_can_be_gone_through_again() -> None:
    x = leaf(1.0)
    y = x + 1
    y.backward(tg.ones(1))
    y.backward(tg.ones(1))
    assert x.grad.item() == 2


def test_no_two_gradients_share_memory_with_each_other_or_with_anything_else() -> None:
    x, y, start = leaf(1.0, 2.0), leaf(3.0, 4.0), tg.ones(2)
    (x + y).backward(start)
    x.grad.data[:] = 7
    assert y.grad.tolist() == [1, 1]
    assert start.tolist() == [1, 1]
    first, second = tg.autograd.grad((x + y), (x, y), start)
    assert not np.shares_memory(first.numpy(), second.numpy())
    assert not np.shares_memory(first.numpy(), start.numpy())


def test_gradients_add_up_in_place() -> None:
    x = leaf(1.0)
    (x * 2).backward(tg.ones(1))
    gradient = x.grad
    (x * 3).backward(tg.ones(1))
    assert x.grad is gradient
    assert gradient.item() == 5


def test_gradients_of_float32_tensors_stay_float32_whatever_joins_in() -> None:
    x = leaf(1.0, 2.0)
    integers, scalar = tg.tensor([3, 4]), np.float64(2)
    y = x * integers * scalar + x * tg.tensor(2.0, dtype=tg.float64) + scalar * x + x**2 / integers
    assert y.dtype == tg.float32
    y.sum().backward()
    assert x.grad.dtype == tg.float32
    z = x * tg.tensor([1.0, 2.0], dtype=tg.float64)
    assert z.dtype == tg.float64
    z.sum().backward()
    assert x.grad.dtype == tg.float32


def test_only_needed_gradients_are_computed() -> None:
    calls = []
    probe = tg.primitive(
        lambda a, b: a * b,
        name="probe",
        a=lambda g, b: calls.append("a") or g * b,
        b=lambda g, a: calls.append("b") or g * a,
    )
    x, y = leaf(1.0), leaf(2.0)
    probe(x, tg.tensor([3.0])).sum().backward()
    assert calls == ["a"]
    tg.autograd.grad(probe(x, y).sum(), y)
    assert calls == ["a", "b"]


def test_grad_of_inputs_in_the_middle_and_backward_to_given_inputs() -> None:
    x = leaf(1.0, 2.0)
    y = x * 2
    z = (y * y).sum()
    (gradient,) = tg.autograd.grad(z, y, retain_graph=True)
    assert gradient.tolist() == [4, 8]
    assert x.grad is None
    w = leaf(1.0, 1.0)
    (z + (w * x).sum()).backward(inputs=[w])
    assert x.grad is None
    assert w.grad.tolist() == [1, 2]


def test_unused_inputs_of_grad() -> None:
    x, y = leaf(1.0), leaf(2.0)
    z = (x * 2).sum()
    with pytest.raises(RuntimeError, match=r"do not depend on inputs\[1\], of shape \(1,\)"):
        tg.autograd.grad(z, (x, y), retain_graph=True)
    assert tg.autograd.grad(z, (x, y), retain_graph=True, allow_unused=True)[1] is None
    assert tg.autograd.grad(z, (x, y), materialize_grads=True)[1].tolist() == [0]


def test_grad_takes_the_only_inputs_of_old_scripts() -> None:
    x = leaf(1.0)
    assert tg.autograd.grad(x * 2, x, only_inputs=True)[0].tolist() == [2]
    with pytest.raises(ValueError, match=r"^grad: only_inputs=False is not known"):
        tg.autograd.grad(x * 2, x, only_inputs=False)


def test_detach_cuts_the_graph_and_shares_the_memory() -> None:
    x = leaf(1.0, 2.0)
    y = (x * 2).detach()
    assert not y.requires_grad
    assert y.is_leaf
    (x.detach() * x).sum().backward()
    assert x.grad.tolist() == [1, 2]
    assert np.shares_memory(x.detach().numpy(), x.numpy(force=True))


def test_retain_grad_and_the_warning_without_it() -> None:
    x = leaf(1.0, 2.0)
    y = x * 2
    y.retain_grad()
    y.sum().backward()
    assert y.grad.tolist() == [1, 1]
    with pytest.warns(UserWarning, match=r"not a leaf .*multiply.*retain_grad"):
        assert (x * 2).grad is None


def test_grad_modes() -> None:
    x = leaf(1.0)
    with tg.no_grad():
        assert not (x * 2).requires_grad
        with tg.enable_grad():
            assert (x * 2).requires_grad
    assert (x * 2).requires_grad

    @tg.no_grad()
    def without() -> tg.Tensor:
        return x * 2

    @tg.no_grad
    def also_without() -> tg.Tensor:
        return x * 2

    assert not without().requires_grad
    assert not also_without().requires_grad
    assert tg.is_grad_enabled()
    tg.set_grad_enabled(False)
    assert not tg.is_grad_enabled()
    tg.set_grad_enabled(True)
    with tg.set_grad_enabled(False):
        assert not (x * 2).requires_grad
    with pytest.raises(ZeroDivisionError), tg.no_grad():
        1 / 0  # noqa: B018
    assert tg.is_grad_enabled()


def test_a_grad_mode_holds_while_a_generator_runs_but_not_for_whom_it_yields_to() -> None:
    x = leaf(1.0)

    @tg.no_grad()
    def generated() -> Iterator[bool]:
        yield (x * 2).requires_grad
        yield (x * 2).requires_grad

    assert [(inside, (x * 2).requires_grad) for inside in generated()] == [(False, True), (False, True)]


def conversation() -> Generator[Any, Any, str]:
    """Answers what it is sent or thrown, until something is 0."""
    answer: Any = "begin"
    while answer:
        try:
            answer = yield answer, tg.is_grad_enabled()
        except ValueError as error:
            answer = error.args
    return "end"


@pytest.mark.parametrize(
    ("mode", "enabled"),
    [
        (lambda function: tg.no_grad()(function), False),
        (tg.no_grad, False),
        (lambda function: tg.inference_mode()(function), False),
        (lambda function: tg.enable_grad()(function), True),
        (tg.enable_grad, True),
        (lambda function: tg.set_grad_enabled(False)(function), False),
        (lambda function: tg.set_grad_enabled(True)(function), True),
    ],
)
def test_a_generator_in_a_grad_mode_is_sent_and_thrown_to_and_returns(mode: Any, enabled: bool) -> None:
    with tg.set_grad_enabled(not enabled):
        talk = mode(conversation)()
        assert next(talk) == ("begin", enabled)
        assert talk.send(3) == (3, enabled)
        assert talk.throw(ValueError("wrong", 1)) == (("wrong", 1), enabled)
        assert talk.send("go on") == ("go on", enabled)
        with pytest.raises(StopIteration, match="end"):
            talk.send(0)
        assert tg.is_grad_enabled() is not enabled
        talk = mode(conversation)()
        next(talk)
        with pytest.raises(LookupError, match="not expected"):
            talk.throw(LookupError("not expected"))
        assert list(talk) == []
        assert tg.is_grad_enabled() is not enabled


def test_a_generator_in_a_grad_mode_is_closed() -> None:
    closed = []

    @tg.no_grad()
    def generated() -> Iterator[int]:
        try:
            yield 1
        finally:
            closed.append(tg.is_grad_enabled())

    @tg.no_grad()
    def insisting() -> Iterator[int]:
        with suppress(GeneratorExit):
            yield 1
        yield 2

    opened = generated()
    next(opened)
    opened.close()
    assert closed == [False]
    for _ in generated():
        break
    assert closed == [False, False]
    opened = insisting()
    next(opened)
    with pytest.raises(RuntimeError, match="generator ignored GeneratorExit"):
        opened.close()


def test_an_exception_thrown_to_a_generator_in_a_grad_mode_is_not_kept() -> None:
    class ThrownError(LookupError):
        pass

    @tg.no_grad()
    def generated() -> Iterator[int]:
        yield 1

    errors, opened = [ThrownError()], generated()
    thrown = weakref.ref(errors[0])
    next(opened)
    gc.disable()
    try:
        with suppress(ThrownError):
            opened.throw(errors.pop())
        assert thrown() is None
    finally:
        gc.enable()


def test_each_thread_has_its_own_grad_mode() -> None:
    started, finish = threading.Event(), threading.Event()

    def without_recording() -> bool:
        with tg.no_grad():
            started.set()
            finish.wait(5)
            return tg.is_grad_enabled()

    with ThreadPoolExecutor(1) as pool:
        other = pool.submit(without_recording)
        started.wait(5)
        here = tg.is_grad_enabled()
        finish.set()
        assert here
        assert not other.result()


def test_each_async_task_has_its_own_grad_mode() -> None:
    async def task(enabled: bool) -> bool:
        with tg.set_grad_enabled(enabled):
            await asyncio.sleep(0.001)
            return tg.is_grad_enabled() == enabled

    async def main() -> list[bool]:
        return await asyncio.gather(*(task(i % 2 == 0) for i in range(8)))

    assert all(asyncio.run(main()))


def test_eight_threads_differentiate_at_once() -> None:
    def work(seed: int) -> list[list[float]]:
        random = np.random.default_rng(seed)
        x = tg.tensor(random.standard_normal((4, 4)), requires_grad=True)
        shared = shared_leaf
        out = []
        for _ in range(30):
            with tg.set_grad_enabled(seed % 2 == 0):
                tracked = x.exp() @ shared
            assert tracked.requires_grad == (seed % 2 == 0)
            y = (x.tanh() @ x.sigmoid()).softmax(0).var()
            out.append(tg.autograd.grad(y * shared.sum(), x)[0].tolist()[0])
        return out

    shared_leaf = tg.tensor(np.eye(4), requires_grad=True)
    expected = [work(seed) for seed in range(8)]
    with ThreadPoolExecutor(8) as pool:
        assert list(pool.map(work, range(8))) == expected
