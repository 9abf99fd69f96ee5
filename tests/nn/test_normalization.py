"""Normalization layers and dropout of channels: what they say to inputs that do not fit."""

from __future__ import annotations

import pytest

import nn
import tinygrad_scratch as tg


@pytest.mark.parametrize(
    ("layer", "shape", "message"),
    [
        (nn.BatchNorm1d(3), (2, 3, 4, 5), r"^BatchNorm1d: needs an input of shape \(N, 3\) or \(N, 3, L\), not \(2, 3"),
        (nn.BatchNorm2d(3), (2, 4, 5, 5), r"^BatchNorm2d: needs an input of shape \(N, 3, H, W\), not \(2, 4, 5, 5\)"),
        (nn.BatchNorm2d(3), (1, 3, 1, 1), r"^batch_norm: in training it needs more than one value in each channel"),
        (nn.BatchNorm3d(3), (3, 5, 5, 5), r"^BatchNorm3d: needs an input of shape \(N, 3, D, H, W\), not \(3, 5"),
        (
            nn.InstanceNorm1d(3),
            (4, 5),
            r"^InstanceNorm1d: needs an input of shape \(3, L\) or \(N, 3, L\), not \(4, 5\)",
        ),
        (nn.InstanceNorm2d(3), (2, 3, 1, 1), r"^instance_norm: needs more than one value in each channel of a sample"),
        (nn.LocalResponseNorm(2), (3, 4), r"^local_response_norm: needs an input \(N, C, \*\) of 3 dimensions or more"),
        (nn.Dropout1d(), (3,), r"^dropout1d: needs channels of 1 dimensions, in a sample or a batch, not shape"),
        (nn.Dropout3d(), (3, 2, 2), r"^dropout3d: needs channels of 3 dimensions"),
    ],
)
def test_inputs_that_do_not_fit(layer: nn.Module, shape: tuple[int, ...], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        layer(tg.ones(shape))


def test_dropout2d_warns_that_three_dimensions_are_not_an_image() -> None:
    with pytest.warns(UserWarning, match=r"^dropout2d: an input of shape \(2, 3, 4\) is taken for \(N, C, L\)"):
        dropped = nn.Dropout2d()(tg.ones(2, 3, 4))
    assert (dropped == dropped[..., :1]).all()


def test_statistics_of_the_input_or_running_ones() -> None:
    with pytest.raises(ValueError, match=r"^instance_norm: needs running_mean and running_var unless"):
        tg.instance_norm(tg.ones(2, 3, 4), use_input_stats=False)
    with pytest.raises(TypeError, match=r"^batch_norm: the input is float32 and running_mean float64; convert"):
        tg.batch_norm(tg.ones(2, 3), tg.zeros(3).double(), tg.ones(3))
