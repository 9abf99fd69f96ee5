"""A call here and the same in PyTorch, in float64: values, gradients to second order, and state must agree to 1e-10."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np

import tinygrad_scratch as tg

TOLERANCE = 1e-10


def check_module(call: str, *inputs: Any, order: int = 2, forward: str = "module({})") -> None:
    """The module that ``call`` makes, such as ``"T.nn.Linear(3, 2)"``, from the same state, on the same arrays.

    ``forward`` is the expression of ``module`` and its inputs, for which ``{}`` stands; ``order`` is 1 where PyTorch
    itself has no second derivative, and 0 where nothing has a gradient.
    """
    import torch

    ours, theirs = (eval(call, {"T": package}).to(package.float64) for package in (tg, torch))
    state = ours.state_dict()
    assert {name: tuple(value.shape) for name, value in state.items()} == {
        name: tuple(value.shape) for name, value in theirs.state_dict().items()
    }
    theirs.load_state_dict({name: torch.from_numpy(value.numpy().copy()) for name, value in state.items()})
    names = [f"x{i}" for i in range(len(inputs))]
    expression = forward.format(", ".join(names))
    results = []
    for package, module in ((tg, ours), (torch, theirs)):
        tensors = [_tensor(package, value) for value in inputs]
        output = eval(expression, {"T": package, "module": module}, dict(zip(names, tensors, strict=True)))
        wanted = [*filter(_wants_gradient, tensors), *(p for p in module.parameters() if p.requires_grad)]
        results.append([*_derivatives(package, output, wanted, order), *module.state_dict().values()])
    _agree(*results)


def check_function(call: str, order: int = 2, **operands: Any) -> None:
    """The expression ``call`` of ``T``, the package, ``F``, its functions of networks, and the operands."""
    import torch

    results = []
    for package in (tg, torch):
        tensors = {name: _tensor(package, value) for name, value in operands.items()}
        output = eval(call, {"T": package, "F": package.nn.functional}, tensors)
        results.append(_derivatives(package, output, list(filter(_wants_gradient, tensors.values())), order))
    _agree(*results)


def _tensor(package: Any, value: Any) -> Any:
    """An array as a tensor of the same strides, which wants a gradient if it can have one; anything else as it is."""
    if not isinstance(value, np.ndarray):
        return value
    # PyTorch has no negative strides.
    value = value.copy() if any(stride < 0 for stride in value.strides) else value
    tensor = package.from_numpy(value)
    return tensor.requires_grad_() if value.dtype.kind == "f" else tensor


def _wants_gradient(value: Any) -> bool:
    return bool(getattr(value, "requires_grad", False))


def _flat(output: Any) -> Iterator[Any]:
    if isinstance(output, tuple | list):
        for part in output:
            yield from _flat(part)
    elif output is not None:
        yield output


def _derivatives(package: Any, output: Any, wanted: Sequence[Any], order: int) -> list[Any]:
    """The outputs, and of an uneven sum of them the gradients, and of an uneven sum of those the gradients again."""
    found = list(_flat(output))
    values = found
    for _ in range(order):
        sums = [_uneven_sum(package, value) for value in values if value.requires_grad]
        values = [None] * len(wanted)
        if sums and wanted:
            values = package.autograd.grad(sum(sums), wanted, create_graph=True, allow_unused=True)
        values = [package.zeros_like(x) if g is None else g for x, g in zip(wanted, values, strict=True)]
        found += values
    return found


def _uneven_sum(package: Any, value: Any) -> Any:
    weights = np.cos(np.arange(1.0, value.numel() + 1)).reshape(tuple(value.shape))
    # The square makes the gradient of a linear map depend on its input, so that it, too, has a second derivative.
    return ((value + value.square() / 2) * package.from_numpy(weights)).sum()


def _agree(ours: Sequence[Any], theirs: Sequence[Any]) -> None:
    assert len(ours) == len(theirs)
    for mine, other in zip(ours, theirs, strict=True):
        assert tuple(mine.shape) == tuple(other.shape)
        assert str(mine.dtype).removeprefix("torch.") == str(other.dtype).removeprefix("torch.")
        np.testing.assert_allclose(
            mine.detach().numpy(), other.detach().numpy(force=True), rtol=TOLERANCE, atol=TOLERANCE
        )
