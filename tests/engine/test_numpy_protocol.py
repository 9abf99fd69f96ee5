"""NumPy's functions called on Tensors: the same values as on arrays, and gradients."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

import tinygrad_scratch as tg
from tinygrad_scratch.autograd import gradcheck
from tinygrad_scratch.record.operation import NUMPY

RANDOM = np.random.default_rng(0)
X, Y, SQUARE = (
    RANDOM.uniform(0.5, 2, (2, 3)),
    RANDOM.uniform(0.5, 2, (2, 3)),
    RANDOM.uniform(0.5, 2, (3, 3)) + np.eye(3),
)

CALLS = """
np.exp(x); np.add(x, y); np.multiply(x, Y); np.multiply(X, y); X - y; X @ s; X[0] / y; 2.0 ** y; Y + x; np.square(x);
np.float64(2) * x; np.arctan2(x, y); np.maximum(x, Y); np.hypot(x, y); np.negative(x); np.power(x, 2); np.sin(x);
np.sum(x, axis=0); np.sum(x, 1, keepdims=True); np.sum(x, axis=(0, 1)); np.mean(x, axis=1); np.mean(x); np.prod(x, 0);
np.var(x); np.var(x, axis=0, ddof=1); np.std(x, 1); np.max(x, axis=0); np.amin(x); np.ptp(x, axis=1); np.median(x);
np.median(x, axis=1); np.quantile(x, 0.3); np.percentile(x, 30, axis=0); np.cumsum(x); np.cumsum(x, axis=1);
np.cumprod(x, 1); np.nansum(x); np.nanmean(x, axis=1); np.diff(x); np.diff(x, 2, axis=1); np.diff(x, axis=0);
np.reshape(x, (3, 2)); np.ravel(x); np.transpose(x); np.transpose(x, (1, 0)); np.swapaxes(x, 0, 1);
np.moveaxis(x, 0, 1); np.expand_dims(x, 0); np.expand_dims(x, (0, -1)); np.squeeze(x[:1], axis=0);
np.broadcast_to(x, (4, 2, 3)); np.concatenate([x, Y]); np.concatenate((x, y), axis=1);
np.concatenate([x, y], axis=None); np.stack([x, Y], axis=1); np.vstack([x, y]); np.hstack([x, Y]); np.dstack([x, y]);
np.column_stack([x, y]); np.split(x, 3, axis=1)[1]; np.array_split(x, 2, axis=1)[0]; np.tile(x, 2); np.tile(x, (2, 1));
np.repeat(x, 2); np.repeat(x, 2, axis=1); np.copy(x); np.flip(x); np.flip(x, 0); np.fliplr(x); np.roll(x, 1);
np.roll(x, 1, axis=1); np.rot90(x); np.pad(x, 1); np.pad(x, ((0, 1), (2, 0)), constant_values=3);
np.pad(x, ((0, 0), (1, 1)), mode="reflect"); np.meshgrid(x[0], y[1])[0]; np.where(X > 1, x, 0.0);
np.where(x > 1, x, y); np.clip(x, 0.7, 1.2); np.take(x, [0, 2], axis=1); np.take(x, 4);
np.take_along_axis(x, np.argsort(X, 1), 1); np.sort(x, axis=0); np.diag(s); np.diagonal(s); np.trace(s); np.tril(s);
np.triu(s, 1); np.dot(x, s); np.matmul(x, s); np.inner(x, y); np.outer(x, y); np.vdot(x, y); np.tensordot(x, s, 1);
np.einsum("ij,jk->ik", x, s); np.einsum("ij,ij->i", x, Y); np.kron(x, y); np.cross(x, y); np.dot(x[0], Y[0]);
np.linalg.inv(s); np.linalg.det(s); np.linalg.solve(s, x[0]); np.linalg.norm(x); np.linalg.norm(x, axis=1);
np.linalg.norm(x, "nuc"); np.linalg.pinv(x); np.linalg.slogdet(s)[1]; np.linalg.matrix_power(s, 3);
np.linalg.cholesky(s @ s.T); np.linalg.eigvalsh(s + s.T); np.linalg.svdvals(x); np.linalg.cond(s);
np.linalg.multi_dot([x, s, x[0]]); np.nan_to_num(x)
"""
PLAIN = """
np.argmax(x, axis=1); np.argmin(x); np.argsort(x, axis=1); np.any(x > 1, axis=0); np.all(x > 1); np.sign(x);
np.count_nonzero(x > 1); np.isclose(x, y); np.isnan(x); np.nonzero(x > 1)[0]; np.argwhere(x > 1); np.floor(x);
np.searchsorted(np.sort(x[0]), y); np.zeros_like(x); np.ones_like(x); np.full_like(x, 2); np.where(x > 1)[1];
np.greater(x, y); np.logical_and(x, y); np.linalg.matrix_rank(s); np.round(x, decimals=1)
"""


def calls(text: str) -> list[str]:
    return [" ".join(call.split()) for call in text.split(";")]


def run(call: str, x: Any, y: Any, s: Any) -> Any:
    return eval(call, {"np": np, "X": X, "Y": Y, "x": x, "y": y, "s": s})


@pytest.mark.parametrize("call", calls(CALLS))
def test_a_differentiable_call(call: str) -> None:
    def function(x: tg.Tensor, y: tg.Tensor, s: tg.Tensor) -> tg.Tensor:
        result = run(call, x, y, s)
        assert isinstance(result, tg.Tensor)
        return result

    tensors = tuple(tg.tensor(array, requires_grad=True) for array in (X, Y, SQUARE))
    np.testing.assert_allclose(function(*tensors).detach().numpy(), run(call, X, Y, SQUARE), rtol=1e-12)
    assert function(*tensors).requires_grad
    gradcheck(function, tensors)


INDEX, MASK = np.array([1, 0]), np.array([[True, False, True]])


@pytest.mark.parametrize(
    ("call", "array"),
    [
        ("x * array", X),
        ("array * x", X),
        ("array / x", X),
        ("array.T @ x", X),
        ("np.multiply(array, x)", X),
        ("np.multiply(x, array.view(np.matrix))", X),
        ("np.maximum(array, x)", X),
        ("np.dot(x, array.T)", X),
        ("np.outer(array, x)", X),
        ("np.einsum('ij,ij->i', x, array)", X),
        ("np.where(array, x, 0.0)", MASK),
        ("x[array]", INDEX),
        ("x[:, array]", INDEX),
        ("np.take(x, array, axis=1)", INDEX),
        ("np.take_along_axis(x, array[:, None], axis=1)", INDEX),
        ("tg.where(array, x, 0.0)", MASK),
        ("tg.index_select(x, 1, array)", INDEX),
        ("tg.masked_fill(x, array, 0.0)", MASK),
        ("tg.linear(x, array)", X),
        ("tg.lerp(x, x * 2, array)", X),
    ],
)
def test_an_array_that_is_written_before_the_backward_pass_is_what_it_was(call: str, array: Any) -> None:
    gradients = []
    for is_written in (False, True):
        x, given = tg.tensor(X, requires_grad=True), array.copy()
        result = eval(call, {"np": np, "tg": tg, "x": x, "array": given})
        if is_written:
            given[...] = ~given if given.dtype == bool else 1 - given
        result.sum().backward()
        gradients.append(x.grad.tolist())
    assert gradients[0] == gradients[1]


@pytest.mark.parametrize("call", calls(PLAIN))
def test_a_call_without_gradient(call: str) -> None:
    np.testing.assert_array_equal(
        np.asarray(run(call, tg.tensor(X), tg.tensor(Y), tg.tensor(SQUARE))), run(call, X, Y, SQUARE)
    )


def test_every_ufunc_of_the_tables_answers() -> None:
    ufuncs = {function for function in NUMPY if isinstance(function, np.ufunc)}
    assert len(ufuncs) > 50
    for ufunc in ufuncs - {
        np.frexp,
        np.gcd,
        np.lcm,
        np.ldexp,
        np.matmul,
        np.bitwise_and,
        np.bitwise_or,
        np.bitwise_xor,
        np.invert,
        np.left_shift,
        np.right_shift,
    }:
        arguments = [X] * ufunc.nin
        with np.errstate(invalid="ignore"):
            expected = ufunc(*arguments)
            result = ufunc(*map(tg.tensor, arguments))
        np.testing.assert_allclose(np.asarray(result), expected, rtol=1e-12, err_msg=ufunc.__name__)


def test_inspections() -> None:
    x = tg.zeros(2, 3)
    assert np.shape(x) == (2, 3)
    assert np.ndim(x) == 2
    assert np.size(x) == 6
    assert np.allclose(x, np.zeros((2, 3)))
    assert np.array_equal(x, x)
    assert np.shares_memory(x, x.numpy())


@pytest.mark.parametrize(
    ("call", "name"),
    [
        (lambda x: np.spacing(x), "np.spacing"),
        (lambda x: np.partition(x, 1), "np.partition"),
        (lambda x: np.fft.fft(x), "np.fft.fft"),
        (lambda x: np.add.reduce(x), "np.add.reduce"),
        (lambda x: np.add.outer(x, x), "np.add.outer"),
        (lambda x: np.exp(x, where=np.array([True])), "np.exp with where"),
        (lambda x: np.sum(x, out=np.zeros(())), "np.sum with out"),
        (lambda x: np.histogram(x), "np.histogram"),
    ],
)
def test_what_is_not_supported_says_so(call: Any, name: str) -> None:
    with pytest.raises(TypeError, match=rf"{name} is not supported on Tensors; .*detach\(\)\.numpy\(\)"):
        call(tg.ones(3))


def test_no_object_arrays() -> None:
    x = tg.ones(3, requires_grad=True)
    with pytest.raises(RuntimeError, match="would lose the gradient"):
        np.array([x, x])
    with pytest.raises(RuntimeError, match="would lose the gradient"):
        np.asarray(x)
    assert np.array([tg.ones(2), tg.zeros(2)]).dtype == np.float32
    assert isinstance(np.ones(3) * x, tg.Tensor)


def test_writing_into_an_array_or_tensor() -> None:
    array, x = np.zeros(3), tg.ones(3)
    np.add(array, x, out=array)
    array += x
    assert array.tolist() == [2, 2, 2]
    np.multiply(x, 5, out=x)
    assert x.tolist() == [5, 5, 5]
    with pytest.raises(TypeError, match=r"np\.add: writing into an array would lose the gradient"):
        array += tg.ones(3, requires_grad=True)
