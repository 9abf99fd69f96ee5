"""Sums of products over named indices."""

from __future__ import annotations

from string import ascii_letters
from typing import Any

import numpy as np

from tinygrad_scratch.ops.math.elementwise import in_common_dtype
from tinygrad_scratch.ops.shape.diagonal import diagonal
from tinygrad_scratch.record.operation import Operation, primitive, public
from tinygrad_scratch.record.tensor import Tensor


def _einsum(*operands: Any, inputs: tuple[str, ...], output: str) -> Any:
    result = np.einsum(f"{','.join(inputs)}->{output}", *operands, optimize=len(operands) > 1)
    return result.copy() if result.base is not None else result  # of one operand, NumPy returns a view


def _einsum_gradient(g: Any, position: int, operands: Any, inputs: tuple[str, ...], output: str) -> Any:
    # Every index of the operand is an index of the output or of another operand (see `einsum`): so its gradient is an
    # einsum too, in which the gradient of the output stands in its place.
    others = [operand for i, operand in enumerate(operands) if i != position]
    names = (output, *(name for i, name in enumerate(inputs) if i != position))
    return _einsum_operation(g, *others, inputs=names, output=inputs[position])


_einsum_operation: Operation = primitive(
    _einsum,
    name="einsum",
    prepare=in_common_dtype,
    operands=lambda g, position, operands, inputs, output: _einsum_gradient(g, position, operands, inputs, output),
)


@public(is_method=False, numpy=(np.einsum,))
def einsum(equation: str, *operands: Any) -> Tensor:
    """Sums of products of values, over all indices that ``equation`` names but leaves out of the result.

    "ij,jk->ik" is the matrix product, "ii" the trace, "bi,bj->bij" an outer product in every row. "..." stands for any
    further dimensions, which are broadcast.

    >>> tg.einsum("ij,jk->ik", tg.tensor([[1, 2]]), tg.tensor([[3], [4]]))
    tensor([[11]])
    """
    tensors = list(operands[0] if len(operands) == 1 and isinstance(operands[0], list | tuple) else operands)
    inputs, output = _explicit(equation, [np.ndim(tensor) for tensor in tensors])
    for place, name in enumerate(inputs):
        tensors[place], inputs[place] = _diagonals(tensors[place], name)
    for place, name in enumerate(inputs):
        elsewhere = {*output, *(index for i, other in enumerate(inputs) if i != place for index in other)}
        alone = [dim for dim, index in enumerate(name) if index not in elsewhere]
        if alone:
            tensors[place] = tensors[place].sum(tuple(alone))
            inputs[place] = "".join(index for index in name if index in elsewhere)
    return _einsum_operation(*tensors, inputs=tuple(inputs), output=output)


def _explicit(equation: str, ndims: list[int]) -> tuple[list[str], str]:
    """The indices of each operand and of the result, with letters for "..."; ValueError if they do not fit."""
    left, arrow, output = equation.replace(" ", "").partition("->")
    inputs = left.split(",")
    if len(inputs) != len(ndims):
        raise ValueError(f"einsum: {equation!r} is for {len(inputs)} operands, but there are {len(ndims)}")
    unused = [letter for letter in ascii_letters if letter not in equation]
    hidden = [ndim - len(name.replace("...", "")) for name, ndim in zip(inputs, ndims, strict=True)]
    for name, count, ndim in zip(inputs, hidden, ndims, strict=True):
        if count < 0 or ("..." not in name and count):
            raise ValueError(f"einsum: {name!r} in {equation!r} does not fit an operand of {ndim} dimensions")
    letters = "".join(unused[: max(hidden)])
    inputs = [name.replace("...", letters[len(letters) - n :]) for name, n in zip(inputs, hidden, strict=True)]
    if not arrow:
        named = sorted({index for index in left if left.count(index) == 1 and index not in ",."})
        output = "..." + "".join(named) if "..." in left else "".join(named)
    return inputs, output.replace("...", letters)


def _diagonals(tensor: Any, name: str) -> tuple[Any, str]:
    """The operand without repeated indices: "iij" is "ij" of the diagonal."""
    for index in set(name):
        while name.count(index) > 1:
            first, second = name.index(index), name.rindex(index)
            tensor = diagonal(tensor, 0, first, second)
            name = "".join(other for dim, other in enumerate(name) if dim not in (first, second)) + index
    return tensor, name
