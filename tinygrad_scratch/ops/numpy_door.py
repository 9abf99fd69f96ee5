"""NumPy's door: ``np.exp(t)``, ``np.sum(t, axis=0)`` and ``array + t`` are the operations of that name, and recorded.

When a Tensor is among its arguments, NumPy asks it what to do, through ``__array_ufunc__`` and ``__array_function__``.
What has no operation here is refused by name: it never turns silently into an array without gradient.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from tinygrad_scratch.ops.in_place import copy_
from tinygrad_scratch.ops.shape import broadcast_to, permute
from tinygrad_scratch.record.operation import NUMPY, method
from tinygrad_scratch.record.tensor import Tensor

# Functions that say something about tensors which is not itself a tensor; NumPy answers from the arrays.
_INSPECTIONS = (
    np.shape,
    np.ndim,
    np.size,
    np.allclose,
    np.array_equal,
    np.may_share_memory,
    np.shares_memory,
    np.result_type,
)

NUMPY[np.transpose] = lambda a, axes=None: permute(a, *(range(a.ndim)[::-1] if axes is None else axes))
NUMPY[np.broadcast_to] = lambda array, shape: broadcast_to(array, shape)


@method
def __array_ufunc__(self: Tensor, ufunc: np.ufunc, call: str, *inputs: Any, out: Any = (None,), **settings: Any) -> Any:
    operation = NUMPY.get(ufunc)
    if operation is None or call != "__call__" or settings:
        wanted = ufunc.__name__ if call == "__call__" else f"{ufunc.__name__}.{call}"
        raise TypeError(_refusal(f"np.{wanted}", settings))
    # An array on the left of an operator has no methods of a Tensor.
    result = operation(*(Tensor(value) if isinstance(value, np.ndarray) else value for value in inputs))
    return result if out[0] is None else _written(result, out[0], ufunc.__name__)


@method
def __array_function__(
    self: Tensor, function: Any, types: Sequence[type], args: Sequence[Any], kwargs: Mapping[str, Any]
) -> Any:
    if function in _INSPECTIONS:
        return function(*(arg._data if isinstance(arg, Tensor) else arg for arg in args), **kwargs)
    operation = NUMPY.get(function)
    if operation is None:
        raise TypeError(_refusal(f"np.{function.__name__}", {}))
    return operation(*args, **kwargs)


def _written(result: Tensor, out: Any, name: str) -> Any:
    if isinstance(out, Tensor):
        return copy_(out, result)
    if result.requires_grad:
        raise TypeError(
            f"np.{name}: writing into an array would lose the gradient; write into a Tensor, or detach() first"
        )
    out[...] = result._data
    return out


def _refusal(function: str, settings: Mapping[str, Any]) -> str:
    options = f" with {', '.join(settings)}" if settings else ""
    return f"{function}{options} is not supported on Tensors; if no gradient is needed, call it on t.detach().numpy()"
