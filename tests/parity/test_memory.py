"""Who shares memory with whom, and which writes a backward pass notices: the same programs in both packages."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

import tinygrad_scratch as tg

torch = pytest.importorskip("torch", reason="needs PyTorch: pip install -e .[peers]")


def leaf(package: Any, *numbers: float) -> Any:
    return package.tensor(list(numbers), requires_grad=True)


def descent_through_data(package: Any) -> Any:
    p = leaf(package, 1.0, 2.0)
    for _ in range(2):
        (p * p).sum().backward()
        p.data.add_(-0.1 * p.grad.data)
        p.data -= 0.1 * p.grad.data
        p.data = p.data - 0.1 * p.grad.data
        p.grad.data.zero_()
    return p, p.grad, p.is_leaf, p.requires_grad


def writes_through_data(package: Any) -> Any:
    w = leaf(package, 1.0, -2.0, 3.0, 4.0)
    w.data.clamp_(min=0)
    w.data[0] = 9
    w.data[1:3].mul_(10)
    w.data[-1].copy_(package.tensor(7.0))
    w.data.view(2, 2)[0].add_(package.tensor([1.0, 1.0]))
    return w, w.requires_grad, w.data.requires_grad, w.data.is_leaf, w.data.grad


def data_of_an_intermediate(package: Any) -> Any:
    w = leaf(package, 1.0, 2.0, 3.0)
    y = w * 2
    view = y[:2]
    view.data.mul_(10)
    (y * y).sum().backward()
    return y, view, w.grad


def a_write_through_data_is_not_noticed(package: Any) -> Any:
    x = leaf(package, 1.0, 2.0)
    y = x * x
    x.data.mul_(3)
    y.sum().backward()
    return x.grad


def a_write_through_a_view_of_data_is_not_noticed(package: Any) -> Any:
    x = leaf(package, 1.0, 2.0)
    y = x * x
    x.data[1:].detach().fill_(5)
    y.sum().backward()
    return x.grad


def a_write_through_detach_is_noticed(package: Any) -> Any:
    x = leaf(package, 1.0, 2.0)
    y = x * x
    x.detach().mul_(3)
    y.sum().backward()


def a_write_to_data_that_was_used_itself_is_noticed(package: Any) -> Any:
    w, x = leaf(package, 1.0, 2.0), package.tensor([3.0, 4.0])
    data = x.data
    y = w * data
    data[:1].mul_(3)
    y.sum().backward()


def a_write_to_the_tensor_is_not_noticed_where_its_data_was_used(package: Any) -> Any:
    w, x = leaf(package, 1.0, 2.0), package.tensor([3.0, 4.0])
    y = w * x.data
    x.mul_(3)
    y.sum().backward()
    return w.grad


def a_write_after_an_update_of_data_is_noticed(package: Any) -> Any:
    x = leaf(package, 1.0, 2.0)
    y = x * x
    x.data += 1
    with package.no_grad():
        x.mul_(3)
    y.sum().backward()


def other_data(package: Any) -> Any:
    p, seen = leaf(package, 1.0, 2.0), []
    p.register_hook(lambda gradient: seen.append(gradient.shape[0]))
    p.register_post_accumulate_grad_hook(lambda tensor: seen.append(tensor.grad.sum().item()))
    identity, other = id(p), package.zeros(3, dtype=package.float64)
    p.data = other
    other[0] = 7
    (p * p).sum().backward()
    return p, p.grad, id(p) == identity, seen, p.is_leaf


def other_data_of_another_shape_than_the_graph_was_made_of(package: Any) -> Any:
    p = leaf(package, 1.0, 2.0)
    y = p * p
    p.data = package.tensor([5.0, 6.0, 7.0])
    y.sum().backward()


def other_data_of_an_intermediate(package: Any) -> Any:
    w = leaf(package, 1.0, 2.0)
    y = w * 2
    y.data = package.tensor([5.0, 6.0])
    (y * y).sum().backward()
    return y, w.grad, y.is_leaf


def data_that_is_an_array(package: Any) -> Any:
    leaf(package, 1.0).data = np.ones(1, np.float32)


def data_of_integers_for_a_leaf(package: Any) -> Any:
    leaf(package, 1.0).data = package.tensor([1])


def data_that_requires_grad(package: Any) -> Any:
    p, other = leaf(package, 1.0), leaf(package, 2.0)
    p.data = other
    (p * 3).sum().backward()
    return p.grad, other.grad


def a_tensor_of_a_tensor(package: Any) -> Any:
    x = leaf(package, 1.0, 2.0)
    y = package.Tensor(x * 3)
    (y * y).sum().backward()
    return y, x.grad, y.is_leaf


def a_written_tensor_of_a_tensor(package: Any) -> Any:
    x = leaf(package, 1.0, 2.0)
    y = x * 3
    package.Tensor(y)[:1].mul_(10)
    (y * y).sum().backward()
    return y, x.grad


def triple(package: Any, x: Any, *more: Any) -> Any:
    """``x``, multiplied by 3 in place by a Function; ``more`` are added to it."""

    class Triple(package.autograd.Function):
        @staticmethod
        def forward(ctx: Any, x: Any, *more: Any) -> Any:
            x.mul_(3)
            for other in more:
                x.add_(other)
            ctx.mark_dirty(x)
            return x

        @staticmethod
        def backward(ctx: Any, g: Any) -> Any:
            return (g * 3, *(g for needed in ctx.needs_input_grad[1:] if needed))

    return Triple.apply(x, *more)


def function_of(package: Any, forward: Callable[..., Any], backward: Callable[..., Any]) -> Any:
    return type("Made", (package.autograd.Function,), {"forward": forward, "backward": backward}).apply


def a_function_writes_to_a_view(package: Any) -> Any:
    x = leaf(package, 1.0, 2.0)
    y = x * 5
    view, other = y[:1], y.view(2, 1)
    result = triple(package, view)
    (y.sum() + (other * other).sum() + 2 * view.sum()).backward()
    return y, result is view, x.grad


def a_function_writes_to_the_base_of_a_view(package: Any) -> Any:
    x = leaf(package, 1.0, 2.0)
    y = x * 5
    view = y[:1]
    triple(package, y)
    (view * view).sum().backward()
    return y, x.grad


def a_function_writes_what_needs_a_gradient_into_a_view_of_a_constant(package: Any) -> Any:
    x, constant = leaf(package, 1.0, 2.0), package.ones(3)
    triple(package, constant[1:], x)
    (constant * constant).sum().backward()
    return constant, constant.requires_grad, x.grad


def a_function_writes_to_a_leaf(package: Any) -> Any:
    triple(package, leaf(package, 1.0))


def a_function_writes_to_a_view_of_a_leaf(package: Any) -> Any:
    triple(package, leaf(package, 1.0, 2.0)[:1])


def a_function_writes_to_a_leaf_while_nothing_is_recorded(package: Any) -> Any:
    x = leaf(package, 1.0)
    with package.no_grad():
        triple(package, x)
    return x, x.requires_grad, x.is_leaf


def a_function_writes_to_an_intermediate_while_nothing_is_recorded(package: Any) -> Any:
    x = leaf(package, 1.0)
    y = x * 2
    with package.no_grad():
        triple(package, y)
    y.sum().backward()
    return y, x.grad


def a_function_saves_what_it_wrote_to(package: Any) -> Any:
    def forward(ctx: Any, x: Any) -> Any:
        x.exp_()
        ctx.mark_dirty(x)
        ctx.save_for_backward(x)
        return x

    x = leaf(package, 1.0, 2.0)
    y, z = x * 1, x * 1
    exp = function_of(package, forward, lambda ctx, g: g * ctx.saved_tensors[0])
    exp(y)
    exp(z[:1])
    (first,) = package.autograd.grad((y + z).sum(), x, create_graph=True)
    (second,) = package.autograd.grad(first.sum(), x)
    return first, second


def a_function_does_not_return_what_it_wrote_to(package: Any) -> Any:
    def forward(ctx: Any, x: Any) -> Any:
        ctx.mark_dirty(x.mul_(3))
        return x * 1

    function_of(package, forward, lambda _, g: g * 3)(leaf(package, 1.0) * 1)


def what_a_function_returned_as_it_was_is_written(package: Any) -> Any:
    y = leaf(package, 1.0) * 1
    function_of(package, lambda _, x: x, lambda _, g: g * 10)(y).mul_(2)
    y.sum().backward()


def the_base_of_what_a_function_returned_is_written(package: Any) -> Any:
    y = leaf(package, 1.0, 2.0) * 1
    result = function_of(package, lambda _, x: x.view(2, 1), lambda _, g: g.view(2) * 10)(y)
    y.mul_(2)
    result.sum().backward()


def a_backward_returns_nones_for_arguments_that_there_are_not(package: Any) -> Any:
    x = leaf(package, 1.0, 2.0)
    function_of(package, lambda _, x: x * 2, lambda _, g: (g * 2, None, None))(x).sum().backward()
    return x.grad


def hooks_write_to_the_gradients_that_they_are_given(package: Any) -> Any:
    x = leaf(package, 1.0, -2.0)
    y, z = x * 1, x * 3
    y.register_hook(lambda gradient: gradient.clamp_(max=0.5))
    z.register_hook(lambda gradient: gradient * 2)
    ((y + z) * 4).sum().backward()
    return x.grad


def arrays_that_are_shared_or_not(package: Any) -> Any:
    double, single, integers = np.ones(3), np.ones(3, np.float32), np.ones(3, np.int64)
    tensors = (
        package.tensor(double),
        package.as_tensor(double),
        package.as_tensor(double, dtype=package.float64),
        package.as_tensor(double, dtype=package.float32),
        package.as_tensor(integers),
        package.from_numpy(double),
        package.asarray(double),
        package.asarray(double, copy=True),
        package.asarray(double, dtype=package.float32),
        package.Tensor(single),
        package.Tensor(double),
        package.Tensor(integers),
    )
    for array in (double, single, integers):
        array[1:] = 7
    return tensors


def tensors_that_are_shared_or_not(package: Any) -> Any:
    x = package.ones(3)
    tensors = (
        package.as_tensor(x),
        package.asarray(x),
        package.asarray(x, copy=True),
        package.as_tensor(x, dtype=package.float64),
        package.Tensor(x),
        x.detach(),
        x.data,
        package.from_numpy(x.numpy()),
    )
    x[1:] = 7
    return *tensors, *(tensor is x for tensor in tensors)


def histories_of_tensors_made_of_tensors(package: Any) -> Any:
    x = leaf(package, 1.0, 2.0)
    y = x * 2
    total = package.as_tensor(y, dtype=package.float64).sum() + package.asarray(y, copy=True, requires_grad=True).sum()
    total.backward()
    cut = package.asarray(y, requires_grad=False)
    return x.grad, cut.requires_grad, package.asarray(y, requires_grad=True) is y


HELPERS = (leaf, triple, function_of)
PROGRAMS = [value for value in vars().values() if getattr(value, "__module__", "") == __name__ and value not in HELPERS]


def outcome(program: Callable[[Any], Any], package: Any) -> Any:
    try:
        return [part.tolist() if hasattr(part, "tolist") else part for part in as_tuple(program(package))]
    except (TypeError, RuntimeError, ValueError) as error:
        return error


def as_tuple(result: Any) -> tuple[Any, ...]:
    return result if isinstance(result, tuple) else (result,)


@pytest.mark.parametrize("program", PROGRAMS, ids=lambda program: program.__name__)
def test_both_packages_do_the_same(program: Callable[[Any], Any]) -> None:
    mine, other = outcome(program, tg), outcome(program, torch)
    if isinstance(other, Exception):
        assert isinstance(mine, Exception), mine
    else:
        assert mine == [pytest.approx(part, rel=1e-6) if isinstance(part, list) else part for part in other]
