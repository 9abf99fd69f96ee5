"""Determinants, powers and norms of singular, empty and infinite matrices."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

import tinygrad_scratch as tg
from tinygrad_scratch.autograd import grad, gradcheck, gradgradcheck

RANDOM = np.random.default_rng(0)


def of_rank(rank: int, n: int) -> Any:
    """A whole-numbered matrix, so that its minors are exact."""
    return np.round(RANDOM.uniform(-3, 3, (n, rank))) @ np.round(RANDOM.uniform(-3, 3, (rank, n)))


MATRICES = {
    "empty": np.zeros((0, 0)),
    "1 by 1": np.array([[0.0]]),
    "zero": np.zeros((3, 3)),
    "issue": np.array([[1.0, 2.0], [2.0, 4.0]]),
    "rank n": of_rank(4, 4),
    "rank n - 1": of_rank(3, 4),
    "rank n - 2": of_rank(2, 4),
    "rank n - 3": of_rank(1, 4),
    "identity": np.eye(3),
    "with rounding": np.outer([0.1, 0.3, 0.7], [0.2, 0.5, 0.9]),
    "singular and regular": np.stack([of_rank(2, 3), of_rank(3, 3), of_rank(1, 3), np.eye(3)]),
    "no matrices": np.zeros((0, 3, 3)),
}


def cofactors(x: Any) -> Any:
    """Determinants of the matrix without each row and column."""
    result = np.empty_like(x)
    for *stack, row, column in np.ndindex(x.shape):
        rest = np.delete(np.delete(x[tuple(stack)], row, 0), column, 1)
        result[(*stack, row, column)] = (-1) ** (row + column) * np.linalg.det(rest)
    return result


@pytest.mark.parametrize("matrix", MATRICES.values(), ids=MATRICES)
def test_the_gradient_of_a_determinant_is_the_matrix_of_cofactors(matrix: Any) -> None:
    x = tg.tensor(matrix, requires_grad=True)
    tg.linalg.det(x).sum().backward()
    np.testing.assert_allclose(x.grad.numpy(), cofactors(matrix), rtol=1e-12, atol=1e-12)
    gradcheck(tg.linalg.det, (x,))
    gradgradcheck(tg.linalg.det, (x,))


def test_the_third_derivative_of_the_determinant_of_a_regular_matrix() -> None:
    x = tg.tensor(MATRICES["rank n"], requires_grad=True)
    gradgradcheck(lambda x: grad(tg.linalg.det(x), [x], create_graph=True)[0], (x,))


def test_the_gradient_of_a_determinant_that_is_not_finite_is_nan_in_that_matrix_only() -> None:
    x = tg.tensor([[[1.0, np.nan], [2.0, 3.0]], [[1.0, 2.0], [2.0, 4.0]]], requires_grad=True)
    tg.linalg.det(x).sum().backward()
    assert x.grad[0].isnan().all()
    np.testing.assert_allclose(x.grad[1].numpy(), [[4, -2], [-2, 1]], rtol=1e-6)


def test_slogdet_and_logdet_of_singular_matrices_are_infinite_and_so_are_their_gradients() -> None:
    for function in (lambda x: tg.linalg.slogdet(x).logabsdet, tg.logdet):
        x = tg.tensor([[[1.0, 2.0], [2.0, 4.0]], [[1.0, 0.0], [0.0, 3.0]]], requires_grad=True)
        size = function(x)
        size.sum().backward()
        np.testing.assert_allclose(size.detach().numpy(), [-np.inf, np.log(3)], rtol=1e-6)
        assert x.grad[0].isinf().all()
        np.testing.assert_allclose(x.grad[1].numpy(), [[1, 0], [0, 1 / 3]], rtol=1e-6)
    assert tg.linalg.slogdet(tg.zeros(3, 3)).sign == 0


def test_logdet_of_a_negative_determinant_is_nan_and_has_no_gradient() -> None:
    x = tg.tensor([[0.0, 1.0], [1.0, 0.0]], requires_grad=True)
    result = tg.logdet(x)
    result.backward()
    assert result.isnan()
    assert x.grad.tolist() == [[0, 0], [0, 0]]


@pytest.mark.parametrize("n", range(7))
def test_powers_of_a_singular_matrix(n: int) -> None:
    x = tg.tensor(of_rank(2, 3), requires_grad=True)
    np.testing.assert_allclose(x.matrix_power(n).detach().numpy(), np.linalg.matrix_power(x.detach().numpy(), n))
    gradcheck(lambda x: x.matrix_power(n), (x,), atol=1e-3)
    with pytest.raises(ValueError, match=r"matrix_power: needs square matrices, got shape \(2, 3\)"):
        tg.ones(2, 3).matrix_power(n)


def test_the_power_0_of_any_matrix_is_the_identity() -> None:
    x = tg.tensor([[np.inf, np.nan], [0.0, 1.0]], requires_grad=True)
    power = x.matrix_power(0)
    power.sum().backward()
    assert power.tolist() == [[1, 0], [0, 1]]
    assert x.grad.tolist() == [[0, 0], [0, 0]]


def test_the_power_1_does_not_share_memory() -> None:
    x = tg.ones(2, 2)
    x.matrix_power(1).zero_()
    assert x.sum() == 4


@pytest.mark.parametrize("upper", [False, True])
@pytest.mark.parametrize("unitriangular", [False, True])
def test_triangular_systems_are_solved_by_substitution(upper: bool, unitriangular: bool) -> None:
    a = tg.tensor(RANDOM.standard_normal((2, 1, 4, 4)) + 3 * np.eye(4), requires_grad=True)
    b = tg.tensor(RANDOM.standard_normal((3, 4, 2)), requires_grad=True)
    triangle = np.triu(a.detach().numpy()) if upper else np.tril(a.detach().numpy())
    if unitriangular:
        triangle[..., np.arange(4), np.arange(4)] = 1
    options = {"upper": upper, "unitriangular": unitriangular}
    x = tg.linalg.solve_triangular(a, b, **options)
    np.testing.assert_allclose(triangle @ x.detach().numpy(), np.broadcast_to(b.detach().numpy(), x.shape), atol=1e-12)
    gradcheck(lambda a, b: tg.linalg.solve_triangular(a, b, **options), (a, b))
    gradgradcheck(lambda a, b: tg.linalg.solve_triangular(a, b, **options), (a, b))


def test_a_triangle_with_a_0_on_its_diagonal_has_no_finite_solution() -> None:
    a = tg.tensor([[1.0, 1.0], [0.0, 0.0]])
    assert tg.linalg.solve_triangular(a, tg.ones(2, 1), upper=True).tolist() == [[-np.inf], [np.inf]]
    with pytest.raises(ValueError, match=r"solve_triangular\(.*shape \(2, 2\) of A needs 2 rows of B"):
        tg.linalg.solve_triangular(a, tg.ones(3, 1), upper=True)
    assert tg.linalg.solve_triangular(a + tg.eye(2), tg.tensor([[1], [2]]), upper=True).tolist() == [[-0.5], [2]]
    assert tg.cholesky_solve(tg.ones(2, 1), tg.tensor([[1.0, 0.0], [1.0, 0.0]])).isnan().all()


def test_the_gradient_of_a_decomposition_that_is_not_unique_is_nan() -> None:
    x = tg.zeros(2, 2, requires_grad=True)
    tg.linalg.qr(x).Q.sum().backward()
    assert x.grad.isnan().all()


@pytest.mark.parametrize("p", ["fro", 1, -1, np.inf, -np.inf])
def test_the_condition_number_of_a_singular_matrix_is_infinite(p: Any) -> None:
    matrices = tg.tensor([[[1.0, 2.0], [2.0, 4.0]], [[1.0, 0.0], [0.0, 3.0]]])
    expected = np.linalg.cond(matrices[1].numpy(), p)
    np.testing.assert_allclose(tg.linalg.cond(matrices, p).numpy(), [np.inf, expected], rtol=1e-6)


@pytest.mark.parametrize("p", [None, "fro", "nuc", 1, -1, 2, -2, np.inf, -np.inf])
def test_the_condition_number_and_the_norm_of_a_matrix_without_values_are_0(p: Any) -> None:
    assert tg.linalg.cond(tg.zeros(0, 0), p) == 0
    assert tg.linalg.norm(tg.zeros(0, 2), p) == 0


def test_the_largest_singular_value_of_several_shares_its_gradient() -> None:
    x = tg.zeros(3, 3, requires_grad=True)
    tg.linalg.matrix_norm(x, 2).backward()
    np.testing.assert_allclose(x.grad.numpy(), np.eye(3) / 3)


def test_the_exponential_of_matrices_of_all_sizes() -> None:
    x = tg.tensor(np.stack([np.zeros((2, 2)), [[0.0, 1.0], [-1.0, 0.0]], [[0.0, 300.0], [-300.0, 0.0]]]))
    expected = [[[np.cos(t), np.sin(t)], [-np.sin(t), np.cos(t)]] for t in (0, 1, 300)]
    np.testing.assert_allclose(tg.matrix_exp(x).numpy(), expected, atol=1e-11)
    assert tg.matrix_exp(tg.tensor([[1.0, np.nan], [2.0, 3.0]])).isnan().all()


def test_the_gradient_of_the_pseudoinverse_where_the_rank_is_not_full() -> None:
    """Along changes of the factors, which keep the rank."""
    left, right = (tg.tensor(RANDOM.standard_normal(shape), requires_grad=True) for shape in ((4, 2), (2, 3)))
    gradcheck(lambda a, b: tg.linalg.pinv(a @ b), (left, right))
    gradgradcheck(lambda a, b: tg.linalg.pinv(a @ b), (left, right))
