"""Connectionist temporal classification beside PyTorch's, whose gradient has none itself: that is tested by samples."""

from __future__ import annotations

import numpy as np
import pytest

from tests.parity.beside import check_function, check_module

pytest.importorskip("torch", reason="needs PyTorch: pip install -e .[peers]")

random = np.random.default_rng(0)

# Steps, samples, classes, the longest targets, and the blank.
SIZES = ((9, 3, 5, 3, 0), (1, 2, 3, 1, 2), (7, 1, 2, 2, 1), (12, 4, 6, 5, 3), (5, 4, 3, 4, 0), (30, 2, 40, 12, 0))


def problem(steps: int, samples: int, classes: int, longest: int, blank: int, least: int) -> dict[str, np.ndarray]:
    targets = random.integers(classes - 1, size=(samples, longest))
    return {
        "x": random.standard_normal((steps, samples, classes)),
        "t": np.where(targets >= blank, targets + 1, targets),
        "i": random.integers(least * steps // 2, steps + 1, samples),
        "n": random.integers(longest + 1, size=samples),
    }


@pytest.mark.parametrize("size", SIZES, ids=str)
@pytest.mark.parametrize("reduction", ["none", "sum", "mean"])
def test_losses_of_all_kinds_of_samples(size: tuple[int, ...], reduction: str) -> None:
    for _ in range(5):
        given = problem(*size, least=1)
        options = f"{size[-1]}, '{reduction}', zero_infinity=True"
        check_function(f"F.ctc_loss(x.log_softmax(2), t, i, n, {options})", order=1, **given)
        in_a_row = np.concatenate([row[:count] for row, count in zip(given["t"], given["n"], strict=True)])
        check_function(f"F.ctc_loss(x.log_softmax(2), t, i, n, {options})", order=1, **{**given, "t": in_a_row})


def test_impossible_targets_and_sequences_without_steps() -> None:
    x, targets = random.standard_normal((3, 3, 4)), np.array([[1, 1], [2, 3], [1, 2]])
    lengths = {"i": np.array([2, 0, 0]), "n": np.array([2, 1, 0])}
    call = "F.ctc_loss(x.log_softmax(2), t, i, n, reduction='none'{}).detach()"
    for options in ("", ", zero_infinity=True"):
        check_function(call.format(options), order=0, x=x, t=targets, **lengths)


@pytest.mark.parametrize(
    "call", ["F.ctc_loss(x.log_softmax(1), t, {}, {})", "F.ctc_loss(x, t, {}, {}, reduction='sum')"]
)
def test_one_sequence_and_lengths_as_tuples(call: str) -> None:
    x, target = random.standard_normal((8, 5)), np.array([1, 2, 2])
    for steps, spoken in (("(8,)", "(3,)"), ("T.tensor(6)", "T.tensor(2)")):
        t = target[:2] if "2" in spoken else target
        check_function(call.format(steps, spoken), order=1, x=x, t=t)


def test_log_probs_in_another_order_of_memory() -> None:
    given = problem(9, 3, 5, 3, 0, least=1)
    given["x"] = np.moveaxis(random.standard_normal((3, 5, 9)), 2, 0)
    check_function("F.ctc_loss(x.log_softmax(2), t, i, n, zero_infinity=True)", order=1, **given)


@pytest.mark.parametrize("options", ["", "2", "reduction='sum'", "zero_infinity=True", "1, reduction='none'"])
def test_module(options: str) -> None:
    lengths = (np.array([6, 5]), np.array([1, 2]))
    targets = np.array([[3, 0], [4, 3]]) if options[:1] in ("1", "2") else np.array([[3, 0], [4, 3]]) + 1
    x = random.standard_normal((6, 2, 6))
    check_module(
        f"T.nn.CTCLoss({options})", x, targets, *lengths, order=1, forward="module(x0.log_softmax(2), x1, x2, x3)"
    )
