"""Parameters as one vector, and back: for methods that see a model as a function of a vector."""

from __future__ import annotations

from collections.abc import Iterable

import tinygrad_scratch as tg
from tinygrad_scratch import Tensor, no_grad


def parameters_to_vector(parameters: Iterable[Tensor]) -> Tensor:
    """All values of ``parameters``, one after another; gradients flow back to them.

    >>> parameters_to_vector([tg.ones(2), tg.tensor([[3.0], [4.0]])])
    tensor([1., 1., 3., 4.])
    """
    return tg.cat([parameter.reshape(-1) for parameter in parameters])


def vector_to_parameters(vec: Tensor, parameters: Iterable[Tensor]) -> None:
    """Write the values in ``vec`` into ``parameters``, in the order of `parameters_to_vector`, unrecorded.

    The values are copied. ValueError, before anything is changed, if they are too few or too many.

    >>> weight = tg.zeros(2, 2)
    >>> vector_to_parameters(tg.tensor([1.0, 2.0, 3.0, 4.0]), [weight])
    >>> weight
    tensor([[1., 2.],
            [3., 4.]])
    """
    if not isinstance(vec, Tensor):
        raise TypeError(f"vector_to_parameters: expected a tensor, got {type(vec).__name__}")
    targets = list(parameters)
    sizes = [target.numel() for target in targets]
    if vec.shape != (sum(sizes),):
        raise ValueError(
            f"vector_to_parameters: the parameters have {sum(sizes)} values, but the vector has shape {vec.shape}"
        )
    with no_grad():
        for target, part in zip(targets, tg.split(vec, sizes), strict=True):
            target.copy_(part.reshape(target.shape))
