"""Checking gradients against central differences, to first and second order."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from tinygrad_scratch.autograd.backward import grad
from tinygrad_scratch.record.tensor import Array, Tensor, make_tensor

Function = Callable[..., Tensor | Sequence[Tensor]]


class GradcheckError(AssertionError):
    """An analytic gradient differs from the numeric one; the message shows both, and where they differ most."""


def gradcheck(
    func: Function,
    inputs: Tensor | Sequence[Any],
    *,
    eps: float = 1e-6,
    atol: float = 1e-5,
    rtol: float = 1e-3,
    raise_exception: bool = True,
) -> bool:
    """Whether the gradients of ``func`` at ``inputs`` equal central differences, (f(x + eps) - f(x - eps)) / 2 eps.

    Compared are the Jacobians of every output with respect to every input that requires grad. The inputs should be
    float64: float32 has too few digits for differences. Where they differ by more than ``atol`` + ``rtol`` · |numeric|
    it raises `GradcheckError`, or with ``raise_exception=False`` returns False.

    >>> import tinygrad_scratch as tg
    >>> x = tg.tensor([0.5, 2.0], dtype=tg.float64, requires_grad=True)
    >>> gradcheck(tg.log, x)
    True
    """
    inputs = (inputs,) if isinstance(inputs, Tensor) else tuple(inputs)
    _check_inputs(inputs)
    for place, tensor in enumerate(inputs):
        if isinstance(tensor, Tensor) and tensor.requires_grad:
            analytic = _analytic_jacobians(func, inputs, tensor)
            numeric = _numeric_jacobians(func, inputs, tensor, eps)
            for output, (found, expected) in enumerate(zip(analytic, numeric, strict=True)):
                if not np.allclose(found, expected, rtol, atol, equal_nan=True):
                    if raise_exception:
                        raise GradcheckError(_report(output, place, found, expected))
                    return False
    return True


def gradgradcheck(
    func: Function,
    inputs: Tensor | Sequence[Any],
    *,
    eps: float = 1e-6,
    atol: float = 1e-5,
    rtol: float = 1e-3,
    raise_exception: bool = True,
) -> bool:
    """`gradcheck` of the gradient of ``func``: whether its second derivatives are right.

    The gradient is taken for random, fixed gradients of the outputs, which are inputs of the check as well.

    >>> import tinygrad_scratch as tg
    >>> x = tg.tensor([0.5, 2.0], dtype=tg.float64, requires_grad=True)
    >>> gradgradcheck(tg.log, x)
    True
    """
    inputs = (inputs,) if isinstance(inputs, Tensor) else tuple(inputs)
    random = np.random.default_rng(0)
    starts = [
        make_tensor(random.standard_normal(y.shape)).requires_grad_() for y in _outputs(func, inputs) if y.requires_grad
    ]
    wanted = [place for place, tensor in enumerate(inputs) if isinstance(tensor, Tensor) and tensor.requires_grad]

    def gradient(*values: Any) -> Any:
        arguments, gradients = values[: len(inputs)], values[len(inputs) :]
        outputs = [y for y in _outputs(func, arguments) if y.requires_grad]
        return grad(outputs, [arguments[i] for i in wanted], gradients, create_graph=True, materialize_grads=True)

    return gradcheck(gradient, (*inputs, *starts), eps=eps, atol=atol, rtol=rtol, raise_exception=raise_exception)


def _check_inputs(inputs: tuple[Any, ...]) -> None:
    wanted = [tensor for tensor in inputs if isinstance(tensor, Tensor) and tensor.requires_grad]
    if not wanted:
        raise ValueError("gradcheck: none of the inputs requires grad")
    for tensor in wanted:
        if tensor.dtype != np.float64:
            raise TypeError(f"gradcheck: inputs that require grad must be float64, not {tensor.dtype}; use double()")


def _outputs(func: Function, inputs: Sequence[Any]) -> list[Tensor]:
    result = func(*inputs)
    outputs = [result] if isinstance(result, Tensor) else list(result)
    return [output for output in outputs if output.dtype.kind == "f"]


def _analytic_jacobians(func: Function, inputs: Sequence[Any], tensor: Tensor) -> list[Array]:
    """For each output the matrix of its derivatives, a row for each of its values, a column for each of ``tensor``."""
    jacobians: list[Array] = []
    for output in _outputs(func, inputs):
        jacobian = np.zeros((output.numel(), tensor.numel()))
        for row in range(len(jacobian) if output.requires_grad else 0):
            start = np.zeros(output.shape)
            start.flat[row] = 1
            (gradient,) = grad(output, tensor, make_tensor(start), retain_graph=True, materialize_grads=True)
            jacobian[row] = gradient.detach().numpy().ravel()
        jacobians.append(jacobian)
    return jacobians


def _numeric_jacobians(func: Function, inputs: Sequence[Any], tensor: Tensor, eps: float) -> list[Array]:
    def values(position: int, step: float) -> list[Array]:
        moved = tensor.detach().numpy().copy()
        moved.flat[position] += step
        replaced = [make_tensor(moved).requires_grad_() if value is tensor else value for value in inputs]
        return [output.detach().numpy().ravel() for output in _outputs(func, replaced)]

    if not tensor.numel():
        return [np.zeros((output.numel(), 0)) for output in _outputs(func, inputs)]
    pairs = [(values(position, eps), values(position, -eps)) for position in range(tensor.numel())]
    columns = [[(up - down) / (2 * eps) for up, down in zip(*pair, strict=True)] for pair in pairs]
    return [np.stack(column, axis=1) for column in zip(*columns, strict=True)]


def _report(output: int, place: int, analytic: Array, numeric: Array) -> str:
    difference = np.abs(analytic - numeric)
    worst = np.unravel_index(np.argmax(np.where(np.isnan(difference), np.inf, difference)), difference.shape)
    return (
        f"the gradient of output {output} with respect to input {place} is wrong; it differs most at "
        f"[{worst[0]}, {worst[1]}]: {analytic[worst]} instead of {numeric[worst]}\n"
        f"analytic Jacobian (a row for each value of the output):\n{analytic}\nnumeric Jacobian:\n{numeric}"
    )
