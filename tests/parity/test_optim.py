"""Optimizers beside PyTorch's: the same gradients lead along the same way, and states go there and back."""

from __future__ import annotations

import inspect
from typing import Any

import numpy as np
import pytest

import nn
import tinygrad_scratch as tg
from nn import optim

torch = pytest.importorskip("torch", reason="needs PyTorch: pip install -e .[peers]")

STEPS = 100
OPTIMIZERS = [
    "SGD(p, 0.1)",
    "SGD(p, 0.1, momentum=0.9)",
    "SGD(p, 0.1, momentum=0.9, dampening=0.5, weight_decay=0.01)",
    "SGD(p, 0.1, momentum=0.9, nesterov=True)",
    "SGD(p, 0.01, weight_decay=0.1, maximize=True)",
    "Adam(p, 0.01)",
    "Adam(p, 0.01, betas=(0.8, 0.99), eps=1e-6, weight_decay=0.1)",
    "Adam(p, 0.01, amsgrad=True)",
    "Adam(p, 0.01, maximize=True, weight_decay=0.1, decoupled_weight_decay=True)",
    "AdamW(p, 0.01)",
    "AdamW(p, 0.01, weight_decay=0.5, amsgrad=True)",
    "Adamax(p)",
    "Adamax(p, 0.01, betas=(0.8, 0.9), eps=1e-4, weight_decay=0.1, maximize=True)",
    "NAdam(p)",
    "NAdam(p, 0.01, betas=(0.8, 0.99), eps=1e-6, weight_decay=0.1, momentum_decay=0.1)",
    "NAdam(p, 0.01, weight_decay=0.1, decoupled_weight_decay=True, maximize=True)",
    "RAdam(p)",
    "RAdam(p, 0.01, betas=(0.8, 0.9), eps=1e-6, weight_decay=0.1)",
    "RAdam(p, 0.01, weight_decay=0.1, decoupled_weight_decay=True, maximize=True)",
    "RMSprop(p)",
    "RMSprop(p, 0.001, alpha=0.9, eps=1e-6, weight_decay=0.1, maximize=True)",
    "RMSprop(p, 0.001, momentum=0.9)",
    "RMSprop(p, 0.001, alpha=0.8, momentum=0.5, centered=True)",
    "Adagrad(p)",
    "Adagrad(p, 0.1, lr_decay=0.1, weight_decay=0.1, initial_accumulator_value=0.5, eps=1e-6)",
    "Adagrad(p, 0.1, maximize=True)",
    "Adadelta(p)",
    "Adadelta(p, 0.5, rho=0.8, eps=1e-4, weight_decay=0.1, maximize=True)",
    "SGD([{'params': p[:1], 'lr': 0.2}, {'params': p[1:]}], 0.1)",
    "Adam([{'params': p[:2], 'weight_decay': 0.0}, {'params': p[2:]}], 0.01, weight_decay=0.1)",
    "NAdam([{'params': p[:2], 'betas': (0.5, 0.9)}, {'params': p[2:], 'momentum_decay': 0.1}], 0.01)",
    "RMSprop([{'params': p[:1], 'momentum': 0.9}, {'params': p[1:3], 'centered': True}, {'params': p[3]}], 0.001)",
]


def run_both(call: str, dtype: str) -> tuple[list[Any], list[Any], Any, Any]:
    """Take the same steps here and there; returns both networks' parameters, and the optimizers.

    One parameter goes without a gradient in every third step, two in every tenth.
    """
    random = np.random.default_rng(0)
    tg.manual_seed(0)
    ours, theirs = (T.Sequential(T.Linear(3, 8), T.Tanh(), T.Linear(8, 2)) for T in (nn, torch.nn))
    ours, theirs = getattr(ours, dtype)(), getattr(theirs, dtype)()
    theirs.load_state_dict({name: torch.from_numpy(value.numpy().copy()) for name, value in ours.state_dict().items()})
    mine, others = list(ours.parameters()), list(theirs.parameters())
    optimizer, other_optimizer = (
        eval(f"optim.{call}", {"optim": package, "p": parameters})
        for package, parameters in ((optim, mine), (torch.optim, others))
    )
    for i in range(STEPS):
        x, y = (random.standard_normal(shape).astype(mine[0].dtype) for shape in ((4, 3), (4, 2)))
        optimizer.zero_grad()
        other_optimizer.zero_grad()
        (ours(tg.tensor(x)) - tg.tensor(y)).tanh().square().mean().backward()
        (theirs(torch.tensor(x)) - torch.tensor(y)).tanh().square().mean().backward()
        for number in {1} if i % 3 == 0 else {0, 1} if i % 10 == 1 else set():
            mine[number].grad = others[number].grad = None
        optimizer.step()
        other_optimizer.step()
    return mine, others, optimizer, other_optimizer


def values(tensor: Any) -> np.ndarray[Any, Any]:
    return np.asarray(tensor.detach().numpy())


@pytest.mark.parametrize(("dtype", "tolerance"), [("double", 1e-14), ("float", 2e-6)])
@pytest.mark.parametrize("call", OPTIMIZERS)
def test_trajectories_over_100_steps(call: str, dtype: str, tolerance: float) -> None:
    mine, others, optimizer, other_optimizer = run_both(call, dtype)
    for a, b in zip(mine, others, strict=True):
        np.testing.assert_allclose(values(a), values(b), rtol=tolerance, atol=tolerance)
    state, other_state = optimizer.state_dict(), other_optimizer.state_dict()
    assert [group["params"] for group in state["param_groups"]] == [g["params"] for g in other_state["param_groups"]]
    for number, other_kept in other_state["state"].items():
        kept = {name: value for name, value in other_kept.items() if value is not None}
        assert kept.keys() | {"step"} == state["state"][number].keys()
        for name, value in kept.items():
            if name == "step":
                assert state["state"][number]["step"] == value.item()
            else:
                np.testing.assert_allclose(values(state["state"][number][name]), values(value), tolerance, tolerance)


def as_torch(state: dict[str, Any]) -> dict[str, Any]:
    return {k: torch.from_numpy(v.numpy().copy()) if isinstance(v, tg.Tensor) else v for k, v in state.items()}


def from_torch(state: dict[str, Any]) -> dict[str, Any]:
    return {k: tg.from_numpy(v.numpy().copy()) if isinstance(v, torch.Tensor) else v for k, v in state.items()}


@pytest.mark.parametrize("call", OPTIMIZERS)
def test_states_go_there_and_back(call: str) -> None:
    """Each optimizer goes on from the other's state, as the other does itself."""
    mine, others, optimizer, other_optimizer = run_both(call, "double")
    saved, other_saved = optimizer.state_dict(), other_optimizer.state_dict()
    new, other_new = (
        eval(f"optim.{call}", {"optim": package, "p": parameters})
        for package, parameters in ((optim, mine), (torch.optim, others))
    )
    new.load_state_dict({**other_saved, "state": {n: from_torch(state) for n, state in other_saved["state"].items()}})
    groups = [
        {**other, **group} for group, other in zip(saved["param_groups"], other_saved["param_groups"], strict=True)
    ]
    states = {n: as_torch(state) for n, state in saved["state"].items()}
    other_new.load_state_dict({"state": states, "param_groups": groups})
    for a, b in zip(mine, others, strict=True):
        a.grad, b.grad = tg.ones_like(a), torch.ones_like(b)
    new.step()
    other_new.step()
    for a, b in zip(mine, others, strict=True):
        np.testing.assert_allclose(values(a), values(b), rtol=1e-14, atol=1e-14)


@pytest.mark.parametrize("name", sorted(set(optim.__all__) - {"Optimizer", "lr_scheduler"}))
def test_arguments_and_defaults(name: str) -> None:
    mine, other = (inspect.signature(getattr(package, name)).parameters for package in (optim, torch.optim))
    assert list(mine) == [argument for argument in other if argument in mine]
    assert {argument: mine[argument].default for argument in mine} == {a: other[a].default for a in mine}
    assert set(other) - set(mine) <= {"foreach", "capturable", "differentiable", "fused"}
