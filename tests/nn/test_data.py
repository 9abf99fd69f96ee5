"""Data sets and loaders."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pytest

import tinygrad_scratch as tg
from nn.data import (
    BatchSampler,
    ConcatDataset,
    DataLoader,
    Dataset,
    IterableDataset,
    RandomSampler,
    SequentialSampler,
    Subset,
    SubsetRandomSampler,
    TensorDataset,
    WeightedRandomSampler,
    random_split,
)


class Squares(Dataset):
    def __getitem__(self, index: int) -> tuple[tg.Tensor, int]:
        return tg.tensor([float(index)]), index * index

    def __len__(self) -> int:
        return 5


class Stream(IterableDataset):
    def __iter__(self) -> Iterator[dict[str, float]]:
        return ({"x": float(i)} for i in range(5))


def rows(n: int = 10) -> TensorDataset:
    return TensorDataset(tg.arange(float(n)).reshape(n, 1), tg.arange(n))


def test_batches_in_order() -> None:
    batches = list(DataLoader(rows(), batch_size=4))
    assert [y.tolist() for _, y in batches] == [[0, 1, 2, 3], [4, 5, 6, 7], [8, 9]]
    assert [x.shape for x, _ in batches] == [(4, 1), (4, 1), (2, 1)]
    assert [y.tolist() for _, y in DataLoader(rows(), 4, drop_last=True)] == [[0, 1, 2, 3], [4, 5, 6, 7]]
    assert len(DataLoader(rows(), 4)) == 3
    assert len(DataLoader(rows(), 4, drop_last=True)) == 2


def test_a_batch_does_not_share_memory_with_the_data_set() -> None:
    data = rows()
    for x, _ in DataLoader(data, 4):
        x.zero_()
    assert data.tensors[0].data.any()


def test_shuffled_batches_hold_every_sample_once_and_are_new_each_time_and_repeat_with_the_seed() -> None:
    def epochs(seed: int) -> list[list[int]]:
        loader = DataLoader(rows(100), 7, shuffle=True, generator=tg.Generator().manual_seed(seed))
        return [[n for _, y in loader for n in y.tolist()] for _ in range(2)]

    first, second = epochs(0)
    assert sorted(first) == sorted(second) == list(range(100))
    assert first != second
    assert epochs(0) == [first, second]
    assert epochs(1) != [first, second]


def test_the_default_generator_decides_without_another() -> None:
    orders = []
    for _ in range(2):
        tg.manual_seed(3)
        orders.append([y.item() for _, y in DataLoader(rows(), shuffle=True)])
    assert orders[0] == orders[1]


def test_samples_of_any_data_set_are_collated() -> None:
    x, y = next(iter(DataLoader(Squares(), 5)))
    assert x.tolist() == [[0], [1], [2], [3], [4]]
    assert y.tolist() == [0, 1, 4, 9, 16]
    assert list(DataLoader(Squares(), 2, collate_fn=len)) == [2, 2, 1]


def test_iterable_data_sets() -> None:
    assert [batch["x"].tolist() for batch in DataLoader(Stream(), 2)] == [[0, 1], [2, 3], [4]]
    assert len(list(DataLoader(Stream(), 2, drop_last=True))) == 2
    with pytest.raises(TypeError, match="has no length"):
        len(DataLoader(Stream(), 2))
    with pytest.raises(ValueError, match="shuffle excludes"):
        DataLoader(Stream(), 2, shuffle=True)


def test_subsets_and_splits() -> None:
    part = Subset(rows(), [7, 3, 5])
    assert [y.tolist() for _, y in DataLoader(part, 2)] == [[7, 3], [5]]
    assert part[1][1].item() == 3
    parts = random_split(rows(), [7, 3], generator=tg.Generator().manual_seed(0))
    assert sorted(n for one in parts for n in one.indices) == list(range(10))
    assert [len(one) for one in random_split(rows(), [0.5, 0.25, 0.25])] == [6, 2, 2]
    with pytest.raises(ValueError, match=r"lengths \[5, 6\] do not add up to the 10 samples"):
        random_split(rows(), [5, 6])


def test_concatenation() -> None:
    both = rows(3) + rows(2)
    assert isinstance(both, ConcatDataset)
    assert [y.item() for _, y in both] == [0, 1, 2, 0, 1]
    assert both[-1][1].item() == 1
    with pytest.raises(IndexError, match="5 samples, and none of number 5"):
        both[5]
    with pytest.raises(ValueError, match="needs at least one data set"):
        ConcatDataset([])


def test_samplers() -> None:
    assert list(SequentialSampler(range(3))) == [0, 1, 2]
    assert sorted(RandomSampler(range(5))) == [0, 1, 2, 3, 4]
    assert len(list(RandomSampler(range(5), num_samples=12))) == 12
    assert set(RandomSampler(range(3), replacement=True, num_samples=100)) == {0, 1, 2}
    assert sorted(SubsetRandomSampler([4, 2])) == [2, 4]
    counts = np.bincount(list(WeightedRandomSampler([0, 1, 3], 4000)), minlength=3)
    assert counts[0] == 0
    assert 0.7 < counts[2] / 4000 < 0.8
    assert sorted(WeightedRandomSampler([1, 1, 1], 3, replacement=False)) == [0, 1, 2]
    loader = DataLoader(rows(), batch_sampler=BatchSampler([1, 2, 3], 2, False))
    assert [y.tolist() for _, y in loader] == [[1, 2], [3]]
    assert [y.tolist() for _, y in DataLoader(rows(), 2, sampler=[5, 4, 3])] == [[5, 4], [3]]


def test_what_is_refused() -> None:
    with pytest.raises(ValueError, match="batch_size must be a positive integer, got 0"):
        DataLoader(rows(), batch_size=0)
    with pytest.raises(ValueError, match=r"batch_size must be a positive integer, got 2\.5"):
        DataLoader(rows(), batch_size=2.5)
    with pytest.raises(ValueError, match="the data set is empty"):
        DataLoader(TensorDataset(tg.zeros(0, 3)))
    with pytest.raises(ValueError, match="shuffle excludes a sampler"):
        DataLoader(rows(), shuffle=True, sampler=[1])
    with pytest.raises(ValueError, match=r"equally many rows, got shapes \(3,\), \(2,\)"):
        TensorDataset(tg.zeros(3), tg.zeros(2))
    with pytest.raises(TypeError, match="cannot make a batch of NoneType; pass a collate_fn"):
        next(iter(DataLoader([None, None], 2)))
    with pytest.raises(ValueError, match="weights must not be negative"):
        WeightedRandomSampler([-1, 2], 1)
