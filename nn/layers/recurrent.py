"""Recurrent layers, and their cells."""

from __future__ import annotations

import warnings
from collections.abc import Sequence
from typing import Any

import tinygrad_scratch as tg
from tinygrad_scratch import Tensor
from tinygrad_scratch.engine import CELLS, DType, check_probability, recurrent_layers, recurrent_step
from tinygrad_scratch.nn import init
from tinygrad_scratch.nn.layers.sizes import check_sizes
from tinygrad_scratch.nn.module import Module
from tinygrad_scratch.nn.parameter import Parameter
from tinygrad_scratch.nn.utils.rnn import PackedSequence


class _Drawn(Module):
    """The base of modules whose parameters all start uniform within ±1/√hidden_size."""

    hidden_size: int

    def reset_parameters(self) -> None:
        """Draw all parameters anew."""
        bound = 1 / self.hidden_size**0.5 if self.hidden_size else 0.0
        for parameter in self.parameters():
            init.uniform_(parameter, -bound, bound)


class _Recurrent(_Drawn):
    """The base of recurrent layers of the kind ``mode``: "RNN_TANH", "RNN_RELU", "LSTM" or "GRU"."""

    def __init__(
        self,
        mode: str,
        input_size: int,
        hidden_size: int,
        num_layers: int,
        bias: bool,
        batch_first: bool,
        dropout: float,
        bidirectional: bool,
        proj_size: int,
        device: Any,
        dtype: DType,
    ) -> None:
        super().__init__()
        name = type(self).__name__
        check_sizes(name, 1, input_size=input_size, hidden_size=hidden_size, num_layers=num_layers)
        check_sizes(name, proj_size=proj_size)
        check_probability(dropout, name)
        if proj_size >= hidden_size:
            raise ValueError(f"{name}: proj_size must be smaller than hidden_size, {hidden_size}, not {proj_size}")
        if dropout and num_layers == 1:
            warnings.warn(
                f"{name}: dropout is applied between layers, so that dropout={dropout} does nothing to a single one",
                stacklevel=3,
            )
        self.mode = mode
        self.input_size = input_size
        self.hidden_size = hidden_size
        self.num_layers = num_layers
        self.bias = bias
        self.batch_first = batch_first
        self.dropout = float(dropout)
        self.bidirectional = bidirectional
        self.proj_size = proj_size
        gates, directions = CELLS[mode.lower()].gates * hidden_size, 2 if bidirectional else 1
        width = proj_size or hidden_size
        for k, names in enumerate(self._names()):
            features = input_size if k < directions else width * directions
            sizes = [(gates, features), (gates, width), *[(gates,)] * (2 * bias), (proj_size, hidden_size)]
            for parameter, size in zip(names, sizes, strict=False):
                setattr(self, parameter, Parameter(tg.empty(size, device=device, dtype=dtype)))
        self.reset_parameters()

    def _names(self) -> list[list[str]]:
        """The names of the parameters of each layer, of each in one direction after the other."""
        kinds = ["weight_ih", "weight_hh"]
        kinds += ["bias_ih", "bias_hh"] if self.bias else []
        kinds += ["weight_hr"] if self.proj_size else []
        ends = ["", "_reverse"] if self.bidirectional else [""]
        return [[f"{kind}_l{layer}{end}" for kind in kinds] for layer in range(self.num_layers) for end in ends]

    @property
    def all_weights(self) -> list[list[Parameter]]:
        """The parameters of each layer, of each in one direction after the other."""
        return [[getattr(self, name) for name in names] for names in self._names()]

    def flatten_parameters(self) -> None:
        """Nothing to do: here the parameters need no common memory."""

    def _run(self, input: Any, states: Sequence[Tensor] | None) -> tuple[Any, list[Tensor]]:
        """The output, packed if the input is, and the last states."""
        if isinstance(input, PackedSequence):
            data, batch_sizes, sorted_indices, unsorted_indices = input
            output, last = self._run_packed(data, batch_sizes.tolist(), _in_order(states, sorted_indices))
            return input._replace(data=output), _in_order(last, unsorted_indices)
        if input.ndim == 2:
            dim = 0 if self.batch_first else 1
            states = states and [state.unsqueeze(1) for state in states]
            output, last = self._run(input.unsqueeze(dim), states)
            return output.squeeze(dim), [state.squeeze(1) for state in last]
        x = input.transpose(0, 1) if self.batch_first else input
        if x.ndim != 3 or not len(x):
            order = "(batch, steps, features)" if self.batch_first else "(steps, batch, features)"
            raise ValueError(
                f"{type(self).__name__}: needs an input {order} or (steps, features), of at least one step, not one of "
                f"shape {input.shape}"
            )
        steps, batch, features = x.shape
        output, last = self._run_packed(x.reshape(steps * batch, features), [batch] * steps, states)
        output = output.reshape(steps, batch, output.shape[1])
        return output.transpose(0, 1) if self.batch_first else output, last

    def _run_packed(
        self, data: Tensor, batch_sizes: Sequence[int], states: Sequence[Tensor] | None
    ) -> tuple[Tensor, list[Tensor]]:
        if states is None:
            widths = [self.proj_size or self.hidden_size, *[self.hidden_size] * (self.mode == "LSTM")]
            count = self.num_layers * (2 if self.bidirectional else 1)
            states = [tg.zeros(count, batch_sizes[0], width, dtype=data.dtype) for width in widths]
        output, *last = recurrent_layers(
            self.mode.lower(),
            data,
            batch_sizes,
            states,
            [parameter for layer in self.all_weights for parameter in layer],
            self.bias,
            self.num_layers,
            self.dropout,
            self.training,
            self.bidirectional,
        )
        return output, last

    def extra_repr(self) -> str:
        defaults = {
            "proj_size": 0,
            "num_layers": 1,
            "bias": True,
            "batch_first": False,
            "dropout": 0,
            "bidirectional": False,
        }
        chosen = [f", {name}={getattr(self, name)}" for name in defaults if getattr(self, name) != defaults[name]]
        return f"{self.input_size}, {self.hidden_size}" + "".join(chosen)


def _in_order(states: Sequence[Tensor] | None, indices: Tensor | None) -> Any:
    """The states of a batch, with the sequences in the order of ``indices``."""
    return states if states is None or indices is None else [state.index_select(1, indices) for state in states]


class RNN(_Recurrent):
    """Layers of h' = tanh(x · weight_ihᵀ + bias_ih + h · weight_hhᵀ + bias_hh) over sequences (Elman, 1990).

    The input x has shape (steps, batch, input_size), (batch, steps, input_size) if ``batch_first``, (steps, input_size)
    for a single sequence, or is a `nn.utils.rnn.PackedSequence`; the results are the hidden states of the last layer
    after each step, as the input but of ``hidden_size``, and those of all layers after the last step, of shape
    (num_layers · directions, batch, hidden_size), in which also the first ones can be given: zeros by default.

    ``nonlinearity`` "relu" takes the place of tanh. Of ``num_layers`` each takes the output of the one before, in
    training with ``dropout``. If ``bidirectional``, each layer also runs from the last step to the first, and its
    output is both side by side. The parameters, such as ``weight_ih_l0`` and ``weight_ih_l0_reverse``, start uniform
    within ±1/√hidden_size.

    ValueError if sizes do not fit together, TypeError if dtypes differ.

    >>> output, h = RNN(3, 2)(tg.ones(5, 1, 3))
    >>> output.shape, h.shape
    ((5, 1, 2), (1, 1, 2))
    """

    def __init__(
        self,
        input_size: int,
        hidden_size: int,
        num_layers: int = 1,
        nonlinearity: str = "tanh",
        bias: bool = True,
        batch_first: bool = False,
        dropout: float = 0.0,
        bidirectional: bool = False,
        device: Any = None,
        dtype: DType = None,
    ) -> None:
        _check_nonlinearity(nonlinearity, "RNN")
        options = (num_layers, bias, batch_first, dropout, bidirectional, 0, device, dtype)
        super().__init__(f"RNN_{nonlinearity.upper()}", input_size, hidden_size, *options)
        self.nonlinearity = nonlinearity

    def forward(self, input: Any, hx: Tensor | None = None) -> tuple[Any, Tensor]:
        output, (h,) = self._run(input, _states(hx, self))
        return output, h


class LSTM(_Recurrent):
    """Layers of long short-term memory over sequences (Hochreiter and Schmidhuber, 1997; Gers et al., 2000).

    With the sigmoids i, f, o and the tanh g of the parts of x · weight_ihᵀ + bias_ih + h · weight_hhᵀ + bias_hh in the
    order i, f, g, o, a step leads from the cell state c to f · c + i · g, and to the hidden state o · tanh(c); with
    ``proj_size``, that times weight_hrᵀ. Input, results and options are those of `RNN`, but the states are two: the
    hidden state, of size ``proj_size`` if that is not 0, and the cell state.

    >>> output, (h, c) = LSTM(3, 2, batch_first=True)(tg.ones(1, 5, 3))
    >>> output.shape, h.shape, c.shape
    ((1, 5, 2), (1, 1, 2), (1, 1, 2))
    """

    def __init__(
        self,
        input_size: int,
        hidden_size: int,
        num_layers: int = 1,
        bias: bool = True,
        batch_first: bool = False,
        dropout: float = 0.0,
        bidirectional: bool = False,
        proj_size: int = 0,
        device: Any = None,
        dtype: DType = None,
    ) -> None:
        options = (num_layers, bias, batch_first, dropout, bidirectional, proj_size, device, dtype)
        super().__init__("LSTM", input_size, hidden_size, *options)

    def forward(self, input: Any, hx: tuple[Tensor, Tensor] | None = None) -> tuple[Any, tuple[Tensor, Tensor]]:
        output, (h, c) = self._run(input, _states(hx, self, 2))
        return output, (h, c)


class GRU(_Recurrent):
    """Layers of gated recurrent units over sequences (Cho et al., 2014).

    With the parts a₁, a₂, a₃ of x · weight_ihᵀ + bias_ih and r₁, r₂, r₃ of h · weight_hhᵀ + bias_hh, a step leads from
    the hidden state h to n + z · (h - n), where z = sigmoid(a₂ + r₂) and n = tanh(a₃ + sigmoid(a₁ + r₁) · r₃). Input,
    results and options are those of `RNN`.

    >>> output, h = GRU(3, 2, bidirectional=True)(tg.ones(5, 1, 3))
    >>> output.shape, h.shape
    ((5, 1, 4), (2, 1, 2))
    """

    def __init__(
        self,
        input_size: int,
        hidden_size: int,
        num_layers: int = 1,
        bias: bool = True,
        batch_first: bool = False,
        dropout: float = 0.0,
        bidirectional: bool = False,
        device: Any = None,
        dtype: DType = None,
    ) -> None:
        options = (num_layers, bias, batch_first, dropout, bidirectional, 0, device, dtype)
        super().__init__("GRU", input_size, hidden_size, *options)

    def forward(self, input: Any, hx: Tensor | None = None) -> tuple[Any, Tensor]:
        output, (h,) = self._run(input, _states(hx, self))
        return output, h


class _RecurrentCell(_Drawn):
    """The base of single steps of recurrent layers."""

    def __init__(self, mode: str, input_size: int, hidden_size: int, bias: bool, device: Any, dtype: DType) -> None:
        super().__init__()
        check_sizes(type(self).__name__, input_size=input_size, hidden_size=hidden_size)
        self._mode = mode
        self.input_size = input_size
        self.hidden_size = hidden_size
        self.bias = bias
        gates = CELLS[mode].gates * hidden_size
        self.weight_ih = Parameter(tg.empty(gates, input_size, device=device, dtype=dtype))
        self.weight_hh = Parameter(tg.empty(gates, hidden_size, device=device, dtype=dtype))
        self.bias_ih = Parameter(tg.empty(gates, device=device, dtype=dtype)) if bias else None
        self.bias_hh = Parameter(tg.empty(gates, device=device, dtype=dtype)) if bias else None
        self.reset_parameters()

    def _step(self, input: Tensor, states: Sequence[Tensor] | None) -> list[Tensor]:
        """The next states."""
        if input.ndim == 1:
            states = states and [state.unsqueeze(0) for state in states]
            return [state.squeeze(0) for state in self._step(input.unsqueeze(0), states)]
        if states is None:
            zeros = tg.zeros(*input.shape[:-1], self.hidden_size, dtype=input.dtype)
            states = [zeros, zeros] if self._mode == "lstm" else [zeros]
        weights = (self.weight_ih, self.weight_hh, self.bias_ih, self.bias_hh)
        return list(recurrent_step(self._mode, input, states, *weights))

    def extra_repr(self) -> str:
        return f"{self.input_size}, {self.hidden_size}" + (f", bias={self.bias}" if not self.bias else "")


class RNNCell(_RecurrentCell):
    """One step of an `RNN`: shapes (batch, input_size) and (batch, hidden_size) give (batch, hidden_size).

    Both may be without the batch; without a hidden state it is zeros. The parameters start as those of `RNN`.

    >>> RNNCell(3, 2)(tg.ones(4, 3)).shape
    (4, 2)
    """

    def __init__(
        self,
        input_size: int,
        hidden_size: int,
        bias: bool = True,
        nonlinearity: str = "tanh",
        device: Any = None,
        dtype: DType = None,
    ) -> None:
        _check_nonlinearity(nonlinearity, "RNNCell")
        super().__init__(f"rnn_{nonlinearity}", input_size, hidden_size, bias, device, dtype)
        self.nonlinearity = nonlinearity

    def forward(self, input: Tensor, hx: Tensor | None = None) -> Tensor:
        (h,) = self._step(input, _states(hx, self))
        return h

    def extra_repr(self) -> str:
        shown = "" if self.nonlinearity == "tanh" else f", nonlinearity={self.nonlinearity}"
        return super().extra_repr() + shown


class LSTMCell(_RecurrentCell):
    """One step of an `LSTM`: from the input (batch, input_size) and both states (batch, hidden_size) to both states.

    All may be without the batch; without states these are zeros. The parameters start as those of `RNN`.

    >>> h, c = LSTMCell(3, 2)(tg.ones(4, 3))
    >>> h.shape, c.shape
    ((4, 2), (4, 2))
    """

    def __init__(
        self, input_size: int, hidden_size: int, bias: bool = True, device: Any = None, dtype: DType = None
    ) -> None:
        super().__init__("lstm", input_size, hidden_size, bias, device, dtype)

    def forward(self, input: Tensor, hx: tuple[Tensor, Tensor] | None = None) -> tuple[Tensor, Tensor]:
        h, c = self._step(input, _states(hx, self, 2))
        return h, c


class GRUCell(_RecurrentCell):
    """One step of a `GRU`: shapes (batch, input_size) and (batch, hidden_size) give (batch, hidden_size).

    Both may be without the batch; without a hidden state it is zeros. The parameters start as those of `RNN`.

    >>> GRUCell(3, 2)(tg.ones(4, 3)).shape
    (4, 2)
    """

    def __init__(
        self, input_size: int, hidden_size: int, bias: bool = True, device: Any = None, dtype: DType = None
    ) -> None:
        super().__init__("gru", input_size, hidden_size, bias, device, dtype)

    def forward(self, input: Tensor, hx: Tensor | None = None) -> Tensor:
        (h,) = self._step(input, _states(hx, self))
        return h


def _check_nonlinearity(nonlinearity: str, layer: str) -> None:
    if nonlinearity not in ("tanh", "relu"):
        raise ValueError(f"{layer}: nonlinearity must be 'tanh' or 'relu', not {nonlinearity!r}")


def _states(hx: Any, layer: Module, count: int = 1) -> list[Tensor] | None:
    """The states in ``hx``; TypeError unless it is None, a tensor or, for two states, a pair of tensors."""
    states = [hx] if count == 1 else list(hx) if isinstance(hx, tuple | list) else []
    if hx is not None and (len(states) != count or not all(isinstance(state, Tensor) for state in states)):
        wanted = "a tensor, the hidden state" if count == 1 else "a pair of tensors, the hidden and the cell state"
        raise TypeError(f"{type(layer).__name__}: hx must be {wanted}, not {type(hx).__name__}")
    return None if hx is None else states
