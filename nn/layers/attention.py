"""`MultiheadAttention`: what the layers of a Transformer exchange values by."""

from __future__ import annotations

from typing import Any

import tinygrad_scratch as tg
from tinygrad_scratch import Tensor
from tinygrad_scratch.engine import DType, check_probability
from tinygrad_scratch.nn import functional as F
from tinygrad_scratch.nn import init
from tinygrad_scratch.nn.layers.linear import Linear
from tinygrad_scratch.nn.layers.sizes import check_sizes
from tinygrad_scratch.nn.module import Module
from tinygrad_scratch.nn.parameter import Parameter


class MultiheadAttention(Module):
    """For each query a mean of values, weighted by how well their keys fit, in ``num_heads`` parts of ``embed_dim``.

    Called with a query (L, N, embed_dim), key (S, N, kdim) and value (S, N, vdim), all with N in front if
    ``batch_first``, or without N. What it returns, and the masks that it takes, are those of
    `nn.functional.multi_head_attention_forward`.

    ``in_proj_weight`` (3 embed_dim, embed_dim) or, if keys or values have another length, ``q_proj_weight``,
    ``k_proj_weight`` and ``v_proj_weight`` start uniform after Glorot; ``bias_k`` and ``bias_v`` (1, 1, embed_dim),
    which are there with ``add_bias_kv``, normal after him; ``in_proj_bias`` (3 embed_dim,) and that of ``out_proj``
    start as zeros. ``dropout`` is the probability with which a weight is dropped in training.

    ValueError if ``embed_dim`` cannot be divided among the heads.

    >>> attention, x = MultiheadAttention(4, 2, batch_first=True), tg.ones(2, 3, 4)
    >>> result, weights = attention(x, x, x)
    >>> result.shape, weights.shape
    ((2, 3, 4), (2, 3, 3))
    """

    def __init__(
        self,
        embed_dim: int,
        num_heads: int,
        dropout: float = 0.0,
        bias: bool = True,
        add_bias_kv: bool = False,
        add_zero_attn: bool = False,
        kdim: int | None = None,
        vdim: int | None = None,
        batch_first: bool = False,
        device: Any = None,
        dtype: DType = None,
    ) -> None:
        super().__init__()
        check_sizes("MultiheadAttention", 1, embed_dim=embed_dim, num_heads=num_heads)
        check_probability(dropout, "MultiheadAttention")
        if embed_dim % num_heads:
            raise ValueError(
                f"MultiheadAttention: embed_dim {embed_dim} cannot be divided among {num_heads} heads; "
                "it must be a multiple of num_heads"
            )
        self.embed_dim = embed_dim
        self.kdim = embed_dim if kdim is None else kdim
        self.vdim = embed_dim if vdim is None else vdim
        self.num_heads = num_heads
        self.head_dim = embed_dim // num_heads
        self.dropout = dropout
        self.batch_first = batch_first
        self.add_zero_attn = add_zero_attn

        def parameter(*shape: int) -> Parameter:
            return Parameter(tg.empty(shape, device=device, dtype=dtype))

        is_packed = self.kdim == self.vdim == embed_dim
        self.in_proj_weight = parameter(3 * embed_dim, embed_dim) if is_packed else None
        self.q_proj_weight = None if is_packed else parameter(embed_dim, embed_dim)
        self.k_proj_weight = None if is_packed else parameter(embed_dim, self.kdim)
        self.v_proj_weight = None if is_packed else parameter(embed_dim, self.vdim)
        self.in_proj_bias = parameter(3 * embed_dim) if bias else None
        self.out_proj = Linear(embed_dim, embed_dim, bias, device, dtype)
        self.bias_k = parameter(1, 1, embed_dim) if add_bias_kv else None
        self.bias_v = parameter(1, 1, embed_dim) if add_bias_kv else None
        self.reset_parameters()

    def reset_parameters(self) -> None:
        """Draw the weights anew, and make the biases zeros; the weight of ``out_proj`` stays."""
        for weight in (self.in_proj_weight, self.q_proj_weight, self.k_proj_weight, self.v_proj_weight):
            if weight is not None:
                init.xavier_uniform_(weight)
        for bias in (self.in_proj_bias, self.out_proj.bias):
            if bias is not None:
                init.zeros_(bias)
        for bias in (self.bias_k, self.bias_v):
            if bias is not None:
                init.xavier_normal_(bias)

    def forward(
        self,
        query: Tensor,
        key: Tensor,
        value: Tensor,
        key_padding_mask: Tensor | None = None,
        need_weights: bool = True,
        attn_mask: Tensor | None = None,
        average_attn_weights: bool = True,
        is_causal: bool = False,
    ) -> tuple[Tensor, Tensor | None]:
        is_batch_first = self.batch_first and query.ndim == 3
        if is_batch_first:
            # What is given as one stays one: it is then mapped at once.
            turned = {id(x): x.transpose(0, 1) for x in (query, key, value) if x.ndim == 3}
            query, key, value = (turned.get(id(x), x) for x in (query, key, value))
        result, weights = F.multi_head_attention_forward(
            query,
            key,
            value,
            self.embed_dim,
            self.num_heads,
            self.in_proj_weight,
            self.in_proj_bias,
            self.bias_k,
            self.bias_v,
            self.add_zero_attn,
            self.dropout,
            self.out_proj.weight,
            self.out_proj.bias,
            training=self.training,
            key_padding_mask=key_padding_mask,
            need_weights=need_weights,
            attn_mask=attn_mask,
            use_separate_proj_weight=self.in_proj_weight is None,
            q_proj_weight=self.q_proj_weight,
            k_proj_weight=self.k_proj_weight,
            v_proj_weight=self.v_proj_weight,
            average_attn_weights=average_attn_weights,
            is_causal=is_causal,
        )
        return result.transpose(0, 1) if is_batch_first else result, weights
