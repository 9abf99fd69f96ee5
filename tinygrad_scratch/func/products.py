"""Products with a Jacobian, without the Jacobian: from the left (`vjp`), from the right (`jvp`), and with a Hessian."""

from __future__ import annotations

from typing import Any

from tinygrad_scratch.func.transforms import Function, anew, depends_on_more, grad, pulled_back
from tinygrad_scratch.func.tree import leaves, mapped
from tinygrad_scratch.ops.create.creation import zeros_like
from tinygrad_scratch.record.mode import enable_grad
from tinygrad_scratch.record.tensor import Tensor


def vjp(func: Function, *primals: Any, has_aux: bool = False) -> tuple[Any, ...]:
    """The value of ``func`` at ``primals``, and the function from gradients of the value to those of the primals.

    Values and primals may be trees of tensors; the function returns a tuple with a tree for each primal. With
    ``has_aux`` ``func`` returns a pair, and the second of it is returned at the end.

    >>> import tinygrad_scratch as tg
    >>> value, pull = vjp(tg.sin, tg.tensor(0.0))
    >>> pull(tg.tensor(2.0))
    (tensor(2.),)
    """
    with enable_grad():
        inputs = anew(primals)
        result = func(*inputs)
    outputs, *aux = result if has_aux else (result,)

    def pull(cotangents: Any) -> Any:
        _check_alike(outputs, cotangents, "vjp: the value", "the gradient")
        return pulled_back(outputs, cotangents, inputs)

    value = outputs if depends_on_more(outputs, inputs) else mapped(_detached, outputs)
    return (value, pull, *aux)


def jvp(func: Function, primals: tuple[Any, ...], tangents: tuple[Any, ...], has_aux: bool = False) -> tuple[Any, ...]:
    """The value of ``func`` at ``primals``, and how it changes as they change in the direction of ``tangents``.

    Computed by two passes backwards: the vector-Jacobian product is linear in its vector, so that its own
    vector-Jacobian product is the product from the other side (J. Townsend, "A new trick for calculating Jacobian
    vector products", 2017).

    >>> import tinygrad_scratch as tg
    >>> jvp(tg.sin, (tg.tensor(0.0),), (tg.tensor(2.0),))
    (tensor(0.), tensor(2.))
    """
    _check_alike(primals, tangents, "jvp: a primal", "its tangent")
    with enable_grad():
        inputs = anew(primals)
        result = func(*inputs)
        outputs, *aux = result if has_aux else (result,)
        vectors = mapped(lambda output: zeros_like(output, requires_grad=True), outputs)
        products = pulled_back(outputs, vectors, inputs)
    change = pulled_back(products, tangents, vectors)
    is_inside = depends_on_more((outputs, tangents), inputs)
    value = outputs if is_inside else mapped(_detached, outputs)
    return (value, change if is_inside else mapped(_detached, change), *aux)


def hvp(func: Function, primals: tuple[Any, ...], tangents: tuple[Any, ...]) -> tuple[Any, ...]:
    """The gradient of ``func`` with respect to all ``primals``, and its Hessian times ``tangents``; tuples both.

    >>> import tinygrad_scratch as tg
    >>> hvp(lambda x: (x**3).sum(), (tg.tensor([1.0, 2.0]),), (tg.tensor([1.0, 1.0]),))
    ((tensor([ 3., 12.]),), (tensor([ 6., 12.]),))
    """
    return jvp(grad(func, argnums=tuple(range(len(primals)))), primals, tangents)


def _detached(value: Any) -> Any:
    return value.detach() if isinstance(value, Tensor) else value


def _check_alike(values: Any, others: Any, name: str, other_name: str) -> None:
    left, right = leaves(values), leaves(others)
    if len(left) != len(right):
        raise ValueError(f"{name} has {len(left)} tensors, but {other_name} {len(right)}")
    for value, other in zip(left, right, strict=True):
        shapes = [one.shape if isinstance(one, Tensor) else type(one).__name__ for one in (value, other)]
        if shapes[0] != shapes[1]:
            raise ValueError(f"{name} is of shape {shapes[0]}, but {other_name} of {shapes[1]}; they must be equal")
