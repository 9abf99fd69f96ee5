"""Modules and parameters in lists and dicts."""

from __future__ import annotations

from collections import OrderedDict
from typing import Any

import pytest

import nn
import tinygrad_scratch as tg


def linear(size: int) -> nn.Linear:
    return nn.Linear(size, size)


@pytest.mark.parametrize("kind", [nn.ModuleList, lambda modules=(): nn.Sequential(*modules)])
def test_modules_in_a_list(kind: Any) -> None:
    modules = kind([linear(1), linear(2)])
    assert modules.append(linear(3)) is modules
    assert modules.extend([linear(4)]) is modules
    modules += [linear(5)]
    modules.insert(1, nn.ReLU())
    assert [getattr(module, "in_features", 0) for module in modules] == [1, 0, 2, 3, 4, 5]
    assert [name for name, _ in modules.named_children()] == list("012345")
    modules[0] = nn.Tanh()
    assert isinstance(modules.pop(-1), nn.Linear)
    del modules[1:3]
    assert [type(module).__name__ for module in modules] == ["Tanh", "Linear", "Linear"]
    assert list(modules.state_dict()) == ["1.weight", "1.bias", "2.weight", "2.bias"]
    assert type(modules[1:]) is type(modules)
    assert len(modules[1:]) == 2
    assert modules[-1] in modules
    joined = modules + kind([nn.ReLU()])
    assert type(joined) is type(modules)
    assert len(joined) == 4
    assert len(modules) == 3


@pytest.mark.parametrize("change", ["append(1)", "extend([nn.ReLU(), 1])", "insert(0, 1)", "__setitem__(0, 1)"])
def test_what_is_not_a_module_is_refused_and_nothing_changes(change: str) -> None:
    modules = nn.ModuleList([nn.ReLU()])
    with pytest.raises(TypeError, match="ModuleList: expected a module, got int"):
        eval(f"modules.{change}", {"modules": modules, "nn": nn})
    assert repr(modules) == "ModuleList(\n  (0): ReLU()\n)"


def test_a_module_list_in_a_module() -> None:
    class Deep(nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.layers = nn.ModuleList(linear(2) for _ in range(3))

        def forward(self, x: tg.Tensor) -> tg.Tensor:
            for layer in self.layers:
                x = layer(x).relu()
            return x

    model = Deep()
    output = model(tg.ones(1, 2))
    assert len(list(model.parameters())) == 6
    assert output.grad_fn.scope.path == "deep"
    assert output.grad_fn.edges[0].scope.path == "deep.layers.2"
    with pytest.raises(NotImplementedError, match="ModuleList has no forward"):
        model.layers(output)


def test_modules_in_a_dict() -> None:
    modules = nn.ModuleDict({"b": linear(1), "a": linear(2)})
    modules.update([("c", nn.ReLU())])
    assert list(modules) == list(modules.keys()) == ["b", "a", "c"]
    assert [name for name, _ in modules.items()] == [name for name, _ in modules.named_children()]
    assert len(modules) == 3
    assert "a" in modules
    assert modules.pop("a").in_features == 2
    assert "a" not in modules
    assert list(modules.state_dict()) == ["b.weight", "b.bias"]
    modules["b"] = linear(3)
    assert list(modules) == ["b", "c"]
    for key in ("a", "training"):
        with pytest.raises(KeyError, match=key):
            modules[key]
        with pytest.raises(KeyError, match=key):
            del modules[key]
    with pytest.raises(KeyError, match="'pop' is already an attribute, and something else"):
        modules["pop"] = nn.ReLU()
    with pytest.raises(TypeError, match="ModuleDict: d: expected a module, got function"):
        modules["d"] = tg.relu
    assert modules != nn.ModuleDict(modules)
    assert len({modules, modules}) == 1
    modules.clear()
    assert not list(modules.modules())[1:]


def test_parameters_in_a_list_and_in_a_dict() -> None:
    weights = nn.ParameterList([tg.ones(2), nn.Parameter(tg.zeros(3))])
    weights.append(tg.ones(1))
    weights += [tg.ones(4)]
    weights[0] = tg.ones(5)
    assert [parameter.shape for parameter in weights] == [(5,), (3,), (1,), (4,)]
    assert all(isinstance(parameter, nn.Parameter) for parameter in weights)
    assert len(weights[1:3]) == 2
    with pytest.raises(TypeError, match="ParameterList: expected a tensor, got float"):
        weights.append(1.0)
    named = nn.ParameterDict(OrderedDict(b=tg.ones(2), a=tg.ones(3)))
    assert list(named) == ["b", "a"]
    named["b"] = tg.zeros(1)
    assert named["b"].requires_grad
    assert list(nn.ParameterDict({"b": tg.ones(1), "a": tg.ones(1)})) == ["a", "b"]
    with pytest.raises(TypeError, match="ParameterDict: c: expected a tensor, got list"):
        named["c"] = [1.0]
    assert repr(named) == (
        "ParameterDict(\n  (b): Parameter of shape (1,), float32\n  (a): Parameter of shape (3,), float32\n)"
    )
    assert repr(nn.ParameterList()) == "ParameterList()"
