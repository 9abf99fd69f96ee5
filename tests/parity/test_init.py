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


@pytest.mark.parametrize("name", FUNCTIONS)
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


@pytest.mark.parametrize("shape", [(4, 3, 3), (4, 6, 2), (6, 2, 3, 4), (2, 2, 1, 5, 3), (0, 2, 3)])
@pytest.mark.parametrize("groups", [1, 2])
def test_convolutions_that_give_back_their_input(shape: tuple[int, ...], groups: int) -> None:
    mine, other = init.dirac_(tg.empty(*shape), groups), torch.nn.init.dirac_(torch.empty(*shape), groups)
    assert mine.tolist() == other.tolist()


@pytest.mark.parametrize("shape", [(40, 30, 5), (20, 10, 3, 4), (10, 8, 3, 2, 5)])
@pytest.mark.parametrize(
    "call",
    [
        *("xavier_uniform_(t)", "xavier_normal_(t, 2.0)", "kaiming_uniform_(t, 5**0.5)"),
        *(
            "kaiming_normal_(t, mode='fan_out', nonlinearity='relu')",
            "orthogonal_(t, 3.0)",
            "trunc_normal_(t, std=0.5)",
        ),
    ],
)
def test_deviations_of_weights_of_convolutions(shape: tuple[int, ...], call: str) -> None:
    mine = eval(f"init.{call}", {"init": init, "t": tg.empty(*shape)})
    other = eval(f"init.{call}", {"init": torch.nn.init, "t": torch.empty(*shape)})
    assert mine.std().item() == pytest.approx(other.std().item(), rel=0.1)
