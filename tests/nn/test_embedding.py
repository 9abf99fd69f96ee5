"""Bags of embeddings: what they say to what does not fit."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

import nn
import tinygrad_scratch as tg

INDEX, WEIGHT = tg.tensor([0, 2, 1]), tg.ones(3, 2)


@pytest.mark.parametrize(
    ("arguments", "options", "error", "message"),
    [
        (
            (INDEX, WEIGHT),
            {},
            ValueError,
            r"^embedding_bag: the input must have shape \(bags, N\), or \(values,\) with",
        ),
        ((INDEX.reshape(1, 3), WEIGHT, INDEX), {}, ValueError, r"but has \(1, 3\) with offsets$"),
        ((INDEX.reshape(1, 3), WEIGHT), {"mode": "min"}, ValueError, r"^embedding_bag: mode must be 'sum', 'mean' or"),
        ((INDEX.float(), WEIGHT), {}, TypeError, r"^embedding_bag: the rows are named by integers, not float32"),
        ((INDEX, WEIGHT[0], INDEX), {}, ValueError, r"^embedding_bag: the table must have shape \(count, size\), not"),
        ((INDEX, WEIGHT, INDEX.float()), {}, TypeError, r"^embedding_bag: offsets are integers, not float32"),
        ((INDEX, WEIGHT, tg.tensor([1, 2])), {}, ValueError, r"offsets go up from 0 to 3, .* but are \[1 2\]"),
        ((INDEX, WEIGHT, tg.tensor([0, 2])), {"include_last_offset": True}, ValueError, r"offsets go up from 0 to 3"),
        ((INDEX, WEIGHT, tg.tensor([0])), {"per_sample_weights": tg.ones(3)}, ValueError, r"are for mode 'sum', not"),
        ((INDEX, WEIGHT, INDEX), {"sparse": True}, ValueError, r"^embedding_bag: there are no sparse gradients"),
        ((INDEX + 1, WEIGHT, tg.tensor([0])), {}, ValueError, r"row 3 is out of range for a table of 3 rows"),
    ],
)
def test_what_does_not_fit(arguments: Any, options: dict[str, Any], error: type[Exception], message: str) -> None:
    with pytest.raises(error, match=message):
        tg.embedding_bag(*arguments, **options)


def test_padding_that_is_no_row() -> None:
    with pytest.raises(ValueError, match=r"^EmbeddingBag: padding_idx 3 is out of range for 3 embeddings"):
        nn.EmbeddingBag(3, 2, padding_idx=3)


def test_sparse_is_known_and_refused() -> None:
    assert nn.EmbeddingBag(3, 2, sparse=False)(INDEX, INDEX[:1]).shape == (1, 2)
    with pytest.raises(ValueError, match=r"^embedding: there are no sparse gradients; leave sparse=True out"):
        nn.Embedding(3, 2, sparse=True)(INDEX)


def test_bags_of_nothing_are_zeros() -> None:
    for mode in ("sum", "mean", "max"):
        bags = tg.embedding_bag(tg.zeros(2, 0).long(), WEIGHT.requires_grad_(), mode=mode)
        np.testing.assert_array_equal(bags.detach().numpy(), np.zeros((2, 2)))
        bags.sum().backward()
