"""How a tensor is printed: PyTorch's way, with NumPy's layout."""

from __future__ import annotations

from typing import Any

import numpy as np

from tinygrad_scratch.dtypes import bool_, get_default_dtype, int64

_PRECISION = 4


def tensor_repr(data: np.ndarray[Any, np.dtype[Any]], label: str, suffix: str = "") -> str:
    """``label(values, dtype=…, suffix)``; the dtype is left out where Python numbers would give the same.

    >>> tensor_repr(np.array([1.0, 2.5]), "tensor")
    'tensor([1.0000, 2.5000], dtype=float64)'
    """
    parts = [_values(data, label)]
    if data.size == 0 and data.ndim > 1:
        parts.append(f"size={data.shape}")
    if data.dtype not in (get_default_dtype(), int64, bool_):
        parts.append(f"dtype={data.dtype}")
    if suffix:
        parts.append(suffix)
    return f"{label}({', '.join(parts)})"


def _values(data: np.ndarray[Any, np.dtype[Any]], label: str) -> str:
    finite = data[np.isfinite(data)]
    whole = data.dtype.kind == "f" and bool(np.all(finite == np.trunc(finite)))
    return np.array2string(
        data,
        precision=0 if whole and np.all(np.abs(finite) < 1e8) else _PRECISION,
        floatmode="fixed",
        separator=", ",
        prefix=f"{label}(",
        threshold=1000,
    )
