"""Making tensors, what they are then, and how they are shown."""

from __future__ import annotations

import copy
import pickle
from typing import Any

import numpy as np
import pytest

import tinygrad_scratch as tg

TESTED = {
    "asarray", "can_cast", "promote_types", "result_type", "scalar_tensor",
    "logspace", "tril_indices", "triu_indices",
    "arange", "as_tensor", "empty", "empty_like", "eye", "from_numpy", "full", "full_like", "linspace", "ones",
    "ones_like", "tensor", "zeros", "zeros_like",
}  # fmt: skip


@pytest.mark.parametrize(
    ("data", "dtype"),
    [
        (1.5, np.float32),
        ([1.5, 2], np.float32),
        ([[1], [2]], np.int64),
        (True, np.bool_),
        ([True, False], np.bool_),
        ([], np.float32),
        (np.float64(1.5), np.float64),
        ([np.float64(1.5)], np.float64),
        (np.ones(2), np.float64),
        (np.ones(2, np.float16), np.float16),
        (np.arange(2, dtype=np.int8), np.int8),
        ((1, 2.5), np.float32),
        (range(3), np.int64),
    ],
)
def test_dtypes_of_data(data: object, dtype: type) -> None:
    assert tg.tensor(data).dtype == dtype
    assert tg.as_tensor(data).dtype == dtype


def test_tensor_copies_and_the_others_share() -> None:
    array = np.ones(3)
    copied, shared, same = tg.tensor(array), tg.from_numpy(array), tg.as_tensor(array)
    array[0] = 5
    assert copied[0].item() == 1
    assert shared[0].item() == same[0].item() == 5
    shared[1] = 7
    assert array[1] == 7
    assert tg.as_tensor(shared) is shared
    with pytest.raises(TypeError, match="from_numpy: expected a NumPy array, got list"):
        tg.from_numpy([1.0])


def test_big_endian_arrays_become_native() -> None:
    assert tg.tensor(np.arange(3, dtype=">f4")).dtype == np.float32
    assert tg.tensor(np.arange(3, dtype=">f4")).tolist() == [0, 1, 2]


def test_filled_tensors() -> None:
    assert tg.zeros(2, 3).shape == tg.ones((2, 3)).shape == tg.empty([2, 3]).shape == (2, 3)
    assert tg.full((2,), 7).dtype == np.int64
    assert tg.full((2,), 7.0).dtype == np.float32
    assert tg.full((2,), True).dtype == np.bool_
    assert tg.zeros(2, dtype=tg.int32).dtype == np.int32
    assert tg.ones(2, requires_grad=True).requires_grad
    x = tg.zeros(2, 3, dtype=tg.float64)
    assert tg.ones_like(x).dtype == tg.empty_like(x).dtype == np.float64
    assert tg.full_like(x, 3, dtype=tg.int64).tolist() == [[3, 3, 3], [3, 3, 3]]
    assert tg.zeros_like(x, requires_grad=True).requires_grad


def test_regular_numbers() -> None:
    assert tg.arange(3).tolist() == [0, 1, 2]
    assert tg.arange(1, 4, 2).dtype == np.int64
    assert tg.arange(0.0, 1.0, 0.25).tolist() == [0, 0.25, 0.5, 0.75]
    assert tg.arange(3.0).dtype == np.float32
    assert tg.linspace(0, 1, 5).tolist() == [0, 0.25, 0.5, 0.75, 1]
    assert tg.eye(2, 3).tolist() == [[1, 0, 0], [0, 1, 0]]


def test_powers_and_triangles() -> None:
    assert tg.logspace(0, 2, 3).tolist() == [1, 10, 100]
    assert tg.logspace(0, 2, 3, base=2).tolist() == [1, 2, 4]
    rows, columns = tg.tril_indices(3, 2)
    assert tg.ones(3, 2).tril()[rows, columns].sum().item() == 5
    rows, columns = tg.triu_indices(3, 2, 1)
    assert rows.tolist() == [0]


def test_new_tensors_like_an_old_one() -> None:
    x = tg.zeros(2, dtype=tg.float64)
    for made in (
        x.new_zeros(2, 3),
        x.new_ones((2, 3)),
        x.new_full((2, 3), 7),
        x.new_empty(2, 3),
        x.new_tensor([[1, 2, 3]] * 2),
    ):
        assert made.dtype == np.float64
        assert made.shape == (2, 3)
    assert x.new_ones(1, dtype=tg.int64).dtype == np.int64


def test_the_default_dtype() -> None:
    tg.set_default_dtype(tg.float64)
    try:
        assert tg.tensor(1.5).dtype == tg.zeros(1).dtype == (tg.tensor([1]) / 2).dtype == np.float64
        assert repr(tg.tensor(1.5)) == "tensor(1.5000)"
    finally:
        tg.set_default_dtype(tg.float32)
    assert tg.tensor(1.5).dtype == np.float32


def test_devices() -> None:
    assert tg.device("cpu") == tg.zeros(1).device
    assert str(tg.device("cpu:0")) == "cpu"
    assert not tg.cuda.is_available()
    device = tg.device("cuda" if tg.cuda.is_available() else "cpu")
    assert tg.zeros(2, device=device).to(device).cpu().shape == (2,)


def test_scripts_that_ask_for_other_devices_stay_on_the_cpu() -> None:
    assert not tg.accelerator.is_available()
    assert tg.accelerator.current_accelerator() is None
    assert not tg.backends.mps.is_available()
    assert tg.cuda.device_count() == 0
    tg.set_default_device("cpu")
    with pytest.raises(ValueError, match="device 'mps' is not available"):
        tg.set_default_device("mps")


def test_conversion() -> None:
    x = tg.tensor([1.7, -1.7])
    assert x.int().tolist() == x.long().tolist() == [1, -1]
    assert x.bool().tolist() == [True, True]
    assert x.double().dtype == np.float64
    assert x.float() is x
    assert x.to(tg.float32) is x
    assert x.to(x.double()).dtype == np.float64
    assert x.to("cpu", tg.float16).dtype == np.float16
    assert x.to(x.dtype, copy=True) is not x
    assert x.type_as(tg.tensor([1])).dtype == np.int64
    assert x.numpy() is x.detach().numpy()
    assert x.tolist() == pytest.approx([1.7, -1.7])


def test_numbers_and_sequences() -> None:
    x = tg.tensor([[1, 2], [3, 4]])
    assert [row.tolist() for row in x] == [[1, 2], [3, 4]]
    assert len(x) == 2
    assert int(x[0, 1]) == 2
    assert float(x[1, 1]) == 4
    assert [10, 20, 30][x[0, 1]] == 30
    assert bool(tg.tensor([2]))
    assert f"{tg.tensor(1.23456):.2f}" == "1.23"
    assert f"{x[0]}" == "tensor([1, 2])"
    assert {x: 1}[x] == 1


@pytest.mark.parametrize(
    ("tensor", "shown"),
    [
        (tg.tensor([1.0, 2.0]), "tensor([1., 2.])"),
        (tg.tensor([1.0, 2.5]), "tensor([1.0000, 2.5000])"),
        (tg.tensor([[1], [20]]), "tensor([[ 1],\n        [20]])"),
        (tg.tensor([1.5], dtype=tg.float64), "tensor([1.5000], dtype=float64)"),
        (tg.tensor(True), "tensor(True)"),
        (tg.tensor(3, dtype=tg.int32), "tensor(3, dtype=int32)"),
        (tg.tensor(2.0, requires_grad=True), "tensor(2., requires_grad=True)"),
        (tg.tensor(2.0, requires_grad=True) * 2, "tensor(4., grad_fn=<multiply>)"),
        (tg.tensor([float("nan"), float("inf"), 1.0]), "tensor([nan, inf,  1.])"),
        (tg.tensor([1e-8, 1.0]), "tensor([1.0000e-08, 1.0000e+00])"),
        (tg.zeros(0), "tensor([])"),
        (tg.zeros(0, 3), "tensor([], size=(0, 3))"),
    ],
)
def test_how_tensors_are_shown(tensor: tg.Tensor, shown: str) -> None:
    assert repr(tensor) == shown


def test_large_tensors_are_shortened() -> None:
    assert "..." in repr(tg.zeros(10_000))


def test_copies_and_pickles() -> None:
    x = tg.tensor([1.0, 2.0], requires_grad=True)
    (x * x).sum().backward()
    twin = copy.deepcopy(x)
    assert twin.requires_grad
    assert twin.grad.tolist() == [2, 4]
    twin.data[0] = 9
    assert x[0].item() == 1
    assert pickle.loads(pickle.dumps(x)).requires_grad
    with pytest.raises(RuntimeError, match="a graph cannot be pickled"):
        pickle.dumps(x * 2)


def test_data_of_another_shape_or_dtype_gets_gradients_of_it() -> None:
    x = tg.tensor([1.0, 2.0], requires_grad=True)
    x.data = tg.ones(3, 2, dtype=tg.float64)
    (x * 2).sum().backward()
    assert x.grad.shape == (3, 2)
    assert x.grad.dtype == np.float64


def test_asarray_copies_only_where_it_has_to_or_is_told_to() -> None:
    array = np.ones(2, np.float32)
    assert np.shares_memory(tg.asarray(array).numpy(), array)
    assert np.shares_memory(tg.asarray(tg.Tensor(array)).numpy(), array)
    assert not np.shares_memory(tg.asarray(array, copy=True).numpy(), array)
    assert tg.asarray(array, dtype=tg.float64).dtype == np.float64
    with pytest.raises(ValueError, match=r"asarray: a tensor of list .* needs a copy"):
        tg.asarray([1.0, 2.0], copy=False)


def test_a_scalar_tensor_is_floating_point_by_default() -> None:
    assert tg.scalar_tensor(3).dtype == np.float32
    assert tg.scalar_tensor(3, dtype=tg.int64, requires_grad=False).shape == ()


DTYPES = [np.bool_, np.uint8, np.int8, np.int32, np.int64, np.float16, np.float32, np.float64]


@pytest.mark.parametrize("one", DTYPES)
@pytest.mark.parametrize("other", DTYPES)
def test_promotion_and_casts_are_those_of_pytorch(one: Any, other: Any) -> None:
    torch = pytest.importorskip("torch", reason="needs PyTorch: pip install -e .[peers]")
    first, second = (getattr(torch, np.dtype(dtype).name) for dtype in (one, other))
    assert f"torch.{tg.promote_types(one, other)}" == str(torch.promote_types(first, second))
    assert tg.can_cast(one, other) == torch.can_cast(first, second)
    for number in (True, 2, 2.5):
        mine = tg.result_type(tg.ones(2, dtype=one), number)
        assert f"torch.{mine}" == str(torch.result_type(torch.ones(2, dtype=first), number))


@pytest.mark.parametrize(
    "options",
    [
        {},
        {"precision": 2},
        {"sci_mode": True, "precision": 3},
        {"sci_mode": False, "precision": 1},
        {"profile": "short"},
        {"profile": "full"},
        {"profile": "default", "linewidth": 20},
        {"threshold": 4, "edgeitems": 1},
    ],
    ids=str,
)
def test_print_options_are_those_of_pytorch(options: dict[str, Any]) -> None:
    torch = pytest.importorskip("torch", reason="needs PyTorch: pip install -e .[peers]")
    shown = []
    for package in (tg, torch):
        package.set_printoptions(**options)
        tensors = ([[1.5, -2.25, 1e-3], [100.0, float("nan"), float("inf")]], [1.0, 2.0], [[1, 20]])
        shown.append([str(package.tensor(values)).replace(" ", "") for values in tensors])
        package.set_printoptions(profile="default")
    assert shown[0] == shown[1]
