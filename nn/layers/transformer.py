"""Transformers: encoders and decoders made of attention and small networks (Vaswani et al., 2017).

Masks are those of `MultiheadAttention`: where they are True nobody may attend, or they are added to the scores. That
they are causal can be said beside them (``is_causal``): a hint, which changes no result if it is true.
"""

from __future__ import annotations

from collections.abc import Callable
from copy import deepcopy
from typing import Any

import tinygrad_scratch as tg
from tinygrad_scratch import Tensor
from tinygrad_scratch.engine import DType
from tinygrad_scratch.nn import functional as F
from tinygrad_scratch.nn import init
from tinygrad_scratch.nn.containers import ModuleList
from tinygrad_scratch.nn.layers.attention import MultiheadAttention
from tinygrad_scratch.nn.layers.dropout import Dropout
from tinygrad_scratch.nn.layers.linear import Linear
from tinygrad_scratch.nn.layers.normalization import LayerNorm
from tinygrad_scratch.nn.layers.sizes import check_sizes
from tinygrad_scratch.nn.module import Module

Activation = Callable[[Tensor], Tensor]

_ACTIVATIONS: dict[str, Activation] = {"relu": F.relu, "gelu": F.gelu}


class _TransformerLayer(Module):
    """The base of the layers of encoders and decoders: attention, then a network of two linear layers.

    Each of these parts adds to what it is given, and is normalized: with ``norm_first`` what goes in, otherwise what
    comes out. ``activation`` is "relu", "gelu" or a function.
    """

    _attends_to_memory: bool

    def __init__(
        self,
        d_model: int,
        nhead: int,
        dim_feedforward: int = 2048,
        dropout: float = 0.1,
        activation: str | Activation = F.relu,
        layer_norm_eps: float = 1e-5,
        batch_first: bool = False,
        norm_first: bool = False,
        bias: bool = True,
        device: Any = None,
        dtype: DType = None,
    ) -> None:
        super().__init__()
        if isinstance(activation, str) and activation not in _ACTIVATIONS:
            raise ValueError(f"{type(self).__name__}: activation is 'relu', 'gelu' or a function, not {activation!r}")

        def attention() -> MultiheadAttention:
            return MultiheadAttention(
                d_model, nhead, dropout, bias, batch_first=batch_first, device=device, dtype=dtype
            )

        def norm() -> LayerNorm:
            return LayerNorm(d_model, layer_norm_eps, bias=bias, device=device, dtype=dtype)

        self.self_attn = attention()
        if self._attends_to_memory:
            self.multihead_attn = attention()
        self.linear1 = Linear(d_model, dim_feedforward, bias, device, dtype)
        self.dropout = Dropout(dropout)
        self.linear2 = Linear(dim_feedforward, d_model, bias, device, dtype)
        self.norm_first = norm_first
        self.norm1, self.norm2 = norm(), norm()
        if self._attends_to_memory:
            self.norm3 = norm()
        self.dropout1, self.dropout2 = Dropout(dropout), Dropout(dropout)
        if self._attends_to_memory:
            self.dropout3 = Dropout(dropout)
        self.activation = _ACTIVATIONS[activation] if isinstance(activation, str) else activation

    def _added(self, x: Tensor, norm: Module, part: Callable[[Tensor], Tensor]) -> Tensor:
        """``x`` and what ``part`` makes of it, normalized."""
        return x + part(norm(x)) if self.norm_first else norm(x + part(x))

    def _network(self, x: Tensor) -> Tensor:
        return self.linear2(self.dropout(self.activation(self.linear1(x))))


class TransformerEncoderLayer(_TransformerLayer):
    """Attention to oneself, then a network: (L, N, d_model) to the same, or with N in front, or without N.

    Each adds to what it is given, and is normalized: with ``norm_first`` what goes in, otherwise what comes out.
    ``activation`` is "relu", "gelu" or a function.

    >>> TransformerEncoderLayer(8, nhead=2, batch_first=True)(tg.ones(4, 3, 8)).shape
    (4, 3, 8)
    """

    _attends_to_memory = False

    def forward(
        self,
        src: Tensor,
        src_mask: Tensor | None = None,
        src_key_padding_mask: Tensor | None = None,
        is_causal: bool = False,
    ) -> Tensor:
        def attention(x: Tensor) -> Tensor:
            return self.dropout1(self.self_attn(x, x, x, src_key_padding_mask, False, src_mask, True, is_causal)[0])

        x = self._added(src, self.norm1, attention)
        return self._added(x, self.norm2, lambda x: self.dropout2(self._network(x)))


class TransformerDecoderLayer(_TransformerLayer):
    """Attention to oneself, then to ``memory``, what an encoder made, then a network: (L, N, d_model) to the same.

    N may be in front, or missing. Each part adds to what it is given, and is normalized: with ``norm_first`` what goes
    in, otherwise what comes out. ``activation`` is "relu", "gelu" or a function.

    >>> TransformerDecoderLayer(8, nhead=2, batch_first=True)(tg.ones(4, 3, 8), tg.ones(4, 5, 8)).shape
    (4, 3, 8)
    """

    _attends_to_memory = True

    def forward(
        self,
        tgt: Tensor,
        memory: Tensor,
        tgt_mask: Tensor | None = None,
        memory_mask: Tensor | None = None,
        tgt_key_padding_mask: Tensor | None = None,
        memory_key_padding_mask: Tensor | None = None,
        tgt_is_causal: bool = False,
        memory_is_causal: bool = False,
    ) -> Tensor:
        def attention(x: Tensor) -> Tensor:
            return self.dropout1(self.self_attn(x, x, x, tgt_key_padding_mask, False, tgt_mask, True, tgt_is_causal)[0])

        def attention_to_memory(x: Tensor) -> Tensor:
            masks = (memory_key_padding_mask, False, memory_mask, True, memory_is_causal)
            return self.dropout2(self.multihead_attn(x, memory, memory, *masks)[0])

        x = self._added(tgt, self.norm1, attention)
        x = self._added(x, self.norm2, attention_to_memory)
        return self._added(x, self.norm3, lambda x: self.dropout3(self._network(x)))


class TransformerEncoder(Module):
    """``num_layers`` copies of ``encoder_layer``, one after another, and ``norm``, if there is one, at the end.

    ``enable_nested_tensor`` and ``mask_check`` are about what PyTorch does to be fast, and change nothing here.

    >>> encoder = TransformerEncoder(TransformerEncoderLayer(8, nhead=2), num_layers=3)
    >>> encoder(tg.ones(5, 4, 8)).shape
    (5, 4, 8)
    """

    def __init__(
        self,
        encoder_layer: Module,
        num_layers: int,
        norm: Module | None = None,
        enable_nested_tensor: bool = True,
        mask_check: bool = True,
    ) -> None:
        super().__init__()
        self.layers = _copies(encoder_layer, num_layers, "TransformerEncoder")
        self.num_layers = num_layers
        self.norm = norm
        self.enable_nested_tensor = enable_nested_tensor
        self.mask_check = mask_check

    def forward(
        self,
        src: Tensor,
        mask: Tensor | None = None,
        src_key_padding_mask: Tensor | None = None,
        is_causal: bool | None = None,
    ) -> Tensor:
        for layer in self.layers:
            src = layer(src, src_mask=mask, is_causal=bool(is_causal), src_key_padding_mask=src_key_padding_mask)
        return src if self.norm is None else self.norm(src)


class TransformerDecoder(Module):
    """``num_layers`` copies of ``decoder_layer``, one after another, and ``norm``, if there is one, at the end.

    >>> decoder = TransformerDecoder(TransformerDecoderLayer(8, nhead=2), num_layers=3)
    >>> decoder(tg.ones(3, 4, 8), tg.ones(5, 4, 8)).shape
    (3, 4, 8)
    """

    def __init__(self, decoder_layer: Module, num_layers: int, norm: Module | None = None) -> None:
        super().__init__()
        self.layers = _copies(decoder_layer, num_layers, "TransformerDecoder")
        self.num_layers = num_layers
        self.norm = norm

    def forward(
        self,
        tgt: Tensor,
        memory: Tensor,
        tgt_mask: Tensor | None = None,
        memory_mask: Tensor | None = None,
        tgt_key_padding_mask: Tensor | None = None,
        memory_key_padding_mask: Tensor | None = None,
        tgt_is_causal: bool | None = None,
        memory_is_causal: bool = False,
    ) -> Tensor:
        for layer in self.layers:
            tgt = layer(
                tgt,
                memory,
                tgt_mask=tgt_mask,
                memory_mask=memory_mask,
                tgt_key_padding_mask=tgt_key_padding_mask,
                memory_key_padding_mask=memory_key_padding_mask,
                tgt_is_causal=bool(tgt_is_causal),
                memory_is_causal=memory_is_causal,
            )
        return tgt if self.norm is None else self.norm(tgt)


class Transformer(Module):
    """An encoder of a source (S, N, d_model), and a decoder of a target (T, N, d_model) that attends to what it made.

    N may be in front (``batch_first``), or missing. ``custom_encoder`` and ``custom_decoder`` take the places of those
    made here. All matrices start uniform after Glorot. ValueError if source and target do not fit.

    >>> model = Transformer(8, nhead=2, num_encoder_layers=1, num_decoder_layers=1, dim_feedforward=16)
    >>> model(tg.ones(5, 4, 8), tg.ones(3, 4, 8), tgt_mask=model.generate_square_subsequent_mask(3)).shape
    (3, 4, 8)
    """

    def __init__(
        self,
        d_model: int = 512,
        nhead: int = 8,
        num_encoder_layers: int = 6,
        num_decoder_layers: int = 6,
        dim_feedforward: int = 2048,
        dropout: float = 0.1,
        activation: str | Activation = F.relu,
        custom_encoder: Module | None = None,
        custom_decoder: Module | None = None,
        layer_norm_eps: float = 1e-5,
        batch_first: bool = False,
        norm_first: bool = False,
        bias: bool = True,
        device: Any = None,
        dtype: DType = None,
    ) -> None:
        super().__init__()
        self.d_model = d_model
        self.nhead = nhead
        self.batch_first = batch_first
        sizes = (d_model, nhead, dim_feedforward)
        options = (*sizes, dropout, activation, layer_norm_eps, batch_first, norm_first, bias, device, dtype)

        def norm() -> LayerNorm:
            return LayerNorm(d_model, layer_norm_eps, bias=bias, device=device, dtype=dtype)

        if custom_encoder is None:
            custom_encoder = TransformerEncoder(TransformerEncoderLayer(*options), num_encoder_layers, norm())
        if custom_decoder is None:
            custom_decoder = TransformerDecoder(TransformerDecoderLayer(*options), num_decoder_layers, norm())
        self.encoder = custom_encoder
        self.decoder = custom_decoder
        self.reset_parameters()

    def reset_parameters(self) -> None:
        """Draw all matrices anew."""
        for parameter in self.parameters():
            if parameter.ndim > 1:
                init.xavier_uniform_(parameter)

    @staticmethod
    def generate_square_subsequent_mask(sz: int, device: Any = None, dtype: DType = None) -> Tensor:
        """A mask (sz, sz) to be added, with which each may attend to itself and to what is before it.

        >>> Transformer.generate_square_subsequent_mask(2)
        tensor([[  0., -inf],
                [  0.,   0.]])
        """
        return tg.full((sz, sz), float("-inf"), device=device, dtype=dtype).triu(1)

    def forward(
        self,
        src: Tensor,
        tgt: Tensor,
        src_mask: Tensor | None = None,
        tgt_mask: Tensor | None = None,
        memory_mask: Tensor | None = None,
        src_key_padding_mask: Tensor | None = None,
        tgt_key_padding_mask: Tensor | None = None,
        memory_key_padding_mask: Tensor | None = None,
        src_is_causal: bool | None = None,
        tgt_is_causal: bool | None = None,
        memory_is_causal: bool = False,
    ) -> Tensor:
        self._check(src, tgt)
        memory = self.encoder(src, mask=src_mask, src_key_padding_mask=src_key_padding_mask, is_causal=src_is_causal)
        return self.decoder(  # type: ignore[no-any-return]
            tgt,
            memory,
            tgt_mask=tgt_mask,
            memory_mask=memory_mask,
            tgt_key_padding_mask=tgt_key_padding_mask,
            memory_key_padding_mask=memory_key_padding_mask,
            tgt_is_causal=tgt_is_causal,
            memory_is_causal=memory_is_causal,
        )

    def _check(self, src: Tensor, tgt: Tensor) -> None:
        batch = 0 if self.batch_first else 1
        is_batched = src.ndim == 3
        if src.ndim not in (2, 3) or src.ndim != tgt.ndim or (is_batched and src.shape[batch] != tgt.shape[batch]):
            layout = (
                "(N, S, d_model) and (N, T, d_model)" if self.batch_first else "(S, N, d_model) and (T, N, d_model)"
            )
            raise ValueError(
                f"Transformer: source and target must have shapes {layout}, or both none of N, not {src.shape} and "
                f"{tgt.shape}"
            )
        if src.shape[-1] != self.d_model or tgt.shape[-1] != self.d_model:
            raise ValueError(
                f"Transformer: the last dimension of source and target must be d_model, {self.d_model}, not that of "
                f"{src.shape} and {tgt.shape}"
            )


def _copies(layer: Module, count: int, name: str) -> ModuleList:
    check_sizes(name, num_layers=count)
    return ModuleList(deepcopy(layer) for _ in range(count))
