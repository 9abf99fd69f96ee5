"""Limits on gradients: on the norm of all of them together, or on each value."""

from __future__ import annotations

import warnings
from collections.abc import Generator, Iterable
from math import isfinite

import tinygrad_scratch as tg
from tinygrad_scratch import Tensor, no_grad


def clip_grad_norm_(
    parameters: Tensor | Iterable[Tensor],
    max_norm: float,
    norm_type: float = 2.0,
    error_if_nonfinite: bool = False,
) -> Tensor:
    """Scale the gradients of ``parameters`` so that their norm, as one vector, is at most ``max_norm``.

    Returns the norm that they had. ``norm_type`` is the p of the norm; ``float("inf")`` is the largest absolute value.
    With ``error_if_nonfinite``, RuntimeError for a norm that is infinite or not a number, before anything is changed.

    >>> weight = tg.zeros(2, requires_grad=True)
    >>> weight.grad = tg.tensor([3.0, 4.0])
    >>> clip_grad_norm_(weight, max_norm=1.0)
    tensor(5.)
    >>> weight.grad
    tensor([0.6000, 0.8000])
    """
    tensors = _as_list(parameters, "clip_grad_norm_")
    norm = get_total_norm(_gradients(tensors), norm_type, error_if_nonfinite)
    clip_grads_with_norm_(tensors, max_norm, norm)
    return norm


def get_total_norm(
    tensors: Tensor | Iterable[Tensor], norm_type: float = 2.0, error_if_nonfinite: bool = False
) -> Tensor:
    """The norm of all ``tensors`` as one vector, which is 0 if there are none: see `clip_grad_norm_`."""
    with no_grad():
        norms = [tg.linalg.vector_norm(tensor, norm_type) for tensor in _as_list(tensors, "get_total_norm")]
        norm = tg.linalg.vector_norm(tg.stack(norms), norm_type) if norms else tg.tensor(0.0)
    if error_if_nonfinite and not isfinite(norm.item()):
        raise RuntimeError(
            f"the gradients' norm of order {norm_type} is {norm.item()}, so they cannot be clipped; "
            "pass error_if_nonfinite=False to scale them all the same"
        )
    return norm


def clip_grads_with_norm_(parameters: Tensor | Iterable[Tensor], max_norm: float, total_norm: Tensor) -> None:
    """Multiply the gradients of ``parameters`` by max_norm / (total_norm + 10⁻⁶), if that is less than 1."""
    with no_grad():
        factor = (max_norm / (total_norm + 1e-6)).clamp(max=1.0)
        for gradient in _gradients(_as_list(parameters, "clip_grads_with_norm_")):
            gradient.mul_(factor)


def clip_grad_value_(parameters: Tensor | Iterable[Tensor], clip_value: float) -> None:
    """Limit each value in the gradients of ``parameters`` to between -``clip_value`` and ``clip_value``.

    >>> weight = tg.zeros(2, requires_grad=True)
    >>> weight.grad = tg.tensor([0.5, -4.0])
    >>> clip_grad_value_(weight, clip_value=1.0)
    >>> weight.grad
    tensor([ 0.5000, -1.0000])
    """
    with no_grad():
        for gradient in _gradients(_as_list(parameters, "clip_grad_value_")):
            gradient.clamp_(-clip_value, clip_value)


def _as_list(tensors: Tensor | Iterable[Tensor], name: str) -> list[Tensor]:
    listed = [tensors] if isinstance(tensors, Tensor) else list(tensors)
    if not listed and isinstance(tensors, Generator):
        warnings.warn(f"{name}: got a generator that gives nothing; was it used up before?", UserWarning, stacklevel=3)
    return listed


def _gradients(parameters: list[Tensor]) -> list[Tensor]:
    return [parameter.grad for parameter in parameters if parameter.grad is not None]
