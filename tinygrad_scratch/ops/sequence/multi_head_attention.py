"""Attention of several heads: each attends to linear maps, of its own, of what all are given (Vaswani et al., 2017)."""

from __future__ import annotations

from collections.abc import Sequence
from functools import reduce
from operator import add, or_

import numpy as np

from tinygrad_scratch.ops.checks import check_probability, check_shape
from tinygrad_scratch.ops.create.creation import zeros
from tinygrad_scratch.ops.linalg.products import linear
from tinygrad_scratch.ops.math.arithmetic import where
from tinygrad_scratch.ops.sequence.attention import attend, check_mask_dtype, check_one_dtype
from tinygrad_scratch.ops.shape.joining import cat
from tinygrad_scratch.ops.shape.padding import pad
from tinygrad_scratch.record.operation import public
from tinygrad_scratch.record.tensor import Tensor

_NAME = "multi_head_attention_forward"


@public(is_method=False)
def multi_head_attention_forward(
    query: Tensor,
    key: Tensor,
    value: Tensor,
    embed_dim_to_check: int,
    num_heads: int,
    in_proj_weight: Tensor | None,
    in_proj_bias: Tensor | None,
    bias_k: Tensor | None,
    bias_v: Tensor | None,
    add_zero_attn: bool,
    dropout_p: float,
    out_proj_weight: Tensor,
    out_proj_bias: Tensor | None,
    training: bool = True,
    key_padding_mask: Tensor | None = None,
    need_weights: bool = True,
    attn_mask: Tensor | None = None,
    use_separate_proj_weight: bool = False,
    q_proj_weight: Tensor | None = None,
    k_proj_weight: Tensor | None = None,
    v_proj_weight: Tensor | None = None,
    static_k: Tensor | None = None,
    static_v: Tensor | None = None,
    average_attn_weights: bool = True,
    is_causal: bool = False,
) -> tuple[Tensor, Tensor | None]:
    """What `nn.MultiheadAttention` computes, for a query (L, N, E), key (S, N, K) and value (S, N, V), or without N.

    ``in_proj_weight`` (3 E, E) maps all three, or with ``use_separate_proj_weight`` each has its own: (E, E), (E, K)
    and (E, V); ``in_proj_bias`` (3 E,) is added. ``bias_k`` and ``bias_v`` (1, 1, E) are another key and value, and
    ``add_zero_attn`` adds one of zeros; ``static_k`` and ``static_v`` (N · heads, S, E / heads) stand for those mapped.

    ``key_padding_mask`` (N, S), or (S,) without N, and ``attn_mask`` (L, S) or (N · heads, L, S) say which keys a query
    may not attend to (bool), or are added to the scores. ``is_causal`` says that ``attn_mask`` is causal: it need not
    be read. A query that may attend to no key gets zeros.

    Returns the result, in the shape of the query, and the weights or, unless ``need_weights``, None: (N, L, S) or
    (L, S), the mean over the heads, which without ``average_attn_weights`` are the dimension before these two.

    ValueError if shapes do not fit, TypeError if dtypes do not.

    >>> x, weight = tg.tensor([[1.0, 0.0], [0.0, 1.0]]), tg.eye(2)
    >>> tg.multi_head_attention_forward(
    ...     x, x, x, 2, 1, weight.tile(3, 1), None, None, None, False, 0.0, weight, None, need_weights=False
    ... )[0]
    tensor([[0.6698, 0.3302],
            [0.3302, 0.6698]])
    """
    check_probability(dropout_p, _NAME)
    check_one_dtype(query, key, value, _NAME)
    _check_sequences(query, key, value, embed_dim_to_check, num_heads)
    own_weights = (q_proj_weight, k_proj_weight, v_proj_weight) if use_separate_proj_weight else None
    batch = query.shape[1] if query.ndim == 3 else 1
    q, k, v = (
        _heads(sequence, batch, num_heads)
        for sequence in _mapped(query, key, value, in_proj_weight, own_weights, in_proj_bias)
    )
    k = k if static_k is None else _static(static_k, "static_k", q)
    v = v if static_v is None else _static(static_v, "static_v", q)
    masks = _masks(attn_mask, key_padding_mask, q, k, query)
    if is_causal and attn_mask is None:
        raise ValueError(f"{_NAME}: is_causal says what attn_mask is, which must be given too")
    is_causal = is_causal and key_padding_mask is None and not need_weights
    mask = _merged(masks) if masks and not is_causal else None
    if bias_k is not None and not static_k is static_v is None:
        raise ValueError(f"{_NAME}: takes bias_k and bias_v or static_k and static_v, not both")
    for more_k, more_v in _additions(bias_k, bias_v, add_zero_attn, q):
        k, v = cat([k, more_k], 2), cat([v, more_v], 2)
        if mask is not None:
            mask = pad(mask, (0, 1), value=mask.dtype == bool)  # nothing is added there, or one may attend
    result, weights = attend(q, k, v, mask, dropout_p if training else 0.0, is_causal)
    result = linear(result.permute(2, 0, 1, 3).reshape(query.shape), out_proj_weight, out_proj_bias)
    if not need_weights:
        return result, None
    weights = weights.mean(1) if average_attn_weights else weights
    return result, weights if query.ndim == 3 else weights[0]


def _check_sequences(query: Tensor, key: Tensor, value: Tensor, embed_dim: int, num_heads: int) -> None:
    is_alike = query.ndim == key.ndim == value.ndim and query.shape[1:-1] == key.shape[1:-1]
    if query.ndim not in (2, 3) or not is_alike or key.shape[:-1] != value.shape[:-1]:
        raise ValueError(
            f"{_NAME}: needs a query (L, N, E), key (S, N, K) and value (S, N, V), or all without N, not shapes "
            f"{query.shape}, {key.shape} and {value.shape}"
        )
    if query.shape[-1] != embed_dim:
        raise ValueError(f"{_NAME}: the last dimension of the query must be {embed_dim}, not {query.shape[-1]}")
    if num_heads < 1 or embed_dim % num_heads:
        raise ValueError(f"{_NAME}: {embed_dim} values cannot be divided among {num_heads} heads")


def _mapped(
    query: Tensor,
    key: Tensor,
    value: Tensor,
    weight: Tensor | None,
    own_weights: tuple[Tensor | None, ...] | None,
    bias: Tensor | None,
) -> Sequence[Tensor]:
    """The three sequences, each mapped to the length of the query's vectors."""
    size = query.shape[-1]
    if bias is not None:
        check_shape(bias, (3 * size,), "in_proj_bias", _NAME)
    sequences = {"q": query, "k": key, "v": value}
    if own_weights is not None:
        weights: Sequence[Tensor] = [
            _checked_weight(own, (size, sequence.shape[-1]), f"{which}_proj_weight")
            for (which, sequence), own in zip(sequences.items(), own_weights, strict=True)
        ]
    else:
        weight = _checked_weight(weight, (3 * size, size), "in_proj_weight")
        if key.shape[-1] != size or value.shape[-1] != size:
            raise ValueError(
                f"{_NAME}: with in_proj_weight, keys and values must be as long as the query's vectors, {size}, not "
                f"{key.shape[-1]} and {value.shape[-1]}"
            )
        if query is key is value:
            return linear(query, weight, bias).chunk(3, -1)
        weights = weight.chunk(3)
    biases = (None,) * 3 if bias is None else bias.chunk(3)
    return [linear(*operands) for operands in zip(sequences.values(), weights, biases, strict=True)]


def _checked_weight(weight: Tensor | None, shape: tuple[int, ...], what: str) -> Tensor:
    if weight is None:
        raise ValueError(f"{_NAME}: {what}, of shape {shape}, is missing")
    check_shape(weight, shape, what, _NAME)
    return weight


def _heads(sequence: Tensor, batch: int, num_heads: int) -> Tensor:
    """(L, N, E) or (L, E) as (N, heads, L, E / heads)."""
    size = sequence.shape[-1] // num_heads
    return sequence.reshape(len(sequence), batch, num_heads, size).permute(1, 2, 0, 3)


def _static(given: Tensor, what: str, q: Tensor) -> Tensor:
    """(N · heads, S, E / heads) as (N, heads, S, E / heads)."""
    batch, heads, _, size = q.shape
    if given.ndim != 3 or (given.shape[0], given.shape[2]) != (batch * heads, size):
        raise ValueError(f"{_NAME}: {what} must have shape ({batch * heads}, S, {size}), not {given.shape}")
    return given.reshape(batch, heads, given.shape[1], size)


def _masks(
    attn_mask: Tensor | None, key_padding_mask: Tensor | None, q: Tensor, k: Tensor, query: Tensor
) -> list[Tensor]:
    """The masks that are given, so that they broadcast against weights (N, heads, L, S)."""
    (batch, heads, length, _), count = q.shape, k.shape[2]
    masks = []
    if attn_mask is not None:
        check_mask_dtype(attn_mask, query, "attn_mask", _NAME)
        if attn_mask.shape not in ((length, count), (batch * heads, length, count)):
            raise ValueError(
                f"{_NAME}: attn_mask must have shape {(length, count)} or {(batch * heads, length, count)}, "
                f"not {attn_mask.shape}"
            )
        masks.append(attn_mask if attn_mask.ndim == 2 else attn_mask.reshape(batch, heads, length, count))
    if key_padding_mask is not None:
        check_mask_dtype(key_padding_mask, query, "key_padding_mask", _NAME)
        check_shape(key_padding_mask, (batch, count)[3 - query.ndim :], "key_padding_mask", _NAME)
        masks.append(key_padding_mask.reshape(batch, 1, 1, count))
    return masks


def _merged(masks: Sequence[Tensor]) -> Tensor:
    """The masks, of what one may not attend to, as one of what one may attend to (bool), or that is added."""
    dtypes = {mask.dtype for mask in masks}
    if dtypes == {np.dtype(bool)}:
        return ~reduce(or_, masks)
    dtype = max(dtypes, key=lambda dtype: dtype.itemsize)
    return reduce(add, (mask if mask.dtype == dtype else where(mask, -np.inf, 0.0).to(dtype) for mask in masks))


def _additions(bias_k: Tensor | None, bias_v: Tensor | None, add_zero_attn: bool, q: Tensor) -> list[list[Tensor]]:
    """Further keys and values, each (N, heads, 1, E / heads)."""
    batch, heads, _, size = q.shape
    additions = []
    if bias_k is not None or bias_v is not None:
        pair = []
        for bias, what in ((bias_k, "bias_k"), (bias_v, "bias_v")):
            if bias is None or bias.numel() != heads * size:
                found = "none" if bias is None else f"one of {bias.shape}"
                raise ValueError(f"{_NAME}: {what} must be a tensor of shape {(1, 1, heads * size)}, not {found}")
            pair.append(bias.reshape(1, heads, 1, size).expand(batch, heads, 1, size))
        additions.append(pair)
    if add_zero_attn:
        additions.append([zeros(batch, heads, 1, size, dtype=q.dtype)] * 2)
    return additions
