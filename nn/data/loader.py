"""`DataLoader`: a data set in batches."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from itertools import islice
from typing import Any

import numpy as np

import tinygrad_scratch as tg
from nn.data.dataset import Dataset, IterableDataset
from nn.data.sampler import BatchSampler, RandomSampler, SequentialSampler
from tinygrad_scratch import Generator, Tensor


def default_collate(batch: Sequence[Any]) -> Any:
    """A list of samples as one: tensors, arrays and numbers stacked, and within tuples, lists and dicts likewise.

    TypeError for samples of another type.

    >>> default_collate([(tg.tensor([1.0]), 0), (tg.tensor([2.0]), 1)])
    [tensor([[1.],
            [2.]]), tensor([0, 1])]
    """
    first = batch[0]
    if isinstance(first, Tensor):
        return tg.stack(batch)
    if isinstance(first, np.ndarray | np.generic):
        return Tensor(np.stack(batch))
    if isinstance(first, bool | int | float):
        return tg.tensor(list(batch))
    if isinstance(first, str | bytes):
        return list(batch)
    if isinstance(first, Mapping):
        return {key: default_collate([sample[key] for sample in batch]) for key in first}
    if isinstance(first, Sequence):
        return [default_collate(parts) for parts in zip(*batch, strict=True)]
    raise TypeError(f"default_collate: cannot make a batch of {type(first).__name__}; pass a collate_fn")


class DataLoader:
    """Goes through ``dataset`` in batches of ``batch_size``, anew with every ``for``; if ``shuffle``, in random order.

    ``drop_last`` leaves out a last batch that is smaller. ``sampler`` or ``batch_sampler`` decide on the order instead;
    ``collate_fn`` makes a batch of a list of samples. A data set that is in memory (`TensorDataset`) gives whole
    batches at once. ``generator`` is the source of randomness. ``num_workers`` and ``pin_memory`` have no effect.

    ValueError for a batch size that is not positive, an empty data set, or options that exclude each other.

    >>> from nn.data import TensorDataset
    >>> [x.tolist() for (x,) in DataLoader(TensorDataset(tg.arange(5)), batch_size=2)]
    [[0, 1], [2, 3], [4]]
    """

    def __init__(
        self,
        dataset: Dataset,
        batch_size: int = 1,
        shuffle: bool = False,
        sampler: Iterable[int] | None = None,
        batch_sampler: Iterable[list[int]] | None = None,
        num_workers: int = 0,  # noqa: ARG002
        collate_fn: Callable[[list[Any]], Any] | None = None,
        pin_memory: bool = False,  # noqa: ARG002
        drop_last: bool = False,
        *,
        generator: Generator | None = None,
    ) -> None:
        self.dataset = dataset
        self.batch_size = batch_size
        self.drop_last = drop_last
        self.collate_fn = collate_fn
        self.generator = generator
        self.batch_sampler = self._batch_sampler(shuffle, sampler, batch_sampler)

    def _batch_sampler(self, shuffle: bool, sampler: Any, batch_sampler: Any) -> Iterable[list[int]]:
        is_iterable = isinstance(self.dataset, IterableDataset)
        if shuffle and (sampler is not None or batch_sampler is not None or is_iterable):
            raise ValueError("DataLoader: shuffle excludes a sampler, and a data set that can only be gone through")
        if batch_sampler is not None:
            return batch_sampler  # type: ignore[no-any-return]
        if not is_iterable and not len(self.dataset):
            raise ValueError("DataLoader: the data set is empty")
        if sampler is None and is_iterable:
            sampler = ()
        elif sampler is None:
            sampler = (
                RandomSampler(self.dataset, generator=self.generator) if shuffle else SequentialSampler(self.dataset)
            )
        return BatchSampler(sampler, self.batch_size, self.drop_last)

    def __iter__(self) -> Iterator[Any]:
        if isinstance(self.dataset, IterableDataset):
            return self._batches_of_iterable(self.dataset)
        take = getattr(self.dataset, "take", None)
        if self.collate_fn is None and take is not None:
            return map(take, self.batch_sampler)
        collate = self.collate_fn or default_collate
        return (collate([self.dataset[number] for number in numbers]) for numbers in self.batch_sampler)

    def _batches_of_iterable(self, dataset: IterableDataset) -> Iterator[Any]:
        samples = iter(dataset)
        while batch := list(islice(samples, self.batch_size)):
            if len(batch) == self.batch_size or not self.drop_last:
                yield (self.collate_fn or default_collate)(batch)

    def __len__(self) -> int:
        if isinstance(self.dataset, IterableDataset):
            raise TypeError("DataLoader: a data set that can only be gone through has no length")
        return len(self.batch_sampler)  # type: ignore[arg-type]
