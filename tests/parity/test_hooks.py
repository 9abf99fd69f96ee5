"""Hooks of modules beside PyTorch's: the same calls, in the same order, with the same arguments."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

import tinygrad_scratch as tg

torch = pytest.importorskip("torch", reason="needs PyTorch: pip install -e .[peers]")


def described(value: Any) -> Any:
    """``value`` with lists of rounded numbers in place of tensors."""
    if isinstance(value, tuple):
        return tuple(map(described, value))
    if isinstance(value, dict):
        return {key: described(part) for key, part in value.items()}
    return [round(number, 4) for number in value.reshape(-1).tolist()] if hasattr(value, "tolist") else value


def two_results(T: Any, log: Callable[..., None]) -> None:
    class Both(T.nn.Module):
        def forward(self, x: Any, y: Any, times: Any = 1, *, plus: Any = 0) -> Any:
            return x * y * times + plus, x + y

    model = Both()
    model.register_full_backward_hook(lambda module, inner, outer: log("after", inner, outer[0]))
    model.register_full_backward_pre_hook(lambda module, outer: log("before", outer[0]))
    model.register_forward_pre_hook(lambda module, args, kwargs: log("in", args, kwargs), with_kwargs=True)
    model.register_forward_hook(lambda module, args, kwargs, result: log("out", kwargs, result), with_kwargs=True)
    x, y = (T.tensor([1.0, 2.0], requires_grad=True) for _ in range(2))
    product, total = model(x, y, 3, plus=x)
    (product.sum() + 2 * total.sum()).backward()
    log("gradients", x.grad, y.grad)
    product, total = model(x, T.ones(2), plus=1)
    (product * total).sum().backward()
    log("gradients", x.grad)
    handle = model.register_full_backward_hook(lambda module, inner, outer: log("removed too late"))
    product, _ = model(x, y)
    handle.remove()
    tuple(T.autograd.grad(product.sum(), (x, y)))


def nested(T: Any, log: Callable[..., None]) -> None:
    model = T.nn.Sequential(T.nn.Linear(2, 2), T.nn.Sequential(T.nn.Tanh(), T.nn.Linear(2, 1)))
    with T.no_grad():
        for parameter in model.parameters():
            parameter.fill_(0.5)
    for name, module in model.named_modules():
        module.register_forward_pre_hook(lambda module, args, name=name: log("in", name))
        module.register_forward_hook(lambda module, args, result, name=name: log("out", name))
        module.register_full_backward_pre_hook(lambda module, outer, name=name: log("before", name, len(outer)))
        module.register_full_backward_hook(
            lambda module, inner, outer, name=name: log("after", name, tuple(x is None for x in inner)), prepend=True
        )
    for requires_grad in (False, True):
        model(T.ones(1, 2, requires_grad=requires_grad)).sum().backward()
    log("gradients", *(parameter.grad for parameter in model.parameters()))


@pytest.mark.parametrize("program", [two_results, nested])
@pytest.mark.filterwarnings("ignore:Full backward hook is firing")  # PyTorch's, where no input requires grad
def test_the_same_calls(program: Callable[..., None]) -> None:
    logs: list[list[Any]] = []
    for package in (tg, torch):
        log: list[Any] = []
        program(package, lambda *event, log=log: log.append(described(event)))
        logs.append(log)
    assert logs[0] == logs[1]
