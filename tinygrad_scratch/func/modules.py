"""`functional_call`: a module as a function of its parameters."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from tinygrad_scratch.record.tensor import Tensor


def functional_call(
    module: Any,
    parameter_and_buffer_dicts: Mapping[str, Tensor],
    args: Any = (),
    kwargs: Mapping[str, Any] | None = None,
) -> Any:
    """Call ``module`` with these tensors in place of its parameters and buffers, by path; it keeps its own.

    Parameters and buffers of other paths are its own; gradients flow to the tensors. AttributeError for a path that the
    module does not have. While it runs, the module itself is changed, so it is not for several threads.

    >>> import nn, tinygrad_scratch as tg
    >>> layer = nn.Linear(2, 1, bias=False)
    >>> functional_call(layer, {"weight": tg.tensor([[1.0, 2.0]])}, tg.tensor([3.0, 4.0]))
    tensor([11.])
    """
    with _replaced(module, parameter_and_buffer_dicts):
        return module(*(args if isinstance(args, tuple) else (args,)), **(kwargs or {}))


@contextmanager
def _replaced(module: Any, tensors: Mapping[str, Tensor]) -> Iterator[None]:
    owners = []
    for path in tensors:
        *parents, name = path.split(".")
        owner = module
        for parent in parents:
            owner = getattr(owner, parent, None)
        if owner is None or name not in vars(owner):
            raise AttributeError(f"functional_call: {type(module).__name__} has no parameter or buffer {path!r}")
        owners.append((vars(owner), name, vars(owner)[name]))
    try:
        for (attributes, name, _), tensor in zip(owners, tensors.values(), strict=True):
            attributes[name] = tensor
        yield
    finally:
        for attributes, name, original in owners:
            attributes[name] = original
