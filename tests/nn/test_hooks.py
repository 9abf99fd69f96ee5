"""Hooks of modules: what they see, what they may replace, in which order they run, and that none is left behind."""

from __future__ import annotations

import copy
import gc
import weakref
from typing import Any

import pytest

import nn
import tinygrad_scratch as tg


class Scale(nn.Module):
    def forward(self, x: tg.Tensor, factor: float = 2.0) -> tg.Tensor:
        return x * factor


def test_forward_hooks_see_and_replace_arguments_and_results() -> None:
    model, x = Scale(), tg.tensor([1.0, 2.0])
    seen: list[Any] = []
    model.register_forward_pre_hook(lambda module, args: seen.append((module, args)))
    model.register_forward_pre_hook(lambda module, args: args[0] + 1)
    model.register_forward_pre_hook(
        lambda module, args, kwargs: (args, {"factor": kwargs["factor"] * 10}), with_kwargs=True
    )
    model.register_forward_hook(lambda module, args, kwargs, result: seen.append(kwargs), with_kwargs=True)
    model.register_forward_hook(lambda module, args, result: result + 0.5)
    assert model(x, factor=3.0).tolist() == [60.5, 90.5]
    assert seen[0][0] is model
    assert seen[0][1] == (x,)
    assert seen[1] == {"factor": 30.0}


def test_hooks_run_in_order_and_can_be_put_first_and_taken_back() -> None:
    model, order = Scale(), []
    handles = [
        model.register_forward_hook(lambda *_, name=name: order.append(name), prepend=name == "b") for name in "abc"
    ]
    model(tg.ones(1))
    assert order == ["b", "a", "c"]
    handles[0].remove()
    handles[0].remove()
    with handles[1]:
        model(tg.ones(1))
    model(tg.ones(1))
    assert order[3:] == ["b", "c", "c"]
    handles[2].remove()
    assert not model._hooks


def test_a_hook_with_always_call_sees_failures_and_cannot_hide_them() -> None:
    model, seen = Scale(), []
    model.register_forward_hook(lambda module, args, result: seen.append(result), always_call=True)
    model.register_forward_hook(lambda module, args, result: seen.append("not called"))
    with pytest.raises(TypeError, match="multiply"):
        model(tg.ones(1), factor="x")
    assert seen == [None]
    model.register_forward_hook(lambda module, args, result: 1 / 0, always_call=True)
    with pytest.warns(UserWarning, match="Scale: while another error.*ZeroDivisionError"), pytest.raises(TypeError):
        model(tg.ones(1), factor="x")


def test_a_pre_hook_with_kwargs_must_return_a_pair() -> None:
    model = Scale()
    model.register_forward_pre_hook(lambda module, args, kwargs: args, with_kwargs=True)
    with pytest.raises(RuntimeError, match=r"Scale: a forward pre-hook with kwargs returns None or a pair"):
        model(tg.ones(1))


def test_backward_hooks_see_and_replace_gradients() -> None:
    model, seen = nn.Linear(2, 1, bias=False), []
    with tg.no_grad():
        model.weight.copy_(tg.tensor([[3.0, 4.0]]))
    model.register_full_backward_pre_hook(lambda module, grad_output: (grad_output[0] * 10,))

    def after(module: nn.Module, grad_input: Any, grad_output: Any) -> Any:
        seen.append((grad_input[0].tolist(), grad_output[0].tolist()))
        return (grad_input[0] + 1,)

    handle = model.register_full_backward_hook(after)
    x = tg.tensor([[1.0, 2.0]], requires_grad=True)
    model(x).sum().backward()
    assert seen == [([[30.0, 40.0]], [[10.0]])]
    assert x.grad.tolist() == [[31.0, 41.0]]
    assert model.weight.grad.tolist() == [[10.0, 20.0]]
    handle.remove()
    model(x).sum().backward()
    assert len(seen) == 1


def test_a_backward_hook_runs_without_gradients_of_inputs() -> None:
    model, seen = nn.Linear(2, 1), []
    model.register_full_backward_hook(lambda module, grad_input, grad_output: seen.append((grad_input, grad_output)))
    model(tg.ones(1, 2)).sum().backward()
    assert len(seen) == 1
    assert seen[0][0] == (None,)
    assert seen[0][1][0].tolist() == [[1.0]]
    with tg.no_grad():
        model(tg.ones(1, 2))


def test_a_replacement_that_does_not_fit_is_refused() -> None:
    model = nn.Linear(2, 1)
    model.register_full_backward_hook(lambda module, grad_input, grad_output: (None, grad_input[0]))
    with pytest.raises(RuntimeError, match=r"Linear: a backward hook returned \(None, a gradient\) to replace"):
        model(tg.ones(1, 2, requires_grad=True)).sum().backward()


def test_a_result_that_hides_its_tensors_is_warned_about() -> None:
    class Named(nn.Module):
        def forward(self, x: tg.Tensor) -> dict[str, tg.Tensor]:
            return {"y": x * 2}

    model = Named()
    model.register_full_backward_hook(lambda *_: None)
    with pytest.warns(UserWarning, match=r"Named: backward hooks are only called if .* not dict"):
        model(tg.ones(1, requires_grad=True))["y"].backward()


def test_gradients_stay_right_when_a_watched_module_writes_into_its_input() -> None:
    model = nn.ReLU(inplace=True)
    model.register_full_backward_hook(lambda *_: None)
    x = tg.tensor([-1.0, 2.0], requires_grad=True)
    hidden = x * 3
    (model(hidden) * hidden).sum().backward()
    assert x.grad.tolist() == [0.0, 36.0]


def test_gradients_of_gradients_pass_the_hooks() -> None:
    class Cube(nn.Module):
        def forward(self, x: tg.Tensor) -> tg.Tensor:
            return x**3

    model = Cube()
    model.register_full_backward_hook(lambda module, grad_input, grad_output: (grad_input[0] * 2,))
    x = tg.tensor(3.0, requires_grad=True)
    (first,) = tg.autograd.grad(model(x), x, create_graph=True)
    (second,) = tg.autograd.grad(first, x)
    assert (first.item(), second.item()) == (54.0, 36.0)


def test_hooks_hold_neither_the_arguments_nor_the_graph() -> None:
    model = nn.Tanh()
    model.register_full_backward_hook(lambda *_: None)
    x = tg.ones(3, requires_grad=True) * 1
    argument, node = weakref.ref(x), weakref.ref(x.node)
    gc.disable()
    try:
        y = model(x)
        del x
        assert argument() is None
        assert node() is not None
        y.sum().backward()
        del y
        assert node() is None
    finally:
        gc.enable()


def test_copies_have_the_hooks_but_are_independent() -> None:
    model, calls = nn.Tanh(), []
    handle = model.register_forward_hook(lambda *_: calls.append(1))
    twin = copy.deepcopy(model)
    handle.remove()
    model(tg.ones(1))
    assert not calls
    twin(tg.ones(1))
    assert calls
