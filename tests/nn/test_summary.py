"""`nn.summary`: the table, and that the model does not notice."""

from __future__ import annotations

from typing import Any

import pytest

import nn
import tinygrad_scratch as tg


class TwoInputs(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.embedding = nn.Embedding(10, 4)
        self.body = nn.Sequential(nn.BatchNorm1d(4), nn.Dropout(), nn.Linear(4, 4))
        self.head = nn.Linear(4, 4)
        self.head.weight = self.body[2].weight
        self.unused = nn.Linear(2, 2).requires_grad_(False)
        self.scale = nn.Parameter(tg.ones(4))

    def forward(self, tokens: tg.Tensor, x: tg.Tensor) -> dict[str, Any]:
        hidden = self.body(self.embedding(tokens) + x)
        return {"y": (self.head(hidden) * self.scale, [hidden]), "size": 4}


INPUT = (tg.tensor([1, 2, 3]), (3, 4))
TABLE = """\
Layer               Output shape                            Parameters
----------------------------------------------------------------------
TwoInputs           {'y': [(3, 4), [(3, 4)]], 'size': 'int'}           4
  embedding: Embedding  (3, 4)                                        40
  body: Sequential      (3, 4)                                         -
    0: BatchNorm1d      (3, 4)                                         8
    1: Dropout          (3, 4)                                         -
    2: Linear           (3, 4)                                        20
  head: Linear          (3, 4)                                         4
  unused: Linear        -                                              6
----------------------------------------------------------------------
82 parameters: 76 trainable, 6 frozen
328 bytes of memory for them"""


def words(table: str) -> list[list[str]]:
    return [line.strip("-").split() for line in table.splitlines()]


def test_the_table() -> None:
    summary = nn.summary(TwoInputs(), INPUT)
    assert words(str(summary)) == words(TABLE)
    lines = repr(summary).splitlines()
    assert len({len(line) for line in lines[:-2]}) == 1
    assert summary.total == sum(layer.parameters for layer in summary.layers) == 82
    assert summary.layers[3].path == "body.0"
    assert summary.layers[3].depth == 2


@pytest.mark.parametrize("input", [INPUT, (tg.tensor([1]), "not a tensor")])
def test_the_model_and_the_random_numbers_stay_what_they_are(input: Any) -> None:
    model = TwoInputs()
    model.body.eval()
    model.body[1].train()
    modes = [module.training for module in model.modules()]
    state = {name: value.clone() for name, value in model.state_dict().items()}
    random = tg.get_rng_state()
    try:
        nn.summary(model, input)
    except TypeError:
        assert input is not INPUT
    assert [module.training for module in model.modules()] == modes
    assert all(tg.equal(value, state[name]) for name, value in model.state_dict().items())
    assert tg.equal(tg.get_rng_state(), random)
    assert not any(module._hooks for module in model.modules())
    assert tg.is_grad_enabled()


def test_a_forward_that_draws_and_writes_has_no_effect() -> None:
    class Noisy(nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.register_buffer("calls", tg.tensor(0))
            self.register_buffer("read_only", tg.zeros(1).expand(3))

        def forward(self, x: tg.Tensor) -> tg.Tensor:
            self.calls += 1
            return x + tg.rand(x.shape)

    model, random = Noisy(), tg.get_rng_state()
    assert nn.summary(model, (2, 3)).layers[0].output_shape == (2, 3)
    assert model.calls.item() == 0
    assert tg.equal(tg.get_rng_state(), random)


def test_inputs_may_be_tensors_or_shapes_in_the_dtype_of_the_model() -> None:
    model = nn.Linear(3, 2).double()
    for input in (tg.zeros(5, 3, dtype=tg.float64), (tg.zeros(5, 3, dtype=tg.float64),), (5, 3), ((5, 3),)):
        assert nn.summary(model, input).layers[0].output_shape == (5, 2)
    assert nn.summary(nn.ReLU(), (2,)).total == 0
    assert "78.1 KiB of memory for them" in str(nn.summary(nn.Linear(100, 100, bias=False).double(), (100,)))
