"""The record is complete: replaying it on other values gives what running anew on them gives, gradients included."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import numpy as np
import pytest

import tinygrad_scratch as tg
from tests.engine.test_operations import flat, tensors
from tests.replay import Record
from tests.samples import SAMPLES, Sample
from tinygrad_scratch.record.mode import observing

Array = np.ndarray[Any, np.dtype[Any]]


def other_values(sample: Sample, seed: int = 0) -> Sample:
    """The sample with the values of each operand in another order and, of those that are not whole, a little smaller.

    So probabilities stay such, classes, positions and counts stay in range, and as many values of a mask hold.
    """
    random = np.random.default_rng(seed)
    operands = {}
    for name, array in sample.operands.items():
        values = random.permutation(array.ravel())
        if array.dtype.kind == "f" and not np.array_equal(values, np.round(values)):
            values = values * random.uniform(0.99, 1, values.shape)
        operands[name] = other = np.empty_like(array)
        other[...] = values.reshape(array.shape)
    return replace(sample, operands=operands)


def run(sample: Sample) -> tuple[Record, dict[str, tg.Tensor], list[tg.Tensor]]:
    """What the sample and its backward pass do, its operands, and the results and gradients."""
    operands, record = tensors(sample), Record()
    with observing(record):
        results = flat(sample.run(tg, operands))
        wanted = [operands[name] for name in sample.differentiable]
        roots = [result for result in results if result.requires_grad]
        if roots:
            start = [tg.ones_like(root) for root in roots]
            results += tg.autograd.grad(roots, wanted, start, materialize_grads=True)
    return record, operands, results


# Operations that compute with values out of sight, in samples of theirs.
OUT_OF_SIGHT = {
    "__getitem__", "argsort", "argwhere", "bincount", "bucketize", "cholesky_inverse", "cholesky_solve", "cummax",
    "cummin", "frexp", "histc", "histogram", "isin", "kthvalue", "linalg.matrix_rank", "linalg.svd", "masked_fill",
    "masked_scatter", "median", "mode", "msort", "nan_to_num", "nanmedian", "nanquantile", "nonzero", "one_hot",
    "quantile", "repeat_interleave", "scatter_reduce", "searchsorted", "sort", "svd", "topk", "unique",
    "unique_consecutive", "unravel_index", "where",
}  # fmt: skip


@pytest.mark.parametrize("sample", [sample for sample in SAMPLES if sample.operation not in OUT_OF_SIGHT], ids=str)
def test_replay(sample: Sample) -> None:
    record, operands, results = run(sample)
    other = other_values(sample)
    _, _, expected = run(other)
    replayed = record.replay({operands[name]: values for name, values in other.operands.items()})
    for result, right in zip(results, expected, strict=True):
        np.testing.assert_array_equal(replayed.values(result), right.detach().numpy(), strict=True)


class Tripled(tg.autograd.Function):
    @staticmethod
    def forward(ctx: Any, x: tg.Tensor) -> tg.Tensor:
        ctx.save_for_backward(x.clone())
        ctx.mark_dirty(x.mul_(3))
        return x

    @staticmethod
    def backward(ctx: Any, g: tg.Tensor) -> tg.Tensor:
        (x,) = ctx.saved_tensors
        return g * 3 + 0 * x


def steps_through_data(weight: tg.Tensor, x: tg.Tensor) -> list[tg.Tensor]:
    for _ in range(2):
        ((x * weight) ** 2).sum().backward()
        weight.data.add_(-0.1 * weight.grad.data)
        weight.data[0] *= 2
        weight.data = weight.data - 0.1 * weight.grad.data
        weight.grad.data.zero_()
    return [weight, weight.grad]


def function_that_writes(weight: tg.Tensor, x: tg.Tensor) -> list[tg.Tensor]:
    y = x * weight
    Tripled.apply(y[:2])
    (y * y).sum().backward()
    return [y, weight.grad]


@pytest.mark.parametrize("program", [steps_through_data, function_that_writes])
def test_replay_of_writes(program: Callable[[tg.Tensor, tg.Tensor], list[tg.Tensor]]) -> None:
    values = np.random.default_rng(0).random((4, 3), np.float32)
    weight, x = tg.tensor(values[0], requires_grad=True), tg.tensor(values[1])
    memory, record = weight.detach(), Record()
    with observing(record):
        results = program(weight, x)
    replayed = record.replay({memory: values[2], x: values[3]})
    expected = program(tg.tensor(values[2], requires_grad=True), tg.tensor(values[3]))
    for result, right in zip(results, expected, strict=True):
        np.testing.assert_array_equal(replayed.values(result), right.detach().numpy(), strict=True)
