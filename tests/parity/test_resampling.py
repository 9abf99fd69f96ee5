"""Interpolation, padding and shuffled channels in PyTorch too, over options, odd sizes and memory orders."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np
import pytest

import tinygrad_scratch as tg
from tests.parity.beside import check_function, check_module

pytest.importorskip("torch", reason="needs PyTorch: pip install -e .[peers]")

SIZES = {1: (7,), 2: (5, 6), 3: (3, 4, 2)}  # by the number of spatial dimensions


def inputs(dims: int) -> Iterator[Any]:
    """With samples, without any, and in other memory orders."""
    random = np.random.default_rng(0)
    sizes = SIZES[dims]
    yield random.standard_normal((2, 3, *sizes))
    yield np.zeros((0, 3, *sizes))
    yield np.moveaxis(random.standard_normal((3, *sizes, 2)), -1, 0)
    yield random.standard_normal((4, 3, *sizes))[::2, ::-1]


MODES = {
    1: ("nearest", "nearest-exact", "area", "linear"),
    2: ("nearest", "nearest-exact", "area", "bilinear", "bicubic"),
    3: ("nearest", "nearest-exact", "area", "trilinear"),
}
# Not factors such as 1.1, which leave or double a size without being 1 or 2: there some of PyTorch's gradients are
# those of 1 and 2, and do not belong to its values.
OPTIONS = (
    *("size=1", "size=4", "size=9", "scale_factor=2", "scale_factor=0.6", "scale_factor=2.6"),
    *("scale_factor=1.4, recompute_scale_factor=True", "size=x.shape[2:]"),
)


@pytest.mark.parametrize("options", OPTIONS)
@pytest.mark.parametrize(("dims", "mode"), [(dims, mode) for dims, modes in MODES.items() for mode in modes])
def test_interpolate(dims: int, mode: str, options: str) -> None:
    aligning = ("", ", align_corners=True", ", align_corners=False") if mode.endswith(("linear", "cubic")) else ("",)
    for x in inputs(dims):
        for align_corners in aligning:
            check_function(f"F.interpolate(x, {options}, mode={mode!r}{align_corners})", x=x)


def test_interpolate_with_an_option_for_each_dimension() -> None:
    for x in inputs(2):
        check_function("F.interpolate(x, (3, 8), mode='bilinear')", x=x)
        check_function("F.interpolate(x, scale_factor=(0.5, 3.1))", x=x)
        check_function("F.interpolate(x, scale_factor=(0.5, 3.1), mode='bicubic', align_corners=True)", x=x)


@pytest.mark.parametrize("scale_factor", [1.37, 1.9999, 2.0001, 3.33, 0.31, 0.777])
def test_neighbors_are_chosen_as_in_pytorch(scale_factor: float) -> None:
    x = np.arange(100, dtype=np.uint8).reshape(1, 1, 100)
    for mode in ("nearest", "nearest-exact"):
        check_function(f"F.interpolate(x, scale_factor={scale_factor}, mode={mode!r})", 0, x=x)
        check_function(f"F.interpolate(x, size={int(100 * scale_factor)}, mode={mode!r})", 0, x=x)


def test_infinity_stays_where_it_is_in_mode_nearest() -> None:
    check_function("F.interpolate(x, scale_factor=2)", 0, x=np.array([[[1.0, np.inf, np.nan, -np.inf]]]))


@pytest.mark.parametrize(
    "call",
    [
        "Upsample(4)",
        "Upsample(scale_factor=2.5, mode='bilinear')",
        "Upsample(scale_factor=(2, 3), mode='bicubic', align_corners=True)",
        "Upsample(None, 1.3, 'bilinear', False, True)",
        "UpsamplingNearest2d(scale_factor=2)",
        "UpsamplingNearest2d((3, 4))",
        "UpsamplingBilinear2d(scale_factor=1.5)",
        "UpsamplingBilinear2d(7)",
        "ChannelShuffle(3)",
    ],
)
def test_layers_that_resample(call: str) -> None:
    for x in inputs(2):
        check_module(f"T.nn.{call}", x)


@pytest.mark.parametrize("shape", [(2, 8, 3, 4), (8, 3, 4), (2, 3, 8, 5, 1)])
def test_pixel_shuffle(shape: tuple[int, ...]) -> None:
    x = np.random.default_rng(0).standard_normal(shape)
    y = np.random.default_rng(0).standard_normal((*shape[:-2], shape[-2] * 3, shape[-1] * 3))
    check_module("T.nn.PixelShuffle(2)", x)
    check_module("T.nn.PixelUnshuffle(3)", y)


@pytest.mark.parametrize("dims", SIZES)
@pytest.mark.parametrize("kind", ["Constant", "Zero", "Reflection", "Replication", "Circular"])
def test_padding_layers(dims: int, kind: str) -> None:
    call = f"T.nn.{kind}Pad{dims}d" + ("({}, 1.5)" if kind == "Constant" else "({})")
    for x in inputs(dims):
        for padding in (1, (1, 0, 0, 1, 1, 1)[: 2 * dims], (0, 1, -1, 0, 1, -1)[: 2 * dims]):
            check_module(call.format(padding), x)
            if len(x):
                check_module(call.format(padding), x[0])


@pytest.mark.parametrize("align_corners", [True, False])
@pytest.mark.parametrize("padding_mode", ["zeros", "border", "reflection"])
@pytest.mark.parametrize(
    ("dims", "mode"), [*((2, mode) for mode in ("bilinear", "bicubic", "nearest")), (3, "bilinear"), (3, "nearest")]
)
def test_grid_sample(dims: int, mode: str, padding_mode: str, align_corners: bool) -> None:
    random = np.random.default_rng(0)
    call = f"F.grid_sample(x, grid, {mode!r}, {padding_mode!r}, {align_corners})"
    for x in inputs(dims):
        for extent in (1, 3):
            grid = random.uniform(-extent, extent, (len(x), *(4, 2, 3)[:dims], dims))
            check_function(call, x=x, grid=grid)
        identity = np.stack(np.meshgrid(*[np.linspace(-1, 1, 3)] * dims, indexing="ij"), -1)
        check_function(call, order=1, x=x, grid=identity[None].repeat(len(x), 0))


@pytest.mark.parametrize("align_corners", [True, False])
def test_affine_grid(align_corners: bool) -> None:
    random = np.random.default_rng(0)
    check_function(f"F.affine_grid(x, (2, 1, 3, 4), {align_corners})", x=random.standard_normal((2, 2, 3)))
    check_function(f"F.affine_grid(x, (2, 1, 3, 4, 2), {align_corners})", x=random.standard_normal((4, 3, 2)).T)
    transformed = f"F.grid_sample(y, F.affine_grid(x, y.shape, {align_corners}), align_corners={align_corners})"
    check_function(transformed, x=random.standard_normal((2, 2, 3)), y=random.standard_normal((2, 3, 4, 5)))


ORDERS = ((0, 1, 2, 3), (1, 2, 3, 0), (0, 2, 3, 1))


@pytest.mark.parametrize("order", ORDERS, ids=str)
@pytest.mark.parametrize(
    "call",
    [
        "interpolate(x, None, 2)",
        "interpolate(x, 9, None, 'bicubic')",
        "pad(x, (1, 2, 0, 1))",
        "pad(x, (2, 1), 'reflect')",
    ],
)
def test_results_keep_the_memory_order(call: str, order: tuple[int, ...]) -> None:
    y = eval(f"F.{call}", {"F": tg.nn.functional, "x": in_memory_order(order)})
    assert memory_order(y) == order


@pytest.mark.parametrize("order", ORDERS, ids=str)
@pytest.mark.parametrize(
    "call", ["max_pool2d(x, 2)", "max_pool2d(x, 3, 2, 1)", "avg_pool2d(x, 2)", "avg_pool2d(x, 3, 2, 1)"]
)
def test_pools_and_their_gradients_keep_the_memory_order(call: str, order: tuple[int, ...]) -> None:
    x = in_memory_order(order).requires_grad_()
    y = eval(f"F.{call}", {"F": tg.nn.functional, "x": x})
    (gradient,) = tg.autograd.grad(y, [x], [tg.from_numpy(np.ones_like(y.detach().numpy()))])
    assert memory_order(y) == memory_order(gradient) == order


def in_memory_order(order: tuple[int, ...]) -> tg.Tensor:
    """A tensor of shape (5, 4, 6, 7), the dimensions of which lie in memory in this order."""
    ordered = np.random.default_rng(0).standard_normal([(5, 4, 6, 7)[dim] for dim in order])
    return tg.from_numpy(ordered.transpose(np.argsort(order)))


def memory_order(tensor: tg.Tensor) -> tuple[int, ...]:
    return tuple(np.argsort(tensor.detach().numpy().strides)[::-1].tolist())


@pytest.mark.parametrize(
    ("call", "words"),
    [
        ("interpolate(x)", "either size or scale_factor"),
        ("interpolate(x, 2, 2)", "either size or scale_factor"),
        ("interpolate(x, (2, 2, 2))", "size must be an integer or 2 of them"),
        ("interpolate(x, scale_factor=(2, 2, 2))", "scale_factor must be a number or 2 of them"),
        ("interpolate(x, scale_factor=0.01)", "leaves nothing"),
        ("interpolate(x, 2, mode='cubic')", "mode must be one of nearest, .*bicubic, not 'cubic'"),
        ("interpolate(x, 2, mode='trilinear')", "with 2 spatial dimensions there are nearest, .*bicubic"),
        ("interpolate(x[0, 0], 2)", r"it must be \(N, C, \*\)"),
        ("interpolate(x, 2, align_corners=True)", "align_corners is an option of linear, .*, not of 'nearest'"),
        ("interpolate(x, 2, mode='bilinear', antialias=True)", "there is no antialias"),
        ("interpolate(x, 2, recompute_scale_factor=True)", "no scale factor to recompute"),
        ("interpolate(x, (3,))", "size must be an integer or 2 of them, got"),
        ("pad(x, (-4, -4))", r"pad: \[-4, -4\] takes away more than there is in shape \(2, 8, 4, 6\)"),
        ("pixel_shuffle(x, 3)", r"8 channels .* are no multiple of 3 · 3"),
        ("pixel_unshuffle(x, 3)", r"shape \(2, 8, 4, 6\) are no multiples of 3"),
        ("channel_shuffle(x, 3)", "has no 3 groups of channels"),
        ("pad(x, (9, 0), mode='reflect')", "have no 9 before"),
        ("pad(x, (1, 1), mode='reflect', value=1.0)", "pad: mode 'reflect' takes no value, but got 1.0"),
        ("grid_sample(x, x)", r"the grid must be \(2, H, W, 2\), not \(2, 8, 4, 6\)"),
        ("grid_sample(x[0], x)", r"needs an input \(N, C, H, W\) or \(N, C, D, H, W\), not one of shape \(8, 4, 6\)"),
        ("grid_sample(x[None], x, 'bicubic')", r"mode 'bicubic' needs an input \(N, C, H, W\), not"),
        ("grid_sample(x, x, 'linear')", "mode must be one of bilinear, nearest, bicubic, .* not 'linear' and 'zeros'"),
        ("affine_grid(x, (2, 8, 4, 6))", r"theta must have shape \(2, 2, 3\), not \(2, 8, 4, 6\)"),
        ("affine_grid(x, (2, 8, 4))", r"size must be \(N, C, H, W\)"),
    ],
)
def test_mistakes(call: str, words: str) -> None:
    with pytest.raises(ValueError, match=words):
        eval(f"F.{call}", {"F": tg.nn.functional}, {"x": tg.rand(2, 8, 4, 6)})
