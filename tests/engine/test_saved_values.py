"""What each primitive saves for its backward pass, if all of its inputs want a gradient: no more than this."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pytest

import tinygrad_scratch as tg
from tests.engine.test_operations import DIFFERENTIABLE, flat, primitives, tensors
from tests.samples import Sample
from tinygrad_scratch.record.node import topological_order
from tinygrad_scratch.record.primitive import OUTPUT, Primitive
from tinygrad_scratch.record.writes import owner

# What is saved ("y" is the result), and the primitives that save it.
SAVED = {
    "": """add cast cat ceil clamped_variance clone cumsum deg2rad diag_embed diagonal expand flip floor
        floor_divide fold frac mean negative nextafter not_negative pad permute positive rad2deg reshape roll round
        sign slices_at split stack subtract sum sum_of_neighbours summed_slices transpose trunc trunc_divide unfold""",
    "a b": "atan2 divide fmax fmin fmod logaddexp logaddexp2 matmul maximum minimum multiply remainder xlog1py xlogy",
    "a b y": "hypot pow",
    "a y": "copysign solve solve_triangular",
    "arrays": "getitem index_put overwrite",
    "c h w_hh w_hr w_ih x y": "gru lstm rnn_relu rnn_tanh",
    "condition": "where",
    "counts": "quantile_place",
    "direction x y": "cofactors_derivative",
    "gradient scale slope z": "standardize_gradient",
    "divisor": "avg_pool spread_over_windows",
    "index source x y": "scatter_reduce",
    "index": "embedding gather max_unpool scatter scatter_add",
    "index rows y": "largest_rows",
    "index values weight": "put_on_taps",
    "index values x": "taps_times",
    "index weight x": "grid_sample",
    "key query": "attention_scores",
    "log_probs reached spoken steps targets": "ctc_change_of_gradient ctc_gradient",
    "log_probs spoken steps targets y": "ctc_loss",
    "logits scale target": "cross_entropy_gradient",
    "logits target": "cross_entropy",
    "mask": "first_masked masked_scatter",
    "matrix": "resample",
    "max min x": "clamp",
    "maxima x": "picked_at_maxima put_at_maxima",
    "number x": "pow",
    "operands": "einsum",
    "other x": "sum_of_products",
    "target x": "binary_cross_entropy binary_cross_entropy_with_logits huber_loss l1_loss mse_loss",
    "result x": "convolution_weight_gradient",
    "value weights": "weighted_sums",
    "weight x": "convolution linear prelu scale_and_shift transposed_convolution",
    "x": """absolute acos acosh asin asinh atan atanh clamped_log cofactors cos cosh det digamma elu entr erf erfc
        gelu_slope i0 leaky_relu lgamma log log10 log1p log2 logit logsigmoid mantissa matrix_exp nan_to_num ndtr
        polygamma prod silu sin sinh slogdet softplus softsign square tanhshrink var""",
    "x y": "amax amin erfcx gelu i0e i1 i1e inverse_rms log_ndtr logsumexp max_pool median norm pinv rms_norm sinc std",
    "y": """attention_weights cholesky eigh erfinv exp exp2 expm1 in_memory_order inv inv_or_infinite log_softmax ndtri
        qr reciprocal relu rsqrt sigmoid softmax sqrt standardize svd tan tanh""",
}


def saved_by(primitive: Primitive) -> str:
    plan = primitive.plans[(2 << len(primitive.inputs)) - 1]
    places = {position for _, position in plan.saved_arrays}
    return " ".join(sorted("y" if place == OUTPUT else primitive.inputs[place] for place in places))


def test_every_primitive_saves_what_is_written_here() -> None:
    found: dict[str, set[str]] = {}
    for primitive in primitives():
        if primitive.rules and not primitive.is_variadic:
            found.setdefault(saved_by(primitive), set()).add(primitive.name)
    variadic = {"cat", "stack", "getitem", "index_put", "overwrite", "einsum"}
    assert found == {inputs: names for inputs, text in SAVED.items() if (names := set(text.split()) - variadic)}


def test_several_inputs_are_saved_only_as_indices_or_factors() -> None:
    x, y, index = tg.rand(3, 2, requires_grad=True), tg.rand(2, 2, requires_grad=True), tg.tensor([0, 2])
    assert tg.cat([x, y]).node.saved == (((3, 2), (2, 2)), 0)
    assert tg.stack([y, y]).node.saved == (0,)
    assert [k is index.numpy() for k in x[index].node.saved if isinstance(k, np.ndarray)] == [True]
    assert {id(k) for k in tg.einsum("ij,jk->ik", x, y).node.saved if isinstance(k, np.ndarray)} == {
        id(x.detach().numpy()),
        id(y.detach().numpy()),
    }


def test_nothing_is_saved_for_inputs_that_want_no_gradient() -> None:
    x, constant = tg.rand(3, requires_grad=True), tg.rand(3)
    assert [k is constant.numpy() for k in (x * constant).node.saved] == [True]
    assert [k is constant.numpy() for k in (x / constant).node.saved] == [True]
    assert (x - constant).node.saved == ()


@pytest.mark.parametrize("sample", DIFFERENTIABLE, ids=str)
def test_only_views_share_memory_with_their_input(sample: Sample) -> None:
    """Otherwise a write to one would change the other unseen."""
    operands = tensors(sample)
    for result in flat(sample.run(tg, operands)):
        if result._view is None and not any(result is operand for operand in operands.values()):
            assert not any(owner(result._data) is owner(operand._data) for operand in operands.values())


def arrays_in(roots: list[tg.Tensor]) -> Iterator[np.ndarray]:
    for node in topological_order([root.node for root in roots]):
        yield from (saved for saved in node.saved or () if isinstance(saved, np.ndarray))


def test_a_network_keeps_its_activations_once() -> None:
    """The result of one layer is the input of the next, and saved as the same array."""
    x, w, v = tg.rand(16, 8), tg.rand(8, 8, requires_grad=True), tg.rand(1, 8, requires_grad=True)
    loss = tg.linear(tg.linear(x, w).relu(), v).sum()
    distinct = {id(array): array for array in arrays_in([loss])}
    assert sum(array.nbytes for array in distinct.values()) == (16 * 8 + 16 * 8 + 8) * 4
