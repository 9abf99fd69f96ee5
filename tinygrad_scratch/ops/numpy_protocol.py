"""NumPy's protocol: ``np.exp(t)``, ``np.sum(t, axis=0)`` and ``array + t`` are the operations of that name, recorded.

When a Tensor is among its arguments, NumPy asks it what to do, through ``__array_ufunc__`` and ``__array_function__``.
Most operations answer for the NumPy function that they are themselves (``public(numpy=…)``); those for which NumPy has
other words, defaults or order are in the table here. What has no operation is refused by name: it never turns silently
into an array without gradient.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np

from tinygrad_scratch.dtypes import get_default_dtype
from tinygrad_scratch.ops.create.conversion import cast
from tinygrad_scratch.ops.create.creation import as_tensor, tensor
from tinygrad_scratch.ops.dims import at
from tinygrad_scratch.ops.in_place import copy_
from tinygrad_scratch.ops.index.scatter import nonzero, take, take_along_dim
from tinygrad_scratch.ops.linalg.matrices import norm
from tinygrad_scratch.ops.linalg.products import matmul, outer, tensordot
from tinygrad_scratch.ops.math.arithmetic import where
from tinygrad_scratch.ops.math.differences import corrcoef, cov, diff, trapezoid
from tinygrad_scratch.ops.reduce.cumulative import cumprod, cumsum
from tinygrad_scratch.ops.reduce.quantile import quantile
from tinygrad_scratch.ops.reduce.reduction import amax, amin, mean, nanmean, prod, sum
from tinygrad_scratch.ops.reduce.sorting import searchsorted, sort
from tinygrad_scratch.ops.reduce.statistics import std, var
from tinygrad_scratch.ops.shape.diagonal import diagonal
from tinygrad_scratch.ops.shape.joining import cat, tensor_split
from tinygrad_scratch.ops.shape.padding import pad
from tinygrad_scratch.ops.shape.rearrange import flip, meshgrid, repeat_interleave, roll, tile
from tinygrad_scratch.ops.shape.shape import broadcast_to, permute, ravel, reshape
from tinygrad_scratch.record.mode import is_grad_enabled
from tinygrad_scratch.record.operation import NUMPY, method
from tinygrad_scratch.record.tensor import Tensor

# Functions that say something about tensors which is not itself a tensor; NumPy answers from the arrays.
_INSPECTIONS = (np.shape, np.ndim, np.size, np.may_share_memory, np.shares_memory, np.result_type)


def _floating(a: Tensor) -> Tensor:
    return a if a.dtype.kind == "f" else cast(a, get_default_dtype())


def _running(operation: Callable[..., Tensor], a: Tensor, axis: int | None) -> Tensor:
    return operation(ravel(a), 0) if axis is None else operation(a, axis)


def _concatenate(arrays: Sequence[Tensor], axis: int | None = 0) -> Tensor:
    return cat([ravel(part) for part in arrays]) if axis is None else cat(arrays, axis)


def _split(ary: Tensor, indices_or_sections: Any, axis: int = 0) -> tuple[Tensor, ...]:
    if isinstance(indices_or_sections, int) and ary.shape[axis] % indices_or_sections:
        raise ValueError(f"np.split: {ary.shape[axis]} values cannot be split into {indices_or_sections} equal parts")
    return tensor_split(ary, indices_or_sections, axis)


def _expand_dims(a: Tensor, axis: int | Sequence[int]) -> Tensor:
    axes = [axis] if isinstance(axis, int) else list(axis)
    ndim = a.ndim + len(axes)
    new = {one % ndim for one in axes}
    sizes = iter(a.shape)
    return reshape(a, [1 if i in new else next(sizes) for i in range(ndim)])


def _pad(array: Tensor, pad_width: Any, mode: str = "constant", constant_values: float = 0) -> Tensor:
    widths = np.broadcast_to(pad_width, (array.ndim, 2))[::-1].ravel().tolist()
    torch_mode = {"edge": "replicate", "wrap": "circular"}.get(mode, mode)
    return pad(array, widths, torch_mode, constant_values if mode == "constant" else None)


def _dot(a: Tensor, b: Tensor) -> Tensor:
    if a.ndim > 1 and b.ndim > 2:
        return tensordot(a, b, ([-1], [-2]))
    return matmul(a, b) if a.ndim and b.ndim else a * b


def _take(a: Tensor, indices: Any, axis: int | None = None) -> Tensor:
    index = _taken_in(np.asarray(indices)) if not isinstance(indices, Tensor) else indices
    return take(a, index) if axis is None else a[at(axis % a.ndim, index)]


def _where(condition: Tensor, *values: Any) -> Any:
    return where(condition, *values) if values else nonzero(condition, as_tuple=True)


NUMPY.update(
    {
        np.mean: lambda a, axis=None, dtype=None, keepdims=False: mean(_floating(a), axis, keepdims, dtype=dtype),
        np.nanmean: lambda a, axis=None, keepdims=False: nanmean(_floating(a), axis, keepdims),
        np.var: lambda a, axis=None, ddof=0, keepdims=False: var(_floating(a), axis, keepdim=keepdims, correction=ddof),
        np.std: lambda a, axis=None, ddof=0, keepdims=False: std(_floating(a), axis, keepdim=keepdims, correction=ddof),
        np.median: lambda a, axis=None, keepdims=False: quantile(_floating(a), 0.5, axis, keepdims),
        np.percentile: lambda a, q, axis=None, keepdims=False: quantile(
            _floating(a), np.asarray(q) / 100, axis, keepdims
        ),
        np.sum: lambda a, axis=None, dtype=None, keepdims=False: sum(a, axis, keepdims, dtype=dtype),
        np.prod: lambda a, axis=None, dtype=None, keepdims=False: prod(a, axis, keepdims, dtype=dtype),
        np.ptp: lambda a, axis=None, keepdims=False: amax(a, axis, keepdims) - amin(a, axis, keepdims),
        np.cumsum: lambda a, axis=None: _running(cumsum, a, axis),
        np.cumprod: lambda a, axis=None: _running(cumprod, a, axis),
        np.transpose: lambda a, axes=None: permute(a, *(range(a.ndim)[::-1] if axes is None else axes)),
        np.broadcast_to: lambda array, shape: broadcast_to(array, shape),
        np.expand_dims: _expand_dims,
        np.concatenate: _concatenate,
        np.split: _split,
        np.repeat: lambda a, repeats, axis=None: repeat_interleave(a, repeats, axis),
        np.tile: lambda A, reps: tile(A, *np.atleast_1d(reps).tolist()),
        np.flip: lambda m, axis=None: flip(m, range(m.ndim) if axis is None else np.atleast_1d(axis).tolist()),
        np.roll: lambda a, shift, axis=None: roll(a, shift, axis),
        np.pad: _pad,
        np.meshgrid: lambda *xi, indexing="xy": meshgrid(*xi, indexing=indexing),
        np.where: _where,
        np.nonzero: lambda a: nonzero(a, as_tuple=True),
        np.copy: lambda a: a.clone(),
        np.diff: lambda a, n=1, axis=-1: diff(a, n, axis),
        np.cov: lambda m, ddof=1: cov(m, correction=ddof),
        np.corrcoef: lambda x: corrcoef(x),
        np.trapezoid: lambda y, x=None, dx=1.0, axis=-1: trapezoid(y, x, dx=dx, dim=axis),
        np.dot: _dot,
        np.vdot: lambda a, b: sum(ravel(a) * ravel(b)),
        np.outer: lambda a, b: outer(ravel(a), ravel(b)),
        np.tensordot: lambda a, b, axes=2: tensordot(a, b, axes),
        np.diagonal: lambda a, offset=0, axis1=0, axis2=1: diagonal(a, offset, axis1, axis2),
        np.trace: lambda a: diagonal(a).sum(-1),
        np.linalg.norm: lambda x, ord=None, axis=None, keepdims=False: norm(x, ord, axis, keepdims),
        np.sort: lambda a, axis=-1: sort(a, axis).values,
        np.searchsorted: lambda a, v, side="left": searchsorted(a, v, right=side == "right"),
        np.take: _take,
        np.take_along_axis: lambda arr, indices, axis: take_along_dim(arr, indices, axis),
    }
)


@method
def __array_ufunc__(self: Tensor, ufunc: np.ufunc, call: str, *inputs: Any, out: Any = (None,), **settings: Any) -> Any:
    operation = NUMPY.get(ufunc)
    if operation is None or call != "__call__" or settings:
        wanted = ufunc.__name__ if call == "__call__" else f"{ufunc.__name__}.{call}"
        raise TypeError(_refusal(f"np.{wanted}", settings))
    result = operation(*inputs)
    return result if out[0] is None else _written(result, out[0], ufunc.__name__)


@method
def __array_function__(
    self: Tensor, function: Any, types: Sequence[type], args: Sequence[Any], kwargs: Mapping[str, Any]
) -> Any:
    if function in _INSPECTIONS:
        return function(*(arg._data if isinstance(arg, Tensor) else arg for arg in args), **kwargs)
    operation = NUMPY.get(function)
    name = f"{function.__module__.replace('numpy', 'np', 1)}.{function.__name__}"
    if operation is None:
        raise TypeError(_refusal(name, {}))
    try:
        return operation(*(_as_tensors(arg) for arg in args), **kwargs)
    except TypeError as error:
        if "unexpected keyword argument" in str(error) or "positional argument" in str(error):
            raise TypeError(_refusal(name, kwargs)) from error
        raise


def _as_tensors(argument: Any) -> Any:
    """Arrays, alone or in a list, as the Tensors that stand beside them."""
    if isinstance(argument, np.ndarray):
        return _taken_in(argument)
    if isinstance(argument, list | tuple) and any(isinstance(part, Tensor) for part in argument):
        return [_taken_in(part) if isinstance(part, np.ndarray) else part for part in argument]
    return argument


def _taken_in(array: Any) -> Tensor:
    """A Tensor of an array that is the caller's, who may write to it before the backward pass: so it is copied."""
    return tensor(array) if is_grad_enabled() else as_tensor(array)


def _written(result: Tensor, out: Any, name: str) -> Any:
    if isinstance(out, Tensor):
        return copy_(out, result)
    if result.requires_grad:
        raise TypeError(
            f"np.{name}: writing into an array would lose the gradient; write to a Tensor, or detach() first"
        )
    out[...] = result.numpy()
    return out


def _refusal(function: str, settings: Mapping[str, Any]) -> str:
    options = f" with {', '.join(settings)}" if settings else ""
    return f"{function}{options} is not supported on Tensors; if no gradient is needed, call it on t.detach().numpy()"
