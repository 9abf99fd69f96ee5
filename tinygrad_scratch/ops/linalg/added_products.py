"""A product of matrices or vectors, added to what is there: beta · input + alpha · product."""

from __future__ import annotations

from tinygrad_scratch.ops.create.creation import zeros_like
from tinygrad_scratch.ops.linalg.products import bmm, mm, mv, outer
from tinygrad_scratch.ops.reduce.reduction import sum
from tinygrad_scratch.record.operation import public
from tinygrad_scratch.record.tensor import Tensor


@public(in_place=True)
def addmm(input: Tensor, mat1: Tensor, mat2: Tensor, *, beta: float = 1, alpha: float = 1) -> Tensor:
    """beta · input + alpha · mat1 · mat2, for matrices.

    >>> tg.addmm(tg.tensor([[10]]), tg.tensor([[1, 2]]), tg.tensor([[1], [1]]))
    tensor([[13]])
    """
    return _counted(input, beta) + _scaled(mm(mat1, mat2), alpha)


@public(in_place=True)
def addmv(input: Tensor, mat: Tensor, vec: Tensor, *, beta: float = 1, alpha: float = 1) -> Tensor:
    """beta · input + alpha · mat · vec, for a matrix and a vector.

    >>> tg.addmv(tg.tensor([10, 20]), tg.tensor([[1, 2], [3, 4]]), tg.tensor([1, 1]))
    tensor([13, 27])
    """
    return _counted(input, beta) + _scaled(mv(mat, vec), alpha)


@public(in_place=True)
def baddbmm(input: Tensor, batch1: Tensor, batch2: Tensor, *, beta: float = 1, alpha: float = 1) -> Tensor:
    """beta · input + alpha · batch1 · batch2, for stacks of matrices.

    >>> tg.baddbmm(tg.zeros(1, 1, 1), tg.ones(1, 1, 2), tg.ones(1, 2, 1), alpha=3)
    tensor([[[6.]]])
    """
    return _counted(input, beta) + _scaled(bmm(batch1, batch2), alpha)


@public(in_place=True)
def addbmm(input: Tensor, batch1: Tensor, batch2: Tensor, *, beta: float = 1, alpha: float = 1) -> Tensor:
    """beta · input + alpha · the sum of the products of two stacks of matrices.

    >>> tg.addbmm(tg.tensor([[1.0]]), tg.ones(3, 1, 2), tg.ones(3, 2, 1))
    tensor([[7.]])
    """
    products = bmm(batch1, batch2)
    return _counted(input, beta) + _scaled(sum(products, 0, dtype=products.dtype), alpha)


@public(in_place=True)
def addr(input: Tensor, vec1: Tensor, vec2: Tensor, *, beta: float = 1, alpha: float = 1) -> Tensor:
    """beta · input + alpha · vec1 · vec2ᵀ, all products of a value of one vector and a value of the other.

    >>> tg.addr(tg.zeros(2, 2), tg.tensor([1.0, 2.0]), tg.tensor([3.0, 4.0]))
    tensor([[3., 4.],
            [6., 8.]])
    """
    return _counted(input, beta) + _scaled(outer(vec1, vec2), alpha)


def _counted(input: Tensor, beta: float) -> Tensor:
    """beta · input, also if beta is 0 and the input has NaN or ∞."""
    return _scaled(input, beta) if beta else zeros_like(input)


def _scaled(tensor: Tensor, factor: float) -> Tensor:
    return tensor if factor == 1 else tensor * factor
