"""Samples as batches."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

import tinygrad_scratch as tg
from tinygrad_scratch import Tensor


def default_collate(batch: Sequence[Any]) -> Any:
    """A list of samples as one: tensors, arrays and numbers stacked, and within tuples, lists and dicts likewise.

    Strings stay a sequence of strings. A tuple gives a list, except for a named one. TypeError for samples of another
    type; ValueError if they differ in their number of parts or their keys.

    >>> default_collate([(tg.tensor([1.0]), 0), (tg.tensor([2.0]), 1)])
    [tensor([[1.],
            [2.]]), tensor([0, 1])]
    """
    first = batch[0]
    if isinstance(first, Tensor):
        return tg.stack(batch)
    if isinstance(first, np.ndarray | np.generic):
        return tg.from_numpy(np.stack(batch))
    if isinstance(first, bool | int | float):
        return tg.tensor(list(batch))
    if isinstance(first, str | bytes):
        return batch
    if isinstance(first, Mapping):
        return _collate_entries(batch)
    if isinstance(first, Sequence):
        return _collate_parts(batch)
    raise TypeError(f"default_collate: cannot make a batch of {type(first).__name__}; pass a collate_fn")


def _collate_entries(batch: Sequence[Mapping[Any, Any]]) -> dict[Any, Any]:
    keys = list(batch[0])
    for sample in batch:
        if sample.keys() != batch[0].keys():
            raise ValueError(
                f"default_collate: samples of a batch have the same keys, not {keys} and {list(sample)}; "
                "pass a collate_fn"
            )
    return {key: default_collate([sample[key] for sample in batch]) for key in keys}


def _collate_parts(batch: Sequence[Sequence[Any]]) -> Any:
    sizes = sorted({len(sample) for sample in batch})
    if len(sizes) > 1:
        raise ValueError(f"default_collate: samples of a batch have equally many parts, not {sizes}; pass a collate_fn")
    parts = [default_collate(part) for part in zip(*batch, strict=True)]
    is_named = hasattr(batch[0], "_fields")
    return type(batch[0])(*parts) if is_named else parts


def default_convert(data: Any) -> Any:
    """A sample as it is, but with tensors in place of arrays, also within tuples, lists and dicts.

    >>> default_convert({"x": np.array([1, 2]), "name": "a"})
    {'x': tensor([1, 2]), 'name': 'a'}
    """
    if isinstance(data, np.ndarray | np.generic):
        return tg.as_tensor(data)
    if isinstance(data, Mapping):
        return {key: default_convert(value) for key, value in data.items()}
    if isinstance(data, tuple) and hasattr(data, "_fields"):
        return type(data)(*map(default_convert, data))
    if isinstance(data, list | tuple):
        return [default_convert(part) for part in data]
    return data
