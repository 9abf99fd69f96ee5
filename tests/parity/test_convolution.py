"""Convolutions and patches beside PyTorch's: over options, odd sizes, memory layouts, and batches of nothing."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from tests.parity.beside import check_function, check_module
from tinygrad_scratch import nn

torch = pytest.importorskip("torch", reason="needs PyTorch: pip install -e .[peers]")

LENGTHS = (5, 7, 4)


def normal(*shape: int, seed: int = 0) -> Any:
    return np.random.default_rng(seed).standard_normal(shape)


def images(dims: int, channels: int, samples: int = 2) -> Any:
    return normal(samples, channels, *LENGTHS[:dims])


CONVOLUTIONS = (
    "2, 3, 1",
    "2, 3, 3",
    "2, 3, 3, bias=False",
    "2, 3, 3, 2",
    "2, 3, 2, 3, 2",
    "2, 3, 2, padding=3",
    "2, 3, 3, padding='same'",
    "2, 3, 2, padding='same', dilation=3",
    "2, 3, 3, padding='valid', stride=2",
    "2, 3, 2, dilation=3, stride=2, padding=1",
    "4, 6, 3, groups=2, padding=1",
    "4, 6, 2, groups=2, stride=2, dilation=2",
    "3, 3, 3, groups=3, padding=1",
    "3, 6, 2, groups=3, padding=1",
    "2, 3, 3, padding=1, padding_mode='reflect'",
    "2, 3, 3, padding=2, padding_mode='replicate', stride=2",
    "2, 3, 2, padding='same', padding_mode='circular', dilation=3",
)
TRANSPOSED = (
    "2, 3, 1",
    "2, 3, 3",
    "2, 3, 3, bias=False",
    "2, 3, 3, 2",
    "2, 3, 2, 3, 1, 2",
    "2, 3, 3, padding=2",
    "2, 3, 1, padding=1",
    "2, 3, 2, dilation=3, output_padding=2",
    "2, 3, 3, 2, 1, 1, dilation=2",
    "4, 6, 3, groups=2, padding=1",
    "3, 3, 3, 2, groups=3",
)


@pytest.mark.filterwarnings("ignore:Using padding='same' with even kernel lengths")
@pytest.mark.parametrize("options", CONVOLUTIONS)
@pytest.mark.parametrize("dims", [1, 2, 3])
def test_convolution(dims: int, options: str) -> None:
    channels = int(options[0])
    for x in (images(dims, channels), images(dims, channels)[0], images(dims, channels, samples=1)):
        check_module(f"T.nn.Conv{dims}d({options})", x)


@pytest.mark.parametrize("options", TRANSPOSED)
@pytest.mark.parametrize("dims", [1, 2, 3])
def test_transposed_convolution(dims: int, options: str) -> None:
    channels = int(options[0])
    for x in (images(dims, channels), images(dims, channels)[0]):
        check_module(f"T.nn.ConvTranspose{dims}d({options})", x)


@pytest.mark.parametrize(
    "call", ["T.nn.Conv2d(3, 4, (1, 3), (2, 1), (2, 0), (1, 2))", "T.nn.Conv2d(3, 4, (4, 2), (1, 3))"]
)
def test_options_of_each_dimension(call: str) -> None:
    check_module(call, normal(2, 3, 6, 7))


@pytest.mark.parametrize("size", [(9, 13), (10, 14), (2, 3, 10, 13)])
def test_the_size_of_the_result_can_be_asked_for(size: tuple[int, ...]) -> None:
    check_module("T.nn.ConvTranspose2d(2, 3, 3, 2, 1)", images(2, 2), forward=f"module({{}}, output_size={size})")
    with pytest.raises(ValueError, match=r"ConvTranspose2d: output_size must lie between \(9, 13\) and \(10, 14\)"):
        nn.ConvTranspose2d(2, 3, 3, 2, 1)(nn.Parameter(np.zeros((2, 2, 5, 7), np.float32)), output_size=(9, 15))


# What memory looks like, and how little may be there


@pytest.mark.parametrize("dims", [1, 2, 3])
def test_inputs_that_are_not_contiguous(dims: int) -> None:
    x = np.moveaxis(normal(*LENGTHS[:dims], 3, 2), (-1, -2), (0, 1))
    w = np.moveaxis(normal(*(3, 2, 2)[:dims], 4, 3), (-2, -1), (0, 1))
    check_function(f"F.conv{dims}d(x, w, padding=1)", x=x, w=w)
    check_function(f"F.conv{dims}d(x, w)", x=x[:, ::-1], w=w[::-1])
    check_function(f"F.conv_transpose{dims}d(x, w)", x=x, w=np.swapaxes(w, 0, 1))


@pytest.mark.parametrize("dims", [1, 2, 3])
def test_no_samples_at_all(dims: int) -> None:
    check_module(f"T.nn.Conv{dims}d(2, 3, 2)", images(dims, 2, samples=0))
    check_module(f"T.nn.ConvTranspose{dims}d(2, 3, 2)", images(dims, 2, samples=0))


def test_many_blocks_of_rows(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tinygrad_scratch.ops.spatial.columns._BLOCK", 64)
    for options in ("2, 3, 3, padding=1", "2, 3, 3, 2, padding=2", "2, 4, 3, groups=2"):
        check_module(f"T.nn.Conv2d({options})", images(2, 2))
        check_module(f"T.nn.ConvTranspose2d({options})", images(2, 2))


# Patches

UNFOLDED = ("2", "(3, 2)", "3, 2", "2, padding=2, stride=3", "(1, 3), (1, 2), (0, 2), (2, 1)")


@pytest.mark.parametrize("options", UNFOLDED)
def test_unfold(options: str) -> None:
    for x in (images(2, 3), images(2, 3)[0], np.asfortranarray(images(2, 3)), images(2, 3, samples=0)):
        check_module(f"T.nn.Unfold({options})", x)


@pytest.mark.parametrize("options", UNFOLDED)
def test_fold(options: str) -> None:
    columns = torch.nn.functional.unfold(torch.zeros(2, 3, 5, 7), **_options(options)).shape
    for x in (normal(*columns), normal(*columns)[0], np.swapaxes(normal(columns[0], columns[2], columns[1]), 1, 2)):
        check_module(f"T.nn.Fold((5, 7), {options})", x)


def _options(text: str) -> dict[str, Any]:
    def named(kernel_size: Any, dilation: Any = 1, padding: Any = 0, stride: Any = 1) -> dict[str, Any]:
        return {"kernel_size": kernel_size, "dilation": dilation, "padding": padding, "stride": stride}

    return eval(f"named({text})", {"named": named})  # type: ignore[no-any-return]


# What modules say of themselves, and how they start


@pytest.mark.parametrize(
    "call",
    [
        *(f"Conv2d({options})" for options in CONVOLUTIONS),
        *(f"ConvTranspose3d({options})" for options in TRANSPOSED),
        "Conv1d(1, 2, 3)",
        "Unfold(3, stride=2)",
        "Fold((4, 5), 2)",
    ],
)
def test_representation(call: str) -> None:
    assert repr(eval(f"nn.{call}", {"nn": nn})) == repr(eval(f"nn.{call}", {"nn": torch.nn}))


def test_initialisation() -> None:
    for call in ("Conv2d(4, 64, 5)", "Conv1d(4, 64, 9, groups=2)", "ConvTranspose2d(16, 64, 3)"):
        ours, theirs = (eval(f"nn.{call}", {"nn": package}) for package in (nn, torch.nn))
        for mine, other in zip(ours.parameters(), theirs.parameters(), strict=True):
            largest = float(other.detach().abs().max())
            assert float(mine.detach().abs().max()) == pytest.approx(largest, rel=0.1)
            assert float(mine.detach().std()) == pytest.approx(float(other.detach().std()), rel=0.2)


@pytest.mark.parametrize("name", ["xavier_uniform_", "xavier_normal_", "kaiming_uniform_", "kaiming_normal_"])
@pytest.mark.parametrize("kernel", [(9,), (3, 3), (3, 1, 3)])
def test_fans_of_kernels(name: str, kernel: tuple[int, ...]) -> None:
    ours, theirs = nn.Parameter(np.zeros((64, 32, *kernel), np.float32)), torch.empty(64, 32, *kernel)
    getattr(nn.init, name)(ours)
    getattr(torch.nn.init, name)(theirs)
    assert float(ours.detach().std()) == pytest.approx(float(theirs.std()), rel=0.05)
