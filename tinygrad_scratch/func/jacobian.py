"""Whole Jacobians and Hessians, of functions of one tensor each that may return a tree of tensors."""

from __future__ import annotations

from functools import wraps
from typing import Any

import numpy as np

from tinygrad_scratch.func.products import jvp, vjp
from tinygrad_scratch.func.transforms import Function, Positions
from tinygrad_scratch.func.tree import leaves, like, mapped
from tinygrad_scratch.ops.shape.joining import stack
from tinygrad_scratch.record.tensor import Tensor, make_tensor


def jacrev(func: Function, argnums: Positions = 0) -> Function:
    """The function that computes the Jacobian of ``func``, row by row, by passes backwards: best for few outputs.

    For an output of shape (a, b) and an argument of shape (c,) it is a tensor (a, b, c). For a tree of outputs it is a
    tree of that form; several ``argnums`` give a tuple for each output.

    >>> import tinygrad_scratch as tg
    >>> jacrev(lambda x: x**2)(tg.tensor([1.0, 2.0]))
    tensor([[2., 0.],
            [0., 4.]])
    """

    @wraps(func)
    def run(*args: Any) -> Any:
        chosen, of_chosen = _of_chosen(func, argnums, args)
        outputs, pull = vjp(of_chosen, *chosen)
        zeros = mapped(lambda output: make_tensor(np.zeros(output.shape, output.dtype)), outputs)
        places = leaves(zeros)

        def rows_of(place: int, output: Tensor) -> Any:
            rows = []
            for position in range(output.numel()):
                unit = [_unit(zero, position if i == place else None) for i, zero in enumerate(places)]
                rows.append(pull(like(outputs, unit)))
            blocks = [
                stack(parts).reshape((*output.shape, *x.shape))
                for parts, x in zip(zip(*rows, strict=True), chosen, strict=True)
            ]
            return blocks[0] if isinstance(argnums, int) else tuple(blocks)

        return like(outputs, [rows_of(place, output) for place, output in enumerate(leaves(outputs))])

    return run


def jacfwd(func: Function, argnums: Positions = 0) -> Function:
    """The function that computes the Jacobian of ``func``, column by column: best for few inputs. See `jacrev`.

    >>> import tinygrad_scratch as tg
    >>> jacfwd(lambda x: x**2)(tg.tensor([1.0, 2.0]))
    tensor([[2., 0.],
            [0., 4.]])
    """

    @wraps(func)
    def run(*args: Any) -> Any:
        chosen, of_chosen = _of_chosen(func, argnums, args)
        zeros = [make_tensor(np.zeros(x.shape, x.dtype)) for x in chosen]

        def columns_of(place: int) -> Any:
            x = chosen[place]
            columns = []
            for position in range(x.numel()):
                tangents = tuple(_unit(zero, position if i == place else None) for i, zero in enumerate(zeros))
                columns.append(jvp(of_chosen, chosen, tangents)[1])
            return mapped(lambda *parts: stack(parts, -1).reshape((*parts[0].shape, *x.shape)), *columns)

        blocks = [columns_of(place) for place in range(len(chosen))]
        return blocks[0] if isinstance(argnums, int) else mapped(lambda *parts: parts, *blocks)

    return run


def hessian(func: Function, argnums: Positions = 0) -> Function:
    """The function that computes the matrix of second derivatives of ``func``: `jacfwd` of `jacrev`.

    >>> import tinygrad_scratch as tg
    >>> hessian(lambda x: (x**3).sum())(tg.tensor([1.0, 2.0]))
    tensor([[ 6.,  0.],
            [ 0., 12.]])
    """
    return jacfwd(jacrev(func, argnums), argnums)


def _of_chosen(func: Function, argnums: Positions, args: tuple[Any, ...]) -> tuple[tuple[Tensor, ...], Function]:
    """The arguments at ``argnums``, and ``func`` as a function of only these."""
    positions = (argnums,) if isinstance(argnums, int) else tuple(argnums)

    def of_chosen(*values: Tensor) -> Any:
        arguments = list(args)
        for position, value in zip(positions, values, strict=True):
            arguments[position] = value
        return func(*arguments)

    return tuple(args[position] for position in positions), of_chosen


def _unit(zeros: Tensor, position: int | None) -> Tensor:
    """Zeros, with a 1 at a position of the flattened tensor."""
    values = zeros._data.copy()
    if position is not None:
        values.flat[position] = 1
    return make_tensor(values)
