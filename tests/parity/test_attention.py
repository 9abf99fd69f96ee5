"""Attention and Transformers beside PyTorch's: values, gradients to second order, state; and mistakes."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np
import pytest

import nn
import tinygrad_scratch as tg
from tests.parity.beside import check_function, check_module

torch = pytest.importorskip("torch", reason="needs PyTorch: pip install -e .[peers]")

RANDOM = np.random.default_rng(0)


def normal(*shape: int) -> Any:
    return RANDOM.standard_normal(shape)


def truth(*shape: int) -> Any:
    """Where one may attend: at random, but never to nothing."""
    allowed = RANDOM.random(shape) < 0.6
    allowed[..., 0] = True
    return allowed


pytestmark = pytest.mark.filterwarnings("ignore:enable_nested_tensor")


@pytest.fixture(autouse=True)
def _differentiable_twice() -> Iterator[None]:
    """PyTorch's quickest implementation has no second derivatives."""
    with torch.nn.attention.sdpa_kernel(torch.nn.attention.SDPBackend.MATH):
        yield


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


@pytest.mark.parametrize("call", ["need_weights=False", "need_weights=True", "average_attn_weights=False"])
@pytest.mark.parametrize(
    ("options", "inputs"),
    [
        ("", (normal(3, 2, 6), None, None, None, None)),
        ("batch_first=True", (normal(2, 3, 6), None, None, ~truth(2, 3), None)),
        ("bias=False", (normal(3, 6), None, None, None, normal(3, 3))),
        ("", (normal(3, 2, 6), normal(5, 2, 6), normal(5, 2, 6), None, ~truth(3, 5))),
        ("", (normal(3, 2, 6), normal(5, 2, 6), normal(5, 2, 6), ~truth(2, 5), ~truth(4, 3, 5))),
        ("", (normal(3, 2, 6), normal(5, 2, 6), normal(5, 2, 6), normal(2, 5), normal(4, 3, 5))),
        ("", (normal(3, 6), normal(5, 6), normal(5, 6), ~truth(5), ~truth(2, 3, 5))),
        ("kdim=4, vdim=5", (normal(3, 2, 6), normal(5, 2, 4), normal(5, 2, 5), ~truth(2, 5), None)),
        ("kdim=4, bias=False, batch_first=True", (normal(2, 3, 6), normal(2, 5, 4), normal(2, 5, 6), None, None)),
        ("add_bias_kv=True", (normal(3, 2, 6), None, None, ~truth(2, 3), ~truth(3, 3))),
        ("add_zero_attn=True", (normal(3, 2, 6), normal(5, 2, 6), normal(5, 2, 6), None, normal(3, 5))),
        ("add_bias_kv=True, add_zero_attn=True, vdim=2", (normal(3, 6), normal(5, 6), normal(5, 2), None, None)),
        ("", (normal(2, 3, 12)[..., ::2].swapaxes(0, 1), normal(6, 2, 5).T, normal(5, 2, 6), None, None)),
        ("batch_first=True", (normal(0, 3, 6), normal(0, 5, 6), normal(0, 5, 6), None, None)),
    ],
)
def test_multi_head_attention(options: str, call: str, inputs: tuple[Any, ...]) -> None:
    query, key, value, padding, mask = inputs
    given = [x for x in inputs if x is not None]
    names = iter([f"x{i}" for i in range(len(given))])
    query, key, value, padding, mask = (None if x is None else next(names) for x in inputs)
    sequences = f"{query}, {key or query}, {value or query}"
    order = 2 if inputs[0].size else 1
    forward = f"module({sequences}, key_padding_mask={padding}, attn_mask={mask}, {call})"
    check_module(f"T.nn.MultiheadAttention(6, 2, {options})", *given, order=order, forward=forward)


MULTI_HEAD = "F.multi_head_attention_forward(q, k, v, 6, 2, w, None, None, None, False, 0.0, o, None, {})"


def test_static_keys_and_values() -> None:
    operands = {"q": normal(3, 2, 6), "k": normal(5, 2, 6), "v": normal(5, 2, 6), "w": normal(18, 6), "o": normal(6, 6)}
    check_function(MULTI_HEAD.format("static_k=s, static_v=t"), **operands, s=normal(4, 5, 3), t=normal(4, 5, 3))
    check_function(MULTI_HEAD.format("static_v=t, need_weights=False"), **operands, t=normal(4, 5, 3))


def test_the_hint_that_a_mask_is_causal_changes_nothing() -> None:
    forward = "module(x0, x0, x0, attn_mask=T.nn.Transformer.generate_square_subsequent_mask(4).double(), {})"
    for call in ("is_causal=True", "is_causal=True, need_weights=False"):
        check_module("T.nn.MultiheadAttention(6, 2)", normal(4, 2, 6), forward=forward.format(call))


ENCODER = "T.nn.TransformerEncoderLayer(6, 2, 5, dropout=0.0, {})"
DECODER = "T.nn.TransformerDecoderLayer(6, 2, 5, dropout=0.0, {})"
OPTIONS = (
    "",
    "activation='gelu', batch_first=True",
    "norm_first=True, bias=False",
    "activation=T.nn.functional.silu, layer_norm_eps=0.1",
    "activation=T.nn.GELU(), norm_first=True, batch_first=True",
)


@pytest.mark.parametrize("options", OPTIONS)
def test_encoder_layers(options: str) -> None:
    x = normal(3, 4, 6)
    padding = ~truth(3, 4) if "batch_first" in options else ~truth(4, 3)
    check_module(ENCODER.format(options), x)
    check_module(ENCODER.format(options), x[0], forward="module(x0.detach().requires_grad_())[:1]")
    check_module(ENCODER.format(options), x, padding, forward="module(x0, src_key_padding_mask=x1)")
    length = x.shape[1] if "batch_first" in options else x.shape[0]
    check_module(ENCODER.format(options), x, normal(length, length), forward="module(x0, src_mask=x1)")


@pytest.mark.parametrize("options", OPTIONS)
def test_decoder_layers(options: str) -> None:
    x, memory = normal(3, 4, 6), normal(5, 4, 6)
    padding = ~truth(4, 5)
    if "batch_first" in options:
        x, memory = x.swapaxes(0, 1), memory.swapaxes(0, 1)
    check_module(DECODER.format(options), x, memory)
    forward = "module(x0, x1, tgt_mask=x2, memory_mask=x3, memory_key_padding_mask=x4)"
    check_module(DECODER.format(options), x, memory, ~truth(3, 3), ~truth(3, 5), padding, forward=forward)


@pytest.mark.parametrize("mode", ["train", "eval"])
def test_encoders_and_decoders(mode: str) -> None:
    forward = f"module.{mode}()({{}})"
    encoder = "T.nn.TransformerEncoder(" + ENCODER.format("batch_first=True") + ", 2, {})"
    check_module(encoder.format("enable_nested_tensor=False"), normal(2, 3, 6), forward=forward)
    check_module(
        encoder.format("T.nn.LayerNorm(6)"),
        normal(2, 3, 6),
        ~truth(2, 3),
        normal(3, 3),
        forward=f"module.{mode}()(x0, mask=x2, src_key_padding_mask=x1.to(x2.dtype) * -9)",
    )
    decoder = "T.nn.TransformerDecoder(" + DECODER.format("") + ", 2, T.nn.LayerNorm(6))"
    check_module(decoder, normal(3, 2, 6), normal(4, 2, 6), forward=forward)


MODEL = "T.nn.Transformer(6, 2, 2, 2, 5, dropout=0.0, {})"


@pytest.mark.parametrize("options", ["", "batch_first=True, norm_first=True", "activation='gelu', bias=False"])
def test_transformers(options: str) -> None:
    source, target = normal(4, 2, 6), normal(3, 2, 6)
    if "batch_first" in options:
        source, target = source.swapaxes(0, 1), target.swapaxes(0, 1)
    mask = "tgt_mask=T.nn.Transformer.generate_square_subsequent_mask(3, dtype=T.float64)"
    check_module(MODEL.format(options), source, target, forward=f"module({{}}, {mask})")
    padding = "src_key_padding_mask=x2, memory_key_padding_mask=x2"
    check_module(
        MODEL.format(options), source, target, ~truth(2, 4), forward=f"module(x0, x1, {mask}.isinf(), {padding})"
    )


class Shifted(nn.Module):
    """An encoder or decoder that adds 1 to what it was given last."""

    def forward(self, *sequences: tg.Tensor, **masks: Any) -> tg.Tensor:  # noqa: ARG002
        return sequences[-1] + 1


@pytest.mark.parametrize("name", ["TransformerEncoderLayer", "TransformerDecoderLayer"])
def test_modules_come_in_pytorchs_order(name: str) -> None:
    ours, theirs = (getattr(package.nn, name)(8, 2, 16) for package in (tg, torch))
    assert [path for path, _ in ours.named_modules()] == [path for path, _ in theirs.named_modules()]


def test_encoders_and_decoders_of_ones_own() -> None:
    model = nn.Transformer(6, 2, custom_encoder=Shifted(), custom_decoder=Shifted())
    x = tg.randn(4, 2, 6)
    assert (model(x, x) == x + 1 + 1).all()
    assert not list(model.parameters())


def test_initial_weights_have_the_spread_of_pytorchs() -> None:
    options = {"kdim": 40, "add_bias_kv": True}
    for given in ({}, options):
        ours, theirs = (package.nn.MultiheadAttention(64, 4, **given).state_dict() for package in (tg, torch))
        assert sorted(ours) == sorted(theirs)
        for name, weight in ours.items():
            spread = theirs[name].double().numpy().std()
            np.testing.assert_allclose(weight.numpy().std(), spread, rtol=0.3, atol=1e-9, err_msg=name)
    ours, theirs = (package.nn.Transformer(32, 4, 1, 1, 64).state_dict() for package in (tg, torch))
    for name, weight in ours.items():
        np.testing.assert_allclose(weight.numpy().std(), theirs[name].numpy().std(), rtol=0.3, atol=0.02, err_msg=name)


def test_dropout_is_of_training_only() -> None:
    layer = nn.TransformerDecoderLayer(6, 2, 5, dropout=0.5)
    x = tg.randn(3, 2, 6)
    assert not (layer(x, x) == layer(x, x)).all()
    layer.eval()
    assert (layer(x, x) == layer(x, x)).all()
    attention = nn.MultiheadAttention(6, 2, dropout=1.0)
    result, weights = attention(x, x, x)
    assert (weights == 0).all()
    assert (result == attention.out_proj.bias).all()


def test_who_may_attend_to_nothing_gets_zeros() -> None:
    """Where PyTorch gives NaN if it needs the weights, and zeros if it does not."""
    attention, x = nn.MultiheadAttention(6, 2, bias=False), tg.randn(3, 2, 6)
    padding = tg.tensor([[True, True, True], [False, False, True]])
    for need_weights in (True, False):
        result, weights = attention(x, x, x, key_padding_mask=padding, need_weights=need_weights)
        assert (result[:, 0] == 0).all()
        assert not result[:, 1].isnan().any()
    assert weights is None


Y, W = tg.zeros(3, 2, 6), tg.zeros(5, 2, 6)
PADDING = tg.zeros(2, 5, dtype=bool)


@pytest.mark.parametrize(
    ("call", "error", "text"),
    [
        ("Y, W, W[:4]", ValueError, r"needs a query \(L, N, E\), key .* \(3, 2, 6\), \(5, 2, 6\) and \(4, 2, 6\)"),
        ("Y, W[:, :1], W[:, :1]", ValueError, "needs a query"),
        ("Y[0, 0], W, W", ValueError, "needs a query"),
        ("Y, W[:, 0], W[:, 0]", ValueError, "needs a query"),
        ("Y[..., :4], W, W", ValueError, "the last dimension of the query must be 6, not 4"),
        ("Y, W[..., :4], W", ValueError, "keys and values must be as long as the query's vectors, 6, not 4 and 6"),
        ("Y, W, W.double()", TypeError, "one floating point dtype, not float32, float32 and float64"),
        ("Y, W, W, PADDING.mT", ValueError, r"key_padding_mask must have shape \(2, 5\), not \(5, 2\)"),
        ("Y, W, W, PADDING.long()", TypeError, "key_padding_mask must be bool or, as the query is, float32; not int64"),
        ("Y, W, W, attn_mask=PADDING", ValueError, r"attn_mask must have shape \(3, 5\) or \(4, 3, 5\), not \(2, 5\)"),
        ("Y, W, W, is_causal=True", ValueError, "is_causal says what attn_mask is, which must be given too"),
    ],
)
def test_mistakes_in_multi_head_attention(call: str, error: type[Exception], text: str) -> None:
    with pytest.raises(error, match=f"^multi_head_attention_forward: .*{text}"):
        eval(f"nn.MultiheadAttention(6, 2)({call})")


@pytest.mark.parametrize(
    ("call", "error", "text"),
    [
        ("MultiheadAttention(6, 4)", ValueError, "embed_dim 6 cannot be divided among 4 heads"),
        ("MultiheadAttention(6, 0)", ValueError, "num_heads must be at least 1, got 0"),
        ("MultiheadAttention(6, 2, dropout=2.0)", ValueError, "a probability lies in"),
        ("TransformerEncoderLayer(6, 2, activation='tanh')", ValueError, "activation is 'relu', 'gelu' or a function"),
        ("TransformerEncoder(nn.Identity(), -1)", ValueError, "num_layers must be at least 0, got -1"),
        ("Transformer(6, 2, 1, 1)(Y, W[:, :1])", ValueError, r"\(S, N, d_model\) and \(T, N, d_model\), or both none"),
        ("Transformer(6, 2, 1, 1, batch_first=True)(Y, W)", ValueError, r"\(N, S, d_model\) and \(N, T, d_model\)"),
        ("Transformer(4, 2, 1, 1)(Y, W)", ValueError, r"must be d_model, 4, not that of \(3, 2, 6\) and \(5, 2, 6\)"),
    ],
)
def test_mistakes_in_transformers(call: str, error: type[Exception], text: str) -> None:
    with pytest.raises(error, match=f"^{call.partition('(')[0]}: .*{text}"):
        eval(f"nn.{call}")
