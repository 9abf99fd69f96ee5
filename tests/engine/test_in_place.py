"""Writing in place: the memory, the history, and the writes that a backward pass must notice."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

import tinygrad_scratch as tg


def leaf(*values: float) -> tg.Tensor:
    return tg.tensor(list(values), requires_grad=True)


def test_operators_write_into_the_same_tensor_and_memory() -> None:
    x = tg.tensor([1.0, 2.0])
    same, memory = x, x._data
    x += 1
    x *= tg.tensor([2.0, 3.0])
    x -= 1
    x /= 2
    x **= 2
    assert x is same
    assert x._data is memory
    assert x.tolist() == [2.25, 16.0]


def test_a_plain_gradient_descent_step() -> None:
    weight = leaf(1.0, 2.0)
    (weight * weight).sum().backward()
    with tg.no_grad():
        weight -= 0.5 * weight.grad
    weight.grad.zero_()
    assert weight.tolist() == [0, 0]
    assert weight.is_leaf
    assert weight.requires_grad
    assert weight.grad.tolist() == [0, 0]


def test_old_style_updates_of_data() -> None:
    weight = leaf(1.0, 2.0)
    (weight * weight).sum().backward()
    weight.data -= 0.5 * weight.grad.data
    assert weight.tolist() == [0, 0]
    weight.data -= weight.grad
    assert weight.tolist() == [-2, -4]
    loss = (weight * weight).sum()
    weight.data = tg.tensor([5.0, 6.0])
    assert weight.tolist() == [5, 6]
    assert loss.data.numpy() == 20
    weight.grad = None
    loss.backward()
    assert weight.grad.tolist() == [-4, -8]  # of the values that the loss was computed from


def test_data_is_a_tensor_of_the_same_memory_in_every_layout() -> None:
    for x in (
        tg.rand(2, 3).T,
        tg.rand(3)[::2],
        tg.rand(4).flip(0),
        tg.tensor(2.0),
        tg.rand(2, 0),
        tg.ones(1).expand(3),
    ):
        data = x.data
        assert np.shares_memory(x.numpy(), data.numpy()) == (x.numel() > 0)
        assert data.tolist() == x.tolist()
        assert data.dtype is x.dtype


def test_data_of_a_parameter_is_drawn_anew() -> None:
    weight = leaf(1.0, 2.0)
    tg.manual_seed(0)
    weight.data.normal_()
    tg.manual_seed(0)
    assert weight.tolist() == tg.randn(2).tolist()
    assert weight.is_leaf


def test_gradients_flow_through_what_was_written_and_not_through_what_was_overwritten() -> None:
    x, value = leaf(1.0, 2.0, 3.0), leaf(10.0)
    y = x * 2
    y[1:2] = value * 3
    (y * y).sum().backward()
    assert y.tolist() == [2, 30, 6]
    assert x.grad.tolist() == [8, 0, 24]
    assert value.grad.tolist() == [180]


def test_a_constant_that_is_written_a_result_into_requires_grad() -> None:
    x = leaf(2.0)
    y = tg.zeros(3)
    assert not y.requires_grad
    y[0] = x * x
    assert y.requires_grad
    y.sum().backward()
    assert x.grad.tolist() == [4]


def test_a_write_to_the_base_is_seen_through_its_views_and_a_write_to_a_view_by_the_base() -> None:
    x = leaf(1.0, 2.0, 3.0, 4.0)
    base = x * 1
    first, matrix = base[:2], base.reshape(2, 2)
    row = matrix[0]
    base.mul_(2)
    assert first.tolist() == [2, 4]
    row.mul_(10)
    assert base.tolist() == [20, 40, 6, 8]
    (first.sum() + matrix[1].sum() + row[0]).backward()
    assert x.grad.tolist() == [40, 20, 2, 2]


def test_a_single_value_is_a_view_too() -> None:
    x = leaf(1.0, 2.0, 3.0)
    y = x * 1
    y[0].mul_(5)
    y[1] += 10
    for value in y[2:]:
        value.fill_(7)
    last = y[-1]
    y.mul_(2)
    assert y.tolist() == [10, 24, 14]
    assert last.item() == 14
    y.sum().backward()
    assert x.grad.tolist() == [10, 2, 0]
    square = (x * 1)[0].square()
    tg.zeros(2)[0].add_(1)
    square.backward()
    assert x.grad.tolist() == [12, 2, 0]


def test_views_of_views_of_a_transpose() -> None:
    x = tg.arange(6.0).reshape(2, 3).requires_grad_()
    y = x.clone()
    y.T[1:].T[0].mul_(tg.tensor([5.0, 7.0]))
    (y * y).sum().backward()
    np.testing.assert_array_equal(y.detach().numpy(), [[0, 5, 14], [3, 4, 5]])
    np.testing.assert_array_equal(x.grad.numpy(), [[0, 2 * 25 * 1, 2 * 49 * 2], [6, 8, 10]])


@pytest.mark.parametrize(
    "use", ["keeps its input", "keeps its result", "through a view", "through an alias", "setitem"]
)
def test_a_write_to_what_a_pending_backward_needs_is_an_error_that_names_the_operations(use: str) -> None:
    x = leaf(1.0, 2.0)
    y = x * 1
    if use == "keeps its input":
        z = y.square()
        y.add_(1)
    elif use == "keeps its result":
        z = y.exp()
        z.add_(1)
    elif use == "through a view":
        z = y.square()
        y.reshape(2, 1)[0].add_(1)
    elif use == "through an alias":
        z = y.square()
        y.detach().add_(1)
    else:
        z = y.square()
        y[0] = 5
    operation = "exp" if use == "keeps its result" else "square"
    write = "setitem" if use == "setitem" else "add_"
    with pytest.raises(RuntimeError, match=rf"the gradient of {operation} needs .*\(2,\), but {write} has written"):
        z.sum().backward()


def test_a_write_to_what_no_rule_needs_is_fine() -> None:
    x = leaf(1.0, 2.0)
    y = x * 1
    z = y + 1
    y.mul_(5)
    z.sum().backward()
    assert x.grad.tolist() == [1, 1]


def test_an_optimizer_step_before_backward_is_noticed() -> None:
    weight = leaf(1.0, 2.0)
    loss = (weight * weight).sum()
    with tg.no_grad():
        weight.sub_(0.1)
    with pytest.raises(RuntimeError, match="sub_ has written"):
        loss.backward()


def test_a_write_into_a_batch_after_the_forward_pass_is_noticed_but_not_into_another_array() -> None:
    data, weight = tg.rand(10, 3), tg.rand(2, 3, requires_grad=True)
    loss = tg.linear(data[:4], weight).sum()
    tg.rand(10, 3).add_(1)
    loss.backward(retain_graph=True)
    data[8] = 0
    with pytest.raises(RuntimeError, match="linear needs its input 0"):
        loss.backward()


def test_a_leaf_that_requires_grad_cannot_be_written_while_operations_are_recorded() -> None:
    x = leaf(1.0, 2.0)
    for write in (lambda: x.add_(1), lambda: x.__setitem__(0, 5.0), lambda: x[:1].mul_(2), lambda: x.zero_()):
        with pytest.raises(
            RuntimeError, match=r"a leaf that requires grad, of shape \(2,\), cannot be written in place"
        ):
            write()
    assert x.tolist() == [1, 2]
    with tg.no_grad():
        x.add_(1)
        x[0] = 7
    assert x.tolist() == [7, 3]
    assert x.is_leaf


def test_results_that_do_not_fit() -> None:
    x = tg.tensor([1, 2])
    with pytest.raises(TypeError, match=r"add_: a result of dtype float32 cannot be written into a tensor of int64"):
        x.add_(0.5)
    with pytest.raises(
        ValueError, match=r"add_: a result of shape \(3, 2\) does not fit into a tensor of shape \(2,\)"
    ):
        x.add_(tg.ones(3, 2, dtype=tg.int64))
    with pytest.raises(ValueError, match=r"setitem.*\(3,\)"):
        x[:] = tg.tensor([1, 2, 3])
    assert x.tolist() == [1, 2]


def test_a_part_of_an_expanded_tensor_that_repeats_nothing_can_be_written() -> None:
    x = tg.tensor([[1.0], [2.0]], requires_grad=True)
    y = x * 3
    column = y.expand(2, 3)[:, :1]
    column.mul_(5)
    assert y.tolist() == [[15], [30]]
    y.sum().backward()
    assert x.grad.tolist() == [[15], [15]]


def test_an_expanded_tensor_cannot_be_written() -> None:
    x = tg.tensor([1.0]).expand(3)
    with pytest.raises(ValueError, match=r"add_: this tensor of shape \(3,\) is read-only"):
        x.add_(1)


def test_filling() -> None:
    x = tg.empty(2, 2)
    assert x.fill_(3).tolist() == [[3, 3], [3, 3]]
    assert x.zero_().tolist() == [[0, 0], [0, 0]]
    assert x.copy_(tg.tensor([1, 2])).tolist() == [[1, 2], [1, 2]]
    y = leaf(1.0, 2.0) * 2
    y.detach_()
    assert y.is_leaf
    assert not y.requires_grad


def test_in_place_methods_are_functions_too() -> None:
    x = tg.tensor([1.0, -2.0])
    assert tg.relu_(x) is x
    assert tg.zero_(tg.exp_(x)).tolist() == [0, 0]
    y = tg.ones(2, requires_grad=True)
    assert not tg.detach(y).requires_grad


def test_comparisons_written_in_place_keep_the_dtype() -> None:
    x = tg.tensor([1.0, -2.0])
    assert x.lt_(0).tolist() == [0.0, 1.0]
    assert x.dtype == tg.float32
    i = tg.tensor([1, 2])
    i <<= 3
    assert i.logical_not_().dtype == tg.int64


def test_what_is_repeated_is_a_copy() -> None:
    for times in ((1, 1), (1, 3), (2, 1)):
        x = tg.ones(2, 1)
        for repeated in (x.repeat(*times), tg.tile(x, times)):
            repeated[0] = 5
            assert x.tolist() == [[1], [1]]


def test_none_is_not_written_as_nan() -> None:
    x = tg.zeros(2)
    with pytest.raises(TypeError, match=r"None cannot be written into a tensor of float32 \(2,\)"):
        x[0] = None
    with pytest.raises(TypeError, match="None cannot be written"):
        x.fill_(None)


def put(x: tg.Tensor, index: list[int], values: tg.Tensor) -> tg.Tensor:
    y = x * 1
    y[index] = values
    return y


def put_with_a_tensor(x: tg.Tensor, index: list[int], values: tg.Tensor) -> tg.Tensor:
    y = x * 1
    y[tg.tensor(index)] = values
    return y


def put_through_a_view(x: tg.Tensor, index: list[int], values: tg.Tensor) -> tg.Tensor:
    y = (x * 1).T
    y.T[index] = values
    return y.T


def scatter(x: tg.Tensor, index: list[int], values: tg.Tensor) -> tg.Tensor:
    return x.scatter(0, tg.tensor(index)[:, None].repeat(1, x.shape[1]), values)


WAYS_TO_PUT = [
    put,
    put_with_a_tensor,
    put_through_a_view,
    scatter,
    lambda x, index, values: x.index_put((tg.tensor(index),), values),
    lambda x, index, values: x.index_copy(0, tg.tensor(index), values),
]


@pytest.mark.parametrize("way", WAYS_TO_PUT)
def test_only_what_stayed_gets_the_gradient_of_a_write_to_the_same_place_several_times(way: Callable[..., Any]) -> None:
    x, values = tg.rand(3, 2, requires_grad=True), tg.rand(4, 2, requires_grad=True)
    y = way(x, [0, 2, 0, 0], values)
    np.testing.assert_array_equal(y.detach(), np.stack([row.detach() for row in (values[3], x[1], values[1])]))
    (y * tg.tensor([[1.0], [10.0], [100.0]])).sum().backward()
    assert x.grad.tolist() == [[0, 0], [10, 10], [0, 0]]
    assert values.grad.tolist() == [[0, 0], [100, 100], [0, 0], [1, 1]]


def test_adding_to_the_same_place_several_times_adds_what_was_written_last() -> None:
    x = tg.tensor([[1.0, 2.0], [3.0, 4.0]], requires_grad=True)
    y = x * 1
    y[[0, 0]] += y[[0, 0]]
    y.sum().backward()
    assert x.grad.tolist() == [[2, 2], [1, 1]]


def test_a_write_to_the_same_place_several_times_has_a_second_gradient() -> None:
    def write(x: tg.Tensor, values: tg.Tensor) -> tg.Tensor:
        return put(x * x, [0, 1, 0], values**3)

    x, values = (tg.rand(*shape, dtype=tg.float64, requires_grad=True) for shape in ((2, 2), (3, 2)))
    assert tg.autograd.gradcheck(write, (x, values))
    assert tg.autograd.gradgradcheck(write, (x, values))
