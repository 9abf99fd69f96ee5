"""How a tensor is printed: PyTorch's way, with NumPy's layout."""

from __future__ import annotations

import sys
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np

from tinygrad_scratch.dtypes import bool_, get_default_dtype, int64


@dataclass
class Options:
    """How tensors are printed: see `set_printoptions`."""

    precision: int = 4
    threshold: int = 1000
    edgeitems: int = 3
    linewidth: int = 75
    sci_mode: bool | None = None


_options = Options()


def set_printoptions(
    precision: int | None = None,
    threshold: int | None = None,
    edgeitems: int | None = None,
    linewidth: int | None = None,
    profile: str | None = None,
    sci_mode: bool | None = None,
) -> None:
    """Print tensors differently from now on. What is None stays as it is, but for ``sci_mode``.

    ``precision`` digits after the point; of more than ``threshold`` values only ``edgeitems`` at each end of a
    dimension; lines of at most ``linewidth`` characters; ``sci_mode`` for scientific notation always or never, None
    where the values ask for it. ``profile`` first sets all of them: "default", "short" (2 digits, 2 values at each end)
    or "full" (all values); ValueError for another.

    >>> tg.set_printoptions(precision=2)
    >>> tg.tensor([0.123])
    tensor([0.12])
    >>> tg.set_printoptions(profile="default")
    """
    if profile is not None:
        if profile not in _PROFILES:
            raise ValueError(f"set_printoptions: profile must be one of {', '.join(_PROFILES)}, not {profile!r}")
        vars(_options).update(vars(_PROFILES[profile]))
    given = {"precision": precision, "threshold": threshold, "edgeitems": edgeitems, "linewidth": linewidth}
    vars(_options).update({name: value for name, value in given.items() if value is not None})
    _options.sci_mode = sci_mode


_PROFILES = {
    "default": Options(),
    "short": Options(precision=2, edgeitems=2),
    "full": Options(threshold=sys.maxsize),
}


_LARGE = np.float64(1e8)  # from here on in scientific notation


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
    is_whole = data.dtype.kind == "f" and bool(np.all(finite == np.trunc(finite)) and np.all(abs(finite) < _LARGE))
    if is_whole:
        data = data.astype(np.float64)  # of which NumPy writes all digits
    precision = 0 if is_whole and not _options.sci_mode else _options.precision
    return np.array2string(
        data,
        precision=precision,
        floatmode="fixed",
        separator=", ",
        prefix=f"{label}(",
        max_line_width=_options.linewidth,
        threshold=_options.threshold,
        edgeitems=_options.edgeitems,
        suppress_small=_options.sci_mode is False,
        formatter={"float_kind": _scientific(precision, bool((finite < 0).any()))} if _options.sci_mode else None,
    )


def _scientific(precision: int, has_negative: bool) -> Callable[[Any], str]:
    width = len(f"{-1.0 if has_negative else 1.0:.{precision}e}")
    return lambda value: f"{value:{width}.{precision}e}"
