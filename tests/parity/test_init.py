"""Initial values beside PyTorch's: the same names and arguments, gains, and values where they are not random."""

from __future__ import annotations

import inspect

import pytest

import tinygrad_scratch as tg
from nn import init

torch = pytest.importorskip("torch", reason="needs PyTorch: pip install -e .[peers]")

FUNCTIONS = [
    name for name in dir(torch.nn.init) if name == "calculate_gain" or (name.endswith("_") and not name.startswith("_"))
]


@pytest.mark.parametrize("name", sorted(set(FUNCTIONS) - {"dirac_"}))  # dirac_ is for convolutions
def test_arguments_and_defaults(name: str) -> None:
    mine, other = (inspect.signature(getattr(package, name)).parameters for package in (init, torch.nn.init))
    assert [(p.name, p.default) for p in mine.values()] == [(p.name, p.default) for p in other.values()]


@pytest.mark.parametrize(
    "arguments",
    [
        *(["linear"], ["conv3d"], ["conv_transpose2d"], ["sigmoid"], ["tanh"], ["relu"], ["selu"]),
        *(["leaky_relu"], ["leaky_relu", 0.2], ["leaky_relu", 1]),
    ],
)
def test_gains(arguments: list[object]) -> None:
    assert init.calculate_gain(*arguments) == torch.nn.init.calculate_gain(*arguments)


@pytest.mark.parametrize("call", ["constant_(t, 2.5)", "ones_(t)", "zeros_(t)", "eye_(t)"])
def test_values_that_are_not_random(call: str) -> None:
    mine = eval(f"init.{call}", {"init": init, "t": tg.empty(3, 4)})
    other = eval(f"init.{call}", {"init": torch.nn.init, "t": torch.empty(3, 4)})
    assert mine.tolist() == other.tolist()
