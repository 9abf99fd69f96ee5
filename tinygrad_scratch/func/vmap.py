"""`vmap`: a function of one sample as a function of a batch."""

from __future__ import annotations

from functools import wraps
from typing import Any

from tinygrad_scratch.func.transforms import Function
from tinygrad_scratch.func.tree import leaves, like
from tinygrad_scratch.ops.shape.joining import stack
from tinygrad_scratch.record.tensor import Tensor


def vmap(func: Function, in_dims: Any = 0, out_dims: Any = 0) -> Function:
    """The function that runs ``func`` on each slice of its arguments, and stacks what it returns.

    ``in_dims`` is the dimension along which to slice the arguments: one for all, or a tuple with one for each, each of
    which may be a tree; None for what stays whole. ``out_dims`` is the dimension along which to stack.

    It runs ``func`` once for every slice. So it works with all operations, with Python control flow on values, and
    inside and around every other transform, but it is not faster than a loop: operations are not merged.

    ValueError if nothing is sliced, or the slices of the arguments differ in number.

    >>> import tinygrad_scratch as tg
    >>> vmap(tg.dot)(tg.tensor([[1, 2], [3, 4]]), tg.tensor([[1, 1], [2, 2]]))
    tensor([ 3, 14])
    """

    @wraps(func)
    def run(*args: Any, **kwargs: Any) -> Any:
        dims = tuple(in_dims) if isinstance(in_dims, tuple | list) else (in_dims,) * len(args)
        if len(dims) != len(args):
            raise ValueError(f"vmap: in_dims has {len(dims)} entries, but there are {len(args)} arguments")
        sliced = [_with_dims(arg, dim) for arg, dim in zip(args, dims, strict=True)]
        sizes = {tensor.shape[dim] for pairs in sliced for tensor, dim in pairs if dim is not None}
        if len(sizes) != 1:
            raise ValueError(f"vmap: the arguments must have slices of one number, got {sorted(sizes) or 'none'}")
        results = [
            func(
                *(like(arg, [_slice(*pair, i) for pair in pairs]) for arg, pairs in zip(args, sliced, strict=True)),
                **kwargs,
            )
            for i in range(sizes.pop())
        ]
        return _stacked(results, out_dims)

    return run


def _with_dims(arg: Any, dim: Any) -> list[tuple[Any, int | None]]:
    """Each leaf of an argument with the dimension to slice it along, which is None for what is not a tensor."""
    parts = leaves(arg)
    dims = leaves(dim) if isinstance(dim, tuple | list | dict) else [dim] * len(parts)
    return [(part, one if isinstance(part, Tensor) else None) for part, one in zip(parts, dims, strict=True)]


def _slice(value: Any, dim: int | None, i: int) -> Any:
    return value if dim is None else value.select(dim, i)


def _stacked(results: list[Any], out_dims: Any) -> Any:
    dims = leaves(out_dims) if isinstance(out_dims, tuple | list | dict) else [out_dims] * len(leaves(results[0]))
    stacks = [stack(parts, dim) for parts, dim in zip(zip(*map(leaves, results), strict=True), dims, strict=True)]
    return like(results[0], stacks)
