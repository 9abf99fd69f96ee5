"""Modules: what they consist of, their state, their scopes, how they are shown."""

from __future__ import annotations

import copy
import pickle
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

import nn
import tinygrad_scratch as tg
from tinygrad_scratch.record.node import topological_order


class Net(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.first = nn.Linear(4, 3)
        self.rest = nn.Sequential(nn.ReLU(), nn.Linear(3, 2, bias=False))
        self.scale = nn.Parameter(tg.ones(1))
        self.register_buffer("mean", tg.zeros(4))
        self.register_buffer("cache", tg.zeros(2), persistent=False)

    def forward(self, x: tg.Tensor) -> tg.Tensor:
        return self.rest(self.first(x - self.mean)) * self.scale


def test_parameters_buffers_and_modules_by_name() -> None:
    net = Net()
    assert [name for name, _ in net.named_parameters()] == ["scale", "first.weight", "first.bias", "rest.1.weight"]
    assert [name for name, _ in net.named_buffers()] == ["mean", "cache"]
    assert [name for name, _ in net.named_modules()] == ["", "first", "rest", "rest.0", "rest.1"]
    assert [name for name, _ in net.named_children()] == ["first", "rest"]
    assert [name for name, _ in net.named_parameters(prefix="net", recurse=False)] == ["net.scale"]
    assert net.get_submodule("rest.1") is net.rest[1]
    assert net.get_parameter("first.bias") is net.first.bias
    with pytest.raises(AttributeError, match=r"Net has no module 'rest\.7'"):
        net.get_submodule("rest.7")
    with pytest.raises(AttributeError, match=r"Net has no parameter 'mean'"):
        net.get_parameter("mean")
    assert net.get_buffer("mean") is net.mean
    with pytest.raises(AttributeError, match=r"Net has no buffer 'scale'"):
        net.get_buffer("scale")


def test_names_of_what_is_shared() -> None:
    layer = nn.BatchNorm1d(2)
    net = nn.Sequential(layer, layer)
    assert [name for name, _ in net.named_parameters()] == ["0.weight", "0.bias"]
    assert len(list(net.named_buffers())) == 3
    assert [name for name, _ in net.named_modules(remove_duplicate=False)] == ["", "0", "1"]
    assert len(list(net.named_parameters(remove_duplicate=False))) == 4
    assert len(list(net.named_buffers(remove_duplicate=False))) == 6


def test_a_state_is_a_dict() -> None:
    for wrong in (None, [("0.weight", tg.ones(1))]):
        with pytest.raises(TypeError, match="load_state_dict: expected a dict of tensors, got"):
            Net().load_state_dict(wrong, strict=False)


def test_names_are_steps_of_paths_and_take_nothing_away() -> None:
    net = Net()
    for name in ("", "a.b", 1):
        with pytest.raises(KeyError, match="cannot be a name: it has to be one step of a path"):
            net.register_buffer(name, tg.ones(1))
    with pytest.raises(KeyError, match="Net: 'forward' is already an attribute, and something else"):
        net.add_module("forward", nn.ReLU())
    with pytest.raises(TypeError, match="Net: 'mean' should be a Tensor or None, not a float"):
        net.register_buffer("mean", 0.5)
    with pytest.raises(TypeError, match="Net: 'scale' should be a Parameter or None, not a Tensor"):
        net.register_parameter("scale", tg.ones(1))
    net.register_parameter("later", None)
    net.register_parameter("later", nn.Parameter([1.0]))
    assert "later" in net.state_dict()


def test_buffers_stay_buffers_until_they_are_deleted() -> None:
    net = Net()
    net.mean = tg.ones(4)
    assert net.state_dict()["mean"].tolist() == [1, 1, 1, 1]
    with pytest.raises(TypeError, match=r"Net\.mean is a buffer and cannot become a float; assign a Tensor"):
        net.mean = 1.0
    net.mean = None
    assert "mean" not in net.state_dict()
    del net.mean
    net.mean = 1.0
    net.cache = nn.Parameter([1.0])
    assert [name for name, _ in net.named_buffers()] == []
    assert "cache" in dict(net.named_parameters())


def test_a_shared_parameter_counts_once_but_has_both_names_in_the_state() -> None:
    net = nn.Sequential(nn.Linear(3, 3), nn.Linear(3, 3))
    net[1].weight = net[0].weight
    assert len(list(net.parameters())) == 3
    assert list(net.state_dict()) == ["0.weight", "0.bias", "1.weight", "1.bias"]


def test_state_dict_shares_memory_and_can_be_loaded() -> None:
    net, other = Net(), Net()
    state = net.state_dict()
    assert list(state) == ["scale", "mean", "first.weight", "first.bias", "rest.1.weight"]
    assert np.shares_memory(state["first.weight"].detach().numpy(), net.first.weight.detach().numpy())
    result = other.load_state_dict(state)
    assert result == ([], [])
    x = tg.rand(5, 4)
    assert tg.equal(net(x), other(x))
    assert not np.shares_memory(other.first.weight.detach().numpy(), net.first.weight.detach().numpy())


def test_a_state_that_does_not_fit_is_refused_whole() -> None:
    net = Net()
    before = copy.deepcopy(net.state_dict())
    state = {name: value + 1 for name, value in net.state_dict().items()}
    del state["scale"]
    state["first.weight"] = tg.zeros(3, 5)
    state["extra"] = tg.zeros(1)
    with pytest.raises(RuntimeError) as caught:
        net.load_state_dict(state)
    assert str(caught.value).splitlines() == [
        "load_state_dict: the state does not fit Net:",
        "  first.weight: the module has shape (3, 4), the state (3, 5)",
        "  scale: missing in the state",
        "  extra: not in the module",
    ]
    assert all(tg.equal(value, before[name]) for name, value in net.state_dict().items())
    with pytest.raises(RuntimeError, match=r"first\.weight: the module has shape"):
        net.load_state_dict(state, strict=False)
    del state["first.weight"]
    result = net.load_state_dict(state, strict=False)
    assert result.missing_keys == ["scale", "first.weight"]
    assert result.unexpected_keys == ["extra"]
    assert net.mean.tolist() == [1, 1, 1, 1]


def test_a_state_of_something_else_than_tensors_and_a_module_that_cannot_be_written_to_are_refused() -> None:
    net = nn.Linear(1, 1)
    before = copy.deepcopy(net.state_dict())
    with pytest.raises(RuntimeError, match="bias: a tensor is needed, and the state has a ndarray"):
        net.load_state_dict({"weight": tg.ones(1, 1), "bias": np.ones(1)})
    net.bias.detach().numpy().flags.writeable = False
    with pytest.raises(RuntimeError, match="bias: the module's memory cannot be written to"):
        net.load_state_dict({"weight": tg.ones(1, 1), "bias": tg.ones(1)})
    assert all(tg.equal(value, before[name]) for name, value in net.state_dict().items())


def test_a_state_can_be_assigned() -> None:
    net = Net()
    net.first.bias.requires_grad_(False)
    state = {name: tensor.double() for name, tensor in net.state_dict().items()}
    before = net.first.weight
    assert net.load_state_dict(state, assign=True) == ([], [])
    assert net.first.weight is not before
    assert isinstance(net.first.weight, nn.Parameter)
    assert net.first.weight.requires_grad
    assert not net.first.bias.requires_grad
    assert net.mean is state["mean"]
    assert [name for name, _ in net.named_buffers()] == ["mean", "cache"]
    for name, tensor in net.state_dict().items():
        assert tensor.dtype == tg.float64
        assert np.shares_memory(tensor.numpy(), state[name].numpy())


def test_a_parameter_is_assigned_itself_and_a_shared_one_stays_shared() -> None:
    net = nn.Sequential(nn.Linear(2, 2, bias=False), nn.Linear(2, 2, bias=False))
    net[1].weight = net[0].weight
    given = nn.Parameter(tg.ones(2, 2), requires_grad=False)
    net.load_state_dict({"0.weight": given, "1.weight": given}, assign=True)
    assert net[0].weight is given
    assert net[1].weight is given
    assert given.requires_grad
    net.load_state_dict(copy.deepcopy(net.state_dict()), assign=True)
    assert net[0].weight is net[1].weight
    assert net[0].weight is not given


def test_what_cannot_be_assigned_is_refused_whole() -> None:
    net = nn.Linear(2, 2)
    weight, bias = net.weight, net.bias
    with pytest.raises(RuntimeError) as caught:
        net.load_state_dict({"weight": tg.ones(3, 2), "bias": tg.tensor([1, 2])}, assign=True)
    assert str(caught.value).splitlines()[1:] == [
        "  weight: the module has shape (2, 2), the state (3, 2)",
        "  bias: it requires grad, and so cannot be int64",
    ]
    assert net.weight is weight
    net.bias.requires_grad_(False)
    result = net.load_state_dict({"bias": tg.tensor([1, 2])}, strict=False, assign=True)
    assert result.missing_keys == ["weight"]
    assert net.bias is not bias
    assert net.bias.dtype == tg.int64


def test_gradients_made_zero_lose_their_graph() -> None:
    net = nn.Linear(2, 1)
    (net.weight**3).sum().backward(create_graph=True)
    gradient = net.weight.grad
    assert gradient.requires_grad
    net.zero_grad(set_to_none=False)
    assert net.weight.grad is gradient
    assert not gradient.requires_grad
    assert gradient.tolist() == [[0, 0]]
    net.weight.sum().backward()
    assert gradient.tolist() == [[1, 1]]


def test_what_loading_returns_and_the_kinds_of_state() -> None:
    net = Net()
    assert repr(net.load_state_dict(net.state_dict())) == "<All keys matched successfully>"
    assert repr(net.load_state_dict({}, strict=False)).startswith("IncompatibleKeys(missing_keys=['scale',")
    assert net.state_dict(keep_vars=True)["scale"] is net.scale
    assert list(net.first.state_dict(prefix="first.")) == ["first.weight", "first.bias"]


def test_modes_gradients_and_freezing() -> None:
    net = Net()
    assert net.eval() is net
    assert not any(module.training for module in net.modules())
    net.train()
    assert net.rest[0].training
    net(tg.rand(2, 4)).sum().backward()
    assert all(parameter.grad is not None for parameter in net.parameters())
    net.zero_grad(set_to_none=False)
    assert all(not parameter.grad.any() for parameter in net.parameters())
    net.zero_grad()
    assert all(parameter.grad is None for parameter in net.parameters())
    net.first.requires_grad_(False)
    net(tg.rand(2, 4)).sum().backward()
    assert net.first.weight.grad is None
    assert net.scale.grad is not None


def test_apply_visits_every_module_innermost_first() -> None:
    visited = []
    net = Net()
    assert net.apply(lambda module: visited.append(type(module).__name__)) is net
    assert visited == ["Linear", "ReLU", "Linear", "Sequential", "Net"]


def test_conversion_to_another_dtype_goes_for_gradients_too() -> None:
    net = Net().double()
    assert {tensor.dtype for tensor in net.state_dict().values()} == {np.dtype(np.float64)}
    net(tg.rand(2, 4, dtype=tg.float64)).sum().backward()
    assert net.first.weight.grad.dtype == np.float64
    assert net.float().first.weight.dtype == np.float32
    assert net.first.weight.grad.dtype == np.float32
    assert net.to("cpu").half().first.weight.dtype == np.float16
    with pytest.raises(ValueError, match="'cuda' is not available"):
        net.to("cuda")


def test_a_parameter_cannot_become_a_plain_tensor_by_mistake() -> None:
    net = Net()
    with pytest.raises(TypeError, match=r"Net\.scale is a Parameter and cannot become a plain Tensor"):
        net.scale = net.scale * 2
    with pytest.raises(TypeError, match=r"Net\.scale is a Parameter and cannot become a float"):
        net.scale = 2.0
    net.scale = nn.Parameter([5.0])
    net.first.bias = None
    assert "first.bias" not in net.state_dict()


def test_the_path_of_the_running_module_is_the_scope_of_its_nodes() -> None:
    net = Net()
    loss = nn.MSELoss()(net(tg.rand(2, 4)), tg.zeros(2, 2))
    scopes = {node.name: node.scope for node in topological_order([loss.node]) if node.scope is not None}
    paths = {name: (scope.path, scope.module_type) for name, scope in scopes.items() if name != "linear"}
    assert paths["relu"] == ("net.rest.0", "ReLU")
    assert paths["multiply"] == ("net", "Net")
    assert paths["mse_loss"] == ("mseloss", "MSELoss")
    linear = {node.scope.path for node in topological_order([loss.node]) if node.name == "linear"}
    assert linear == {"net.first", "net.rest.1"}
    assert scopes["relu"].parent.parent is scopes["multiply"]


def test_a_module_keeps_its_own_scope_wherever_it_is_called_from() -> None:
    shared = nn.ReLU()
    outer = nn.Sequential(nn.Sequential(shared), shared)
    x = tg.rand(2, requires_grad=True)
    node = outer(x).node
    assert node.scope.path == "sequential.0.0"
    assert shared(x).node.scope.path == "relu"
    assert (x * 2).node.scope is None


def test_copies_and_pickles_are_independent_and_complete() -> None:
    net = Net()
    x = tg.rand(3, 4)
    net(x).sum().backward()
    for twin in (copy.deepcopy(net), pickle.loads(pickle.dumps(net))):
        assert tg.equal(twin(x), net(x))
        assert all(p.requires_grad and isinstance(p, nn.Parameter) for p in twin.parameters())
        twin.first.weight.data[:] = 0
        assert net.first.weight.detach().any()
    assert copy.deepcopy(net).scale.grad is not None
    with pytest.raises(RuntimeError, match=r"only a leaf can be copied.*multiply"):
        copy.deepcopy(net(x))


def test_how_modules_are_shown() -> None:
    assert repr(Net()) == (
        "Net(\n"
        "  (first): Linear(in_features=4, out_features=3, bias=True)\n"
        "  (rest): Sequential(\n"
        "    (0): ReLU()\n"
        "    (1): Linear(in_features=3, out_features=2, bias=False)\n"
        "  )\n"
        ")"
    )
    assert repr(nn.Dropout(0.2)) == "Dropout(p=0.2, inplace=False)"


def test_sequential_is_a_sequence() -> None:
    net = nn.Sequential({"in": nn.Linear(2, 3), "out": nn.Linear(3, 1)})
    assert len(net) == 2
    assert net[-1].out_features == 1
    assert list(net[:1].state_dict()) == ["in.weight", "in.bias"]
    assert len(net.append(nn.ReLU())) == 3
    with pytest.raises(TypeError, match="Sequential: 1: expected a module, got function"):
        nn.Sequential(nn.Linear(1, 1), lambda x: x)


def test_mlp() -> None:
    net = nn.MLP(6, [5, 4], 3, activation=nn.Tanh)
    assert net(tg.rand(2, 1, 2, 3)).shape == (2, 3)
    assert [type(module).__name__ for module in net.layers] == ["Linear", "Tanh", "Linear", "Tanh", "Linear"]
    assert len(nn.MLP(3, [], 2).layers) == 1
    with pytest.raises(ValueError, match=r"MLP: layer sizes are positive integers, got \[3, 0, 2\]"):
        nn.MLP(3, [0], 2)
    with pytest.raises(TypeError, match=r"MLP: hidden lists the sizes in between, such as \[8\], got 8"):
        nn.MLP(2, 8, 1)


@pytest.mark.parametrize(
    ("make", "error", "message"),
    [
        (lambda: nn.Linear(3.0, 2), TypeError, r"^Linear: in_features must be an integer, got 3.0"),
        (lambda: nn.Linear(3, "2"), TypeError, r"^Linear: out_features must be an integer, got '2'"),
        (lambda: nn.Linear(-1, 2), ValueError, r"^Linear: in_features must be at least 0, got -1"),
        (lambda: nn.Bilinear(0, 2, 3), ValueError, r"^Bilinear: in1_features must be at least 1, got 0"),
        (lambda: nn.Embedding(3.5, 2), TypeError, r"^Embedding: num_embeddings must be an integer, got 3.5"),
        (lambda: nn.LayerNorm(3.0), TypeError, r"^LayerNorm: normalized_shape must be an integer, got 3.0"),
        (lambda: nn.RMSNorm((2, 3.0)), TypeError, r"^RMSNorm: normalized_shape must be an integer, got 3.0"),
        (lambda: nn.GroupNorm(2, 4.0), TypeError, r"^GroupNorm: num_channels must be an integer, got 4.0"),
        (lambda: nn.BatchNorm1d(2.0), TypeError, r"^BatchNorm1d: num_features must be an integer, got 2.0"),
    ],
)
def test_sizes_of_layers_are_checked(make: Callable[[], nn.Module], error: Any, message: str) -> None:
    with pytest.raises(error, match=message):
        make()


def test_dropout_drops_the_right_share_and_keeps_the_mean() -> None:
    layer, x = nn.Dropout(0.25), tg.ones(100, 1000)
    y = layer(x)
    assert abs((y == 0).float().mean().item() - 0.25) < 0.01
    assert abs(y.mean().item() - 1) < 0.01
    assert layer.eval()(x) is x
    with pytest.raises(ValueError, match=r"Dropout: a probability lies in \[0, 1\], not 1.5"):
        nn.Dropout(1.5)


def test_a_module_without_forward_says_so() -> None:
    with pytest.raises(NotImplementedError, match="Module has no forward"):
        nn.Module()(1)


def test_what_a_parameter_is_made_of() -> None:
    values = np.ones(2)
    assert np.shares_memory(nn.Parameter(values).detach().numpy(), values)
    assert nn.Parameter(values).dtype == np.float64
    assert nn.Parameter().shape == (0,)
    assert nn.Parameter(tg.ones(2, requires_grad=True) * 2).is_leaf
    with pytest.raises(TypeError, match="only floating point tensors can require a gradient, not int64"):
        nn.Parameter(np.array([1, 2]))
    assert nn.Parameter(tg.tensor([1]), requires_grad=False).dtype == np.int64
