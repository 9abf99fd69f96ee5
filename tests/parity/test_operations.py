"""Every sample of every operation in PyTorch too: the same values, the same dtype, the same gradients."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

import tinygrad_scratch as tg
from tests.samples import SAMPLES, Sample

torch = pytest.importorskip("torch", reason="needs PyTorch: pip install -e .[peers]")

pytestmark = pytest.mark.filterwarnings(
    "ignore:index_reduce.. is in beta", "ignore:torch.qr is deprecated", "ignore:.nn.functional.upsample"
)


class Torch:
    """``T`` in a sample when it runs in PyTorch, where some of the operations live elsewhere."""

    def __getattr__(self, name: str) -> Any:
        for place in (torch.nn.functional, torch, torch.special):
            if hasattr(place, name):
                return getattr(place, name)
        raise AttributeError(name)


# Operations for which PyTorch has no gradient; ours is 0 almost everywhere, as for floor.
WITHOUT_GRADIENT_IN_TORCH = {"floor_divide", "heaviside"}

# Beginnings of calls that cannot be compared, and why.
NOT_COMPARED = {
    "T.hardsigmoid": "PyTorch's gradient is computed with the digits of float32",
    "(x @ x.mT).cholesky()": "deprecated in PyTorch",
    "T.vander(x": "PyTorch fails in its own backward pass",
    "T.chain_matmul": "deprecated in PyTorch",
    "T.linalg.vector_norm(x, 0": "PyTorch's count requires grad, though its gradient is 0",
    "T.linalg.cond(x, 'fro')": "PyTorch fails in its own backward pass",
    "T.linalg.cond(x, 1)": "PyTorch fails in its own backward pass",
    "T.linalg.lstsq(x, b).residuals": "PyTorch's default driver gives none",
    "T.linalg.qr(x, mode='r')": "has no gradient in PyTorch",
    "x.scatter(-1, i[:1, :2], y)": "PyTorch fails in its own backward pass",
    "x.scatter_add(-1, i[:1, :2], y)": "PyTorch fails in its own backward pass",
}


def values(result: Any) -> list[Any]:
    if isinstance(result, tuple | list):
        return [value for part in result for value in values(part)]
    return [result]


@pytest.mark.parametrize("dtype", [np.float32, np.float64], ids=["float32", "float64"])
@pytest.mark.parametrize("sample", SAMPLES, ids=str)
def test_values_dtypes_and_gradients_are_those_of_pytorch(sample: Sample, dtype: Any) -> None:
    for beginning, reason in NOT_COMPARED.items():
        if sample.call.startswith(beginning):
            pytest.skip(reason)
    ours, theirs = {}, {}
    for name, array in sample.operands.items():
        data = array.astype(dtype) if array.dtype.kind == "f" else array
        ours[name] = tg.tensor(data, requires_grad=name in sample.differentiable)
        theirs[name] = torch.from_numpy(np.array(data)).requires_grad_(name in sample.differentiable)
    found, expected = values(sample.run(tg, ours)), values(sample.run(Torch(), theirs))
    assert len(found) == len(expected)
    tolerance = {"rtol": 2e-4, "atol": 2e-5} if dtype == np.float32 else {"rtol": 1e-9, "atol": 1e-11}
    for mine, other in zip(found, expected, strict=True):
        if not isinstance(mine, tg.Tensor):
            assert mine == other
            continue
        assert str(mine.dtype) == str(other.dtype).removeprefix("torch.")
        assert mine.requires_grad == other.requires_grad or sample.operation in WITHOUT_GRADIENT_IN_TORCH
        np.testing.assert_allclose(mine.detach().numpy(), other.detach().numpy(), **tolerance)
    if sample.operation not in WITHOUT_GRADIENT_IN_TORCH:
        compare_gradients(ours, theirs, found, expected, tolerance)


def compare_gradients(ours: Any, theirs: Any, found: list[Any], expected: list[Any], tolerance: Any) -> None:
    random = np.random.default_rng(0)
    pairs = [
        (mine, other) for mine, other in zip(found, expected, strict=True) if getattr(mine, "requires_grad", False)
    ]
    if not pairs:
        return
    starts = [np.asarray(random.uniform(0.5, 1, mine.shape), mine.dtype) for mine, _ in pairs]
    tg.autograd.backward([mine for mine, _ in pairs], [tg.tensor(start) for start in starts])
    torch.autograd.backward([other for _, other in pairs], [torch.from_numpy(start) for start in starts])
    for name, tensor in ours.items():
        if theirs[name].grad is None:
            assert tensor.grad is None or not tensor.grad.numpy().any()
        else:
            assert tensor.grad is not None
            np.testing.assert_allclose(tensor.grad.numpy(), theirs[name].grad.numpy(), **tolerance)
