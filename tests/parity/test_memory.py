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


PROGRAMS = [value for value in vars().values() if getattr(value, "__module__", "") == __name__ and value is not leaf]


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
