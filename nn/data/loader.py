"""`DataLoader`: a data set in batches."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import Any

from tinygrad_scratch import Generator
from tinygrad_scratch.nn.data.collate import default_collate, default_convert
from tinygrad_scratch.nn.data.dataset import IterableDataset, take
from tinygrad_scratch.nn.data.sampler import BatchSampler, RandomSampler, SequentialSampler


class DataLoader:
    """Goes through ``dataset`` in batches of ``batch_size``, anew with every ``for``; if ``shuffle``, in random order.

    ``drop_last`` leaves out a last batch that is smaller. ``sampler`` or ``batch_sampler`` decide on the order instead;
    ``collate_fn`` makes a batch of a list of samples. A data set that is in memory (`TensorDataset`) gives whole
    batches at once. With a ``batch_size`` of None, the samples come one by one. ``generator`` is the source of
    randomness. Everything happens in this process, so the options of workers and of memory have no effect.

    ``dataset`` is a `Dataset`, or anything with numbered samples and a length. ValueError for a batch size that is not
    positive, an empty data set, or options that exclude each other.

    >>> from nn.data import TensorDataset
    >>> [x.tolist() for (x,) in DataLoader(TensorDataset(tg.arange(5)), batch_size=2)]
    [[0, 1], [2, 3], [4]]
    """

    def __init__(
        self,
        dataset: Any,
        batch_size: int | None = 1,
        shuffle: bool | None = None,
        sampler: Iterable[int] | None = None,
        batch_sampler: Iterable[list[int]] | None = None,
        num_workers: int = 0,  # noqa: ARG002
        collate_fn: Callable[[Any], Any] | None = None,
        pin_memory: bool = False,  # noqa: ARG002
        drop_last: bool = False,
        timeout: float = 0,  # noqa: ARG002
        worker_init_fn: Callable[[int], None] | None = None,  # noqa: ARG002
        multiprocessing_context: Any = None,  # noqa: ARG002
        generator: Generator | None = None,
        *,
        prefetch_factor: int | None = None,  # noqa: ARG002
        persistent_workers: bool = False,  # noqa: ARG002
    ) -> None:
        self._check_options(dataset, batch_size, bool(shuffle), sampler, batch_sampler, drop_last)
        self.dataset = dataset
        self.batch_size = batch_size if batch_sampler is None else None
        self.drop_last = drop_last
        self.collate_fn = collate_fn
        self.generator = generator
        self._is_iterable = isinstance(dataset, IterableDataset)
        if sampler is None and self._is_iterable:
            sampler = dataset  # which gives the samples themselves, in place of their numbers
        elif sampler is None:
            sampler = RandomSampler(dataset, generator=generator) if shuffle else SequentialSampler(dataset)
        if batch_sampler is None and batch_size is not None:
            batch_sampler = BatchSampler(sampler, batch_size, drop_last)
        self.sampler = sampler
        self.batch_sampler = batch_sampler

    def _check_options(
        self, dataset: Any, batch_size: int | None, shuffle: bool, sampler: Any, batch_sampler: Any, drop_last: bool
    ) -> None:
        is_ordered = sampler is not None or batch_sampler is not None
        if isinstance(dataset, IterableDataset):
            if shuffle or is_ordered:
                raise ValueError("DataLoader: a data set that can only be gone through excludes shuffle and samplers")
        elif not is_ordered and not len(dataset):
            raise ValueError("DataLoader: the data set is empty")
        if shuffle and is_ordered:
            raise ValueError("DataLoader: shuffle excludes a sampler")
        if batch_sampler is not None and (batch_size != 1 or sampler is not None or drop_last):
            raise ValueError("DataLoader: batch_sampler excludes batch_size, sampler and drop_last")
        if batch_size is None and drop_last:
            raise ValueError("DataLoader: drop_last needs batches, but batch_size is None")

    def __iter__(self) -> Iterator[Any]:
        if self.batch_sampler is None:
            return map(self.collate_fn or default_convert, self._samples(self.sampler))
        if self.collate_fn is None and not self._is_iterable:
            return (take(self.dataset, numbers) for numbers in self.batch_sampler)
        collate = self.collate_fn or default_collate
        return (collate(list(self._samples(numbers))) for numbers in self.batch_sampler)

    def _samples(self, numbers: Iterable[Any]) -> Iterable[Any]:
        return numbers if self._is_iterable else (self.dataset[number] for number in numbers)

    def __len__(self) -> int:
        return len(self.sampler if self.batch_sampler is None else self.batch_sampler)  # type: ignore[arg-type]


def get_worker_info() -> None:
    """None: there are no workers, everything happens in this process."""
