"""Attention and Transformers beside PyTorch's: values, gradients to second order, state; and mistakes."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

import tinygrad_scratch as tg
from tests.parity.beside import check_function

RANDOM = np.random.default_rng(0)


def normal(*shape: int) -> Any:
    return RANDOM.standard_normal(shape)


def truth(*shape: int) -> Any:
    """Where one may attend: at random, but never to nothing."""
    allowed = RANDOM.random(shape) < 0.6
    allowed[..., 0] = True
    return allowed


ATTENTION = "F.scaled_dot_product_attention"
NOBODY = np.array([[True, False, True], [False, False, False], [True, True, True]])


@pytest.mark.parametrize(
    ("options", "q", "k", "v", "mask"),
    [
        ("", normal(3, 4), normal(5, 4), normal(5, 2), None),
        ("", normal(2, 3, 4), normal(2, 5, 4), normal(2, 5, 2), None),
        ("scale=0.3", normal(2, 4, 3, 4), normal(2, 4, 5, 4), normal(2, 4, 5, 2), None),
        ("is_causal=True", normal(2, 4, 3, 4), normal(2, 4, 5, 4), normal(2, 4, 5, 2), None),
        ("is_causal=True", normal(2, 1, 5, 4), normal(2, 1, 3, 4), normal(2, 1, 3, 2), None),
        ("mask", normal(2, 4, 3, 4), normal(2, 4, 5, 4), normal(2, 4, 5, 2), truth(3, 5)),
        ("mask", normal(2, 4, 3, 4), normal(2, 4, 5, 4), normal(2, 4, 5, 2), truth(2, 1, 1, 5)),
        ("mask", normal(2, 4, 3, 4), normal(2, 4, 5, 4), normal(2, 4, 5, 2), normal(2, 4, 3, 5)),
        ("mask, scale=2.0", normal(2, 4, 3, 4), normal(2, 4, 5, 4), normal(2, 4, 5, 2), normal(4, 1, 5)),
        ("mask", normal(2, 3, 4), normal(2, 3, 4), normal(2, 3, 4), NOBODY),
        ("mask", normal(2, 3, 4), normal(2, 3, 4), normal(2, 3, 4), np.where(NOBODY, 0.5, -np.inf)),
        ("", normal(2, 3, 4) * 1e4, normal(2, 3, 4), normal(2, 3, 4), None),
        ("enable_gqa=True", normal(2, 4, 3, 4), normal(2, 2, 5, 4), normal(2, 2, 5, 2), None),
        ("mask, enable_gqa=True", normal(2, 4, 3, 4), normal(2, 1, 5, 4), normal(2, 2, 5, 2), truth(4, 3, 5)),
        ("", normal(2, 3, 3, 4).swapaxes(1, 2), normal(2, 3, 4, 5).mT, normal(2, 3, 5, 4)[..., ::2], None),
        ("", normal(1, 3, 4), normal(5, 4), normal(5, 2), None),
        ("", normal(0, 3, 4), normal(0, 5, 4), normal(0, 5, 2), None),
        ("", normal(2, 0, 4), normal(2, 5, 4), normal(2, 5, 2), None),
        ("", normal(2, 1, 1), normal(2, 1, 1), normal(2, 1, 1), None),
    ],
)
def test_scaled_dot_product_attention(options: str, q: Any, k: Any, v: Any, mask: Any) -> None:
    order = 2 if q.size else 1  # PyTorch records nothing of what has no values
    check_function(f"{ATTENTION}(q, k, v, {options})", order, q=q, k=k, v=v, mask=mask)


def test_without_keys_the_result_is_zero() -> None:
    x = tg.randn(2, 3, 4, requires_grad=True)
    result = tg.scaled_dot_product_attention(x, x[:, :0], x[:, :0])
    assert (result == 0).all()
    assert (tg.autograd.grad(result.sum(), x)[0] == 0).all()


@pytest.mark.parametrize("dtype", [tg.float16, tg.float32])
def test_gradients_keep_the_dtype(dtype: Any) -> None:
    q, k, v = (tg.randn(2, 5, 4).to(dtype).requires_grad_() for _ in range(3))
    result = tg.scaled_dot_product_attention(q, k, v, tg.ones(5, 5, dtype=bool).tril())
    gradients = tg.autograd.grad(result.sum(), (q, k, v), create_graph=True)
    assert {result.dtype, *(gradient.dtype for gradient in gradients)} == {dtype}
    assert {g.dtype for g in tg.autograd.grad(sum(g.sum() for g in gradients), (q, k, v))} == {dtype}


def test_all_weights_may_be_dropped_and_the_others_are_scaled() -> None:
    x = tg.ones(8, 64, 1)
    assert (tg.scaled_dot_product_attention(x, x, x, dropout_p=1.0) == 0).all()
    kept = tg.scaled_dot_product_attention(x, x, x, dropout_p=0.5)
    assert abs(kept.mean().item() - 1) < 0.1
    assert kept.std().item() > 0.05


def test_the_weights_are_in_the_graph() -> None:
    """Where those who draw them find them."""
    x = tg.randn(2, 3, 4, requires_grad=True)
    result = tg.scaled_dot_product_attention(x, x, x)
    weights = result.node.edges[0]
    assert (weights.name, weights.shape) == ("attention_weights", (2, 3, 3))


X, M = tg.zeros(2, 3, 4), tg.zeros(3, 3, dtype=bool)


@pytest.mark.parametrize(
    ("call", "error", "text"),
    [
        ("X[0, 0], X, X", ValueError, r"have shapes \(4,\), \(2, 3, 4\) and \(2, 3, 4\): they need at least two dim"),
        ("X, X[..., :2], X", ValueError, "queries and keys differ in size"),
        ("X, X, X[:, :2]", ValueError, "there are not as many keys as values"),
        ("X, X.expand(2, 2, 3, 4).reshape(4, 3, 4), X", ValueError, "the dimensions in front do not broadcast"),
        ("X, X, X.double()", TypeError, "one floating point dtype, not float32, float32 and float64"),
        ("X.long(), X.long(), X.long()", TypeError, "not int64, int64 and int64"),
        ("X, X, X, M.long()", TypeError, "attn_mask must be bool or, as the query is, float32; not int64"),
        ("X, X, X, M.double()", TypeError, "not float64"),
        ("X, X, X, M[:2]", ValueError, r"shape \(2, 3\) does not broadcast to that of the weights, \(2, 3, 3\)"),
        ("X, X, X, M.expand(1, 2, 3, 3)", ValueError, r"\(1, 2, 3, 3\) does not broadcast"),
        ("X, X, X, M, is_causal=True", ValueError, "takes attn_mask or is_causal, not both"),
        ("X, X, X, dropout_p=1.5", ValueError, "a probability lies in"),
        ("X, X[0], X[0], enable_gqa=True", ValueError, "the heads of the keys, in dimension -3, must divide"),
    ],
)
def test_mistakes_in_attention(call: str, error: type[Exception], text: str) -> None:
    with pytest.raises(error, match=f"^scaled_dot_product_attention: .*{text}"):
        eval(f"tg.scaled_dot_product_attention({call})")
