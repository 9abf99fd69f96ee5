"""`Tensor`: an array, its gradient, and the node of the operation that computed it.

Only what a Tensor is stands here. What can be done with one stands in the operation tables (``ops/``), whose
entries become its methods as they are defined.
"""

from __future__ import annotations

import warnings
from collections.abc import Iterator, Mapping
from copy import deepcopy
from typing import TYPE_CHECKING, Any, overload
from weakref import ref

import numpy as np

from tinygrad_scratch.dtypes import DType, get_default_dtype, supported_dtype
from tinygrad_scratch.record.mode import OBSERVERS, enable_grad
from tinygrad_scratch.record.node import Hook, Node, Shape
from tinygrad_scratch.record.primitive import Primitive
from tinygrad_scratch.record.printing import tensor_repr
from tinygrad_scratch.record.writes import has_own_log, with_own_log

if TYPE_CHECKING:
    from tinygrad_scratch.methods import Methods
else:
    Methods = object

Array = np.ndarray[Shape, np.dtype[Any]]
RETAIN_GRAD = 0  # the key, among a node's hooks, of the one that `Tensor.retain_grad` sets


class Leaf(Node):
    """The node of a tensor that was not computed but made by the user: where its gradient is collected.

    ``after_accumulation`` holds functions that backward calls with the tensor once it has added to its ``grad``.
    """

    __slots__ = ("after_accumulation", "tensor")

    def __init__(self, tensor: Tensor) -> None:
        super().__init__(None, {}, (), (), tensor._data.shape, tensor._data.dtype)
        self.tensor = ref(tensor)
        self.after_accumulation: dict[int, Hook] | None = None

    @property
    def name(self) -> str:
        return "leaf"


Step = tuple[Primitive, Mapping[str, Any]]  # a primitive whose result is a view, and its settings
Steps = tuple[Step, ...]


class View:
    """Says that a tensor shares the memory of ``source``, and of the ``base`` that this may be a view of itself.

    It is seen through ``own_steps``, none or one; `steps` are those from the base. An in-place write may give the base
    a new history. ``base_node`` is the one that the view's own is built on.
    """

    __slots__ = ("base", "base_node", "of_source", "own_steps")

    def __init__(self, source: Tensor, *own_steps: Step) -> None:
        self.of_source = source._view
        self.base: Tensor = source if self.of_source is None else self.of_source.base
        self.own_steps = own_steps
        self.base_node = self.base._node

    @property
    def steps(self) -> Steps:
        """What leads from the base to the view; put together only here, as there may be long chains of views."""
        steps: list[Step] = []
        view: View | None = self
        while view is not None:
            steps.extend(reversed(view.own_steps))
            view = view.of_source
        return tuple(reversed(steps))


def through(steps: Steps, whole: Any) -> Any:
    """The part of ``whole``, an array or Tensor of the base's shape, that a view sees."""
    for primitive, settings in steps:
        whole = primitive.operation(whole, **settings)
    return whole


class Tensor(Methods):
    """An n-dimensional array that remembers how it was computed, so that gradients can flow back through it.

    As in PyTorch, the constructor is for floating point: ``Tensor([1, 2])`` has the default dtype (float32), whatever
    that of the list or array is, and shares the memory of an array that has it already; ``Tensor(2, 3)`` has that shape
    and values that are still to be written; ``Tensor(other)`` is another Tensor of the same memory, dtype and history.
    `tg.tensor` is what keeps the dtype of its data, and takes a single number.

    With ``requires_grad``, operations on the tensor are recorded, and `backward` adds to its `grad`.

    >>> x = Tensor([1.0, 2.0], requires_grad=True)
    >>> (x * x).sum().backward()
    >>> x.grad
    tensor([2., 4.])
    """

    __slots__ = ("__weakref__", "_data", "_grad", "_node", "_view")
    _data: Array
    _grad: Tensor | None
    _node: Node | None
    _view: View | None

    @overload
    def __init__(self, data: Any, /, *, requires_grad: bool = False) -> None: ...

    @overload
    def __init__(self, *size: int, requires_grad: bool = False) -> None: ...

    def __init__(self, *data: Any, requires_grad: bool = False) -> None:
        self._hold(_constructor_array(data))
        if len(data) == 1 and isinstance(data[0], Tensor) and data[0].requires_grad:
            self._node, self._view = data[0].node, View(data[0])
        self.requires_grad_(requires_grad or self.requires_grad)

    def _hold(self, array: Array) -> None:
        self._data, self._grad, self._node, self._view = array, None, None, None

    @property
    def data(self) -> Tensor:
        """The same values, in the same memory, without history: writes to it are neither recorded nor noticed.

        So a leaf that requires grad can be written to: ``p.data -= 0.1 * p.grad.data``. As in PyTorch, a backward pass
        that needs a value from before such a write does not notice, and its gradient is wrong; of writes to what
        `detach` returns it would. Setting ``data`` to another Tensor has this one hold the other's memory, of any shape
        and dtype, and leaves its identity, its hooks and ``requires_grad`` as they are.

        >>> p = Tensor([1.0, 2.0], requires_grad=True)
        >>> p.data[0] = 5
        >>> p
        tensor([5., 2.], requires_grad=True)
        """
        return make_tensor(with_own_log(self._data))

    @data.setter
    def data(self, data: Tensor) -> None:
        if not isinstance(data, Tensor):
            raise TypeError(
                f"data: expected a Tensor, got {type(data).__name__}; make one with tensor() or from_numpy()"
            )
        if has_own_log(data._data, self._data):
            return  # as after `p.data += 1`: it is this memory already
        node = self.node
        if isinstance(node, Leaf):
            if data.dtype.kind != "f":
                raise TypeError(f"data: only floating point tensors can require a gradient, not {data.dtype}")
            node.shape, node.dtype = data.shape, data.dtype
        self._data, self._view = data._data, None

    @property
    def grad(self) -> Tensor | None:
        """The gradient that backward passes have added up here, of the same shape and dtype; None before the first.

        Only leaves that require a gradient get one, and tensors whose `retain_grad` was called.
        """
        if self._grad is None and not self.is_leaf and not self.retains_grad:
            warnings.warn(
                f"the .grad of a tensor that is not a leaf ({self.node!r}) is read; it is never filled in, "
                "unless retain_grad() is called on the tensor before backward()",
                UserWarning,
                stacklevel=2,
            )
        return self._grad

    @grad.setter
    def grad(self, grad: Tensor | None) -> None:
        if grad is not None:
            if not isinstance(grad, Tensor):
                raise TypeError(f"grad: expected a Tensor or None, got {type(grad).__name__}")
            if grad.shape != self.shape or grad.dtype != self.dtype:
                raise ValueError(
                    f"grad: a gradient has its tensor's shape and dtype, here {self.dtype} {self.shape}, "
                    f"but got {grad.dtype} {grad.shape}"
                )
        self._grad = grad

    @property
    def node(self) -> Node | None:
        """Its place in the graph: the operation's node, a `Leaf` of its own, or None if it wants no gradient."""
        if self._view is not None:
            self._follow_base(self._view)
        return self._node

    def _follow_base(self, view: View) -> None:
        """Build this view's history anew if an in-place write has given its base another one."""
        base_node = view.base._node
        if base_node is view.base_node or base_node is None or isinstance(base_node, Leaf):
            return
        with enable_grad():
            self._node = through(view.steps, view.base)._node
        view.base_node = base_node

    @property
    def requires_grad(self) -> bool:
        """Whether operations on the tensor are recorded; only a leaf's can be set."""
        return self.node is not None

    @requires_grad.setter
    def requires_grad(self, requires_grad: bool) -> None:
        if not isinstance(requires_grad, bool):
            raise TypeError(f"requires_grad is True or False, not {requires_grad!r}")
        if requires_grad == self.requires_grad:
            return
        if not self.is_leaf:
            raise RuntimeError(
                f"requires_grad can only be changed on a leaf; use detach() on this result of {self.node!r}"
            )
        if requires_grad and self._data.dtype.kind != "f":
            raise TypeError(f"only floating point tensors can require a gradient, not {self._data.dtype}")
        self._node = Leaf(self) if requires_grad else None

    def requires_grad_(self, requires_grad: bool = True) -> Tensor:
        """Set `requires_grad` and return the tensor."""
        self.requires_grad = requires_grad
        return self

    @property
    def grad_fn(self) -> Node | None:
        """The node of the operation that computed the tensor; None for a leaf.

        >>> x = Tensor([2.0], requires_grad=True)
        >>> (x * 3).grad_fn
        <multiply>
        """
        return None if self.is_leaf else self.node

    @property
    def is_leaf(self) -> bool:
        """Whether the tensor has no history: it was not computed, or not recorded."""
        node = self.node
        return node is None or isinstance(node, Leaf)

    @property
    def shape(self) -> Shape:
        return self._data.shape

    @property
    def dtype(self) -> np.dtype[Any]:
        return self._data.dtype

    @property
    def ndim(self) -> int:
        return self._data.ndim

    def detach(self) -> Tensor:
        """The same values, in the same memory, without history.

        >>> x = Tensor([1.0], requires_grad=True)
        >>> (x * 2).detach()
        tensor([2.])
        """
        return make_tensor(self._data)

    def numpy(self, *, force: bool = False) -> Array:
        """The values as a NumPy array that shares the tensor's memory.

        RuntimeError if the tensor requires grad, since its gradient would be lost, unless that is meant (``force``).
        """
        if self.requires_grad and not force:
            raise RuntimeError("numpy() would lose the gradient of a tensor that requires grad; use t.detach().numpy()")
        return self._read()

    def _read(self) -> Array:
        """The array, for someone whom observers cannot see: they are told."""
        for observer in OBSERVERS.get():
            observer.read(self)
        return self._data

    def __array__(self, dtype: DType = None, copy: bool | None = None) -> Array:
        return np.array(self.numpy(), dtype=dtype, copy=copy)

    def item(self) -> Any:
        """The only value, as a Python number; ValueError if there is not exactly one.

        >>> Tensor([2.5]).item()
        2.5
        """
        if self._data.size != 1:
            raise ValueError(f"item: only a tensor with one value has an item, not one of shape {self.shape}")
        return self._read().item()

    def tolist(self) -> Any:
        """The values as nested lists of Python numbers (for a 0-d tensor, the number)."""
        return self._read().tolist()

    def __bool__(self) -> bool:
        if self._data.size != 1:
            raise ValueError(f"the truth of a tensor of shape {self.shape} is ambiguous; use any() or all()")
        return bool(self._read().item())

    def __float__(self) -> float:
        return float(self.item())

    def __int__(self) -> int:
        return int(self.item())

    def __index__(self) -> int:
        if self._data.dtype.kind not in "iub" or self._data.ndim:
            raise TypeError(f"only a 0-d integer tensor can be an index, not {self.dtype} {self.shape}")
        return int(self._read())

    def __format__(self, spec: str) -> str:
        return format(self.item(), spec) if self._data.ndim == 0 else format(str(self), spec)

    def __len__(self) -> int:
        if not self._data.ndim:
            raise TypeError("a 0-d tensor has no length")
        return len(self._data)

    def __iter__(self) -> Iterator[Tensor]:
        if not self._data.ndim:
            raise TypeError("a 0-d tensor cannot be iterated over")
        return (self[i] for i in range(len(self._data)))

    __hash__ = object.__hash__

    def __deepcopy__(self, memo: dict[int, Any]) -> Tensor:
        if not self.is_leaf:
            raise RuntimeError(
                f"only a leaf can be copied with its graph; use detach() on this result of {self.node!r}"
            )
        copy = type(self).__new__(type(self))
        memo[id(self)] = copy
        copy._hold(self._read().copy())
        copy.requires_grad = self.requires_grad
        copy._grad = None if self._grad is None else deepcopy(self._grad, memo)
        return copy

    def __reduce__(self) -> Any:
        if not self.is_leaf:
            raise RuntimeError(f"a graph cannot be pickled; use detach() on this result of {self.node!r}")
        return _leaf, (type(self), self._read(), self.requires_grad)

    def __repr__(self) -> str:
        suffix = ""
        if self.grad_fn is not None:
            suffix = f"grad_fn={self.grad_fn!r}"
        elif self.requires_grad:
            suffix = "requires_grad=True"
        return tensor_repr(self._read(), "tensor", suffix)

    @property
    def retains_grad(self) -> bool:
        """Whether `retain_grad` was called on this tensor."""
        node = self.node
        return node is not None and node.hooks is not None and RETAIN_GRAD in node.hooks

    def retain_grad(self) -> None:
        """Have `backward` fill in the `grad` of this tensor though it is not a leaf.

        >>> x = Tensor([2.0], requires_grad=True)
        >>> y = x * x
        >>> y.retain_grad()
        >>> (y * 3).backward()
        >>> y.grad
        tensor([3.])
        """
        if self.is_leaf:
            return
        reference = ref(self)

        def retain(gradient: Tensor) -> None:
            tensor = reference()
            if tensor is not None:
                tensor._grad = gradient.clone() if tensor._grad is None else tensor._grad + gradient

        self._hooks()[RETAIN_GRAD] = retain

    def _hooks(self) -> dict[int, Hook]:
        node = self.node
        if node is None:
            raise RuntimeError("a hook needs a tensor that requires grad")
        if node.hooks is None:
            node.hooks = {}
        return node.hooks


Operand = Tensor | Array | np.number[Any] | np.bool_ | float  # what arithmetic takes


def make_tensor(data: Any, node: Node | None = None) -> Tensor:
    """A Tensor around the result of an operation, as fast as Python can make one."""
    tensor = Tensor.__new__(Tensor)
    tensor._data = data if type(data) is np.ndarray else np.asarray(data)
    tensor._grad = None
    tensor._node = node
    tensor._view = None
    return tensor


def _leaf(kind: type[Tensor], array: Array, requires_grad: bool) -> Tensor:
    """A tensor that was pickled."""
    tensor = kind.__new__(kind)
    tensor._hold(array)
    return tensor.requires_grad_(requires_grad)


def _constructor_array(args: tuple[Any, ...]) -> Array:
    """What ``Tensor(*args)`` holds: see there."""
    if all(isinstance(size, int | np.integer) and not isinstance(size, bool) for size in args):
        return np.empty(args or (0,), get_default_dtype())
    if len(args) > 1:
        raise TypeError(f"Tensor: takes data, such as a list or an array, or the sizes of a shape, not {args}")
    (data,) = args
    if isinstance(data, Tensor):
        return data._data
    if isinstance(data, float | bool | np.generic):
        raise TypeError(f"Tensor: takes a list or an array, or the sizes of a shape; of one value use tensor({data})")
    return to_array(data, get_default_dtype())


def to_array(data: Any, dtype: DType = None) -> Array:
    """``data`` as an array that a Tensor can hold, in ``dtype`` if given; not copied if it is one already.

    Python floats become the default dtype; an array or a NumPy number keeps its dtype.
    """
    if isinstance(data, Tensor):
        data = data._data
    array = np.asarray(data)
    if array.dtype.kind not in "fiub":
        raise TypeError(f"cannot make a tensor of {_kind(data)}: only of real numbers and booleans")
    if (
        dtype is None
        and array.dtype.kind == "f"
        and not isinstance(_first_element(data), np.ndarray | np.generic | Tensor)
    ):
        dtype = get_default_dtype()
    wanted = supported_dtype(array.dtype if dtype is None else dtype)
    if array.dtype is wanted:
        return array
    return array.view(wanted) if array.dtype == wanted else array.astype(wanted)


def _first_element(data: Any) -> Any:
    while isinstance(data, list | tuple) and data:
        data = data[0]
    return data


def _kind(data: Any) -> str:
    return f"{data.dtype} array" if isinstance(data, np.ndarray) else type(_first_element(data)).__name__
