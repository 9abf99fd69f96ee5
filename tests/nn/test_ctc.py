"""Connectionist temporal classification: what it says to what does not fit, and gradients of what is impossible."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

import nn
import tinygrad_scratch as tg

LOG_PROBS, TARGETS = tg.log_softmax(tg.rand(5, 2, 4), 2), tg.tensor([[1, 2], [3, 3]])


@pytest.mark.parametrize(
    ("given", "message"),
    [
        ({"log_probs": LOG_PROBS[0, 0]}, r"^ctc_loss: log_probs must have shape \(T, N, C\) or \(T, C\)"),
        ({"targets": TARGETS[:1]}, r"^ctc_loss: targets must have shape \(2, S\), or be a vector of all of them, not"),
        ({"targets": TARGETS[0]}, r"target_lengths \[2 2\] do not fit targets of shape \(2,\)"),
        ({"targets": TARGETS + 1}, r"targets are class numbers below 4 other than the blank, which is 0, but one is 4"),
        ({"blank": 3}, r"targets are class numbers below 4 other than the blank, which is 3, but one is 3"),
        ({"blank": 4}, r"^ctc_loss: the blank must be one of the 4 classes, not 4"),
        ({"input_lengths": (6, 5)}, r"input_lengths go from 0 to 5, the number of steps, but are \[6 5\]"),
        (
            {"input_lengths": (5,)},
            r"^ctc_loss: input_lengths must be an integer for each of the 2 sequences, not int64",
        ),
        ({"target_lengths": (3, 1)}, r"target_lengths \[3 1\] do not fit targets of shape \(2, 2\)"),
        ({"reduction": "max"}, r"^ctc_loss: reduction must be 'mean', 'sum' or 'none', not 'max'"),
    ],
)
def test_what_does_not_fit(given: dict[str, Any], message: str) -> None:
    arguments = {"log_probs": LOG_PROBS, "targets": TARGETS, "input_lengths": (5, 5), "target_lengths": (2, 2), **given}
    with pytest.raises(ValueError, match=message):
        tg.ctc_loss(**arguments)


def test_targets_that_are_no_integers() -> None:
    with pytest.raises(TypeError, match=r"^ctc_loss: targets are class numbers, integers, not float32"):
        tg.ctc_loss(LOG_PROBS, TARGETS.float(), (5, 5), (2, 2))


def test_only_the_gradient_of_what_is_impossible_is_not_a_number() -> None:
    for zero_infinity in (False, True):
        x = tg.rand(2, 2, 4, requires_grad=True)
        losses = nn.CTCLoss(reduction="none", zero_infinity=zero_infinity)(x.log_softmax(2), TARGETS, (2, 2), (2, 2))
        losses.sum().backward()
        assert np.isnan(x.grad.numpy()).all((0, 2)).tolist() == [False, not zero_infinity]
        assert (x.grad[:, 1] == 0).all().item() == zero_infinity


def test_there_is_no_third_gradient() -> None:
    x = tg.rand(5, 2, 4, requires_grad=True)
    y = nn.CTCLoss()(x, TARGETS, (5, 5), (2, 2))
    for _ in range(2):
        (y,) = tg.autograd.grad(y.sum(), x, create_graph=True)
    with pytest.raises(NotImplementedError, match="ctc_loss has a first and a second gradient, but no third"):
        y.sum().backward()
