"""Normalization layers and dropout of channels beside PyTorch's."""

from __future__ import annotations

from itertools import product

import numpy as np
import pytest

import tinygrad_scratch as tg
from tests.parity.beside import check_module
from tinygrad_scratch import nn

random = np.random.default_rng(0)


def images(*shape: int) -> np.ndarray:
    return random.standard_normal(shape) * 2 + 1


def batch_innermost(*shape: int) -> np.ndarray:
    return np.moveaxis(images(*shape[1:], shape[0]), -1, 0)


SHAPES: dict[str, tuple[tuple[int, ...], ...]] = {
    "1d": ((4, 3), (3, 3, 5), (2, 3, 1)),
    "2d": ((4, 3, 5, 6), (1, 3, 2, 1), (2, 3, 1, 1)),
    "3d": ((2, 3, 2, 3, 4), (1, 3, 1, 1, 2)),
}
OPTIONS = ("", ", affine=False", ", bias=False, eps=0.1", ", track_running_stats=False", ", momentum=None")
CALLS = ("module({})", "module.eval()({})", "module(x0) * module(x0)")


@pytest.mark.parametrize("forward", CALLS)
@pytest.mark.parametrize("options", OPTIONS)
@pytest.mark.parametrize("dims", SHAPES)
def test_batch_norm(dims: str, options: str, forward: str) -> None:
    for shape, make in product(SHAPES[dims], (images, batch_innermost)):
        check_module(f"T.nn.BatchNorm{dims}(3{options})", make(*shape), forward=forward)


DROPOUTS: dict[str, tuple[tuple[int, ...], ...]] = {
    "Dropout1d": ((4, 5), (2, 3, 7)),
    "Dropout2d": ((6, 5, 4, 3),),
    "Dropout3d": ((6, 1, 2, 3), (3, 4, 1, 2, 3)),
}


@pytest.mark.parametrize("name", DROPOUTS)
def test_dropout_of_whole_channels(name: str) -> None:
    for shape in DROPOUTS[name]:
        x = tg.ones(shape, requires_grad=True)
        y = getattr(nn, name)(0.25)(x)
        places = int(name[-2])
        channels = y.flatten(-places)
        assert ((channels == channels[..., :1]).all() & ((y == 0) | (y == 1 / 0.75)).all()).item()
        y.sum().backward()
        np.testing.assert_array_equal(x.grad.numpy(), y.detach().numpy())
        check_module(f"T.nn.{name}(0.5).eval()", images(*shape))
        check_module(f"T.nn.{name}(1.0)", images(*shape))
        in_place = tg.ones(shape)
        assert getattr(nn, name)(0.5, inplace=True)(in_place) is in_place
