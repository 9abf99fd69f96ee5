"""Recurrent layers and packed sequences: what they say of mistakes, and what they keep to themselves."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

import nn
import tinygrad_scratch as tg
from nn.utils.rnn import pack_padded_sequence, pad_packed_sequence

x = tg.ones(5, 2, 3)
packed = pack_padded_sequence(x, [5, 2])


@pytest.mark.parametrize(
    ("call", "error", "message"),
    [
        (
            "nn.LSTM(3, 4)(tg.ones(5))",
            ValueError,
            "LSTM: needs an input (steps, batch, features) or (steps, features), of at least one step, not one of "
            "shape (5,)",
        ),
        (
            "nn.GRU(3, 4, batch_first=True)(tg.ones(2, 0, 3))",
            ValueError,
            "GRU: needs an input (batch, steps, features) or (steps, features), of at least one step, not one of shape "
            "(2, 0, 3)",
        ),
        (
            "nn.LSTM(2, 4)(x)",
            ValueError,
            "lstm: the input has 3 features, but weight_ih, of shape (16, 2), is for 2",
        ),
        (
            "nn.GRU(2, 4)(packed)",
            ValueError,
            "gru: the input has 3 features, but weight_ih, of shape (12, 2), is for 2",
        ),
        (
            "nn.RNN(3, 4)(x, tg.zeros(2, 4))",
            ValueError,
            "rnn_tanh: the hidden state must have shape (1, 2, 4), not (2, 4)",
        ),
        (
            "nn.LSTM(3, 4, bidirectional=True)(packed, (tg.zeros(2, 2, 4), tg.zeros(2, 2, 3)))",
            ValueError,
            "lstm: the cell state must have shape (2, 2, 4), not (2, 2, 3)",
        ),
        (
            "nn.LSTM(3, 4)(x, tg.zeros(1, 2, 4))",
            TypeError,
            "LSTM: hx must be a pair of tensors, the hidden and the cell state, not Tensor",
        ),
        (
            "nn.GRUCell(3, 4)(x[0], (tg.zeros(2, 4),))",
            TypeError,
            "GRUCell: hx must be a tensor, the hidden state, not tuple",
        ),
        (
            "nn.LSTM(3, 4)(x.long())",
            TypeError,
            "lstm: needs a floating point tensor, not int64; convert it with float()",
        ),
        ("nn.LSTM(3, 4, proj_size=4)", ValueError, "LSTM: proj_size must be smaller than hidden_size, 4, not 4"),
        ("nn.RNN(3, 4, nonlinearity='exp')", ValueError, "RNN: nonlinearity must be 'tanh' or 'relu', not 'exp'"),
        ("nn.GRU(3, 0)", ValueError, "GRU: hidden_size must be at least 1, got 0"),
        (
            "nn.LSTMCell(3, 4)(x)",
            ValueError,
            "lstm_cell: needs an input (batch, features), not one of shape (5, 2, 3)",
        ),
        (
            "nn.GRUCell(3, 4)(x[0], tg.zeros(3, 4))",
            ValueError,
            "gru_cell: the hidden state must have shape (2, 4), not (3, 4)",
        ),
        (
            "pack_padded_sequence(x, [2, 5])",
            ValueError,
            "pack_padded_sequence: with enforce_sorted, longer sequences come before shorter ones, but the lengths are "
            "[2, 5]; sort them, or pass enforce_sorted=False",
        ),
        (
            "pack_padded_sequence(x, [5, 0])",
            ValueError,
            "pack_padded_sequence: lengths must be from 1 to 5, the steps there are, not [5, 0]",
        ),
        (
            "pack_padded_sequence(x, [4.5, 1.5])",
            TypeError,
            "pack_padded_sequence: lengths must be integers, not float64",
        ),
        (
            "pack_padded_sequence(x, [6, 1], batch_first=False)",
            ValueError,
            "pack_padded_sequence: lengths must be from 1 to 5, the steps there are, not [6, 1]",
        ),
        (
            "pack_padded_sequence(x, [5, 2], batch_first=True)",
            ValueError,
            "pack_padded_sequence: needs a length for each of 5 sequences, at least one, in shape (5, 2, 3) (batch, "
            "steps, *), not lengths of shape (2,)",
        ),
        ("pad_packed_sequence(tg.ones(4, 2))", TypeError, "pad_packed_sequence: needs a PackedSequence, not Tensor"),
        (
            "pad_packed_sequence(packed, total_length=4)",
            ValueError,
            "pad_packed_sequence: total_length must be at least 5, the longest sequence, not 4",
        ),
        (
            "pad_sequence([x, x[0]])",
            ValueError,
            "pad_sequence: needs sequences (steps, *) that differ in their steps only, not [(5, 2, 3), (2, 3)]",
        ),
        (
            "pad_sequence([x], padding_side='top')",
            ValueError,
            "pad_sequence: padding_side must be 'left' or 'right', not 'top'",
        ),
        (
            "pack_sequence([])",
            ValueError,
            "pad_sequence: needs sequences (steps, *) that differ in their steps only, not []",
        ),
        (
            "unpad_sequence(x, [5, 6])",
            ValueError,
            "unpad_sequence: lengths must be from 1 to 5, the steps there are, not [5, 6]",
        ),
        (
            "unpad_sequence(x[0, 0], [5])",
            ValueError,
            "unpad_sequence: needs sequences of at least 2 dimensions, not of shape (3,)",
        ),
    ],
)
def test_mistakes(call: str, error: type[Exception], message: str) -> None:
    with pytest.raises(error) as caught:
        eval(call, {**vars(nn.utils.rnn), **globals()})
    assert str(caught.value) == message


def test_dtypes_that_differ() -> None:
    with pytest.raises(TypeError, match=r"in lstm \(LSTM\): the inputs are float64 and float32; make them one dtype"):
        nn.LSTM(3, 4)(x.double())


def test_dropout_of_a_single_layer_is_warned_of() -> None:
    with pytest.warns(UserWarning, match="GRU: dropout is applied between layers, so that dropout=0.5 does nothing"):
        nn.GRU(3, 4, dropout=0.5)


def test_dropout_between_layers_is_drawn_in_training_only() -> None:
    layer = nn.LSTM(3, 8, num_layers=2, dropout=0.5)
    assert not layer(x)[0].equal(layer(x)[0])
    layer.eval()
    assert layer(x)[0].equal(layer(x)[0])


@pytest.mark.parametrize("name", ["RNN", "LSTM", "GRU"])
def test_a_layer_in_one_direction_is_one_node(name: str) -> None:
    output, _ = getattr(nn, name)(3, 4)(x)
    (node,) = [node for node in nodes(output) if node.plan is not None and len(node.edges) > 5]
    assert node.name == {"RNN": "rnn_tanh"}.get(name, name.lower())


@pytest.mark.parametrize("name", ["RNN", "LSTM", "GRU"])
def test_what_is_padding_gets_no_gradient_and_changes_nothing(name: str) -> None:
    layer = getattr(nn, name)(3, 4, bidirectional=True)
    short, padded = tg.rand(2, 1, 3), tg.rand(5, 2, 3, requires_grad=True)
    with tg.no_grad():
        padded[:2, 1:] = short
    output, _ = pad_packed_sequence(layer(pack_padded_sequence(padded, [5, 2]))[0])
    np.testing.assert_allclose(output.detach()[:2, 1:].numpy(), layer(short)[0].detach().numpy(), rtol=1e-5, atol=1e-6)
    assert not output.detach()[2:, 1].any()
    output.sum().backward()
    assert not padded.grad[2:, 1].any()


def test_a_write_to_the_output_is_noticed() -> None:
    output, h = nn.LSTM(3, 4)(x)
    last = h[0].clone()
    output.zero_()
    assert h[0].equal(last)
    with pytest.raises(RuntimeError, match="has written to that in place since"):
        output.sum().backward()


def nodes(tensor: Any) -> list[Any]:
    from tinygrad_scratch.record.node import topological_order

    return topological_order([tensor.node])
