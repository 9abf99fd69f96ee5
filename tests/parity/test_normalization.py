"""Normalization layers and dropout of channels beside PyTorch's."""

from __future__ import annotations

from itertools import product

import numpy as np
import pytest

import tinygrad_scratch as tg
from tests.parity.beside import check_module
from tinygrad_scratch import nn

pytest.importorskip("torch", reason="needs PyTorch: pip install -e .[peers]")

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


@pytest.mark.parametrize("options", ["", ", affine=True", ", track_running_stats=True", ", affine=True, eps=0.1"])
@pytest.mark.parametrize("forward", CALLS)
@pytest.mark.parametrize("dims", SHAPES)
def test_instance_norm(dims: str, options: str, forward: str) -> None:
    places = int(dims[0])
    for shape, make in product([(4, 3, 5, 6, 2), (1, 3, 2, 1, 1), (0, 3, 2, 2, 2)], (images, batch_innermost)):
        if shape[0] or not options:  # of no samples, PyTorch fails, or its running statistics become NaN
            check_module(f"T.nn.InstanceNorm{dims}(3{options})", make(*shape[: 2 + places]), forward=forward)
    check_module(f"T.nn.InstanceNorm{dims}(3{options})", images(3, *(4, 2, 5)[:places]), forward=forward)


@pytest.mark.parametrize("options", ["3", "2, alpha=0.5, beta=1.5, k=0.7", "9"])
def test_local_response_norm(options: str) -> None:
    for shape, make in product([(2, 5, 3), (3, 4, 2, 5), (2, 1, 2, 2, 2), (0, 3, 4)], (images, batch_innermost)):
        check_module(f"T.nn.LocalResponseNorm({options})", make(*shape))


LAYERS = {
    "LayerNorm(6)": ((4, 6), (2, 3, 6), (0, 6), (1, 6)),
    "LayerNorm((3, 2), eps=0.1)": ((4, 3, 2), (3, 2)),
    "LayerNorm(5, bias=False)": ((3, 2, 5),),
    "LayerNorm(5, elementwise_affine=False)": ((3, 2, 5),),
    "GroupNorm(2, 6)": ((3, 6), (2, 6, 5), (4, 6, 3, 2), (0, 6, 3)),
    "GroupNorm(6, 6, affine=False)": ((2, 6, 5),),
    "RMSNorm(6)": ((4, 6), (2, 3, 6), (0, 6)),
    "RMSNorm((3, 2), eps=0.1)": ((4, 3, 2),),
    "BatchNorm1d(3)": ((0, 3), (0, 3, 4), (300, 3)),
    "BatchNorm2d(3)": ((0, 3, 4, 5), (2, 3, 0, 5)),
}


@pytest.mark.parametrize("call", LAYERS)
def test_layers_on_any_order_of_memory(call: str) -> None:
    for shape in LAYERS[call]:
        x = images(*shape)
        for array in (x, batch_innermost(*shape), np.asfortranarray(x), images(*shape[:-1], 2 * shape[-1])[..., ::2]):
            check_module(f"T.nn.{call}", array)


INNERMOST = ("BatchNorm2d(5)", "BatchNorm2d(5).eval()", "InstanceNorm2d(5, affine=True)")
INNERMOST += ("LocalResponseNorm(2)", "Dropout(0.5)", "Dropout2d(0.5)", "FeatureAlphaDropout(0.5)")


@pytest.mark.parametrize("call", INNERMOST)
def test_the_batch_stays_innermost_in_memory(call: str) -> None:
    x = tg.from_numpy(batch_innermost(4, 5, 3, 2).astype(np.float32)).requires_grad_()
    y = eval(f"nn.{call}")(x)
    assert y.detach().numpy().strides == x.detach().numpy().strides
    (gradient,) = tg.autograd.grad((y * y * y).sum(), x)
    assert gradient.numpy().strides == x.detach().numpy().strides
