"""Writing into a tensor: ``t += x``, ``t[i] = x``, ``t.add_(x)``, with the meaning that PyTorch gives it.

The memory changes, and so does the graph: from then on the tensor depends on what was written. If it is a view, it is
its base that gets the new history, and every other view of that base follows.
"""

from __future__ import annotations

from contextlib import suppress
from typing import Any

import numpy as np

from tinygrad_scratch.ops.create.conversion import cast
from tinygrad_scratch.ops.index.indexing import _getitem, filled, split_index, without_integers
from tinygrad_scratch.record.dispatch import explained, record
from tinygrad_scratch.record.mode import OBSERVERS, is_grad_enabled, no_grad
from tinygrad_scratch.record.node import Node
from tinygrad_scratch.record.operation import IN_PLACE, Function, Operation, method, primitive, public
from tinygrad_scratch.record.tensor import Leaf, Operand, Tensor, make_tensor, through
from tinygrad_scratch.record.writes import note_write


def _overwritten(base: Any, value: Any, *arrays: Any, steps: Any, index: tuple[Any, ...]) -> Any:
    """``base``, with ``value`` at ``index`` of the part that ``steps`` view."""
    result = base.copy()
    part = through(steps, result)
    _make_writable(part)
    part[filled(index, arrays)] = value
    return result


_overwrite: Operation = primitive(
    _overwritten,
    name="overwrite",
    base=lambda g, arrays, steps, index: _overwrite(g, 0, *arrays, steps=steps, index=index),
    value=lambda g, arrays, steps, index: _gradient_of_written(g, arrays, steps, index),
)


def _gradient_of_written(g: Any, arrays: Any, steps: Any, index: tuple[Any, ...]) -> Any:
    gradient = _getitem(through(steps, g), *arrays, index=index)
    if not any(array.dtype.kind in "iu" for array in arrays):
        return gradient
    return np.where(_last_written(*arrays, shape=g.shape, steps=steps, index=index), gradient, 0)


@primitive(name="last_written")
def _last_written(*arrays: Any, shape: tuple[int, ...], steps: Any, index: tuple[Any, ...]) -> Any:
    """Which of the values written at an index of arrays are still there, as it may name a place several times."""
    place = filled(index, arrays)
    part = through(steps, np.empty(shape, np.intp))
    _make_writable(part)
    numbers = np.arange(part[place].size).reshape(part[place].shape)
    part[place] = numbers
    return part[place] == numbers


def write(
    target: Tensor,
    value: Tensor,
    operation: str,
    index: tuple[Any, ...] = (),
    arrays: Any = (),
    *,
    takes_history: bool = False,
) -> Tensor:
    """Put ``value`` at ``index`` of ``target``, in memory and in the graph; returns ``target``.

    This is how everything writes. ``operation`` is the name for messages. If it ``takes_history``, the value was
    computed to be all of the target, whose history is that of the value from then on. RuntimeError if ``target`` is a
    leaf that requires grad, or a view of one.
    """
    base = target if target._view is None else target._view.base
    is_recorded = is_grad_enabled() and (target.requires_grad or value.requires_grad)
    check_writable(target, base, is_recorded, operation)
    place = filled(index, arrays)
    if value.shape[:1] == (1,):
        value = _without_extra_dims(value, np.ndim(target._data[place]))
    try:
        target._data[place] = value._data
    except (ValueError, IndexError) as error:
        raise explained(error, operation, (target._data, value._data)) from None
    note_write(target._data, operation)
    node = None
    if is_recorded:
        takes_history = takes_history and base is target
        node = base._node = value.node if takes_history else _node_of_write(target, base, value, index, arrays)
    for observer in OBSERVERS.get():
        observer.wrote(target, value, index, arrays, node)
    return target


def _node_of_write(target: Tensor, base: Tensor, value: Tensor, index: tuple[Any, ...], arrays: Any) -> Node | None:
    steps = () if target._view is None else target._view.steps
    positions = [array._data if isinstance(array, Tensor) else array for array in arrays]
    inputs = (base, value, *arrays)
    edges = (base.node, value.node, *(None for _ in arrays))
    settings = {"steps": steps, "index": index}
    return record(_overwrite.primitive, inputs, (base._data, value._data, *positions), base._data, settings, edges)


def check_writable(target: Tensor, base: Tensor, is_recorded: bool, operation: str) -> None:
    if is_recorded and isinstance(base.node, Leaf):
        raise RuntimeError(
            f"{operation}: a leaf that requires grad, of shape {base.shape}, cannot be written in place while "
            "operations are recorded; write to it under no_grad(), or to a clone()"
        )
    if not _make_writable(target._data):
        raise ValueError(
            f"{operation}: this tensor of shape {target.shape} is read-only, like what expand() returns and the "
            "gradients that a Function's backward is given; use a clone()"
        )


def _make_writable(array: Any) -> bool:
    """Whether ``array`` can be written to; it can if NumPy calls it read-only for no more than being broadcast.

    That is the case of what `expand` returns, and a part of it may well have no two places in the same memory.
    """
    is_repeated = any(stride == 0 and size > 1 for stride, size in zip(array.strides, array.shape, strict=True))
    if not array.flags.writeable and not is_repeated:
        with suppress(ValueError):  # the memory itself is read-only
            array.flags.writeable = True
    return bool(array.flags.writeable)


def _without_extra_dims(value: Tensor, ndim: int) -> Tensor:
    """``value`` without leading dimensions of size 1 beyond ``ndim``, so that it can be written where it fits."""
    extra = max(value.ndim - ndim, 0)
    return value.reshape(value.shape[extra:]) if value.shape[:extra] == (1,) * extra else value


def in_place(operation: Function, name: str) -> Function:
    """The function or method ``name`` that writes the result of ``operation`` on a tensor into that tensor."""

    def run(self: Tensor, *args: Any, **kwargs: Any) -> Tensor:
        result = operation(_before_write(self) if is_grad_enabled() else self, *args, **kwargs)
        if result.shape != self.shape:
            raise ValueError(
                f"{name}: a result of shape {result.shape} does not fit into a tensor of shape {self.shape}"
            )
        if not np.can_cast(result.dtype, self.dtype, "same_kind"):
            raise TypeError(f"{name}: a result of dtype {result.dtype} cannot be written into a tensor of {self.dtype}")
        return write(self, cast(result, self.dtype), name, takes_history=True)

    run.__name__ = run.__qualname__ = name
    run.__doc__ = f"`{operation.__name__}`, written into the tensor itself, which is returned."
    run.__wrapped__ = operation  # type: ignore[attr-defined]
    return run


def _before_write(tensor: Tensor) -> Tensor:
    """A copy with the same history: what rules save of the tensor must be its values from before the write."""
    with no_grad():
        copy = tensor.clone()
    copy._node = tensor.node
    return copy


@method
def __setitem__(self: Tensor, index: Any, value: Any) -> None:
    """Put ``value``, broadcast and converted to the tensor's dtype, at ``index`` (in every form that NumPy has)."""
    plain, arrays = split_index(index, self.ndim)
    if arrays and any(type(item) is int for item in plain):
        self, plain = without_integers(self, plain, arrays)
    write(self, _as_value(value, self), "setitem", plain, arrays)


@method
def copy_(self: Tensor, src: Any) -> Tensor:
    """Write the values of ``src``, broadcast and converted to the tensor's dtype, into the tensor."""
    return write(self, _as_value(src, self), "copy_")


@method
def fill_(self: Tensor, value: Operand) -> Tensor:
    """Make all values ``value``."""
    return write(self, _as_value(value, self), "fill_")


@public
def fill(input: Tensor, value: Operand) -> Tensor:
    """A tensor like ``input``, all of whose values are ``value``, a number or 0-d tensor.

    >>> tg.fill(tg.tensor([1.0, 2.0]), 3)
    tensor([3., 3.])
    """
    if isinstance(value, Tensor) and value.ndim:
        raise ValueError(f"fill: the value must be a number or a 0-d tensor, not of shape {value.shape}")
    return fill_(input.clone(), value)


@method
def zero_(self: Tensor) -> Tensor:
    """Make all values 0."""
    return fill_(self, 0)


@method
def detach_(self: Tensor) -> Tensor:
    """Make the tensor a leaf that requires no grad."""
    self._node = None
    return self


def _as_value(value: Any, target: Tensor) -> Tensor:
    if value is None:  # which NumPy would take for NaN
        raise TypeError(f"None cannot be written into a tensor of {target.dtype} {target.shape}")
    tensor = value if isinstance(value, Tensor) else make_tensor(np.asarray(value, target.dtype))
    return cast(tensor, target.dtype)


_OPERATORS = {
    "__iadd__": "add_",
    "__isub__": "sub_",
    "__imul__": "mul_",
    "__itruediv__": "div_",
    "__ifloordiv__": "floor_divide_",
    "__imod__": "remainder_",
    "__ipow__": "pow_",
    "__iand__": "bitwise_and_",
    "__ior__": "bitwise_or_",
    "__ixor__": "bitwise_xor_",
    "__ilshift__": "bitwise_left_shift_",
    "__irshift__": "bitwise_right_shift_",
}


def add_methods() -> None:
    """Give Tensor the methods that write in place, once all operations are known."""
    for name, operation in IN_PLACE.items():
        method(in_place(operation, name))
    for operator, name in _OPERATORS.items():
        method(in_place(IN_PLACE[name], name), operator)
