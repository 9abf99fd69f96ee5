"""Embeddings, and bags of them, beside PyTorch's, which has no second derivative of bags."""

from __future__ import annotations

import numpy as np
import pytest

import tinygrad_scratch as tg
from tests.parity.beside import check_function, check_module

pytest.importorskip("torch", reason="needs PyTorch: pip install -e .[peers]")

random = np.random.default_rng(0)
WEIGHT = random.standard_normal((7, 3))
NUMBERS = np.array([1, 5, 5, 0, 2, 6, 2, 2, 1])
BAGS = NUMBERS.reshape(3, 3)
OFFSETS = np.array([0, 0, 4, 8])
WITH_LAST = np.array([0, 3, 3, 9])

MODULES = ("", ", padding_idx=2", ", scale_grad_by_freq=True", ", max_norm=0.7", ", max_norm=1.5, norm_type=1.0")


@pytest.mark.parametrize("options", MODULES)
def test_embedding(options: str) -> None:
    order = 1 if "scale" in options else 2  # PyTorch's second gradient is not scaled
    for index in (BAGS, NUMBERS, np.array(3), BAGS.astype(np.int32).T):
        check_module(f"T.nn.Embedding(7, 3{options})", index, order=order)
    check_module(f"T.nn.Embedding(7, 3{options})", np.zeros((0, 2), np.int64), order=1)


@pytest.mark.parametrize("mode", ["sum", "mean", "max"])
@pytest.mark.parametrize("options", MODULES)
def test_bags(mode: str, options: str) -> None:
    if "scale" in options:
        pytest.skip("PyTorch takes the frequency of another row: what is right is tested below")
    call = f"T.nn.EmbeddingBag(7, 3, mode='{mode}'{options}{{}})"
    for bags in (BAGS, BAGS[:1], BAGS[:0], BAGS.T):
        check_module(call.format(""), bags, order=1)
    for offsets in (OFFSETS, OFFSETS[:1]):
        check_module(call.format(""), NUMBERS, offsets, order=1)
    check_module(call.format(", include_last_offset=True"), NUMBERS, WITH_LAST, order=1)


def test_the_gradient_of_bags_scaled_by_frequency() -> None:
    bags, single = (layer(7, 3, scale_grad_by_freq=True).double() for layer in (tg.nn.EmbeddingBag, tg.nn.Embedding))
    single.load_state_dict(bags.state_dict())
    index = tg.from_numpy(BAGS)
    for result in (bags(index), single(index).mean(1)):
        (result * result).sum().backward()
    np.testing.assert_allclose(bags.weight.grad.numpy(), single.weight.grad.numpy(), rtol=1e-12)


@pytest.mark.parametrize("padding", ["", ", padding_idx=5"])
def test_weighted_sums(padding: str) -> None:
    call = f"F.embedding_bag(i, w, {{}}mode='sum', per_sample_weights=p{padding})"
    check_function(call.format(""), order=1, i=BAGS, w=WEIGHT, p=random.standard_normal((3, 3)))
    check_function(call.format("o, "), order=1, i=NUMBERS, w=WEIGHT, p=random.standard_normal(9), o=OFFSETS)


@pytest.mark.parametrize("call", ["Embedding", "EmbeddingBag"])
def test_from_pretrained(call: str) -> None:
    check_function(
        f"T.nn.{call}.from_pretrained(w.detach(), freeze=False, padding_idx=1)(i)", order=0, w=WEIGHT, i=BAGS
    )
