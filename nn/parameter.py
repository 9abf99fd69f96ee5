"""`Parameter`: a tensor that a module learns."""

from __future__ import annotations

from typing import Any

from tinygrad_scratch import Tensor, as_tensor


class Parameter(Tensor):
    """A tensor that a module learns: it requires grad, and as an attribute of a `Module` it is one of its parameters.

    ``data`` is a tensor or anything that `as_tensor` makes one of; memory is shared where possible. TypeError if it is
    not floating point, unless ``requires_grad`` is False.

    >>> Parameter([1.0, 2.0])
    Parameter containing:
    tensor([1., 2.], requires_grad=True)
    """

    __slots__ = ()

    def __init__(self, data: Any = (), requires_grad: bool = True) -> None:
        super().__init__(as_tensor(data).detach(), requires_grad=requires_grad)

    def __repr__(self) -> str:
        return f"Parameter containing:\n{super().__repr__()}"
