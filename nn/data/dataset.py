"""Data sets: samples by number, or one after another."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import accumulate, chain
from typing import Any

import numpy as np

import tinygrad_scratch as tg
from tinygrad_scratch import Generator, Tensor
from tinygrad_scratch.nn.data.collate import default_collate


class Dataset:
    """The base of data sets whose samples have numbers: a subclass writes ``__getitem__`` and ``__len__``.

    One that can give many samples at once faster than one by one writes `take`, too. A class that inherits a `take`,
    but changes ``__getitem__``, gives its samples one by one again.
    """

    def __init_subclass__(cls, **kwargs: Any) -> None:
        super().__init_subclass__(**kwargs)
        nearest = next(base for base in cls.__mro__ if "__getitem__" in vars(base) or "take" in vars(base))
        if "take" not in vars(nearest):
            cls.take = Dataset.take  # type: ignore[method-assign]

    def __getitem__(self, index: Any) -> Any:
        raise NotImplementedError(f"{type(self).__name__} has no __getitem__")

    def __len__(self) -> int:
        raise TypeError(f"{type(self).__name__} has no length")

    def take(self, numbers: Sequence[int]) -> Any:
        """The samples of these numbers as a batch: see `default_collate`."""
        return default_collate([self[number] for number in numbers])

    def __add__(self, other: Dataset) -> ConcatDataset:
        return ConcatDataset([self, other])


class IterableDataset(Dataset):
    """The base of data sets that can only be gone through: a subclass writes ``__iter__``."""

    def __iter__(self) -> Iterator[Any]:
        raise NotImplementedError(f"{type(self).__name__} has no __iter__")

    def __add__(self, other: Dataset) -> ChainDataset:  # type: ignore[override]
        return ChainDataset([self, other])


class TensorDataset(Dataset):
    """Samples that are rows of ``tensors``: sample i is the tuple of the i-th row of each.

    ValueError if there are no tensors, or if they differ in their number of rows.

    >>> dataset = TensorDataset(tg.tensor([[1.0], [2.0]]), tg.tensor([0, 1]))
    >>> dataset[1]
    (tensor([2.]), tensor(1))
    """

    def __init__(self, *tensors: Tensor) -> None:
        if not tensors or any(tensor.ndim == 0 or len(tensor) != len(tensors[0]) for tensor in tensors):
            shapes = ", ".join(str(tensor.shape) for tensor in tensors) or "none"
            raise ValueError(f"TensorDataset: needs tensors of equally many rows, got shapes {shapes}")
        self.tensors = tensors

    def __getitem__(self, index: Any) -> tuple[Tensor, ...]:
        return tuple(tensor[index] for tensor in self.tensors)

    def __len__(self) -> int:
        return len(self.tensors[0])

    def take(self, numbers: Sequence[int]) -> list[Tensor]:
        """The samples of these numbers as a batch, in memory of its own: one tensor for each of ``tensors``."""
        rows = np.asarray(numbers, np.intp)
        return [tg.from_numpy(tensor._data[rows]) for tensor in self.tensors]


class Subset(Dataset):
    """The samples of ``dataset`` whose numbers are ``indices``, in that order."""

    def __init__(self, dataset: Dataset, indices: Sequence[int]) -> None:
        self.dataset = dataset
        self.indices = indices

    def __getitem__(self, index: int) -> Any:
        return self.dataset[self.indices[index]]

    def __len__(self) -> int:
        return len(self.indices)

    def take(self, numbers: Sequence[int]) -> Any:
        """The samples of these numbers as a batch, which the whole data set makes."""
        return take(self.dataset, [self.indices[number] for number in numbers])


class ConcatDataset(Dataset):
    """Data sets one after another. ValueError if there are none.

    >>> both = ConcatDataset([TensorDataset(tg.tensor([1, 2])), TensorDataset(tg.tensor([3]))])
    >>> len(both), both[2]
    (3, (tensor(3),))
    """

    def __init__(self, datasets: Iterable[Dataset]) -> None:
        self.datasets = list(datasets)
        if not self.datasets:
            raise ValueError("ConcatDataset: needs at least one data set")
        self._ends = list(accumulate(len(dataset) for dataset in self.datasets))

    def __getitem__(self, index: int) -> Any:
        if not -len(self) <= index < len(self):
            raise IndexError(f"ConcatDataset: there are {len(self)} samples, and none of number {index}")
        index %= len(self)
        i = bisect_right(self._ends, index)
        return self.datasets[i][index - (self._ends[i - 1] if i else 0)]

    def __len__(self) -> int:
        return self._ends[-1]


class ChainDataset(IterableDataset):
    """Data sets that are gone through one after another."""

    def __init__(self, datasets: Iterable[Any]) -> None:
        self.datasets = list(datasets)

    def __iter__(self) -> Iterator[Any]:
        return chain.from_iterable(self.datasets)

    def __len__(self) -> int:
        return sum(map(len, self.datasets))


class StackDataset(Dataset):
    """Data sets side by side: sample i is the tuple of their samples i or, if they have names, a dict.

    ValueError if there are none, some have names and others not, or they differ in length.

    >>> StackDataset(x=[1.5, 2.5], y=[0, 1])[1]
    {'x': 2.5, 'y': 1}
    """

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        self.datasets: tuple[Any, ...] | dict[str, Any] = args or kwargs
        lengths = [len(dataset) for dataset in (*args, *kwargs.values())]
        if not lengths or (args and kwargs) or len(set(lengths)) > 1:
            raise ValueError(
                f"StackDataset: needs data sets of one length, all with names or none; got {len(args)} without and "
                f"{len(kwargs)} with names, of lengths {lengths}"
            )

    def __getitem__(self, index: Any) -> Any:
        return self._of_all(lambda dataset: dataset[index], tuple)

    def __len__(self) -> int:
        return len(next(iter(self.datasets.values() if isinstance(self.datasets, dict) else self.datasets)))

    def take(self, numbers: Sequence[int]) -> Any:
        """The samples of these numbers as a batch, of which each data set makes its part."""
        return self._of_all(lambda dataset: take(dataset, numbers), list)

    def _of_all(self, part: Callable[[Any], Any], together: Callable[[Iterable[Any]], Any]) -> Any:
        if isinstance(self.datasets, dict):
            return {name: part(dataset) for name, dataset in self.datasets.items()}
        return together(map(part, self.datasets))


def take(dataset: Any, numbers: Sequence[int]) -> Any:
    """The samples of these numbers as a batch, of a `Dataset` or of anything else with numbered samples."""
    if isinstance(dataset, Dataset):
        return dataset.take(numbers)
    return default_collate([dataset[number] for number in numbers])


def random_split(dataset: Dataset, lengths: Sequence[float], generator: Generator | None = None) -> list[Subset]:
    """``dataset`` divided at random into parts of given ``lengths``: numbers of samples, or fractions that add up to 1.

    What rounding the fractions leaves over goes to the first parts, one sample each. ValueError if one is negative
    or they do not add up.

    >>> [len(part) for part in random_split(TensorDataset(tg.zeros(10)), [0.75, 0.25])]
    [8, 2]
    """
    total = len(dataset)
    counts = [int(length) for length in lengths]
    if abs(sum(lengths) - 1) < 1e-6 and any(isinstance(length, float) for length in lengths):
        counts = [int(total * fraction) for fraction in lengths]
        for i in range(total - sum(counts)):
            counts[i % len(counts)] += 1
    if min(counts, default=0) < 0:
        raise ValueError(f"random_split: a length must not be negative, got {list(lengths)}")
    if sum(counts) != total:
        raise ValueError(f"random_split: the lengths {list(lengths)} do not add up to the {total} samples, nor to 1")
    order = tg.randperm(total, generator=generator).tolist()
    ends = list(accumulate(counts))
    return [Subset(dataset, order[end - count : end]) for count, end in zip(counts, ends, strict=True)]
