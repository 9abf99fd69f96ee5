"""Weights that are computed from other parameters, beside PyTorch's: values, gradients to second order, and state."""

from __future__ import annotations

from copy import deepcopy
from typing import Any

import numpy as np
import pytest

import tinygrad_scratch as tg
from tests.parity.beside import check_module
from tinygrad_scratch import nn

torch = pytest.importorskip("torch", reason="needs PyTorch: pip install -e .[peers]")

pytestmark = pytest.mark.filterwarnings("ignore:.*torch.nn.utils.weight_norm.* is deprecated:FutureWarning")

X = np.random.default_rng(0).standard_normal((4, 5))
IMAGES = np.random.default_rng(1).standard_normal((2, 3, 5, 4))
LINEAR, CONV, TRANSPOSED = "T.nn.Linear(5, 3)", "T.nn.Conv2d(3, 4, (2, 3))", "T.nn.ConvTranspose2d(3, 2, 2)"

NORMS = {
    "weight_norm({})": X,
    "weight_norm({}, dim=1)": X,
    "weight_norm({}, dim=None)": X,
    "weight_norm({}, 'bias')": X,
    "spectral_norm({})": X,
    "spectral_norm({}, n_power_iterations=3, dim=1)": X,
}


@pytest.mark.parametrize("norm", NORMS)
@pytest.mark.parametrize("place", ["T.nn.utils", "T.nn.utils.parametrizations"])
@pytest.mark.parametrize("forward", ["module({})", "module.eval()({})", "module(x0) * module(x0)"])
def test_norms(place: str, norm: str, forward: str) -> None:
    # PyTorch's weight norm has a second gradient that its own gradgradcheck finds wrong.
    order = 1 if norm.startswith("weight_norm") else 2
    for layer, x in ((LINEAR, X), (CONV, IMAGES), (TRANSPOSED, IMAGES)):
        check_module(f"{place}.{norm.format(layer)}", x, forward=forward, order=order)


@pytest.mark.parametrize("dim", [0, 1, None])
def test_the_second_gradient_of_weight_norm(dim: int | None) -> None:
    layer = nn.utils.parametrizations.weight_norm(nn.Linear(5, 3).double(), dim=dim)
    names, parameters = zip(*layer.named_parameters(), strict=True)

    def run(*parameters: tg.Tensor) -> Any:
        return tg.func.functional_call(layer, dict(zip(names, parameters, strict=True)), tg.from_numpy(X))

    assert tg.autograd.gradgradcheck(run, parameters)


MAPS = ("", ", orthogonal_map='matrix_exp'", ", orthogonal_map='cayley'", ", orthogonal_map='householder'")


@pytest.mark.parametrize("orthogonal_map", MAPS)
@pytest.mark.parametrize("trivialization", ["", ", use_trivialization=False"])
@pytest.mark.parametrize("features", [3, 5, 7])
def test_orthogonal(orthogonal_map: str, trivialization: str, features: int) -> None:
    layer = f"T.nn.Linear(5, {features})"
    call = f"T.nn.utils.parametrizations.orthogonal({layer}{orthogonal_map}{trivialization})"
    check_module(call, X)
    layer = eval(call, {"T": tg})
    weight = layer.weight if features >= 5 else layer.weight.mT
    np.testing.assert_allclose((weight.mT @ weight).detach().numpy(), np.eye(min(5, features)), atol=1e-5)


@pytest.mark.parametrize("shape", [(5, 3), (3, 5), (4, 4), (2, 3, 4, 2)])
@pytest.mark.parametrize("orthogonal_map", ["matrix_exp", "cayley", "householder"])
def test_an_orthogonal_weight_is_kept_and_may_be_assigned(shape: tuple[int, ...], orthogonal_map: Any) -> None:
    def random_weight() -> tg.Tensor:
        rows = nn.init.orthogonal_(tg.empty(int(np.prod(shape[:-2])), int(np.prod(shape[-2:]))))
        matrices = [nn.init.orthogonal_(tg.empty(*shape[-2:]).double()) for _ in range(len(rows))]
        return tg.stack(matrices).reshape(shape)

    module = nn.Module()
    module.weight = nn.Parameter(random_weight())
    before = module.weight.detach().clone()
    nn.utils.parametrizations.orthogonal(module, orthogonal_map=orthogonal_map)
    np.testing.assert_allclose(module.weight.detach().numpy(), before.numpy(), atol=1e-12)
    module.weight = other = random_weight()
    np.testing.assert_allclose(module.weight.detach().numpy(), other.numpy(), atol=1e-12)


def test_reflections_of_an_orthogonal_weight() -> None:
    """Without a base, the inverse of the product of reflections is that of PyTorch's."""
    q = np.linalg.qr(np.random.default_rng(0).standard_normal((5, 3)))[0]
    states = []
    for package in (tg, torch):
        layer = package.nn.Linear(3, 5).double()
        layer.weight = package.nn.Parameter(package.from_numpy(q))
        package.nn.utils.parametrizations.orthogonal(layer, use_trivialization=False)
        np.testing.assert_allclose(layer.weight.detach().numpy(), q, atol=1e-12)
        states.append(layer.parametrizations.weight.original.detach().numpy())
    np.testing.assert_allclose(*states, atol=1e-12)


def test_parametrizations_of_ones_own_in_a_row() -> None:
    for package in (tg, torch):
        parametrize = package.nn.utils.parametrize

        class Doubled(package.nn.Module):
            def forward(self, x: Any) -> Any:
                return x * 2

            def right_inverse(self, x: Any) -> Any:
                return x / 2

        class InTwo(package.nn.Module):
            def forward(self, a: Any, b: Any) -> Any:
                return a + b

            def right_inverse(self, x: Any) -> Any:
                return x * 0.25, x * 0.75

        layer = package.nn.Linear(2, 2)
        weight = layer.weight.detach().clone()
        parameter = layer.weight
        parametrize.register_parametrization(layer, "weight", Doubled())
        parametrize.register_parametrization(layer, "weight", Doubled())
        parametrize.register_parametrization(layer, "bias", InTwo())
        assert layer.parametrizations.weight.original is parameter
        assert list(layer.state_dict()) == [
            "parametrizations.weight.original",
            "parametrizations.bias.original0",
            "parametrizations.bias.original1",
        ]
        np.testing.assert_allclose(layer.weight.detach().numpy(), weight.numpy() * 2, rtol=1e-6)
        layer.weight = weight
        np.testing.assert_allclose(layer.weight.detach().numpy(), weight.numpy(), rtol=1e-6)
        np.testing.assert_allclose(parameter.detach().numpy(), weight.numpy() / 4, rtol=1e-6)
        assert parametrize.is_parametrized(layer)
        assert not parametrize.is_parametrized(layer, "other")
        assert parametrize.type_before_parametrizations(layer) is package.nn.Linear
        parametrize.remove_parametrizations(layer, "bias")
        parametrize.remove_parametrizations(layer, "weight", leave_parametrized=False)
        assert type(layer) is package.nn.Linear
        assert list(layer.state_dict()) == ["bias", "weight"] or list(layer.state_dict()) == ["weight", "bias"]
        assert layer.weight is parameter
        np.testing.assert_allclose(parameter.detach().numpy(), weight.numpy() / 4, rtol=1e-6)


LAYERS = (
    "T.nn.utils.parametrizations.weight_norm(T.nn.Linear(5, 3))",
    "T.nn.utils.parametrizations.spectral_norm(T.nn.Linear(5, 3))",
    "T.nn.utils.parametrizations.orthogonal(T.nn.Linear(5, 3))",
)


@pytest.mark.parametrize("call", LAYERS)
def test_copies_and_representation(call: str) -> None:
    ours, theirs = (eval(call, {"T": package}) for package in (tg, torch))
    assert repr(ours) == repr(theirs)
    x = tg.from_numpy(X.astype(np.float32))
    ours.eval()(x)
    copy = deepcopy(ours)
    np.testing.assert_array_equal(copy(x).detach().numpy(), ours(x).detach().numpy())
    before = ours.weight.detach().clone()
    with tg.no_grad():
        for parameter in copy.parameters():
            parameter.add_(1)
    np.testing.assert_array_equal(ours.weight.detach().numpy(), before.numpy())


@pytest.mark.parametrize("call", LAYERS)
def test_a_state_comes_from_pytorch(call: str) -> None:
    ours, theirs = (eval(call, {"T": package}).eval() for package in (tg, torch))
    ours.load_state_dict({name: tg.from_numpy(value.numpy()) for name, value in theirs.state_dict().items()})
    found, expected = ours(tg.from_numpy(X).float()), theirs(torch.from_numpy(X).float())
    np.testing.assert_allclose(found.detach().numpy(), expected.detach().numpy(), rtol=1e-5, atol=1e-6)


@pytest.mark.parametrize("norm", ["weight_norm", "spectral_norm"])
def test_hooks_taken_away(norm: str) -> None:
    for package in (tg, torch):
        layer = getattr(package.nn.utils, norm)(package.nn.Linear(5, 3)).eval()
        x = package.from_numpy(X).float()
        before = layer(x).detach().numpy()
        getattr(package.nn.utils, f"remove_{norm}")(layer)
        assert [name for name, _ in layer.named_parameters()] == ["bias", "weight"]
        np.testing.assert_allclose(layer(x).detach().numpy(), before, rtol=1e-5, atol=1e-6)
        assert not list(layer.buffers())
