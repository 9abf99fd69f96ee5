"""Products of vectors, matrices and tensors. What is solved, inverted or decomposed stands in `linalg`."""

from __future__ import annotations

from collections.abc import Sequence
from math import prod
from typing import Any

import numpy as np

from tinygrad_scratch.ops.checks import check_ndim
from tinygrad_scratch.ops.dims import checked_dim
from tinygrad_scratch.ops.linalg.einsum import einsum
from tinygrad_scratch.ops.math.arithmetic import reflected
from tinygrad_scratch.ops.shape.rearrange import roll
from tinygrad_scratch.record.operation import Operation, method, primitive, public
from tinygrad_scratch.record.tensor import Array, Tensor


def _multipliable(arrays: list[Any]) -> list[Any]:
    a, b = arrays
    _require_one_dtype(a, b)
    if a.shape[-1] != b.shape[-2]:
        raise ValueError(
            f"matrices of {a.shape[-1]} columns and {b.shape[-2]} rows cannot be multiplied; they must be equal"
        )
    if a.ndim > 2 and b.ndim > 2:
        try:
            np.broadcast_shapes(a.shape[:-2], b.shape[:-2])
        except ValueError:
            raise ValueError(f"stacks of {a.shape[:-2]} and {b.shape[:-2]} matrices do not broadcast") from None
    return arrays


def _features_match(arrays: list[Any]) -> list[Any]:
    x, weight, _ = arrays
    _require_one_dtype(*arrays)
    if weight.ndim != 2 or not x.ndim or x.shape[-1] != weight.shape[1]:
        raise ValueError(f"an input of shape {x.shape} does not fit a weight of shape {weight.shape} (out, in)")
    return arrays


def _require_one_dtype(*arrays: Any) -> None:
    dtypes = [array.dtype for array in arrays if array is not None]
    if dtypes.count(dtypes[0]) != len(dtypes):
        # Converting one silently would hide the mistake, and cost time on every call.
        found = " and ".join(dict.fromkeys(map(str, dtypes)))
        raise TypeError(f"the inputs are {found}; make them one dtype, with float() or to()")


_matmul = primitive(np.matmul, prepare=_multipliable, a=lambda g, b: g @ b.mT, b=lambda g, a: a.mT @ g)


def _product_with_bias(x: Any, weight: Any, bias: Any) -> Any:
    # All rows at once, even if they are a stack of matrices, which @ would multiply one by one.
    result = np.dot(x, weight.T) if x.ndim <= 2 else np.dot(_rows(x), weight.T).reshape(*x.shape[:-1], len(weight))
    if bias is not None:
        if bias.shape != weight.shape[:1]:
            raise ValueError(f"a bias of shape {bias.shape} does not fit a weight of shape {weight.shape} (out, in)")
        result += bias
    return result


_linear: Operation = primitive(
    _product_with_bias,
    name="linear",
    prepare=_features_match,
    x=lambda g, weight: g @ weight if g.ndim <= 2 else _linear(g, weight.mT, None),
    weight=lambda g, x: np.dot(_rows(g).mT, _rows(x)),  # of a single row, @ would take five times as long
    bias=lambda g: g,
)


def _rows(x: Any) -> Any:
    if x.ndim < 3:
        return x if x.ndim == 2 else x[None]
    return x.reshape(prod(x.shape[:-1]), x.shape[-1])


@public(numpy=(np.matmul,))
def matmul(input: Tensor | Array, other: Tensor | Array) -> Tensor:
    """The matrix product: of vectors a number, of matrices a matrix, of stacks of matrices (broadcast) a stack.

    ValueError if the inner sizes differ, TypeError if the dtypes do.

    >>> tg.matmul(tg.tensor([[1, 2], [3, 4]]), tg.tensor([1, 1]))
    tensor([3, 7])
    """
    try:
        left, right = input.ndim, other.ndim
    except AttributeError:
        kinds = f"{type(input).__name__} and {type(other).__name__}"
        raise TypeError(f"matmul: needs two tensors, got {kinds}") from None
    if left > 1 and right > 1:
        return _matmul(input, other)
    if not left or not right:
        raise ValueError(f"matmul: needs at least 1 dimension, got shapes {input.shape} and {other.shape}")
    inner = input.shape[-1], other.shape[max(right - 2, 0)]
    if inner[0] != inner[1]:
        shapes = f"{input.shape} and {other.shape}"
        raise ValueError(f"matmul: shapes {shapes} cannot be multiplied; {inner[0]} and {inner[1]} must be equal")
    row = input.reshape(1, -1) if left == 1 else input
    column = other.reshape(-1, 1) if right == 1 else other
    product = _matmul(row, column)
    rows = () if left == 1 else product.shape[-2:-1]
    columns = () if right == 1 else product.shape[-1:]
    return product.reshape((*product.shape[:-2], *rows, *columns))


method(matmul, "__matmul__")
method(reflected(matmul), "__rmatmul__")


@public(is_method=False)
def linear(input: Tensor, weight: Tensor, bias: Tensor | None = None) -> Tensor:
    """input · weightᵀ + bias: shapes (\\*, in), (out, in) and (out,) give (\\*, out).

    ValueError if the shapes do not fit together, TypeError if the dtypes differ.

    >>> tg.linear(tg.tensor([[1.0, 2.0]]), tg.tensor([[3.0, 4.0]]), tg.tensor([5.0]))
    tensor([[16.]])
    """
    return _linear(input, weight, bias)


@public(is_method=False)
def bilinear(input1: Tensor, input2: Tensor, weight: Tensor, bias: Tensor | None = None) -> Tensor:
    """input1ᵀ · weight[k] · input2 + bias[k] for each k: shapes (\\*, in1), (\\*, in2), (out, in1, in2) and (out,)
    give (\\*, out).

    ValueError if the shapes do not fit together.

    >>> tg.bilinear(tg.tensor([[1.0, 2.0]]), tg.tensor([[3.0]]), tg.tensor([[[1.0], [1.0]]]))
    tensor([[9.]])
    """
    if weight.ndim != 3 or input1.shape != (*input2.shape[:-1], weight.shape[1]) or input2.shape[-1] != weight.shape[2]:
        raise ValueError(
            f"bilinear: inputs of shapes {input1.shape} and {input2.shape} do not fit a weight of shape {weight.shape} "
            "(out, in1, in2)"
        )
    result = einsum("...i,kij,...j->...k", input1, weight, input2)
    return result if bias is None else result + bias


# The same for given numbers of dimensions


@public
def dot(input: Tensor, other: Tensor) -> Tensor:
    """The sum of products of two vectors.

    >>> tg.dot(tg.tensor([1, 2]), tg.tensor([3, 4]))
    tensor(11)
    """
    check_ndim("dot", (input, 1), (other, 1))
    return matmul(input, other)


@public
def vdot(input: Tensor, other: Tensor) -> Tensor:
    """The same as `dot`: in PyTorch they differ for complex numbers only.

    >>> tg.vdot(tg.tensor([1, 2]), tg.tensor([3, 4]))
    tensor(11)
    """
    check_ndim("vdot", (input, 1), (other, 1))
    return matmul(input, other)


@public
def mv(input: Tensor, vec: Tensor) -> Tensor:
    """A matrix times a vector.

    >>> tg.mv(tg.tensor([[1, 2], [3, 4]]), tg.tensor([1, 1]))
    tensor([3, 7])
    """
    check_ndim("mv", (input, 2), (vec, 1))
    return matmul(input, vec)


@public
def mm(input: Tensor, mat2: Tensor) -> Tensor:
    """A matrix times a matrix.

    >>> tg.mm(tg.tensor([[1, 2]]), tg.tensor([[3], [4]]))
    tensor([[11]])
    """
    check_ndim("mm", (input, 2), (mat2, 2))
    return _matmul(input, mat2)


@public
def bmm(input: Tensor, mat2: Tensor) -> Tensor:
    """A stack of matrices times a stack of as many matrices, without broadcasting.

    >>> tg.bmm(tg.ones(5, 2, 3), tg.ones(5, 3, 4)).shape
    (5, 2, 4)
    """
    check_ndim("bmm", (input, 3), (mat2, 3))
    if len(input) != len(mat2):
        raise ValueError(f"bmm: {len(input)} matrices of shape {input.shape}, but {len(mat2)} of shape {mat2.shape}")
    return _matmul(input, mat2)


@public(aliases=("ger",))
def outer(input: Tensor, vec2: Tensor) -> Tensor:
    """All products of a value of one vector and a value of the other.

    >>> tg.outer(tg.tensor([1, 2]), tg.tensor([3, 4]))
    tensor([[3, 4],
            [6, 8]])
    """
    check_ndim("outer", (input, 1), (vec2, 1))
    return input.unsqueeze(1) * vec2


@public(numpy=(np.inner,))
def inner(input: Tensor, other: Tensor) -> Tensor:
    """The sums of products along the last dimensions of both, for every pair of places in the others.

    >>> tg.inner(tg.tensor([[1, 2], [3, 4]]), tg.tensor([1, 1]))
    tensor([3, 7])
    """
    if not input.ndim or not other.ndim:
        return input * other
    return tensordot(input, other, ([-1], [-1]))


# Tensors of any number of dimensions


@public(is_method=False)
def tensordot(a: Tensor, b: Tensor, dims: Any = 2) -> Tensor:
    """The sums of products over pairs of dimensions: the last ``dims`` of a with the first of b, or two lists of them.

    >>> tg.tensordot(tg.ones(2, 3, 4), tg.ones(3, 4, 5)).shape
    (2, 5)
    """
    if isinstance(dims, int):
        dims = list(range(a.ndim - dims, a.ndim)), list(range(dims))
    of_a, of_b = (
        [checked_dim(dim, tensor.ndim, "tensordot") for dim in chosen]
        for tensor, chosen in zip((a, b), dims, strict=True)
    )
    sizes = [a.shape[dim] for dim in of_a]
    if sizes != [b.shape[dim] for dim in of_b]:
        raise ValueError(
            f"tensordot: dimensions {of_a} of shape {a.shape} and {of_b} of shape {b.shape} differ in size"
        )
    rest_a = [dim for dim in range(a.ndim) if dim not in of_a]
    rest_b = [dim for dim in range(b.ndim) if dim not in of_b]
    left = a.permute(rest_a + of_a).reshape(prod(a.shape[dim] for dim in rest_a), prod(sizes))
    right = b.permute(of_b + rest_b).reshape(prod(sizes), prod(b.shape[dim] for dim in rest_b))
    return _matmul(left, right).reshape([a.shape[dim] for dim in rest_a] + [b.shape[dim] for dim in rest_b])


@public(numpy=(np.kron,))
def kron(input: Tensor, other: Tensor) -> Tensor:
    """The Kronecker product: every value of ``input`` replaced by its product with all of ``other``.

    >>> tg.kron(tg.tensor([1, 10]), tg.tensor([1, 2]))
    tensor([ 1,  2, 10, 20])
    """
    ndim = max(input.ndim, other.ndim)
    left, right = ((1,) * (ndim - tensor.ndim) + tensor.shape for tensor in (input, other))
    products = input.reshape([size for n in left for size in (n, 1)]) * other.reshape(
        [size for n in right for size in (1, n)]
    )
    return products.reshape([n * m for n, m in zip(left, right, strict=True)])


@public(numpy=(np.cross,))
def cross(input: Tensor, other: Tensor, dim: int = -1) -> Tensor:
    """The cross product of vectors of 3 values along ``dim``.

    >>> tg.cross(tg.tensor([1, 0, 0]), tg.tensor([0, 1, 0]))
    tensor([0, 0, 1])
    """
    sizes = (input.shape[checked_dim(dim, input.ndim, "cross")], other.shape[checked_dim(dim, other.ndim, "cross")])
    if sizes != (3, 3):
        raise ValueError(
            f"cross: needs vectors of 3 values, got {sizes[0]} and {sizes[1]} in shapes {input.shape}, {other.shape}"
        )
    return roll(input, -1, dim) * roll(other, -2, dim) - roll(input, -2, dim) * roll(other, -1, dim)


@public(is_method=False)
def chain_matmul(*matrices: Tensor) -> Tensor:
    """The product of several matrices: see `linalg.multi_dot`.

    >>> tg.chain_matmul(tg.ones(2, 3), tg.ones(3, 4), tg.ones(4, 1))
    tensor([[12.],
            [12.]])
    """
    return multi_dot(matrices)


def multi_dot(tensors: Sequence[Tensor]) -> Tensor:
    """The product of two or more matrices, multiplied in the cheapest order; the first and last may be vectors.

    >>> tg.linalg.multi_dot([tg.ones(2, 3), tg.ones(3, 4), tg.ones(4)])
    tensor([12., 12.])
    """
    if len(tensors) < 2:
        raise ValueError(f"multi_dot: needs at least two matrices, got {len(tensors)}")
    first, *inner, last = tensors
    rows = first.reshape(1, -1) if first.ndim == 1 else first
    columns = last.reshape(-1, 1) if last.ndim == 1 else last
    chain = [rows, *inner, columns]
    splits = _cheapest_splits([chain[0].shape[0], *(matrix.shape[1] for matrix in chain)])
    product = _multiplied(chain, splits, 0, len(chain) - 1)
    return product.reshape((*rows.shape[:1][first.ndim == 1 :], *columns.shape[1:][last.ndim == 1 :]))


public(multi_dot, namespace="linalg", numpy=(np.linalg.multi_dot,))


def _cheapest_splits(sizes: list[int]) -> dict[tuple[int, int], int]:
    """For each run of matrices, where to split it: the classic dynamic program (Cormen et al., section 15.2)."""
    count = len(sizes) - 1
    cost = {(i, i): 0 for i in range(count)}
    splits = {}
    for length in range(1, count):
        for i in range(count - length):
            j = i + length
            costs = {k: cost[i, k] + cost[k + 1, j] + sizes[i] * sizes[k + 1] * sizes[j + 1] for k in range(i, j)}
            splits[i, j] = min(costs, key=costs.__getitem__)
            cost[i, j] = costs[splits[i, j]]
    return splits


def _multiplied(chain: Sequence[Tensor], splits: dict[tuple[int, int], int], i: int, j: int) -> Tensor:
    if i == j:
        return chain[i]
    k = splits[i, j]
    return mm(_multiplied(chain, splits, i, k), _multiplied(chain, splits, k + 1, j))
