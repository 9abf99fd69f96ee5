"""Transforms of functions: against closed forms, differences and PyTorch's own."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

import nn
import tinygrad_scratch as tg
from tinygrad_scratch import func

A = tg.tensor(np.random.default_rng(0).standard_normal((3, 3)))
X = tg.tensor([0.5, -1.0, 2.0], dtype=tg.float64)


def close(left: Any, right: Any) -> None:
    np.testing.assert_allclose(np.asarray(left), np.asarray(right), rtol=1e-10, atol=1e-12)


def quartic(x: tg.Tensor) -> tg.Tensor:
    return (x**4).sum() + (A @ x).sin().sum()


def test_grad_to_any_order() -> None:
    f: Any = tg.sin
    for order in range(6):
        value = f(tg.tensor(0.7, dtype=tg.float64))
        close(value, np.sin(0.7 + order * np.pi / 2))
        assert not value.requires_grad
        f = func.grad(f)


def test_grad_of_several_arguments_and_of_trees() -> None:
    def f(params: dict[str, Any], x: tg.Tensor, scale: float) -> tg.Tensor:
        return ((params["w"] * x + params["b"][0]) ** 2).sum() * scale

    params = {"w": tg.tensor([1.0, 2.0]), "b": (tg.tensor(0.5),)}
    x = tg.tensor([3.0, -1.0])
    of_params, of_x = func.grad(f, argnums=(0, 1))(params, x, 2.0)
    residual = np.array([3.5, -1.5])
    close(of_params["w"], 4 * residual * [3, -1])
    close(of_params["b"][0], 4 * residual.sum())
    close(of_x, 4 * residual * [1, 2])
    assert params["w"].grad is None
    assert not params["w"].requires_grad


def test_value_and_grad_with_aux() -> None:
    (value, aux), gradient = func.value_and_grad(lambda x: ((x * x).sum(), x + 1), has_aux=True)(X)
    close(value, (X.numpy() ** 2).sum())
    close(gradient, 2 * X.numpy())
    close(aux.detach(), X.numpy() + 1)
    gradient, value = func.grad_and_value(lambda x: (x * x).sum())(X)
    close(gradient, 2 * X.numpy())
    assert not value.requires_grad


def test_what_is_captured_still_gets_gradients() -> None:
    w = tg.tensor(3.0, requires_grad=True)
    inner = func.grad(lambda x: w * x**2)(tg.tensor(2.0))
    inner.backward()
    assert w.grad.item() == 4
    assert inner.item() == 12


def test_vjp_and_jvp_agree_with_the_jacobian() -> None:
    def f(x: tg.Tensor) -> tuple[tg.Tensor, dict[str, tg.Tensor]]:
        return (A @ x).exp(), {"sum": (x * x).sum()}

    (first, rest), pull = func.vjp(f, X)
    jacobian = np.exp(A.numpy() @ X.numpy())[:, None] * A.numpy()
    v, u = np.array([1.0, 2.0, 3.0]), np.array([0.3, -0.2, 0.1])
    (gradient,) = pull((tg.tensor(v), {"sum": tg.tensor(2.0, dtype=tg.float64)}))
    close(gradient, v @ jacobian + 4 * X.numpy())
    (value, _), (change, change_rest) = func.jvp(f, (X,), (tg.tensor(u),))
    close(value, first)
    close(change, jacobian @ u)
    close(change_rest["sum"], 2 * X.numpy() @ u)
    assert not change.requires_grad
    assert not rest["sum"].requires_grad


def test_jacobians_and_hessians() -> None:
    expected = np.cos(A.numpy() @ X.numpy())[:, None] * A.numpy()
    for transform in (func.jacrev, func.jacfwd):
        close(transform(lambda x: (A @ x).sin())(X), expected)
        of_matrix = transform(lambda m: m @ X)(A)
        close(of_matrix, np.einsum("ij,k->ijk", np.eye(3), X.numpy()))
        left, right = transform(lambda x, y: x * y, argnums=(0, 1))(X, X + 1)
        close(left, np.diag(X.numpy() + 1))
        close(right, np.diag(X.numpy()))
    second = -A.numpy().T @ np.diag(np.sin(A.numpy() @ X.numpy())) @ A.numpy() + np.diag(12 * X.numpy() ** 2)
    close(func.hessian(quartic)(X), second)
    close(func.jacrev(func.jacrev(quartic))(X), second)
    gradient, product = func.hvp(quartic, (X,), (X * 2,))
    close(product[0], second @ (2 * X.numpy()))
    close(gradient[0], func.grad(quartic)(X))


def test_transforms_nest() -> None:
    def inner(x: tg.Tensor) -> tg.Tensor:
        return func.jvp(quartic, (x,), (x,))[1]

    close(func.grad(inner)(X), func.hessian(quartic)(X).numpy() @ X.numpy() + func.grad(quartic)(X).numpy())
    close(func.grad(lambda x: func.jacrev(tg.exp)(x).sum())(X), np.exp(X.numpy()))
    per_sample = func.vmap(func.grad(quartic))(tg.stack([X, X + 1]))
    close(per_sample[1], func.grad(quartic)(X + 1))


def test_vmap() -> None:
    batch = tg.rand(4, 3, 2)
    close(func.vmap(tg.sum)(batch), batch.numpy().sum((1, 2)))
    close(
        func.vmap(lambda x, y: x * y, in_dims=(2, None))(batch, batch[:, :, 0]),
        batch.numpy().transpose(2, 0, 1) * batch.numpy()[:, :, 0],
    )
    close(func.vmap(lambda x: x.sort(0).values, out_dims=1)(batch), np.sort(batch.numpy(), 1).transpose(1, 0, 2))
    nested = func.vmap(func.vmap(tg.dot))(batch.transpose(1, 2), batch.transpose(1, 2))
    close(nested, (batch.numpy() ** 2).sum(1))
    tree = func.vmap(lambda d: {"out": d["a"] + d["b"]}, in_dims=({"a": 0, "b": None},))({"a": batch, "b": batch[0]})
    close(tree["out"], batch.numpy() + batch.numpy()[0])
    with pytest.raises(ValueError, match=r"vmap: in_dims has 1 entries, but there are 2 arguments"):
        func.vmap(tg.dot, in_dims=(0,))(batch, batch)
    with pytest.raises(ValueError, match=r"slices of one number, got \[3, 4\]"):
        func.vmap(tg.mul)(batch, batch[0])


def test_functional_call() -> None:
    model = nn.MLP(3, [4], 2)
    x = tg.rand(5, 3)
    params = {name: value.detach() * 2 for name, value in model.named_parameters()}
    result = func.functional_call(model, params, x)
    twin = nn.MLP(3, [4], 2)
    twin.load_state_dict(params)
    assert tg.equal(result, twin(x))
    gradients = func.grad(lambda p: func.functional_call(model, p, (x,)).square().mean())(params)
    twin(x).square().mean().backward()
    for name, parameter in twin.named_parameters():
        np.testing.assert_allclose(gradients[name].numpy(), parameter.grad.numpy(), rtol=1e-5)
    assert all(parameter.grad is None for parameter in model.parameters())
    with pytest.raises(AttributeError, match=r"MLP has no parameter or buffer 'layers\.9\.weight'"):
        func.functional_call(model, {"layers.9.weight": x}, x)


def test_what_is_refused() -> None:
    with pytest.raises(
        ValueError, match=r"grad: the function must return a tensor with one value, not one of shape \(3,\)"
    ):
        func.grad(tg.exp)(X)
    with pytest.raises(IndexError, match="argnums 1, but the function was called with 1 arguments"):
        func.grad(quartic, argnums=1)(X)
    with pytest.raises(ValueError, match=r"a primal is of shape \(3,\), but its tangent of \(2,\)"):
        func.jvp(quartic, (X,), (X[:2],))
    with pytest.raises(ValueError, match=r"the value is of shape \(\), but the gradient of \(3,\)"):
        func.vjp(quartic, X)[1](X)
