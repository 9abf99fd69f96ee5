"""Both worked examples of backpropagation, to all the digits that are known of them."""

from __future__ import annotations

from pathlib import Path

import pytest

from examples import backprop_by_hand
from examples.backprop_by_hand import Example1, Example2, losses

STEPS = [
    "o = σ(z2) = 0.7513650696, 0.7729284653",
    "L = ½ Σ (y - o)² = 0.2983711088",
    "∂L/∂W1 = (∂L/∂z1)ᵀ·x = 0.0004385677, 0.0008771355 0.0004977127, 0.0009954255",
    "∂L/∂b1 = Σ ∂L/∂z1 = 0.0187256094",
    "∂L/∂W2 = (∂L/∂z2)ᵀ·h = 0.0821670406, 0.0826676278 -0.0226025405, -0.0227402422",
    "∂L/∂b2 = Σ ∂L/∂z2 = 0.1004003251",
    "W1 ← W1 - 0.5 · ∂L/∂W1 = 0.1497807161, 0.1995614323 0.2497511436, 0.2995022873",
    "W2 ← W2 - 0.5 · ∂L/∂W2 = 0.3589164797, 0.4086661861 0.5113012702, 0.5613701211",
    "p = softmax(z3) = 0.3111607544, 0.2786351511, 0.4102040945",
    "L = -log p[0] = 1.1674456053",
    "∂L/∂W1 = (∂L/∂z1)ᵀ·x = 0.0001204240, 0.0002408481, 0.0008429682 "
    "0.0003206175, 0.0006412349, 0.0022443223 0.0004964358, 0.0009928716, 0.0034750506",
]


def test_every_step_is_printed_and_drawn(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    backprop_by_hand.main(["--steps-1", "2", "--steps-2", "2", "--output", str(tmp_path)])
    printed = " ".join(capsys.readouterr().out.split())
    for step in STEPS:
        assert step in printed
    assert "0.1384985616" in printed  # a gradient on the way
    drawn = (tmp_path / "example_1.svg").read_text()
    assert "0.2984" in drawn
    assert "0.0004386" in drawn
    assert (tmp_path / "example_2.svg").exists()


def test_example_1_learns() -> None:
    weights_only, everything = Example1(), Example1()
    history = losses(weights_only, [weights_only.W1, weights_only.W2], 10_000)
    assert f"{history[0]:.10f}" == "0.2983711088"
    assert f"{history[1]:.10f}" == "0.2910277737"
    assert f"{history[-1]:.9e}" == "3.510187783e-05"
    history = losses(everything, list(everything.parameters()), 10_000)
    assert f"{history[1]:.10f}" == "0.2857508867"
    assert f"{history[-1]:.9e}" == "4.355321066e-06"


def test_example_2_learns() -> None:
    example = Example2()
    history = losses(example, list(example.parameters()), 300)
    assert f"{history[0]:.10f}" == "1.1674456053"
    assert history[30] == pytest.approx(0.60797958204, abs=1e-11)
    assert f"{history[300]:.10f}" == "0.0685344508"
