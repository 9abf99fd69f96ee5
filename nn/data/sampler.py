"""Samplers: in which order the samples of a data set are drawn, as their numbers."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence, Sized
from itertools import islice

import numpy as np

import tinygrad_scratch as tg
from tinygrad_scratch import Generator
from tinygrad_scratch.engine import numpy_generator

DRAWN_AT_ONCE = 65_536  # numbers, at most, so that any count of samples takes little memory


class Sampler:
    """The base of samplers: a subclass writes ``__iter__``, which gives numbers of samples, and ``__len__``."""

    def __iter__(self) -> Iterator[int]:
        raise NotImplementedError(f"{type(self).__name__} has no __iter__")

    def __len__(self) -> int:
        raise TypeError(f"{type(self).__name__} has no length")


class SequentialSampler(Sampler):
    """All samples in order."""

    def __init__(self, data_source: Sized) -> None:
        self.data_source = data_source

    def __iter__(self) -> Iterator[int]:
        return iter(range(len(self.data_source)))

    def __len__(self) -> int:
        return len(self.data_source)


class RandomSampler(Sampler):
    """All samples in random order or, with ``replacement``, ``num_samples`` drawn independently.

    >>> sorted(RandomSampler(range(3)))
    [0, 1, 2]
    """

    def __init__(
        self,
        data_source: Sized,
        replacement: bool = False,
        num_samples: int | None = None,
        generator: Generator | None = None,
    ) -> None:
        self.data_source = data_source
        self.replacement = replacement
        self.num_samples = len(data_source) if num_samples is None else num_samples
        self.generator = generator
        if self.num_samples < 0:
            raise ValueError(f"RandomSampler: num_samples must not be negative, got {num_samples}")

    def __iter__(self) -> Iterator[int]:
        total = len(self.data_source)
        if self.replacement:
            for count in _parts(self.num_samples):
                yield from tg.randint(total, (count,), generator=self.generator).tolist()
            return
        for start in range(0, self.num_samples, max(total, 1)):
            yield from tg.randperm(total, generator=self.generator).tolist()[: self.num_samples - start]

    def __len__(self) -> int:
        return self.num_samples


class SubsetRandomSampler(Sampler):
    """The samples of the numbers in ``indices``, in random order."""

    def __init__(self, indices: Sequence[int], generator: Generator | None = None) -> None:
        self.indices = indices
        self.generator = generator

    def __iter__(self) -> Iterator[int]:
        return (self.indices[i] for i in tg.randperm(len(self.indices), generator=self.generator).tolist())

    def __len__(self) -> int:
        return len(self.indices)


class WeightedRandomSampler(Sampler):
    """``num_samples`` numbers, each drawn with a probability proportional to its entry in ``weights``.

    ValueError for weights that are negative or all 0, or too few that are not 0 to draw without ``replacement``.
    """

    def __init__(
        self,
        weights: Sequence[float],
        num_samples: int,
        replacement: bool = True,
        generator: Generator | None = None,
    ) -> None:
        self.weights = np.asarray(weights, np.float64)
        self.num_samples = num_samples
        self.replacement = replacement
        self.generator = generator
        if not (self.weights >= 0).all() or not self.weights.sum() > 0:
            raise ValueError("WeightedRandomSampler: weights must not be negative, nor all 0")
        possible = np.count_nonzero(self.weights)
        if not replacement and num_samples > possible:
            raise ValueError(
                f"WeightedRandomSampler: only {possible} of the weights are not 0, too few to draw {num_samples} "
                "samples without replacement"
            )

    def __iter__(self) -> Iterator[int]:
        chance = self.weights / self.weights.sum()
        generator = numpy_generator(self.generator)
        if not self.replacement:
            yield from generator.choice(len(chance), self.num_samples, replace=False, p=chance).tolist()
            return
        cumulative = chance.cumsum()
        cumulative /= cumulative[-1]
        for count in _parts(self.num_samples):
            yield from cumulative.searchsorted(generator.random(count), side="right").tolist()

    def __len__(self) -> int:
        return self.num_samples


class BatchSampler:
    """Numbers from ``sampler`` in lists of ``batch_size``; a last, smaller one is left out if ``drop_last``.

    >>> list(BatchSampler(range(5), 2, drop_last=False))
    [[0, 1], [2, 3], [4]]
    """

    def __init__(self, sampler: Iterable[int], batch_size: int, drop_last: bool) -> None:
        if not isinstance(batch_size, int) or batch_size <= 0:
            raise ValueError(f"batch_size must be a positive integer, got {batch_size!r}")
        self.sampler = sampler
        self.batch_size = batch_size
        self.drop_last = drop_last

    def __iter__(self) -> Iterator[list[int]]:
        numbers = iter(self.sampler)
        while batch := list(islice(numbers, self.batch_size)):
            if len(batch) == self.batch_size or not self.drop_last:
                yield batch

    def __len__(self) -> int:
        total = len(self.sampler)  # type: ignore[arg-type]
        return total // self.batch_size if self.drop_last else -(-total // self.batch_size)


def _parts(count: int) -> Iterator[int]:
    """How many to draw at once, until ``count`` have been drawn."""
    return (min(DRAWN_AT_ONCE, count - start) for start in range(0, count, DRAWN_AT_ONCE))
