"""Recurrent layers and cells, and packed sequences, beside PyTorch's."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

import tinygrad_scratch as tg
from tests.parity.beside import check_function, check_module

torch = pytest.importorskip("torch", reason="needs PyTorch: pip install -e .[peers]")


def normal(*shape: int, seed: int = 0) -> Any:
    return np.random.default_rng(seed).standard_normal(shape)


LAYERS = ["RNN", "LSTM", "GRU"]
OPTIONS = [
    "3, 4",
    "3, 1",
    "3, 4, bias=False",
    "3, 4, num_layers=2",
    "3, 4, bidirectional=True",
    "3, 4, 2, bias=False, bidirectional=True",
    "3, 4, 3, dropout=1.0",
]
LAYER_CALLS = [
    *[f"T.nn.{layer}({options})" for layer in LAYERS for options in OPTIONS],
    "T.nn.RNN(3, 4, 2, 'relu')",
    "T.nn.LSTM(3, 4, proj_size=2)",
    "T.nn.LSTM(3, 4, 2, bidirectional=True, proj_size=3, bias=False)",
]


def states(call: str, batch: int | None) -> tuple[str, list[Any]]:
    """The argument hx in terms of x1 and x2, and these, for the module that ``call`` makes."""
    module = eval(call, {"T": tg})
    count = module.num_layers * (2 if module.bidirectional else 1)
    sizes = (module.proj_size or module.hidden_size, module.hidden_size)
    shapes = [(count, size) if batch is None else (count, batch, size) for size in sizes]
    arrays = [normal(*shape, seed=seed) for seed, shape in enumerate(shapes)]
    return ("(x1, x2)", arrays) if "LSTM" in call else ("x1", arrays[:1])


@pytest.mark.parametrize("call", LAYER_CALLS)
def test_layers(call: str) -> None:
    check_module(call, normal(5, 2, 3))
    hx, arrays = states(call, 2)
    check_module(call, normal(5, 2, 3), *arrays, forward=f"module(x0, {hx})")


@pytest.mark.parametrize("layer", LAYERS)
def test_shapes_and_layouts(layer: str) -> None:
    call = f"T.nn.{layer}(3, 4, 2, bidirectional=True)"
    for x in (normal(1, 1, 3), normal(3, 0, 3), normal(3, 2, 5).T, normal(10, 2, 3)[::3]):
        check_module(call, x)
    batch_first = f"T.nn.{layer}(3, 4, 2, batch_first=True, bidirectional=True)"
    check_module(batch_first, normal(2, 5, 3))
    hx, arrays = states(call, None)
    for one in (call, batch_first):
        check_module(one, normal(5, 3))
        check_module(one, normal(5, 3), *arrays, forward=f"module(x0, {hx})")


@pytest.mark.parametrize("call", LAYER_CALLS)
@pytest.mark.parametrize("lengths", ["[5, 2, 2, 1]", "[2, 5, 1, 2]", "T.tensor([3, 3, 3, 3])"])
def test_packed_sequences(call: str, lengths: str) -> None:
    packed = f"T.nn.utils.rnn.pack_padded_sequence(x0, {lengths}, enforce_sorted=False)"
    hx, arrays = states(call, 4)
    check_module(call, normal(5, 4, 3), forward=f"module({packed})")
    check_module(
        call,
        normal(5, 4, 3),
        *arrays,
        forward=f"(lambda y, h: (*T.nn.utils.rnn.pad_packed_sequence(y), h))(*module({packed}, {hx}))",
    )


@pytest.mark.parametrize(
    "call",
    [
        "T.nn.RNNCell(3, 4)",
        "T.nn.RNNCell(3, 4, bias=False, nonlinearity='relu')",
        "T.nn.LSTMCell(3, 4)",
        "T.nn.LSTMCell(3, 1, bias=False)",
        "T.nn.GRUCell(3, 4)",
        "T.nn.GRUCell(3, 4, bias=False)",
    ],
)
def test_cells(call: str) -> None:
    size = eval(call, {"T": tg}).hidden_size
    hx = "(x1, x2)" if "LSTM" in call else "x1"
    for batch in ((2,), (0,), ()):
        check_module(call, normal(*batch, 3))
        check_module(
            call,
            *[normal(*batch, 3), normal(*batch, size), normal(*batch, size, seed=1)][: 3 if "LSTM" in call else 2],
            forward=f"module(x0, {hx})",
        )


R = "T.nn.utils.rnn"


@pytest.mark.parametrize(
    "call",
    [
        f"{R}.pack_padded_sequence(x, [4, 2, 1])",
        f"{R}.pack_padded_sequence(x, T.tensor([1, 4, 3]), enforce_sorted=False)",
        f"{R}.pack_padded_sequence(x.transpose(0, 1), [2, 4, 2], True, False)",
        f"{R}.pad_packed_sequence({R}.pack_padded_sequence(x, [4, 2, 1]))",
        f"{R}.pad_packed_sequence({R}.pack_padded_sequence(x, [3, 2, 1]), True, -1.5, 6)",
        f"{R}.pad_packed_sequence({R}.pack_padded_sequence(x, [1, 3, 1], enforce_sorted=False), total_length=3)",
        f"{R}.pad_sequence([x, y, x[:0]])",
        f"{R}.pad_sequence([y, x], batch_first=True, padding_value=2.5, padding_side='left')",
        f"{R}.pad_sequence([x[0, 0], x[1, 0]])",
        f"{R}.unpad_sequence(x, T.tensor([1, 4, 2]))",
        f"{R}.unpad_sequence(x, T.tensor([1, 3, 2, 2]), batch_first=True)",
        f"{R}.pack_sequence([x, y])",
        f"{R}.pack_sequence([y, x, y], enforce_sorted=False)",
        f"{R}.unpack_sequence({R}.pack_sequence([y, x, y], enforce_sorted=False))",
        f"{R}.pack_sequence([x, y]).to(T.float64).double()",
    ],
)
def test_packing(call: str) -> None:
    check_function(f"(lambda x, y: {call})(x * x, y * y)", x=normal(4, 3, 2), y=normal(2, 3, 2, seed=1))


@pytest.mark.parametrize(
    "call",
    [
        "RNN(3, 4, 2, 'relu')",
        "LSTM(3, 4, 2, proj_size=2, dropout=0.5, bidirectional=True, batch_first=True, bias=False)",
        "GRU(3, 4)",
        "RNNCell(3, 4, False, 'relu')",
        "LSTMCell(3, 4)",
        "GRUCell(3, 4, bias=False)",
    ],
)
def test_modules_are_shown_as_in_pytorch(call: str) -> None:
    ours, theirs = (eval(f"T.{call}", {"T": package.nn}) for package in (tg, torch))
    assert repr(ours) == repr(theirs)
    assert list(ours.state_dict()) == list(theirs.state_dict())
    if hasattr(theirs, "all_weights"):
        assert [[tuple(weight.shape) for weight in layer] for layer in ours.all_weights] == [
            [tuple(weight.shape) for weight in layer] for layer in theirs.all_weights
        ]


def test_parameters_start_in_the_range_of_pytorch() -> None:
    for call in ("LSTM(3, 100)", "GRUCell(30, 100)"):
        for package in (tg, torch):
            module = eval(f"T.{call}", {"T": package.nn})
            for parameter in module.parameters():
                assert 0.09 < parameter.detach().abs().max().item() <= 0.1
