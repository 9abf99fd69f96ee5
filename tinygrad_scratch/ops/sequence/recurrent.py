"""Recurrent layers over whole sequences, and single steps of them: plain ones, LSTM and GRU.

A layer in one direction is one primitive. Its sequences are packed into one array of rows: first the first step of each
sequence, then the second step of each that has two, and so on, longer sequences before shorter ones. ``batch_sizes``
says how many take part in each step; it stays the same where all sequences have the same length.

What a kind of layer computes in a step, and the gradient of that, stands in its `Cell`. The primitive's joint rule goes
through the steps backwards, in operators and NumPy functions. The gates and the cell states are among the primitive's
results, and what the rule makes of them is differentiable in them: so second gradients need nothing of their own.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import accumulate
from typing import Any, NamedTuple

import numpy as np

from tinygrad_scratch.ops.checks import check_shape, floating_only
from tinygrad_scratch.ops.linalg.products import _require_one_dtype
from tinygrad_scratch.ops.neural.dropout import dropout as dropout_
from tinygrad_scratch.ops.reduce.reduction import sum_over
from tinygrad_scratch.ops.shape.joining import cat, stack
from tinygrad_scratch.record.operation import Operation, primitive, public
from tinygrad_scratch.record.tensor import Tensor

Parts = list[Any]  # of a gradient, or of what was kept: one for each gate


class Step(NamedTuple):
    """What a step was: the states before it, what it kept of the gates, and the states after it."""

    h: Any
    c: Any
    kept: Any
    new_h: Any
    new_c: Any


class Cell(NamedTuple):
    """A kind of recurrent layer: what it computes in one step, for some sequences at once.

    Each sequence is a column: then the values of a gate, for all sequences, lie side by side in memory.

    ``run(a, r, h, c, kept)`` is given the contributions to the gates, ``a`` of the input and ``r`` of the hidden state,
    and the states. It returns the new states, and writes into ``kept`` what the gradient needs of the gates.

    ``gradient(dh, dc, d_kept, step)`` is given the gradients of the new states and, if there is one, of what was kept.
    It returns those of both contributions, each in parts, and those of the states, less what comes to the hidden state
    through its contribution: None if that is all.

    ``adds`` says that only a + r counts, so that both contributions have one and the same gradient.
    """

    gates: int  # the contributions have gates · hidden_size values for each sequence
    kept: int  # and what is kept has kept · hidden_size
    run: Callable[[Any, Any, Any, Any, Any], tuple[Any, Any]]
    gradient: Callable[[Any, Any, Any, Step], tuple[Parts, Parts, Any, Any]]
    adds: bool = True


# h' = tanh(a + r), or relu(a + r)


def _plain(activation: Callable[[Any], Any], slope: Callable[[Any], Any]) -> Cell:
    def run(a: Any, r: Any, h: Any, c: Any, kept: Any) -> tuple[Any, Any]:  # noqa: ARG001
        return activation(a + r), c

    def gradient(dh: Any, dc: Any, d_kept: Any, step: Step) -> tuple[Parts, Parts, Any, Any]:  # noqa: ARG001
        d = [dh * slope(step.new_h)]
        return d, d, None, dc

    return Cell(1, 0, run, gradient)


# i, f, g, o = sigmoid, sigmoid, tanh, sigmoid of the four parts of a + r; c' = f · c + i · g; h' = o · tanh(c')
# (Hochreiter and Schmidhuber, 1997; Gers et al., 2000)


def _run_lstm(a: Any, r: Any, h: Any, c: Any, kept: Any) -> tuple[Any, Any]:  # noqa: ARG001
    gates = np.add(a, r, out=kept)
    i, f, g, o = _parts(gates, 4)
    # One tanh does for all gates, as sigmoid(x) = tanh(x / 2) / 2 + 1 / 2.
    i_and_f = gates[: 2 * len(c)]
    i_and_f *= 0.5
    o *= 0.5
    np.tanh(gates, out=gates)
    for sigmoid in (i_and_f, o):
        np.add(np.multiply(sigmoid, 0.5, out=sigmoid), 0.5, out=sigmoid)
    c = f * c + i * g
    return o * np.tanh(c), c


def _lstm_gradient(dh: Any, dc: Any, d_kept: Any, step: Step) -> tuple[Parts, Parts, Any, Any]:
    i, f, g, o = _parts(step.kept, 4)
    d_i, d_f, d_g, d_o = [None] * 4 if d_kept is None else _parts(d_kept, 4)
    tanh_c = np.tanh(step.new_c)
    dc = dc + dh * o * (1 - tanh_c * tanh_c)
    d = [
        _sum(dc * g, d_i) * (i - i * i),
        _sum(dc * step.c, d_f) * (f - f * f),
        _sum(dc * i, d_g) * (1 - g * g),
        _sum(dh * tanh_c, d_o) * (o - o * o),
    ]
    return d, d, None, dc * f


# reset, update = sigmoid of the first two parts of a + r; n = tanh(a₃ + reset · r₃); h' = n + update · (h - n)
# (Cho et al., 2014)


def _run_gru(a: Any, r: Any, h: Any, c: Any, kept: Any) -> tuple[Any, Any]:
    size = len(h)
    sigmoids, (reset, update, n, r_n) = kept[: 2 * size], _parts(kept, 4)
    np.add(a[: 2 * size], r[: 2 * size], out=sigmoids)
    sigmoids *= 0.5
    np.tanh(sigmoids, out=sigmoids)
    sigmoids *= 0.5
    sigmoids += 0.5
    r_n[...] = r[2 * size :]
    np.tanh(a[2 * size :] + reset * r_n, out=n)
    return n + update * (h - n), c


def _gru_gradient(dh: Any, dc: Any, d_kept: Any, step: Step) -> tuple[Parts, Parts, Any, Any]:
    reset, update, n, r_n = _parts(step.kept, 4)
    d_reset, d_update, d_n, d_r_n = [None] * 4 if d_kept is None else _parts(d_kept, 4)
    d_n = _sum(dh * (1 - update), d_n) * (1 - n * n)
    d_update = _sum(dh * (step.h - n), d_update) * (update - update * update)
    d_reset = _sum(d_n * r_n, d_reset) * (reset - reset * reset)
    d_r_n = _sum(d_n * reset, d_r_n)
    return [d_reset, d_update, d_n], [d_reset, d_update, d_r_n], dh * update, dc


CELLS = {
    "rnn_tanh": _plain(np.tanh, lambda y: 1 - y * y),
    "rnn_relu": _plain(lambda x: np.maximum(x, 0), lambda y: y != 0),
    "lstm": Cell(4, 4, _run_lstm, _lstm_gradient),
    "gru": Cell(3, 4, _run_gru, _gru_gradient, adds=False),
}


def _parts(gates: Any, count: int) -> Parts:
    """The rows of each of so many gates."""
    size = len(gates) // count
    return [gates[k * size : (k + 1) * size] for k in range(count)]


def _sum(gradient: Any, other: Any) -> Any:
    return gradient if other is None else gradient + other


# A layer in one direction


def _recurrence(name: str, cell: Cell) -> Operation:
    def forward(
        x: Any,
        h: Any,
        c: Any,
        w_ih: Any,
        w_hh: Any,
        b_ih: Any,
        b_hh: Any,
        w_hr: Any,
        *,
        batch_sizes: Sequence[int],
        reverse: bool,
    ) -> tuple[Any, ...]:
        h, c = h.T, np.empty((0, len(h)), h.dtype) if c is None else c.T
        if cell.adds and b_hh is not None:
            b_ih, b_hh = _sum(b_hh, b_ih), None
        a = w_ih @ x.T
        if b_ih is not None:
            a += b_ih[:, None]
        width = cell.kept * len(w_hh) // cell.gates
        output = np.empty((len(x), len(h)), x.dtype)
        kept, cells = np.empty(width * len(x), x.dtype), np.empty(len(c) * len(x), x.dtype)
        for rows in _steps(batch_sizes, reverse):
            count = rows.stop - rows.start
            r = w_hh @ h[:, :count]
            if b_hh is not None:
                r += b_hh[:, None]
            new_h, new_c = cell.run(a[:, rows], r, h[:, :count], c[:, :count], _block(kept, rows, width))
            if w_hr is not None:
                new_h = w_hr @ new_h
            output[rows], _block(cells, rows, len(c))[...] = new_h.T, new_c
            h, c = _updated(h, new_h), _updated(c, new_c)
        return output, h.T, c.T, kept, cells

    def joint_rule(
        g: Any,
        y: Any,
        x: Any,
        h: Any,
        c: Any,
        w_ih: Any,
        w_hh: Any,
        w_hr: Any,
        wanted: Sequence[bool],
        batch_sizes: Sequence[int],
        reverse: bool,
    ) -> list[Any]:
        d_output, dh, dc, d_kept, d_cells = g
        output, _, _, kept, cells = y
        h, c = h.T, h[:, :0].T if c is None else c.T
        dh = np.zeros(h.shape, h.dtype) if dh is None else dh.T
        dc = np.zeros(c.shape, c.dtype) if dc is None else dc.T
        width = cell.kept * len(w_hh) // cell.gates
        steps = _steps(batch_sizes, reverse)
        outputs = [output[rows].T for rows in steps]
        all_kept, all_cells = (
            [_block(flat, rows, k) for rows in steps] for flat, k in ((kept, width), (cells, len(c)))
        )
        before_h, before_c = _before(outputs, h), _before(all_cells, c)
        parts_of_a, parts_of_r, d_projected = [], [], []
        for k in reversed(range(len(steps))):
            rows = steps[k]
            count = rows.stop - rows.start
            d_new_h, d_new_c = dh[:, :count], _sum(dc[:, :count], _block(d_cells, rows, len(c)))
            if d_output is not None:
                d_new_h = d_new_h + d_output[rows].T
            d_projected.append(d_new_h)
            if w_hr is not None:
                d_new_h = w_hr.T @ d_new_h
            step = Step(before_h[k], before_c[k], all_kept[k], outputs[k], all_cells[k])
            of_a, of_r, of_h, of_c = cell.gradient(d_new_h, d_new_c, _block(d_kept, rows, width), step)
            parts_of_a.append(np.concatenate(of_a))
            parts_of_r.append(parts_of_a[-1] if cell.adds else np.concatenate(of_r))
            dh, dc = _updated(dh, _sum(w_hh.T @ parts_of_r[-1], of_h)), _updated(dc, of_c)
        d_a = _in_order(parts_of_a, not reverse)
        d_r = d_a if cell.adds else _in_order(parts_of_r, not reverse)
        return [
            d_a.T @ w_ih if wanted[0] else None,
            dh.T,
            dc.T,
            d_a @ x if wanted[3] else None,
            d_r @ _in_order(before_h, reverse).T if wanted[4] else None,
            sum_over(d_a, dim=(1,), keepdim=False) if wanted[5] else None,
            sum_over(d_r, dim=(1,), keepdim=False) if wanted[6] else None,
            _in_order(d_projected, not reverse) @ _hidden(all_kept, all_cells, reverse).T if wanted[7] else None,
        ]

    return primitive(forward, name=name, joint_rule=joint_rule, is_multiple=True, prepare=_of_one_dtype)


def _of_one_dtype(arrays: list[Any]) -> list[Any]:
    _require_one_dtype(*arrays)
    return arrays


_rnn_tanh, _rnn_relu, _lstm, _gru = (_recurrence(name, cell) for name, cell in CELLS.items())
_RECURRENCES = dict(zip(CELLS, (_rnn_tanh, _rnn_relu, _lstm, _gru), strict=True))


def _steps(batch_sizes: Sequence[int], reverse: bool) -> list[slice]:
    """The rows of each step, in the order in which the layer takes them."""
    rows = [slice(end - size, end) for size, end in zip(batch_sizes, accumulate(batch_sizes), strict=True)]
    return rows[::-1] if reverse else rows


def _block(flat: Any, rows: slice, width: int) -> Any:
    """What was kept of a step, ``width`` values for each of its sequences: steps lie one after another in memory."""
    return None if flat is None else flat[rows.start * width : rows.stop * width].reshape(width, rows.stop - rows.start)


def _updated(state: Any, new: Any) -> Any:
    """The state in which the first columns are ``new``."""
    count = new.shape[1]
    return new if count == state.shape[1] else np.concatenate([new, state[:, count:]], 1)


def _before(states: Sequence[Any], start: Any) -> list[Any]:
    """The states that each step began with, given those that the steps led to."""
    found, state = [], start
    for new in states:
        found.append(state[:, : new.shape[1]])
        state = _updated(state, new)
    return found


def _in_order(parts: Sequence[Any], reverse: bool) -> Any:
    """The columns of all steps, as the rows are ordered, of steps that were taken in that order or in ``reverse``."""
    return np.concatenate(parts[::-1] if reverse else parts, 1)


def _hidden(kept: Sequence[Any], cells: Sequence[Any], reverse: bool) -> Any:
    """The hidden states of an LSTM, before they are projected."""
    return _in_order([_parts(gates, 4)[3] * np.tanh(c) for gates, c in zip(kept, cells, strict=True)], reverse)


# Several layers, in one direction or both


def recurrent_layers(
    mode: str,
    input: Tensor,
    batch_sizes: Sequence[int],
    states: Sequence[Tensor],
    params: Sequence[Tensor],
    has_biases: bool,
    num_layers: int,
    dropout: float,
    train: bool,
    bidirectional: bool,
) -> tuple[Tensor, ...]:
    """The packed output, and the last states, of a stack of layers of the kind ``mode``, a name in `CELLS`.

    ``input`` (rows, features) and ``batch_sizes`` are packed as the head of this file says; each of ``states``, first
    the hidden and then the cell state, has shape (num_layers · directions, batch, size). ``params`` are those of the
    layers in order, of each in one direction after the other, as in `_Weights`.
    """
    directions = 2 if bidirectional else 1
    count = num_layers * directions
    each = len(params) // count
    layers = [_Weights.of(params[k * each : (k + 1) * each], has_biases) for k in range(count)]
    _check(mode, CELLS[mode], input, (count, batch_sizes[0]), states, layers[0])
    last_states = []
    for layer in range(num_layers):
        outputs = []
        for direction in range(directions):
            k = layer * directions + direction
            output, *last = _run(
                mode, input, [state[k] for state in states], layers[k], batch_sizes, reverse=direction == 1
            )
            outputs.append(output)
            last_states.append(last)
        input = cat(outputs, 1) if bidirectional else outputs[0]
        if dropout and layer < num_layers - 1:
            input = dropout_(input, dropout, train)
    return input, *map(stack, zip(*last_states, strict=True))


class _Weights(NamedTuple):
    """The parameters of a layer in one direction."""

    w_ih: Tensor
    w_hh: Tensor
    b_ih: Tensor | None
    b_hh: Tensor | None
    w_hr: Tensor | None  # of an LSTM that projects its hidden state to fewer values

    @classmethod
    def of(cls, params: Sequence[Tensor], has_biases: bool) -> _Weights:
        w_ih, w_hh, *rest = params
        b_ih, b_hh = rest[:2] if has_biases else (None, None)
        w_hr = next(iter(rest[2 * has_biases :]), None)
        return cls(w_ih, w_hh, b_ih, b_hh, w_hr)


def _check(
    name: str, cell: Cell, input: Tensor, sizes: tuple[int, ...], states: Sequence[Tensor], weights: _Weights
) -> None:
    """TypeError or ValueError unless the input and the states, whose shapes begin with ``sizes``, fit the weights."""
    floating_only(input, name)
    if input.shape[-1] != weights.w_ih.shape[1]:
        raise ValueError(
            f"{name}: the input has {input.shape[-1]} features, but weight_ih, of shape {weights.w_ih.shape}, is for "
            f"{weights.w_ih.shape[1]}"
        )
    widths = (weights.w_hh.shape[1], weights.w_hh.shape[0] // cell.gates)
    for what, state, width in zip(("the hidden state", "the cell state"), states, widths, strict=False):
        check_shape(state, (*sizes, width), what, name)


def _run(
    mode: str,
    input: Tensor,
    states: Sequence[Tensor],
    weights: _Weights,
    batch_sizes: Sequence[int],
    reverse: bool = False,
) -> tuple[Tensor, ...]:
    """The output of a layer in one direction, and its last states."""
    h, c = states if len(states) == 2 else (*states, None)
    results: Any = _RECURRENCES[mode](input, h, c, *weights, batch_sizes=tuple(batch_sizes), reverse=reverse)
    return tuple(results[: 1 + len(states)])


# Single steps


@public(is_method=False)
def rnn_tanh_cell(
    input: Tensor, hx: Tensor, w_ih: Tensor, w_hh: Tensor, b_ih: Tensor | None = None, b_hh: Tensor | None = None
) -> Tensor:
    """tanh(input · w_ihᵀ + b_ih + hx · w_hhᵀ + b_hh): the next hidden state of an RNN.

    Shapes (batch, features), (batch, size), (size, features), (size, size), (size,) and (size,) give (batch, size).
    ValueError if the shapes do not fit together, TypeError if the dtypes differ.

    >>> tg.rnn_tanh_cell(tg.tensor([[1.0]]), tg.tensor([[1.0]]), tg.tensor([[0.5]]), tg.tensor([[0.5]]))
    tensor([[0.7616]])
    """
    return recurrent_step("rnn_tanh", input, (hx,), w_ih, w_hh, b_ih, b_hh)[0]


@public(is_method=False)
def rnn_relu_cell(
    input: Tensor, hx: Tensor, w_ih: Tensor, w_hh: Tensor, b_ih: Tensor | None = None, b_hh: Tensor | None = None
) -> Tensor:
    """relu(input · w_ihᵀ + b_ih + hx · w_hhᵀ + b_hh): as `rnn_tanh_cell`.

    >>> tg.rnn_relu_cell(tg.tensor([[1.0]]), tg.tensor([[1.0]]), tg.tensor([[0.5]]), tg.tensor([[0.5]]))
    tensor([[1.]])
    """
    return recurrent_step("rnn_relu", input, (hx,), w_ih, w_hh, b_ih, b_hh)[0]


@public(is_method=False)
def lstm_cell(
    input: Tensor,
    hx: Sequence[Tensor],
    w_ih: Tensor,
    w_hh: Tensor,
    b_ih: Tensor | None = None,
    b_hh: Tensor | None = None,
) -> tuple[Tensor, Tensor]:
    """The next hidden and cell state of an LSTM, of which ``hx`` are the present ones (Gers et al., 2000).

    With the sigmoids i, f and o, and the tanh g, of the parts of input · w_ihᵀ + b_ih + h · w_hhᵀ + b_hh in the order
    i, f, g, o, they are c' = f · c + i · g and h' = o · tanh(c').

    Shapes (batch, features), twice (batch, size), (4 · size, features), (4 · size, size) and twice (4 · size,) give
    (batch, size) twice. ValueError if the shapes do not fit together, TypeError if the dtypes differ.

    >>> state = tg.tensor([[1.0]])
    >>> tg.lstm_cell(tg.tensor([[1.0]]), (state, state), tg.zeros(4, 1), tg.zeros(4, 1))
    (tensor([[0.2311]]), tensor([[0.5000]]))
    """
    h, c = recurrent_step("lstm", input, hx, w_ih, w_hh, b_ih, b_hh)
    return h, c


@public(is_method=False)
def gru_cell(
    input: Tensor, hx: Tensor, w_ih: Tensor, w_hh: Tensor, b_ih: Tensor | None = None, b_hh: Tensor | None = None
) -> Tensor:
    """The next hidden state of a GRU, of which ``hx`` is the present one (Cho et al., 2014).

    With the parts a₁, a₂, a₃ of input · w_ihᵀ + b_ih and r₁, r₂, r₃ of hx · w_hhᵀ + b_hh, it is n + z · (hx - n), where
    z = sigmoid(a₂ + r₂) and n = tanh(a₃ + sigmoid(a₁ + r₁) · r₃).

    Shapes (batch, features), (batch, size), (3 · size, features), (3 · size, size) and twice (3 · size,) give
    (batch, size). ValueError if the shapes do not fit together, TypeError if the dtypes differ.

    >>> tg.gru_cell(tg.tensor([[1.0]]), tg.tensor([[1.0]]), tg.zeros(3, 1), tg.zeros(3, 1))
    tensor([[0.5000]])
    """
    return recurrent_step("gru", input, (hx,), w_ih, w_hh, b_ih, b_hh)[0]


def recurrent_step(
    mode: str,
    input: Tensor,
    states: Sequence[Tensor],
    w_ih: Tensor,
    w_hh: Tensor,
    b_ih: Tensor | None,
    b_hh: Tensor | None,
) -> tuple[Tensor, ...]:
    """The next states of a layer of the kind ``mode``, a name in `CELLS`."""
    if input.ndim != 2:
        raise ValueError(f"{mode}_cell: needs an input (batch, features), not one of shape {input.shape}")
    weights, batch = _Weights(w_ih, w_hh, b_ih, b_hh, None), input.shape[:1]
    _check(f"{mode}_cell", CELLS[mode], input, batch, states, weights)
    return _run(mode, input, states, weights, batch)[1:]
