"""Hooks on gradients, and finding the operation that gave the first NaN or infinity."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

import nn
import tinygrad_scratch as tg
from tinygrad_scratch.autograd import AnomalyError, detect_anomaly, set_detect_anomaly


def leaf(*values: float) -> tg.Tensor:
    return tg.tensor(list(values), requires_grad=True)


def test_a_hook_sees_the_complete_gradient_once_and_may_replace_it() -> None:
    x = leaf(1.0, 2.0)
    seen = []
    y = x * 2
    y.register_hook(lambda gradient: seen.append(gradient.tolist()))
    handle = y.register_hook(lambda gradient: gradient * 10)
    (y + y * 3).sum().backward(retain_graph=True)
    assert seen == [[4, 4]]
    assert x.grad.tolist() == [80, 80]
    handle.remove()
    handle.remove()
    x.grad = None
    (y + y * 3).sum().backward()
    assert x.grad.tolist() == [8, 8]


@pytest.mark.parametrize(
    ("hook", "kind", "message"),
    [
        (lambda _: tg.ones(2), ValueError, r"a gradient of float32 \(2,\) in place of one of float32 \(3,\)"),
        (lambda g: g.double(), ValueError, r"a gradient of float64 \(3,\) in place of one of float32 \(3,\)"),
        (lambda _: 5, TypeError, "a hook returns the gradient to use, a Tensor, or None, not int"),
    ],
)
def test_what_a_hook_may_not_return(hook: Any, kind: type[Exception], message: str) -> None:
    x = tg.ones(3, requires_grad=True)
    x.register_hook(hook)
    with pytest.raises(kind, match=message):
        x.sum().backward()


def test_what_is_retained_shares_no_memory() -> None:
    x = tg.ones(3, requires_grad=True)
    y = x * 1
    y.retain_grad()
    z = y + 0
    z.retain_grad()
    gradient = tg.ones(3)
    z.backward(gradient)
    y.grad.add_(1)
    assert (gradient.tolist(), z.grad.tolist(), y.grad.tolist()) == ([1, 1, 1], [1, 1, 1], [2, 2, 2])


def test_hooks_on_leaves_and_the_end_of_a_with() -> None:
    x = leaf(1.0)
    with x.register_hook(lambda gradient: gradient * 2):
        (x * 3 + x).sum().backward()
    assert x.grad.item() == 8
    x.grad = None
    (x * 3).sum().backward()
    assert x.grad.item() == 3


def test_what_is_retained_is_what_the_hooks_made_of_it() -> None:
    x = leaf(1.0)
    y = x * 2
    y.retain_grad()
    y.register_hook(lambda gradient: gradient * 5)
    y.sum().backward()
    assert y.grad.item() == 5
    assert y.retains_grad


def test_hooks_are_not_recorded_unless_the_pass_is() -> None:
    x = leaf(2.0)
    modes = []
    y = x * x
    y.register_hook(lambda gradient: modes.append((tg.is_grad_enabled(), gradient.requires_grad)))
    y.sum().backward(retain_graph=True)
    (gradient,) = tg.autograd.grad((y * y).sum(), x, create_graph=True)
    assert modes[0] == (False, False)
    assert modes[1] == (True, True)
    assert gradient.requires_grad


def test_hooks_in_the_middle_of_grad() -> None:
    x = leaf(1.0)
    y = x * 2
    y.register_hook(lambda gradient: gradient + 1)
    (gradient,) = tg.autograd.grad((y * 3).sum(), x)
    assert gradient.item() == 8


def test_after_accumulation() -> None:
    x = leaf(1.0)
    seen = []
    handle = x.register_post_accumulate_grad_hook(lambda tensor: seen.append((tensor is x, tensor.grad.item())))
    for _ in range(2):
        (x * 3).sum().backward()
    handle.remove()
    (x * 3).sum().backward()
    assert seen == [(True, 3), (True, 6)]
    with pytest.raises(RuntimeError, match="only a leaf that requires grad"):
        (x * 2).register_post_accumulate_grad_hook(print)


def test_a_hook_needs_a_gradient_to_see() -> None:
    with pytest.raises(RuntimeError, match="a hook needs a tensor that requires grad"):
        tg.zeros(1).register_hook(print)


def test_the_first_nan_of_a_forward_pass_is_found_with_module_and_line() -> None:
    class Net(nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.inner = nn.Sequential(nn.Linear(2, 2), LogOfNegative())

        def forward(self, x: tg.Tensor) -> tg.Tensor:
            return self.inner(x)

    class LogOfNegative(nn.Module):
        def forward(self, x: tg.Tensor) -> tg.Tensor:
            return (-x.abs() - 1).log()  # the culprit

    with pytest.raises(AnomalyError) as caught, np.errstate(all="ignore"), detect_anomaly():
        Net()(tg.rand(1, 2))
    message = str(caught.value)
    assert message.startswith("log gave NaN in net.inner.1 (LogOfNegative), at ")
    assert "test_hooks_and_anomaly.py:" in message
    assert message.endswith("in forward: return (-x.abs() - 1).log()  # the culprit")


def test_the_first_infinity_of_a_backward_pass_is_found() -> None:
    x = leaf(0.0, 4.0)
    with np.errstate(all="ignore"), detect_anomaly():
        y = x.sqrt()  # fine forwards
        with pytest.raises(AnomalyError) as caught:
            y.sum().backward()
    assert str(caught.value).startswith("the gradient of sqrt for its input 0 is infinity; it ran at ")
    assert str(caught.value).endswith("y = x.sqrt()  # fine forwards")


def test_an_operation_outside_of_detection_is_still_named() -> None:
    x = leaf(0.0)
    y = x.sqrt().sum()
    with (
        np.errstate(all="ignore"),
        pytest.raises(AnomalyError, match=r"sqrt .* a line outside of detect_anomaly"),
        detect_anomaly(),
    ):
        y.backward()


def test_what_is_infinite_to_begin_with_is_no_anomaly() -> None:
    with detect_anomaly():
        scores = tg.zeros(3).masked_fill(tg.tensor([True, False, False]), float("-inf"))
        assert scores.softmax(0).tolist() == [0, 0.5, 0.5]


def test_switching_it_on_for_good() -> None:
    set_detect_anomaly(True)
    try:
        with np.errstate(all="ignore"), pytest.raises(AnomalyError, match="divide gave infinity"):
            tg.ones(1) / 0
    finally:
        set_detect_anomaly(False)
    with np.errstate(all="ignore"):
        assert (tg.ones(1) / 0).item() == float("inf")
