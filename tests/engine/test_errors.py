"""Bad input: each mistake gets a message that names the operation and what it saw."""

from __future__ import annotations

import math
import warnings
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import numpy as np
import pytest

import tinygrad_scratch as tg
from tinygrad_scratch import nn, optim

A, B = tg.zeros(2, 3), tg.zeros(4)
GOOD: Callable[[Any], Any] = lambda g: g  # noqa: E731
INTEGERS, LEAF = tg.tensor([1, 2]), tg.ones(2, requires_grad=True)


@pytest.mark.parametrize(
    ("mistake", "kind", "message"),
    [
        (lambda: A + B, ValueError, r"add\(float32 \(2, 3\), float32 \(4,\)\): .*broadcast"),
        (lambda: A * np.zeros(4), ValueError, r"multiply\(.*\(2, 3\).*\(4,\)\)"),
        (lambda: tg.broadcast_tensors(A, B), ValueError, r"broadcast_tensors: the shapes \[\(2, 3\), \(4,\)\] do not"),
        (lambda: tg.prelu(A, B), ValueError, r"prelu: slopes of shape \(4,\) do not fit an input of shape \(2"),
        (lambda: tg.prelu(A[0, 0], B), ValueError, r"prelu: slopes of shape \(4,\) do not fit an input of shape \(\)"),
        (lambda: tg.pad(A, (3, 0), mode="reflect"), ValueError, r"pad: 3 values have no 3 before and 0 after them"),
        (lambda: tg.pad(A, (0, 4), mode="circular"), ValueError, r"pad: 3 values have no 0 before and 4 after"),
        (lambda: tg.arange(0, 3, -1), ValueError, r"arange: steps of -1 do not lead from 0 to 3"),
        (lambda: tg.linspace(0, 1, -1), ValueError, r"linspace: the number of steps must not be negative, got -1"),
        (lambda: tg.cov(A, aweights=B), ValueError, r"cov: aweights must have shape \(3,\), not \(4,\)"),
        (lambda: tg.cov(B, aweights=B - 1), ValueError, r"cov\(.*\): aweights must not be negative, but one is -1.0"),
        (lambda: tg.cov(B, fweights=B), TypeError, r"cov: fweights must be integers, not float32"),
        (lambda: tg.multinomial(INTEGERS, 1), TypeError, r"multinomial: needs a floating point tensor, not int64"),
        (lambda: tg.linalg.lstsq(A, A, driver="qr"), ValueError, r"lstsq: driver must be 'gels', .*, not 'qr'"),
        (lambda: tg.layer_norm(A.double(), [3], A[0]), TypeError, r"layer_norm: the input is float64 and weight"),
        (lambda: tg.batch_norm(A.double(), A[0], A[0]), TypeError, r"batch_norm: .* float64 and running_mean float32"),
        (lambda: A @ tg.tensor(1.0), ValueError, r"matmul: needs at least 1 dimension"),
        (lambda: A @ A.T.double(), TypeError, r"matmul.*float32 and float64"),
        (lambda: tg.linear(A, tg.zeros(5, 4)), ValueError, r"linear.*\(2, 3\) does not fit a weight of shape \(5, 4\)"),
        (lambda: tg.linear(A, tg.zeros(5, 3), B), ValueError, r"linear.*bias of shape \(4,\)"),
        (lambda: tg.linear(A.double(), tg.zeros(5, 3)), TypeError, r"linear.*float64 and float32"),
        (lambda: A + "one", TypeError, r"add: expected tensors, arrays or real numbers, but got str"),
        (lambda: A - [1.0, 2.0, 3.0], TypeError, r"subtract: expected .* got list"),
        (lambda: A * 1j, TypeError, r"multiply: expected .* got complex"),
        (lambda: A[1.0], IndexError, r"an index is made of integers.*not float"),
        (lambda: A[tg.tensor([0.5])], IndexError, r"not float32 values"),
        (lambda: A[5], IndexError, r"getitem\(float32 \(2, 3\)\): .*out of bounds"),
        (lambda: A[0, 0, 0], IndexError, r"getitem\(float32 \(2, 3\)\): too many indices"),
        (lambda: A[tg.tensor([True, False, True])], IndexError, r"getitem.*bool"),
        (lambda: tg.where(A, A, A), TypeError, r"where.*the condition must be a bool tensor, got float32"),
        (lambda: A.sum(2), IndexError, r"sum: dim 2 is out of range for a tensor of 2 dimensions"),
        (lambda: A.sum((0, 0)), ValueError, r"sum: dim \(0, 0\) names a dimension twice"),
        (lambda: INTEGERS.mean(), TypeError, r"mean: needs a floating point tensor, not int64"),
        (lambda: A.reshape(4, 2), ValueError, r"reshape\(float32 \(2, 3\)\): .*\(4,2\)|reshape.*shape \(4, 2\)"),
        (lambda: A.T.view(6), ValueError, r"view: this tensor of shape \(3, 2\) is not laid out"),
        (lambda: tg.cat([A, B]), ValueError, r"cat\(float32 \(2, 3\), float32 \(4,\)\)"),
        (lambda: tg.cat([]), ValueError, r"cat: needs at least one tensor"),
        (lambda: A.split([1, 2]), ValueError, r"split: the sizes \[1, 2\] add up to 3, but dim 0 has 2"),
        (lambda: A.permute(0), ValueError, r"permute: 1 dims given for a tensor of 2"),
        (lambda: A.hsplit(2), ValueError, r"hsplit: 3 values along dim 1 cannot be split into 2 equal parts"),
        (lambda: B.vsplit(2), ValueError, r"vsplit: needs at least 2 dimensions, got shape \(4,\)"),
        (lambda: A.hsplit(0), ValueError, r"hsplit: .* into 0 equal parts"),
        (lambda: A.frexp().mantissa + INTEGERS.frexp(), TypeError, r"frexp: needs a floating point tensor, not int64"),
        (lambda: tg.pdist(B), ValueError, r"pdist: needs a matrix, got shape \(4,\)"),
        (lambda: A.gcd(A), TypeError, r"gcd\(float32 \(2, 3\), float32 \(2, 3\)\)"),
        (lambda: B.renorm(2, 0, 1.0), ValueError, r"renorm: needs at least 2 dimensions"),
        (lambda: B.nanquantile(1.5), ValueError, r"nanquantile\(.*\): fractions q lie in \[0, 1\], .* 1.5"),
        (lambda: B[:0].quantile(0.5), ValueError, r"quantile: there are no values"),
        (lambda: B[:0].nanmedian(), ValueError, r"nanmedian: there are no values"),
        (lambda: B.put(INTEGERS, A[0]), ValueError, r"put: 2 places in the index, but 3 values in the source"),
        (lambda: A.select_scatter(B, 0, 0), ValueError, r"select_scatter: .* has shape \(3,\), .*\(4,\)"),
        (lambda: B.scatter_reduce(0, INTEGERS, B, "max"), ValueError, r"reduce must be one of sum, prod, .*not 'max'"),
        (lambda: A.sum_to_size(2), ValueError, r"sum_to_size: shape \(2,\) does not broadcast to \(2, 3\)"),
        (lambda: tg.gradient(A, edge_order=2), ValueError, r"gradient: needs more than 2 values along dim 0"),
        (lambda: tg.gradient(A, spacing=[1.0]), ValueError, r"gradient: 1 spacings for 2 dimensions"),
        (lambda: tg.gradient(A, edge_order=3), ValueError, r"gradient: edge_order must be 1 or 2, not 3"),
        (lambda: tg.combinations(A), ValueError, r"combinations: needs a vector"),
        (lambda: tg.vander(A), ValueError, r"vander: needs a vector, got shape \(2, 3\)"),
        (lambda: A.fill(B), ValueError, r"fill: the value must be a number or a 0-d tensor, not of shape \(4,\)"),
        (lambda: A.is_nonzero(), ValueError, r"is_nonzero: needs a tensor with one value, not of shape \(2, 3\)"),
        (lambda: B.mvlgamma(0), ValueError, r"mvlgamma: p must be at least 1"),
        (lambda: tg.matrix_exp(A), ValueError, r"needs square matrices, got shape \(2, 3\)"),
        (lambda: tg.linalg.tensorinv(A), ValueError, r"tensorinv: .*must have as many values"),
        (lambda: tg.linalg.tensorsolve(A, B), ValueError, r"tensorsolve: 4 values of B"),
        (lambda: A @ B, ValueError, r"^matmul: shapes \(2, 3\) and \(4,\) cannot be multiplied; 3 and 4 must be equal"),
        (lambda: B @ A, ValueError, r"^matmul: shapes \(4,\) and \(2, 3\) cannot be multiplied; 4 and 2 must be equal"),
        (lambda: A[0] @ B, ValueError, r"^matmul: shapes \(3,\) and \(4,\) cannot be multiplied"),
        (lambda: A @ A, ValueError, r"^matmul\(.*matrices of 3 columns and 2 rows cannot be multiplied"),
        (lambda: tg.ones(2, 2, 3) @ tg.ones(3, 3, 2), ValueError, r"^matmul\(.*stacks of \(2,\) and \(3,\) matrices"),
        (lambda: A @ 2, TypeError, r"^matmul: needs two tensors, got Tensor and int"),
        (lambda: 2 @ A, TypeError, r"^matmul: needs two tensors, got int and Tensor"),
        (lambda: A.view(4), ValueError, r"^view: shape \(2, 3\) has 6 values, which do not fit into shape \(4,\)"),
        (lambda: A.view(-1, -1), ValueError, r"^view: .* into shape \(-1, -1\); only one size can be -1"),
        (lambda: A.view_as(B), ValueError, r"^view: shape \(2, 3\) has 6 values, which do not fit into shape \(4,\)"),
        (lambda: A.T.view(6), ValueError, r"^view: this tensor of shape \(3, 2\) is not laid out for \(6,\)"),
        (lambda: A.view(2.0, 3), TypeError, r"^view: sizes are integers, got 2.0, 3"),
        (lambda: A.reshape(4), ValueError, r"^reshape: shape \(2, 3\) has 6 values, which do not fit into shape"),
        (lambda: tg.zeros(2.5), TypeError, r"^zeros: sizes are integers, got 2.5"),
        (lambda: tg.set_printoptions(profile="long"), ValueError, r"set_printoptions: profile must be one of default"),
        (lambda: tg.complex(A, A), AttributeError, r"complex numbers are not supported"),
        (lambda: tg.linalg.eig(A), AttributeError, r"linalg has no 'eig': its results are complex.*eigh"),
        (lambda: A.scatter(0, INTEGERS), TypeError, r"scatter: either src or value must be given"),
        (lambda: tg.randint(5), TypeError, r"randint: takes low \(0\), high and size, got \[5\]"),
        (lambda: tg.normal(0.0, 1.0), TypeError, r"normal: .* numbers need a size"),
        (lambda: A.clamp(), ValueError, r"clamp: at least one"),
        (lambda: tg.tensor("text"), TypeError, r"cannot make a tensor of str"),
        (lambda: tg.tensor([1 + 2j]), TypeError, r"cannot make a tensor of complex"),
        (lambda: tg.tensor([[1, 2], [3]]), ValueError, r"inhomogeneous"),
        (lambda: tg.zeros(2, dtype="complex64"), TypeError, r"complex64"),
        (lambda: tg.zeros(2, device="cuda"), ValueError, r"device 'cuda' is not available"),
        (lambda: A.to("cuda:0"), ValueError, r"device 'cuda:0' is not available"),
        (lambda: "text" in A, TypeError, r"in: a tensor holds numbers, not str"),
        (lambda: tg.tensor([1, 2], requires_grad=True), TypeError, r"only floating point tensors"),
        (lambda: INTEGERS.requires_grad_(), TypeError, r"not int64"),
        (lambda: A.backward(), RuntimeError, r"backward: this tensor of shape \(2, 3\) has no graph"),
        (lambda: LEAF.exp().backward(), RuntimeError, r"one value.*\(2,\)"),
        (lambda: LEAF.backward(tg.ones(3)), ValueError, r"shape \(3,\) for a tensor of shape \(2,\)"),
        (lambda: tg.Tensor(2.0), TypeError, r"Tensor: takes a list .*; of one value use tensor\(2.0\)"),
        (lambda: tg.Tensor([1, 2], [3]), TypeError, r"Tensor: takes data, .* not \(\[1, 2\], \[3\]\)"),
        (lambda: tg.Tensor("text"), TypeError, r"cannot make a tensor of str"),
        (lambda: tg.ones(2, requires_grad=3), TypeError, r"requires_grad is True or False, not 3"),
        (lambda: setattr(A, "data", np.ones(2)), TypeError, r"data: expected a Tensor, got ndarray"),
        (lambda: setattr(LEAF, "data", tg.tensor([1])), TypeError, r"data: only floating point .* not int64"),
        (lambda: LEAF.numpy(), RuntimeError, r"detach\(\).numpy\(\)"),
        (lambda: np.asarray(LEAF), RuntimeError, r"detach\(\).numpy\(\)"),
        (lambda: A.item(), ValueError, r"item: .*\(2, 3\)"),
        (lambda: bool(A), ValueError, r"truth of a tensor of shape \(2, 3\)"),
        (lambda: len(tg.tensor(1.0)), TypeError, r"0-d tensor has no length"),
        (lambda: iter(tg.tensor(1.0)), TypeError, r"0-d tensor cannot be iterated"),
        (lambda: [1, 2][A[0, 0]], TypeError, r"only a 0-d integer tensor can be an index"),
        (lambda: np.spacing(A), TypeError, r"np.spacing is not supported on Tensors"),
        (lambda: np.partition(A, 1), TypeError, r"np.partition is not supported on Tensors"),
        (lambda: np.add.accumulate(A), TypeError, r"np.add.accumulate is not supported"),
        (lambda: setattr(A, "grad", tg.zeros(3)), ValueError, r"grad: .*float32 \(2, 3\), but got float32 \(3,\)"),
        (lambda: setattr(A, "grad", 5), TypeError, r"grad: expected a Tensor or None, got int"),
        (lambda: (LEAF * 2).requires_grad_(False), RuntimeError, r"only.*leaf.*multiply"),
        (lambda: tg.one_hot(tg.tensor([3]), 3), ValueError, r"one_hot\(.*\): class 3 is out of range for 3 classes"),
        (lambda: tg.gather(A, 1, tg.tensor([[0.5]])), TypeError, r"gather: the index must hold integers"),
        (lambda: tg.set_default_dtype(tg.int64), TypeError, r"set_default_dtype: .*int64"),
        (lambda: tg.Generator().set_state(A), ValueError, r"set_state: expected the 45 bytes"),
        (lambda: tg.nothing_of_this_name, AttributeError, r"no attribute 'nothing_of_this_name'"),
        (lambda: tg.primitive(np.exp, z=GOOD, x=GOOD), TypeError, r"exp: a rule for 'z', but the inputs are x"),
        (lambda: tg.primitive(np.exp, x=lambda g, z: g * z), TypeError, r"the rule for 'x' takes \(g, z\), but"),
        (lambda: tg.primitive(np.exp, x=lambda x: x), TypeError, r"takes \(x\), but a rule takes g first"),
    ],
)  # fmt: skip
def test_message(mistake: Callable[[], Any], kind: type[Exception], message: str) -> None:
    with pytest.raises(kind, match=message):
        mistake()


X, P, CLASSES = tg.zeros(4, 10), tg.full((4,), 0.5), tg.tensor([0, 1, 2, 9])


@pytest.mark.parametrize(
    ("mistake", "kind", "message"),
    [
        (lambda: tg.cross_entropy(X, tg.tensor([0, 1, 2, 10])), ValueError, r"cross_entropy\(.*\): class 10 "),
        (lambda: tg.cross_entropy(X, tg.tensor([0, 1, -1, 2])), ValueError, r"cross_entropy\(.*\): class -1 "),
        (lambda: tg.cross_entropy(X, CLASSES[:3]), ValueError, r"\(4, 10\) need targets of shape \(4,\), not \(3,\)"),
        (lambda: tg.cross_entropy(X, tg.zeros(4)), ValueError, r"shape \(4, 10\), but targets of shape \(4,\)"),
        (lambda: tg.cross_entropy(X, tg.zeros(4, dtype=bool)), TypeError, r"targets are class numbers .* not bool"),
        (lambda: tg.cross_entropy(X, CLASSES, tg.ones(3)), ValueError, r"a weight of shape \(3,\) for 10 classes"),
        (lambda: tg.cross_entropy(X, CLASSES, reduction="avg"), ValueError, r"reduction must be 'mean', .* not 'avg'"),
        (lambda: tg.cross_entropy(X, CLASSES, label_smoothing=2), ValueError, r"label_smoothing must lie in \[0, 1\]"),
        (lambda: tg.cross_entropy(X.long(), CLASSES), TypeError, r"cross_entropy: needs a floating point score"),
        (lambda: tg.nll_loss(X, tg.tensor([0, 1, 2, 10])), ValueError, r"nll_loss\(.*\): class 10 is out of range"),
        (lambda: tg.mse_loss(P, tg.zeros(4, 1)), ValueError, r"mse_loss: .*\(4,\), but targets of shape \(4, 1\)"),
        (lambda: tg.mse_loss(P, CLASSES), TypeError, r"mse_loss: predictions are float32 and targets int64"),
        (lambda: tg.mse_loss(P, P.double()), TypeError, r"mse_loss: predictions are float32 and targets float64"),
        (lambda: tg.binary_cross_entropy(P * 3, P), ValueError, r"lie in \[0, 1\], but these go from 1.5 to 1.5"),
        (lambda: tg.binary_cross_entropy(P, CLASSES), TypeError, r"binary_cross_entropy: .* int64"),
        (lambda: tg.binary_cross_entropy(P, P * 4), ValueError, r"targets lie in \[0, 1\], but these go from 2.0 to 2"),
        (lambda: tg.binary_cross_entropy(P, P, tg.ones(2, 4)), ValueError, r"weight of shape \(2, 4\) does not broad"),
        (lambda: tg.binary_cross_entropy_with_logits(P, P, pos_weight=X), ValueError, r"weight of shape \(4, 10\)"),
        (lambda: tg.binary_cross_entropy_with_logits(P, P, P.double()), TypeError, r"float32 and the weight float64"),
        (lambda: tg.cross_entropy(X, CLASSES, tg.ones(10).double()), TypeError, r"cross_entropy: .* weight float64"),
        (lambda: tg.cross_entropy(X, X, tg.ones(3)), ValueError, r"a weight of shape \(3,\) for 10 classes"),
        (lambda: tg.nll_loss(X, CLASSES, tg.ones(10).long()), TypeError, r"nll_loss: .* weight int64"),
        (lambda: tg.mse_loss(P, 1.0), TypeError, r"mse_loss: target must be a Tensor, not float"),
        (lambda: tg.mse_loss([1.0], P), TypeError, r"mse_loss: input must be a Tensor, not list"),
        (lambda: tg.cross_entropy(X, [0, 1, 2, 9]), TypeError, r"cross_entropy: target must be a Tensor, not list"),
        (lambda: tg.nll_loss(None, CLASSES), TypeError, r"nll_loss: input must be a Tensor, not NoneType"),
        (lambda: tg.binary_cross_entropy_with_logits(P, P[:2]), ValueError, r"\(4,\), but targets of shape \(2,\)"),
    ],
)  # fmt: skip
def test_message_of_a_loss(mistake: Callable[[], Any], kind: type[Exception], message: str) -> None:
    with pytest.raises(kind, match=message):
        mistake()


def test_an_error_in_a_rule_names_the_operation_and_the_shape() -> None:
    bad = tg.primitive(lambda x: x * 1, name="bad", x=lambda g: g.reshape(7))
    with pytest.raises(ValueError, match="cannot reshape") as caught:
        bad(tg.ones(2, requires_grad=True)).sum().backward()
    assert caught.value.__notes__ == ["in the backward pass, at the gradient of bad for an input of shape (2,)"]


def test_a_number_may_be_anywhere_in_a_tensor() -> None:
    assert 4 in tg.tensor([[1, 2], [3, 4]])
    assert 5 not in tg.tensor([[1, 2], [3, 4]])
    assert tg.tensor(2.0) in tg.tensor([1.0, 2.0], requires_grad=True)
    assert 1 not in tg.zeros(0)


def test_comparing_with_something_else_is_not_an_error() -> None:
    assert (A == None) is False  # noqa: E711
    assert (A != "text") is True


def test_a_mistake_inside_a_model_is_one_error_that_names_the_module() -> None:
    model = nn.Sequential(nn.Linear(2, 3), nn.Linear(2, 3))
    with pytest.raises(
        ValueError, match=r"linear\(float32 \(1, 3\), .*\) in sequential\.1 \(Linear\): an input"
    ) as caught:
        model(tg.ones(1, 2))
    assert caught.value.__cause__ is None
    assert caught.value.__suppress_context__


class UsersError(RuntimeError):
    """An error that only its user knows."""


@pytest.mark.parametrize("kind", [UsersError, KeyError, ImportError, MemoryError, FloatingPointError, RuntimeError])
def test_an_error_of_another_kind_stays_itself_and_names_the_operation(kind: type[Exception]) -> None:
    def forward(x: Any) -> Any:
        raise kind("what happened", x.shape)

    broken = tg.primitive(forward, name="broken")
    with pytest.raises(kind, match="what happened") as caught:
        broken(A)
    assert type(caught.value) is kind
    assert caught.value.__notes__ == ["in broken(float32 (2, 3))"]


def test_too_much_memory_is_a_memory_error() -> None:
    with pytest.raises(MemoryError) as caught:
        tg.empty(1, 1).expand(10**7, 1) + tg.empty(1, 1).expand(1, 10**7)
    assert caught.value.__notes__ == ["in add(float32 (10000000, 1), float32 (1, 10000000))"]


ZERO, HUGE, INFINITY = tg.zeros(2), tg.full((2,), 1e30), tg.full((2,), math.inf)


@pytest.mark.parametrize("filter", ["always", "error"])
@pytest.mark.parametrize(
    "compute",
    [
        lambda x: tg.log(ZERO + x) + 1 / (ZERO * x),
        lambda x: tg.exp(x * 1000) * HUGE * HUGE,
        lambda x: (INFINITY * x - INFINITY).softmax(0),
        lambda x: tg.sqrt(-x).sum() + tg.std(x[:1]),
        lambda x: x.clone().div_(0),
        lambda x: np.log(-x) + np.zeros(2, np.float32) / (x * 0),
        lambda x: tg.linalg.norm(x * HUGE * HUGE),
        lambda x: x * INFINITY + x * -INFINITY,
        lambda x: x * HUGE * HUGE + (x + tg.zeros(2, 2)) * -HUGE * HUGE,
        lambda x: (x.reshape(1, 2) + tg.zeros(9, 2)) * 3e38,
        lambda x: sum(part * 3e38 for _ in range(2) for part in x.reshape(2, 1).max(0).values.split(1)),
        lambda x: x.to(tg.float16) + (x * HUGE).to(tg.float16),
    ],
)
def test_infinity_and_nan_come_without_a_warning(compute: Callable[[tg.Tensor], tg.Tensor], filter: str) -> None:
    x = tg.ones(2, requires_grad=True)
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter(filter)
        y = compute(x)
        y.sum().backward(create_graph=True)
        x.grad = None
        compute(x).sum().backward()
        optim.Adam([x]).step()
    assert not [str(warning.message) for warning in caught]


def test_starting_gradients_of_one_tensor_add_up_without_a_warning() -> None:
    x = tg.ones(2, requires_grad=True)
    tg.autograd.backward([x, x], [tg.full((2,), 3e38), tg.full((2,), 3e38)])
    assert x.grad is not None
    assert x.grad.tolist() == [math.inf, math.inf]


def test_numpys_own_warnings_stay_as_they_are() -> None:
    tg.log(ZERO)
    with pytest.warns(RuntimeWarning, match="divide by zero"):
        np.log(np.zeros(1))


def test_operations_in_several_threads_and_within_each_other_are_silent() -> None:
    nested = tg.primitive(lambda x: tg.log(tg.tensor(x * 0)).numpy() + np.log(x * 0), name="nested")
    with ThreadPoolExecutor(4) as threads:
        results = list(threads.map(lambda _: tg.log(tg.zeros(400, 400)).sum() + nested(tg.ones(2)).sum(), range(40)))
    assert all(result.item() == -math.inf for result in results)


def test_a_value_that_was_overwritten_or_freed_names_the_module_that_needs_it() -> None:
    model = nn.Sequential(nn.Linear(2, 2), nn.Sigmoid())
    y = model(tg.ones(1, 2))
    with tg.no_grad():
        y.mul_(2)
    with pytest.raises(RuntimeError, match=r"sigmoid in sequential\.1 \(Sigmoid\) needs its result, of shape \(1, 2\)"):
        y.sum().backward()
    loss = model(tg.ones(1, 2)).sum()
    loss.backward()
    with pytest.raises(RuntimeError, match=r"backward through sigmoid in sequential\.1 \(Sigmoid\) a second time"):
        loss.backward()
