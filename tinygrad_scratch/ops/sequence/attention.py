"""Attention: for each query a mean of values, weighted by how well their keys fit it (Vaswani et al., 2017).

Scores, weights and the mean are a primitive each, so that the weights stand in the graph, and dropout has its place
between the last two. The keys are the outermost dimension of scores and weights in memory: what is computed over the
keys then takes a few long passes, in place of a short one for each query.
"""

from __future__ import annotations

from math import sqrt
from typing import Any

import numpy as np

from tinygrad_scratch.ops.checks import check_probability
from tinygrad_scratch.ops.dims import broadcasts
from tinygrad_scratch.ops.neural.dropout import dropout
from tinygrad_scratch.ops.neural.softmax import softmax_gradient
from tinygrad_scratch.ops.reduce.pairwise import in_float32, pairwise_sum
from tinygrad_scratch.ops.shape.rearrange import repeat_interleave
from tinygrad_scratch.record.node import Shape
from tinygrad_scratch.record.operation import Operation, primitive, public
from tinygrad_scratch.record.tensor import Tensor


def _first_moved_last(x: Any) -> Any:
    return x.transpose((*range(1, x.ndim), 0))


def _keys_outermost(x: Any) -> Any:
    """The same values, with the last dimension outermost in memory."""
    return _first_moved_last(np.ascontiguousarray(x.transpose((-1, *range(x.ndim - 1)))))


def _products(query: Any, key: Any, *, scale: float) -> Any:
    """scale · query · keyᵀ: (\\*, L, E) and (\\*, S, E) give (\\*, L, S)."""
    shape = np.broadcast_shapes(query.shape[:-2], key.shape[:-2])
    memory = np.empty((key.shape[-2], *shape, query.shape[-2]), query.dtype)
    return np.matmul(query * scale, key.mT, out=_first_moved_last(memory))


def _sums(weights: Any, value: Any, *, scale: float) -> Any:
    """scale · weights · value: (\\*, L, S) and (\\*, S, E) give (\\*, L, E), ordered as value is in memory."""
    shape = np.broadcast_shapes(weights.shape[:-2], value.shape[:-2])
    memory = np.empty_like(value, shape=(*shape, weights.shape[-2], value.shape[-1]))
    result = np.matmul(weights, value, out=memory)
    if scale != 1:
        result *= scale
    return result


_scores: Operation = primitive(
    _products,
    name="attention_scores",
    query=lambda g, key, scale: _weighted_sums(g, key, scale=scale),
    key=lambda g, query, scale: _weighted_sums(g.mT, query, scale=scale),
)
_weighted_sums: Operation = primitive(
    _sums,
    name="weighted_sums",
    weights=lambda g, value, scale: _scores(g, value, scale=scale),
    value=lambda g, weights, scale: _weighted_sums(weights.mT, g, scale=scale),
)


@primitive(
    scores=lambda g, y: softmax_gradient(g, y, y.ndim - 1),
    mask=lambda g, y: softmax_gradient(g, y, y.ndim - 1),
)
@in_float32
def _attention_weights(scores: Any, mask: Any, *, is_causal: bool) -> Any:
    """softmax(scores + mask) over the keys; zeros for a query that may attend to none."""
    if is_causal:
        mask = np.tri(*scores.shape[-2:], dtype=bool)
    if mask is not None:
        if mask.dtype == bool:
            mask = np.where(mask, scores.dtype.type(0), -np.inf)
        scores = scores + _keys_outermost(mask)
    weights = scores - np.maximum.reduce(scores, -1, keepdims=True, initial=np.finfo(scores.dtype).min)
    np.exp(weights, out=weights)
    # Of a query that may attend to a key, the largest is e⁰ = 1.
    weights /= np.maximum(pairwise_sum(weights, dim=(weights.ndim - 1,), keepdim=True), 1)
    return weights


@public(is_method=False)
def scaled_dot_product_attention(
    query: Tensor,
    key: Tensor,
    value: Tensor,
    attn_mask: Tensor | None = None,
    dropout_p: float = 0.0,
    is_causal: bool = False,
    scale: float | None = None,
    enable_gqa: bool = False,
) -> Tensor:
    """softmax(query · keyᵀ · scale + mask) · value: shapes (\\*, L, E), (\\*, S, E) and (\\*, S, V) give (\\*, L, V).

    ``scale`` is by default 1/√E. ``attn_mask`` broadcasts to (\\*, L, S) and says which keys a query may attend to
    (bool), or is added. With ``is_causal`` query i may attend to keys 0 to i. A query that may attend to none gets
    zeros. ``dropout_p`` is the probability with which a weight is dropped, in training or not. With ``enable_gqa`` keys
    and values may have fewer heads, in dimension -3, than the queries: each is used for several.

    ValueError if the shapes do not fit or ``attn_mask`` and ``is_causal`` are both given, TypeError if the dtypes do
    not fit.

    >>> x = tg.tensor([[1.0, 0.0], [0.0, 1.0]])
    >>> tg.scaled_dot_product_attention(x, x, x, is_causal=True)
    tensor([[1.0000, 0.0000],
            [0.3302, 0.6698]])
    """
    name = "scaled_dot_product_attention"
    check_probability(dropout_p, name)
    check_one_dtype(query, key, value, name)
    if enable_gqa:
        key, value = (_for_heads_of(query, tensor, what, name) for tensor, what in ((key, "keys"), (value, "values")))
    shape = _shape_of_weights(query, key, value, name)
    if attn_mask is not None:
        if is_causal:
            raise ValueError(f"{name}: takes attn_mask or is_causal, not both")
        check_mask_dtype(attn_mask, query, "attn_mask", name)
        if not broadcasts(attn_mask.shape, shape):
            raise ValueError(
                f"{name}: an attn_mask of shape {attn_mask.shape} does not broadcast to that of the weights, {shape}"
            )
    return attend(query, key, value, attn_mask, dropout_p, is_causal, scale)[0]


def attend(
    query: Tensor,
    key: Tensor,
    value: Tensor,
    mask: Tensor | None,
    dropout_p: float,
    is_causal: bool = False,
    scale: float | None = None,
) -> tuple[Tensor, Tensor]:
    """The weighted sums of the values, and the weights."""
    scale = 1 / sqrt(max(query.shape[-1], 1)) if scale is None else scale
    weights = _attention_weights(_scores(query, key, scale=scale), mask, is_causal=is_causal)
    if dropout_p:
        weights = dropout(weights, dropout_p)
    return _weighted_sums(weights, value, scale=1.0), weights


def check_one_dtype(query: Tensor, key: Tensor, value: Tensor, name: str) -> None:
    if query.dtype.kind != "f" or not query.dtype == key.dtype == value.dtype:
        dtypes = f"{query.dtype}, {key.dtype} and {value.dtype}"
        raise TypeError(f"{name}: query, key and value must be of one floating point dtype, not {dtypes}")


def _shape_of_weights(query: Tensor, key: Tensor, value: Tensor, name: str) -> tuple[int, ...]:
    """(\\*, L, S); ValueError if the three do not fit together."""
    if problem := _misfit(query.shape, key.shape, value.shape):
        raise ValueError(
            f"{name}: query (*, L, E), key (*, S, E) and value (*, S, V) have shapes {query.shape}, {key.shape} and "
            f"{value.shape}: {problem}"
        )
    return (*np.broadcast_shapes(query.shape[:-2], key.shape[:-2]), query.shape[-2], key.shape[-2])


def _misfit(query: Shape, key: Shape, value: Shape) -> str:
    """What keeps shapes from fitting together; nothing, if they do."""
    if min(len(query), len(key), len(value)) < 2:
        return "they need at least two dimensions"
    if query[-1] != key[-1]:
        return "queries and keys differ in size"
    if key[-2] != value[-2]:
        return "there are not as many keys as values"
    try:
        np.broadcast_shapes(query[:-2], key[:-2], value[:-2])
    except ValueError:
        return "the dimensions in front do not broadcast"
    return ""


def check_mask_dtype(mask: Tensor, query: Tensor, what: str, name: str) -> None:
    if mask.dtype not in (bool, query.dtype):
        raise TypeError(f"{name}: {what} must be bool or, as the query is, {query.dtype}; not {mask.dtype}")


def _for_heads_of(query: Tensor, tensor: Tensor, what: str, name: str) -> Tensor:
    """``tensor`` with each head repeated for the heads of the query that it serves."""
    heads, own = (x.shape[-3] if x.ndim > 2 else 0 for x in (query, tensor))
    if not own or heads % own:
        raise ValueError(
            f"{name}: with enable_gqa the heads of the {what}, in dimension -3, must divide those of the queries: "
            f"{what} have shape {tensor.shape} and queries {query.shape}"
        )
    return tensor if heads == own else repeat_interleave(tensor, heads // own, -3)
