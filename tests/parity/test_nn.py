"""Modules and losses beside PyTorch's: the same state gives the same values and gradients."""

from __future__ import annotations

import inspect
from typing import Any

import numpy as np
import pytest

import nn
import tinygrad_scratch as tg
from tinygrad_scratch.nn.configured import Configured

torch = pytest.importorskip("torch", reason="needs PyTorch: pip install -e .[peers]")

# Each is a call that makes the same module here and in PyTorch, and the shape of its input.
MODULES = {
    "Linear(3, 2)": (4, 3),
    "Linear(3, 2, bias=False)": (2, 4, 3),
    "Flatten()": (2, 3, 4),
    "Flatten(0, 1)": (2, 3, 4),
    "Identity(7)": (2, 3),
    "Dropout(0.5).eval()": (2, 3),
    "ReLU()": (2, 3),
    "ReLU(inplace=True)": (2, 3),
    "Sigmoid()": (2, 3),
    "Tanh()": (2, 3),
    "Softmax(dim=1)": (2, 3),
    "LogSoftmax(-1)": (2, 3),
    "Sequential(T.Linear(3, 4), T.Tanh(), T.Linear(4, 2), T.Softmax(1))": (5, 3),
    "PReLU()": (2, 3),
    "PReLU(3, 0.1)": (2, 3),
    "AlphaDropout(0.5).eval()": (2, 3),
    "LayerNorm(3)": (4, 3),
    "LayerNorm((2, 3), eps=0.1, bias=False)": (4, 2, 3),
    "LayerNorm(3, elementwise_affine=False)": (4, 3),
    "RMSNorm(3)": (4, 3),
    "RMSNorm([2, 3], eps=0.1)": (4, 2, 3),
    "GroupNorm(2, 4)": (3, 4, 5),
    "GroupNorm(1, 4, affine=False)": (3, 4, 5),
    "BatchNorm1d(3)": (4, 3),
    "BatchNorm1d(3, affine=False, momentum=None)": (4, 3, 2),
    "BatchNorm1d(3, track_running_stats=False)": (4, 3),
    "BatchNorm1d(3).eval()": (4, 3),
    "BatchNorm2d(3)": (4, 3, 2, 5),
    "BatchNorm3d(3, eps=0.1)": (2, 3, 2, 5, 1),
    "Dropout2d(0.5).eval()": (2, 3, 4, 5),
    "InstanceNorm1d(3)": (2, 3, 5),
    "InstanceNorm2d(3, affine=True, track_running_stats=True)": (2, 3, 4, 5),
    "LocalResponseNorm(2)": (2, 3, 4, 5),
}


def close(mine: Any, other: Any, rtol: float = 1e-5, atol: float = 1e-6) -> None:
    np.testing.assert_allclose(mine.detach().numpy(), other.detach().numpy(), rtol=rtol, atol=atol)


def both(call: str) -> tuple[nn.Module, torch.nn.Module]:
    """The module here and there, with the same parameters."""
    ours, theirs = (eval(f"T.{call}", {"T": package}) for package in (nn, torch.nn))
    theirs.load_state_dict({name: torch.from_numpy(value.numpy().copy()) for name, value in ours.state_dict().items()})
    return ours, theirs


@pytest.mark.parametrize("call", MODULES)
def test_modules(call: str) -> None:
    tg.manual_seed(1)
    ours, theirs = both(call)
    assert list(ours.state_dict()) == list(theirs.state_dict())
    data = np.random.default_rng(0).standard_normal(MODULES[call]).astype(np.float32)
    x, other_x = tg.tensor(data, requires_grad=True), torch.tensor(data, requires_grad=True)
    y, other_y = ours(x * 1), theirs(other_x * 1)
    assert y.shape == tuple(other_y.shape)
    close(y, other_y)
    y.pow(3).sum().backward()  # the sum of squares of what was normalized would not depend on the input
    other_y.pow(3).sum().backward()
    close(x.grad, other_x.grad)
    for (name, parameter), (other_name, other) in zip(ours.named_parameters(), theirs.named_parameters(), strict=True):
        assert name == other_name
        close(parameter.grad, other.grad)
    for (name, value), (other_name, other) in zip(ours.state_dict().items(), theirs.state_dict().items(), strict=True):
        assert name == other_name
        close(value, other)


def test_running_statistics_over_batches_and_what_they_are_used_for() -> None:
    for call in ("BatchNorm1d(3)", "BatchNorm1d(3, momentum=None)", "BatchNorm1d(3, momentum=0.7)"):
        ours, theirs = both(call)
        for seed in range(4):
            data = np.random.default_rng(seed).standard_normal((5, 3)).astype(np.float32) * 3 + 1
            close(ours(tg.tensor(data)), theirs(torch.tensor(data)))
        assert list(ours.state_dict()) == list(theirs.state_dict())
        for value, other in zip(ours.state_dict().values(), theirs.state_dict().values(), strict=True):
            close(value, other)
        close(ours.eval()(tg.tensor(data)), theirs.eval()(torch.tensor(data)))


@pytest.mark.parametrize("call", ["Bilinear(3, 4, 2)", "Bilinear(3, 4, 2, bias=False)"])
def test_bilinear(call: str) -> None:
    ours, theirs = both(call)
    arrays = [np.random.default_rng(size).standard_normal((5, size)).astype(np.float32) for size in (3, 4)]
    mine, other = ([T.tensor(array, requires_grad=True) for array in arrays] for T in (tg, torch))
    y, other_y = ours(*mine), theirs(*other)
    close(y, other_y)
    y.square().sum().backward()
    other_y.square().sum().backward()
    for left, right in zip([*mine, *ours.parameters()], [*other, *theirs.parameters()], strict=True):
        close(left.grad, right.grad)


@pytest.mark.parametrize("call", ["Embedding(5, 3)", "Embedding(5, 3, padding_idx=1)", "Embedding(5, 3, max_norm=0.5)"])
def test_embedding(call: str) -> None:
    ours, theirs = both(call)
    y, other_y = ours(tg.tensor([[1, 4], [0, 1]])), theirs(torch.tensor([[1, 4], [0, 1]]))
    close(y, other_y)
    y.square().sum().backward()
    other_y.square().sum().backward()
    close(ours.weight.grad, theirs.weight.grad)
    close(ours.weight, theirs.weight)


@pytest.mark.parametrize(
    "call",
    [
        "ModuleList([T.Linear(2, 2), T.Linear(2, 2), T.ReLU(), T.Linear(2, 2), T.Linear(2, 2)])",
        "ModuleDict({'b': T.Linear(2, 1), 'a': T.ModuleList([T.ReLU()])})",
        "Sequential(T.ModuleList(), T.ModuleDict(), T.Sequential())",
        "ParameterList([T.Parameter(x) for x in T.Linear(2, 3).parameters()])",
        "ParameterDict({name: T.Parameter(x) for name, x in T.Linear(2, 3).named_parameters()})",
    ],
)
def test_containers(call: str) -> None:
    ours, theirs = both(call)
    assert list(ours.state_dict()) == list(theirs.state_dict())
    assert [name for name, _ in ours.named_modules()] == [name for name, _ in theirs.named_modules()]
    if "Parameter" not in call:
        assert repr(ours) == repr(theirs)


@pytest.mark.parametrize("call", MODULES)
def test_modules_are_shown_as_in_pytorch_and_take_the_same_arguments(call: str) -> None:
    ours, theirs = both(call)
    assert repr(ours) == repr(theirs)
    mine, other = (inspect.signature(type(module).__init__).parameters for module in (ours, theirs))
    assert [name for name in other if name in mine] == [name for name in mine if name in other]


CONFIGURED = [name for name, module in vars(nn).items() if Configured in getattr(module, "__mro__", ())]


@pytest.mark.parametrize("name", CONFIGURED)
def test_options_have_the_defaults_of_pytorch(name: str) -> None:
    ours, theirs = (
        {option.name: option.default for option in inspect.signature(getattr(package, name)).parameters.values()}
        for package in (nn, torch.nn)
    )
    ignored = {"size_average", "reduce", "min_value", "max_value", "args", "kwargs"}  # deprecated, or for all modules
    assert ours == {option: default for option, default in theirs.items() if option not in ignored}


def test_a_state_goes_there_and_back() -> None:
    ours, theirs = both("Sequential(T.Linear(3, 4), T.ReLU(), T.Linear(4, 2))")
    with torch.no_grad():
        for parameter in theirs.parameters():
            parameter.mul_(2)
    ours.load_state_dict({name: tg.from_numpy(value.numpy()) for name, value in theirs.state_dict().items()})
    x = np.ones((1, 3), np.float32)
    close(ours(tg.tensor(x)), theirs(torch.tensor(x)))


@pytest.mark.parametrize("name", [name for name in dir(nn.functional) if not name.startswith("__")])
def test_functional_has_functions_of_pytorch_and_no_others(name: str) -> None:
    assert callable(getattr(nn.functional, name))
    assert hasattr(torch.nn.functional, name)


# Losses, with the shapes or numbers of their target.
LOSSES = {
    "MSELoss()": "same",
    "MSELoss(reduction='sum')": "same",
    "BCELoss()": "probability",
    "BCELoss(weight=W)": "probability",
    "BCEWithLogitsLoss()": "probability",
    "BCEWithLogitsLoss(pos_weight=W, reduction='sum')": "probability",
    "CrossEntropyLoss()": "class",
    "CrossEntropyLoss(weight=W, label_smoothing=0.1)": "class",
    "CrossEntropyLoss(ignore_index=2, reduction='none')": "class",
    "NLLLoss(weight=W)": "class",
}


@pytest.mark.parametrize("call", LOSSES)
def test_losses(call: str) -> None:
    random = np.random.default_rng(0)
    is_probability = call.startswith("BCELoss")
    x = (random.random if is_probability else random.standard_normal)((5, 3)).astype(np.float32)
    target = {
        "same": random.standard_normal((5, 3)).astype(np.float32),
        "probability": random.random((5, 3)).astype(np.float32),
        "class": random.integers(0, 3, 5),
    }[LOSSES[call]]
    weight = np.array([0.5, 1, 2], np.float32)
    mine, other = tg.tensor(x, requires_grad=True), torch.tensor(x, requires_grad=True)
    loss = eval(f"nn.{call}", {"nn": nn, "W": tg.tensor(weight)})(mine, tg.tensor(target))
    other_loss = eval(f"nn.{call}", {"nn": torch.nn, "W": torch.tensor(weight)})(other, torch.tensor(target))
    close(loss, other_loss)
    loss.sum().backward()
    other_loss.sum().backward()
    close(mine.grad, other.grad)


@pytest.mark.parametrize("logit", [-1e4, -200.0, 0.0, 200.0, 1e4])
@pytest.mark.parametrize("target", [0.0, 1.0])
def test_extreme_logits_and_probabilities(logit: float, target: float) -> None:
    for name, value in (
        ("BCEWithLogitsLoss", logit),
        ("BCELoss", 1.0 if logit > 0 else 0.0),
    ):
        mine, other = tg.tensor([value], requires_grad=True), torch.tensor([value], requires_grad=True)
        loss, other_loss = (
            getattr(nn, name)()(mine, tg.tensor([target])),
            getattr(torch.nn, name)()(other, torch.tensor([target])),
        )
        close(loss, other_loss)
        loss.backward()
        other_loss.backward()
        close(mine.grad, other.grad)
    row = [logit, 0.0, -logit]
    mine, other = tg.tensor([row], requires_grad=True), torch.tensor([row], requires_grad=True)
    loss = nn.CrossEntropyLoss()(mine, tg.tensor([int(target)]))
    other_loss = torch.nn.CrossEntropyLoss()(other, torch.tensor([int(target)]))
    close(loss, other_loss)
    loss.backward()
    other_loss.backward()
    close(mine.grad, other.grad)
