"""Every operation, in every sample: values, first and second gradients, dtypes, memory, arrays against Tensors."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import product
from typing import Any

import numpy as np
import pytest
from scipy import special

import tinygrad_scratch as tg
from tests.samples import SAMPLES, Sample
from tinygrad_scratch import ops
from tinygrad_scratch.autograd import gradcheck, gradgradcheck
from tinygrad_scratch.record.node import Node, topological_order
from tinygrad_scratch.record.operation import FUNCTIONS
from tinygrad_scratch.record.primitive import Primitive

DIFFERENTIABLE = [sample for sample in SAMPLES if sample.differentiable]


WITHOUT_FLOAT16 = {name for name in FUNCTIONS if name.startswith("linalg.")} | {
    "logdet", "matrix_exp", "cholesky_solve", "cholesky_inverse", "svd", "qr",
}  # fmt: skip


def tensors(sample: Sample, dtype: Any = np.float64, requires_grad: bool = True) -> dict[str, tg.Tensor]:
    return {
        name: tg.tensor(
            array.astype(dtype, order="K") if array.dtype.kind == "f" else array,
            requires_grad=requires_grad and name in sample.differentiable,
        )
        for name, array in sample.operands.items()
    }


def flat(result: Any) -> list[tg.Tensor]:
    """The Tensors in a result: one, several, or none."""
    if isinstance(result, tuple | list):
        return [tensor for part in result for tensor in flat(part)]
    return [result] if isinstance(result, tg.Tensor) else []


def primitives() -> Iterator[Primitive]:
    for module in ops.TABLES:
        for value in vars(module).values():
            if isinstance(found := getattr(value, "primitive", None), Primitive):
                yield found


def test_every_public_operation_has_samples() -> None:
    from tests.engine import test_creation, test_random

    sampled = {sample.operation for sample in SAMPLES}
    aliased = {FUNCTIONS[name] for name in sampled if name in FUNCTIONS}
    tested_elsewhere = {*test_creation.TESTED, *test_random.TESTED}
    missing = {name for name, function in FUNCTIONS.items() if function not in aliased} - tested_elsewhere
    assert not missing


def test_every_primitive_is_reached_by_a_sample() -> None:
    reached = set()
    for sample, dtype in product(DIFFERENTIABLE, (np.float64, np.float32)):
        roots = [result.node for result in flat(sample.run(tg, tensors(sample, dtype))) if result.node is not None]
        reached |= {node.plan.primitive for node in topological_order(roots) if node.plan is not None}
    adjoint = {
        "index_put",
        "scatter_add",
        "clamped_log",
        "cofactors",
        "cofactors_derivative",
        "convolution_weight_gradient",
        "cross_entropy_gradient",
        "ctc_change_of_gradient",
        "ctc_gradient",
        "first_masked",
        "gelu_slope",
        "inverse_rms",
        "picked_at_maxima",
        "put_at_maxima",
        "put_on_taps",
        "standardize_gradient",
        "sum_of_products",
        "taps_times",
        "spread_over_windows",
        "summed_slices",
    }  # reached only in the gradient of another
    assert {p.name for p in primitives() if p.rules and p not in reached} <= adjoint


@pytest.mark.parametrize("sample", [sample for sample in SAMPLES if sample.expected], ids=str)
def test_forward(sample: Sample) -> None:
    expected = eval(sample.expected or "", {"np": np, "special": special}, dict(sample.operands))
    result = sample.run(tg, tensors(sample))
    assert result.shape == np.shape(expected)
    np.testing.assert_allclose(result.detach().numpy(), expected, rtol=1e-12, atol=1e-14)


@pytest.mark.parametrize("sample", DIFFERENTIABLE, ids=str)
def test_first_and_second_gradient(sample: Sample) -> None:
    operands = tensors(sample)

    def function(*values: tg.Tensor) -> Sequence[tg.Tensor]:
        return flat(sample.run(tg, dict(zip(operands, values, strict=True))))

    gradcheck(function, tuple(operands.values()))
    gradgradcheck(function, tuple(operands.values()))


@pytest.mark.parametrize("sample", DIFFERENTIABLE, ids=str)
@pytest.mark.parametrize("dtype", [np.float64, np.float32, np.float16], ids=["float64", "float32", "float16"])
def test_gradients_have_their_tensors_dtype_and_shape_and_are_the_same_in_both_modes(
    sample: Sample, dtype: Any
) -> None:
    if dtype == np.float16 and sample.operation in WITHOUT_FLOAT16:
        pytest.skip("NumPy's linear algebra has no float16")
    operands = tensors(sample, dtype)
    wanted = [operands[name] for name in sample.differentiable]
    results = [result for result in flat(sample.run(tg, operands)) if result.requires_grad]
    starts = [tg.tensor(np.random.default_rng(0).uniform(0.5, 1, r.shape).astype(r.dtype)) for r in results]
    if not results:
        return
    on_arrays = tg.autograd.grad(results, wanted, starts, retain_graph=True, materialize_grads=True)
    on_tensors = tg.autograd.grad(results, wanted, starts, create_graph=True, materialize_grads=True)
    for tensor, first, second in zip(wanted, on_arrays, on_tensors, strict=True):
        assert first.shape == second.shape == tensor.shape
        assert first.dtype == second.dtype == tensor.dtype
        tolerance = 100 * np.finfo(dtype).eps
        np.testing.assert_allclose(first.numpy(), second.detach().numpy(), rtol=tolerance, atol=tolerance)


@pytest.mark.parametrize("sample", DIFFERENTIABLE, ids=str)
@pytest.mark.parametrize("dtype", [np.float32, np.float16], ids=["float32", "float16"])
def test_results_have_the_dtype_of_their_operands(sample: Sample, dtype: Any) -> None:
    if dtype == np.float16 and sample.operation in WITHOUT_FLOAT16:
        pytest.skip("NumPy's linear algebra has no float16")
    for result in flat(sample.run(tg, tensors(sample, dtype))):
        assert result.dtype in (dtype, np.bool_, np.int64) or sample.operation in (
            "to",
            "float_power",
            "frexp",
            "ldexp",
        )


@pytest.mark.parametrize("sample", DIFFERENTIABLE, ids=str)
def test_no_rule_returns_memory_that_its_node_keeps(sample: Sample) -> None:
    """The engine adds to gradients in place, and so relies on it."""
    roots = [result.node for result in flat(sample.run(tg, tensors(sample))) if result.node is not None]
    for node in topological_order(roots):
        for gradient in pulled(node):
            for saved in node.saved or ():
                if isinstance(saved, np.ndarray):
                    assert not np.shares_memory(gradient, saved), node


def pulled(node: Node) -> Iterator[Any]:
    if node.plan is not None:
        is_multiple = isinstance(node.shape, list)
        start = list(map(np.ones, node.shape)) if is_multiple else np.ones(node.shape, node.dtype)
        for _, pull in node.plan.pulls:
            yield pull(start, node.saved or ())
