"""What convolutions and patches say of mistakes, and the memory order of what they return."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

import tinygrad_scratch as tg
from tinygrad_scratch import nn
from tinygrad_scratch.nn import functional as F

x, w = tg.ones(2, 4, 6, 6), tg.ones(8, 4, 3, 3)

MISTAKES: list[tuple[Any, str]] = [
    (lambda: F.conv2d(x, tg.ones(8, 3, 3, 3)), r"of shape \(8, 3, 3, 3\) and groups=1 need an input of 3 channels"),
    (lambda: F.conv2d(x, w, groups=2), r"groups=2 need an input of 8 channels, not one of shape \(2, 4, 6, 6\)"),
    (lambda: F.conv2d(x, w, groups=3), r"conv2d: a weight of shape \(8, 4, 3, 3\) cannot be divided into 3 groups"),
    (lambda: F.conv2d(x, tg.ones(8, 4, 3)), "conv2d: the weight must have 4 dimensions and no size 0"),
    (lambda: F.conv2d(tg.ones(6, 6), w), r"conv2d: needs an input \(N, C, H, W\) or \(C, H, W\), not one of shape"),
    (lambda: F.conv2d(x, w, tg.ones(4)), r"conv2d: bias must have shape \(8,\), not \(4,\)"),
    (lambda: F.conv2d(x, tg.ones(8, 4, 7, 3)), r"conv2d: windows over \(7, 3\) values are larger than"),
    (lambda: F.conv2d(x, w, dilation=3), r"windows over \(7, 7\) values are larger than the padded input, over \(6"),
    (lambda: F.conv2d(x, w, stride=0), "conv2d: stride must be at least 1, got 0"),
    (lambda: F.conv2d(x, w, stride=(1, 2, 3)), r"conv2d: stride must be an integer or a tuple of 2, got \(1, 2, 3\)"),
    (lambda: F.conv2d(x, w, padding=-1), "conv2d: padding must be at least 0"),
    (lambda: F.conv2d(x, w, padding="full"), "conv2d: padding must be numbers, 'same' or 'valid', not 'full'"),
    (lambda: F.conv2d(x, w, stride=2, padding="same"), "conv2d: padding='same' needs stride 1, not 2"),
    (lambda: F.conv_transpose2d(x, w), r"conv_transpose2d: a weight .* needs an input of 8 channels"),
    (
        lambda: F.conv_transpose2d(x, tg.ones(4, 2, 3, 3), stride=2, output_padding=2),
        r"conv_transpose2d: output_padding \(2, 2\) must be smaller than the stride \(2, 2\) or the dilation \(1, 1\)",
    ),
    (lambda: F.conv_transpose2d(x, tg.ones(4, 2, 1, 1), padding=3), r"padding \(3, 3\) leaves a result over \(0, 0\)"),
    (lambda: F.unfold(x, 7), r"unfold: windows over \(7, 7\) values are larger than the padded input, over \(6, 6"),
    (lambda: F.fold(tg.ones(2, 8, 5), (3, 3), 2), r"fold: images over \(3, 3\) have 4 windows of 4 values"),
    (lambda: nn.Conv2d(4, 6, 3, groups=4), "Conv2d: out_channels=6 cannot be divided into 4 groups"),
    (lambda: nn.Conv2d(4, 6, 3, stride=2, padding="same"), "Conv2d: padding='same' needs stride 1"),
    (lambda: nn.Conv2d(4, 6, 3, padding="even"), "Conv2d: padding must be numbers, 'same' or 'valid', not 'even'"),
    (lambda: nn.Conv2d(4, 6, 3, padding_mode="mirror"), "Conv2d: padding_mode must be zeros, reflect, replic"),
    (lambda: nn.ConvTranspose1d(4, 6, 3, padding_mode="reflect"), "ConvTranspose1d: padding must be numbers and"),
]  # fmt: skip


@pytest.mark.parametrize(("call", "message"), MISTAKES)
def test_mistakes(call: Any, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        call()


def test_dtypes_are_not_mixed() -> None:
    with pytest.raises(TypeError, match="conv2d: the input is float64 and the weight float32; convert one of them"):
        F.conv2d(x.double(), w)


def test_the_samples_lie_side_by_side_in_the_memory_of_a_result() -> None:
    """So the next layer, and all that works value by value, has long runs of values."""
    result = F.conv2d(x, w).relu().numpy()
    assert result.strides[0] == result.itemsize
    assert np.shares_memory(result, result.transpose(2, 1, 3, 0).reshape(-1))


def test_view_takes_results_in_whatever_order_they_lie() -> None:
    result = F.conv2d(x * tg.arange(6.0), w, padding=1)
    assert result.view(2, -1).tolist() == result.flatten(1).tolist() == result.numpy().reshape(2, -1).tolist()
    assert result[0].view(-1).tolist() == result.numpy()[0].ravel().tolist()
    with pytest.raises(ValueError, match="not laid out"):
        x.transpose(0, 1).view(-1)
