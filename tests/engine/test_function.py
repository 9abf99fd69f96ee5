"""Functions with a hand-written backward, as PyTorch scripts write them; and primitives that a user adds."""

from __future__ import annotations

import gc
import weakref
from typing import Any

import numpy as np
import pytest

import tinygrad_scratch as tg
from tinygrad_scratch.autograd import Function, gradcheck, gradgradcheck, once_differentiable


class Scale(Function):
    @staticmethod
    def forward(ctx: Any, x: tg.Tensor, factor: float) -> tg.Tensor:
        ctx.factor = factor
        return x * factor

    @staticmethod
    def backward(ctx: Any, g: tg.Tensor) -> Any:
        return g * ctx.factor, None


class Product(Function):
    calls = 0

    @staticmethod
    def forward(ctx: Any, x: tg.Tensor, y: tg.Tensor) -> tg.Tensor:
        ctx.save_for_backward(x, y)
        return x * y

    @staticmethod
    def backward(ctx: Any, g: tg.Tensor) -> Any:
        Product.calls += 1
        x, y = ctx.saved_tensors
        assert isinstance(g, tg.Tensor)
        return g * y if ctx.needs_input_grad[0] else None, g * x if ctx.needs_input_grad[1] else None


class SinCos(Function):
    @staticmethod
    def forward(ctx: Any, x: tg.Tensor) -> tuple[tg.Tensor, tg.Tensor, tg.Tensor]:
        s, c, count = x.sin(), x.cos(), tg.tensor(x.numel())
        ctx.save_for_backward(s, c)
        ctx.mark_non_differentiable(count)
        return s, c, count

    @staticmethod
    def backward(ctx: Any, g_s: tg.Tensor, g_c: tg.Tensor, _: Any) -> tg.Tensor:
        s, c = ctx.saved_tensors
        return g_s * c - g_c * s


class NewStyle(Function):
    @staticmethod
    def forward(x: tg.Tensor) -> tg.Tensor:
        return x.exp()

    @staticmethod
    def setup_context(ctx: Any, inputs: tuple[tg.Tensor], output: tg.Tensor) -> None:
        ctx.save_for_backward(output)

    @staticmethod
    def backward(ctx: Any, g: tg.Tensor) -> tg.Tensor:
        return g * ctx.saved_tensors[0]


def double(*values: float) -> tg.Tensor:
    return tg.tensor(list(values), dtype=tg.float64, requires_grad=True)


@pytest.mark.parametrize(
    ("function", "count"),
    [
        (lambda x: Scale.apply(x, 3.0), 1),
        (Product.apply, 2),
        (lambda x: Product.apply(x, x), 1),
        (lambda x: SinCos.apply(x)[:2], 1),
        (lambda x: SinCos.apply(x)[1], 1),
        (NewStyle.apply, 1),
        (lambda x: NewStyle.apply(Product.apply(x, x).sum()), 1),
    ],
)
def test_first_and_second_gradient(function: Any, count: int) -> None:
    inputs = tuple(double(0.5 + i, -1.0, 2.0) for i in range(count))
    gradcheck(function, inputs)
    gradgradcheck(function, inputs)


def test_backward_runs_once_and_knows_which_gradients_are_needed() -> None:
    x, y = double(1.0), double(2.0)
    Product.calls = 0
    Product.apply(x, y).sum().backward()
    assert Product.calls == 1
    assert (x.grad.item(), y.grad.item()) == (2, 1)
    Product.apply(x, y.detach()).sum().backward()
    assert x.grad.item() == 4
    assert not Product.apply(x.detach(), y.detach()).requires_grad
    with tg.no_grad():
        assert not Product.apply(x, y).requires_grad


def test_names_and_results() -> None:
    x = double(1.0, 2.0)
    assert repr(Product.apply(x, x).grad_fn) == "<Product>"
    s, c, count = SinCos.apply(x)
    assert s.requires_grad
    assert c.requires_grad
    assert not count.requires_grad
    assert count.item() == 2


def test_nothing_forms_a_cycle_even_if_a_result_is_saved() -> None:
    gc.collect()
    gc.disable()
    try:
        for function in (NewStyle.apply, SinCos.apply):
            result = function(double(1.0))
            first = result if isinstance(result, tg.Tensor) else result[0]
            reference = weakref.ref(first.node)
            del result, first
            assert reference() is None
    finally:
        gc.enable()


def test_freed_and_overwritten_values_are_noticed() -> None:
    x, y = double(1.0), double(2.0)
    z = Product.apply(x, y * 1).sum()
    z.backward()
    with pytest.raises(RuntimeError, match="backward through Product a second time"):
        z.backward()
    y = y * 1
    z = Product.apply(x, y).sum()
    y.add_(1)
    with pytest.raises(RuntimeError, match=r"the gradient of Product needs its input 1, .* add_ has written"):
        z.backward()


def test_a_result_written_in_place() -> None:
    class Double(Function):
        @staticmethod
        def forward(ctx: Any, x: tg.Tensor) -> tg.Tensor:
            x.mul_(2)
            ctx.mark_dirty(x)
            return x

        @staticmethod
        def backward(ctx: Any, g: tg.Tensor) -> tg.Tensor:
            return g * 2

    x = double(3.0)
    y = x * 1
    z = Double.apply(y)
    assert z is y
    z.sum().backward()
    assert x.grad.item() == 2
    assert z.item() == 6


def test_two_results_written_in_place_through_views() -> None:
    class TripleAndDouble(Function):
        @staticmethod
        def forward(ctx: Any, x: tg.Tensor, y: tg.Tensor) -> tuple[tg.Tensor, ...]:
            ctx.mark_dirty(x.mul_(3), y.mul_(2))
            return x, y, x + y

        @staticmethod
        def backward(ctx: Any, g_x: tg.Tensor, g_y: tg.Tensor, g_sum: tg.Tensor) -> Any:
            return (g_x + g_sum) * 3, (g_y + g_sum) * 2

    x = double(1.0, 2.0)
    y, z = x * 1, x * 1
    total = TripleAndDouble.apply(y[:1], z[1:])[2]
    (y * z).sum().backward(retain_graph=True)
    assert x.grad.tolist() == [6, 8]  # of 3 x₀² + 2 x₁²
    x.grad = None
    total.sum().backward()
    assert x.grad.tolist() == [3, 2]


@pytest.mark.parametrize("create_graph", [False, True])
@pytest.mark.parametrize("write", [lambda g: g.mul_(9), lambda g: g.numpy().fill(9), lambda g: g[:1].zero_()])
def test_a_backward_cannot_write_to_the_gradient_that_others_get(write: Any, create_graph: bool) -> None:
    class Careless(Scale):
        @staticmethod
        def backward(ctx: Any, g: tg.Tensor) -> Any:
            write(g.detach())
            return g, None

    start = tg.ones(2, dtype=tg.float64)
    x = double(1.0, 2.0)
    result = Careless.apply(x, 2.0) + x
    with pytest.raises(ValueError, match="read-only"):
        result.backward(start, create_graph=create_graph)
    assert start.tolist() == [1, 1]


def test_a_view_of_what_only_forward_knows_can_be_written() -> None:
    class FirstRow(Function):
        @staticmethod
        def forward(ctx: Any, x: tg.Tensor) -> tg.Tensor:
            return (x * 5)[0]

        @staticmethod
        def backward(ctx: Any, g: tg.Tensor) -> tg.Tensor:
            return tg.stack([g * 5, tg.zeros_like(g)])

    x = tg.ones(2, 3, dtype=tg.float64, requires_grad=True)
    y = FirstRow.apply(x)
    y.mul_(2)
    y.sum().backward()
    assert x.grad.tolist() == [[10, 10, 10], [0, 0, 0]]


def test_once_differentiable() -> None:
    class Square(Function):
        @staticmethod
        def forward(ctx: Any, x: tg.Tensor) -> tg.Tensor:
            ctx.save_for_backward(x)
            return x * x

        @staticmethod
        @once_differentiable
        def backward(ctx: Any, g: tg.Tensor) -> tg.Tensor:
            return g * 2 * ctx.saved_tensors[0]

    x = double(3.0)
    (gradient,) = tg.autograd.grad(Square.apply(x).sum(), x, create_graph=True)
    assert gradient.item() == 6
    assert not gradient.requires_grad


def test_mistakes() -> None:
    class TooFew(Product):
        @staticmethod
        def backward(ctx: Any, g: tg.Tensor) -> Any:
            return (g,)

    class NoTensor(Function):
        @staticmethod
        def forward(ctx: Any, x: tg.Tensor) -> Any:
            return x.detach().numpy()

    with pytest.raises(RuntimeError, match="TooFew: backward returned 1 gradients, but forward has 2 arguments"):
        TooFew.apply(double(1.0), double(2.0)).sum().backward()
    with pytest.raises(TypeError, match="NoTensor: forward must return tensors, not ndarray"):
        NoTensor.apply(double(1.0))
    with pytest.raises(NotImplementedError, match="static forward"):
        Function.apply(double(1.0))


def test_a_primitive_of_the_users_own() -> None:
    cube = tg.primitive(lambda x: x**3, name="cube", x=lambda g, x: g * 3 * x**2)

    @tg.primitive(a=lambda g, b, scale: g * b * scale, b=lambda g, a, scale: g * a * scale)
    def scaled_product(a: Any, b: Any, *, scale: float) -> Any:
        """a · b · scale."""
        return a * b * scale

    x, y = double(1.0, 2.0), double(3.0, 4.0)
    for function in (lambda x, y: cube(x) * y, lambda x, y: scaled_product(x, y, scale=2.0)):
        gradcheck(function, (x, y))
        gradgradcheck(function, (x, y))
    assert repr(cube(x).grad_fn) == "<cube>"
    assert scaled_product.__name__ == "scaled_product"
    assert scaled_product.__doc__ == "a · b · scale."
    np.testing.assert_array_equal(cube(np.array([2.0])), [8.0])


def test_a_primitive_with_several_results() -> None:
    @tg.primitive(is_multiple=True, x=lambda g, x: g[0] + 2 * g[1] * x)
    def same_and_square(x: Any) -> Any:
        return x * 1, x * x

    x = double(1.0, 3.0)
    gradcheck(lambda x: list(same_and_square(x)), x)
    gradgradcheck(lambda x: same_and_square(x)[1], x)


def test_a_primitive_whose_inputs_share_a_rule() -> None:
    """It runs once for all of them, and knows which gradients are wanted and which results were used."""
    runs = []

    def joint_rule(g: Any, x: Any, weight: Any, wanted: Any) -> Any:
        runs.append((wanted, [part is None for part in g]))
        both = g[1] if g[0] is None else g[0]
        return both * weight if wanted[0] else None, both * x if wanted[1] else None

    @tg.primitive(is_multiple=True, joint_rule=joint_rule)
    def twice_the_product(x: Any, weight: Any) -> Any:
        return x * weight, x * weight

    x, weight = double(1.0, 3.0), double(2.0, 5.0)
    twice_the_product(x, weight)[0].sum().backward()
    assert (x.grad.tolist(), weight.grad.tolist()) == ([2, 5], [1, 3])
    twice_the_product(x, weight.detach())[1].sum().backward()
    assert runs == [((True, True), [False, True]), ((True, False), [True, False])]
    gradgradcheck(lambda x, weight: twice_the_product(x, weight)[1], (x, weight))


def test_none_is_a_gradient_of_zeros_of_the_shape_of_the_argument() -> None:
    class FirstOnly(tg.autograd.Function):
        @staticmethod
        def forward(ctx, a, b):
            return a * b

        @staticmethod
        def backward(ctx, g):
            return g, None

    a, b = tg.ones(3, requires_grad=True), tg.ones(3, requires_grad=True)
    FirstOnly.apply(a, b).sum().backward()
    assert a.grad.tolist() == [1, 1, 1]
    assert b.grad.tolist() == [0, 0, 0]


class Same(Function):
    """The gradient of both arguments is one and the same tensor, which something else may hold too."""

    given: Any = None

    @staticmethod
    def forward(ctx: Any, x: tg.Tensor, y: tg.Tensor) -> tg.Tensor:
        return x + y

    @staticmethod
    def backward(ctx: Any, g: tg.Tensor) -> Any:
        given = Same.given if Same.given is not None else g * 2
        return given, given


@pytest.mark.parametrize("given", [None, tg.full((2,), 2.0)])
@pytest.mark.parametrize("create_graph", [False, True])
def test_gradients_share_no_memory_with_what_backward_returned(given: Any, create_graph: bool) -> None:
    Same.given = given
    x, y = tg.ones(2, requires_grad=True), tg.ones(2, requires_grad=True)
    for _ in range(2):
        (Same.apply(x, y) + x * 3).sum().backward(create_graph=create_graph)
    with tg.no_grad():
        y.grad.add_(1)
    assert x.grad.tolist() == [10, 10]
    assert y.grad.tolist() == [5, 5]
    assert given is None or given.tolist() == [2, 2]


def test_only_tensors_are_saved_for_backward() -> None:
    class Saving(Scale):
        @staticmethod
        def forward(ctx: Any, x: tg.Tensor, factor: float) -> tg.Tensor:
            ctx.save_for_backward(x, factor)
            return x

    with pytest.raises(TypeError, match="save_for_backward: keeps tensors, not float; make it an attribute of ctx"):
        Saving.apply(tg.ones(2, requires_grad=True), 2.0)


@pytest.mark.parametrize(
    ("given", "kind", "message"),
    [
        (5, TypeError, "Same: backward must return tensors or None, not int"),
        (tg.ones(3), ValueError, r"Same: backward returned a gradient of shape \(3,\) for an argument of shape \(2,\)"),
        (tg.tensor(1.0), ValueError, r"a gradient of shape \(\) for an argument of shape \(2,\)"),
    ],
)
def test_a_backward_that_returns_no_gradient(given: Any, kind: type[Exception], message: str) -> None:
    Same.given = given
    x = tg.ones(2, requires_grad=True)
    with pytest.raises(kind, match=message):
        Same.apply(x, x).sum().backward()
