"""What operations demand of their inputs; the message of each error begins with the name of the operation."""

from __future__ import annotations

from typing import Any

from tinygrad_scratch.record.operation import primitive
from tinygrad_scratch.record.tensor import Tensor


def floating_only(input: Tensor, operation: str) -> Tensor:
    """``input``; TypeError unless it is floating point."""
    if input.dtype.kind != "f":
        raise TypeError(f"{operation}: needs a floating point tensor, not {input.dtype}; convert it with float()")
    return input


def check_shape(tensor: Tensor, shape: tuple[int, ...], what: str, operation: str) -> None:
    """ValueError unless ``tensor``, which is ``what`` in the message, has this shape."""
    if tensor.shape != shape:
        raise ValueError(f"{operation}: {what} must have shape {shape}, not {tensor.shape}")


def check_ndim(operation: str, *expected: tuple[Tensor, int]) -> None:
    """ValueError unless each tensor has the number of dimensions that it is paired with."""
    if any(tensor.ndim != ndim for tensor, ndim in expected):
        wanted = " and ".join(str(ndim) for _, ndim in expected)
        shapes = " and ".join(str(tensor.shape) for tensor, _ in expected)
        raise ValueError(f"{operation}: needs tensors of {wanted} dimensions, got shapes {shapes}")


def check_index(index: Tensor, input: Tensor, operation: str) -> None:
    """TypeError unless ``index`` holds integers, ValueError unless it has as many dimensions as ``input``."""
    if index.dtype.kind not in "iu":
        raise TypeError(f"{operation}: the index must hold integers, not {index.dtype}")
    if index.ndim != input.ndim:
        raise ValueError(f"{operation}: input {input.shape} and index {index.shape} must have as many dimensions")


def check_probabilities(values: Any, what: str = "probabilities", advice: str = "") -> None:
    """ValueError, with the ``advice`` at its end, unless all ``values`` of an array lie in [0, 1].

    To be called by a forward function: elsewhere operations do not look at values.
    """
    if values.size and not (values.min() >= 0 and values.max() <= 1):
        raise ValueError(f"{what} lie in [0, 1], but these go from {values.min()} to {values.max()}{advice}")


@primitive(x=lambda g: g)
def not_negative(x: Any, *, what: str, operation: str) -> Any:  # noqa: ARG001
    """``x``; ValueError, said to be of ``operation``, if one of its values, which are ``what``, is negative."""
    if x.size and not x.min() >= 0:
        raise ValueError(f"{what} must not be negative, but one is {x.min()}")
    return x.copy()


def check_probability(p: float, operation: str) -> None:
    """ValueError unless ``p`` lies in [0, 1]."""
    if not 0 <= p <= 1:
        raise ValueError(f"{operation}: a probability lies in [0, 1], not {p}")
