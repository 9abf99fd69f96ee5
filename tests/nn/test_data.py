"""Data sets and loaders."""

from __future__ import annotations

import tracemalloc
from collections.abc import Callable, Iterator
from itertools import islice
from typing import Any, NamedTuple

import numpy as np
import pytest

import tinygrad_scratch as tg
from nn.data import (
    BatchSampler,
    ChainDataset,
    ConcatDataset,
    DataLoader,
    Dataset,
    IterableDataset,
    RandomSampler,
    Sampler,
    SequentialSampler,
    StackDataset,
    Subset,
    SubsetRandomSampler,
    TensorDataset,
    WeightedRandomSampler,
    default_collate,
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
    assert data.tensors[0].numpy().any()


def counted(monkeypatch: pytest.MonkeyPatch) -> dict[str, int]:
    """How often data in memory is asked for single samples, and for whole batches."""
    calls = {"__getitem__": 0, "take": 0}
    for name in calls:
        original = getattr(TensorDataset, name)

        def counting(self: TensorDataset, index: object, name: str = name, original: Any = original) -> object:
            calls[name] += 1
            return original(self, index)

        monkeypatch.setattr(TensorDataset, name, counting)
    return calls


@pytest.mark.parametrize(
    "make",
    [
        lambda data: data,
        lambda data: Subset(data, range(5, 95)),
        lambda data: random_split(data, [0.9, 0.1])[0],
        lambda data: Subset(Subset(data, range(100)), range(90)),
        lambda data: StackDataset(Subset(data, range(90))),
    ],
)
def test_data_in_memory_is_batched_at_once(
    make: Callable[[TensorDataset], Dataset], monkeypatch: pytest.MonkeyPatch
) -> None:
    calls = counted(monkeypatch)
    loader = DataLoader(make(rows(100)), 10, shuffle=True)
    assert len(list(loader)) == len(loader) > 8
    assert calls == {"__getitem__": 0, "take": len(loader)}


def test_a_class_that_changes_single_samples_is_asked_for_them() -> None:
    class Negated(TensorDataset):
        def __getitem__(self, index: int) -> tuple[tg.Tensor, ...]:
            return tuple(-part for part in super().__getitem__(index))

    class Negation:
        def __getitem__(self, index: int) -> tuple[tg.Tensor, ...]:
            return tuple(-part for part in super().__getitem__(index))

    class Mixed(Negation, TensorDataset):
        pass

    class Batched(Negated):
        def take(self, numbers: list[int]) -> list[tg.Tensor]:
            return [tg.zeros(len(numbers))]

    for data in (Negated(tg.arange(3)), Mixed(tg.arange(3)), Subset(Negated(tg.arange(3)), [0, 1, 2])):
        assert [x.tolist() for (x,) in DataLoader(data, 2)] == [[0, -1], [-2]]
    assert [x.tolist() for (x,) in DataLoader(Batched(tg.arange(3)), 2)] == [[0, 0], [0]]


def test_data_sets_side_by_side() -> None:
    pairs = StackDataset(rows(3), range(3))
    assert pairs[1][1] == 1
    (x, y), numbers = next(iter(DataLoader(pairs, 3)))
    assert [x.shape, y.tolist(), numbers.tolist()] == [(3, 1), [0, 1, 2], [0, 1, 2]]
    named = StackDataset(data=rows(3), number=range(3))
    assert len(named) == 3
    assert next(iter(DataLoader(named, 2)))["number"].tolist() == [0, 1]
    for wrong in (StackDataset, lambda: StackDataset(rows(2), rows(3)), lambda: StackDataset(rows(2), y=rows(2))):
        with pytest.raises(ValueError, match="StackDataset: needs data sets of one length, all with names or none"):
            wrong()


class Point(NamedTuple):
    x: float
    label: str


def test_samples_as_batches() -> None:
    batch = default_collate([Point(1.0, "a"), Point(2.0, "b")])
    assert isinstance(batch, Point)
    assert batch.x.tolist() == [1, 2]
    assert batch.label == ("a", "b")
    nested = default_collate([{"a": [np.float32(1), (True, 2)]}, {"a": [np.float32(3), (False, 4)]}])
    assert nested["a"][0].dtype == tg.float32
    assert [part.tolist() for part in nested["a"][1]] == [[True, False], [2, 4]]
    with pytest.raises(ValueError, match=r"samples of a batch have equally many parts, not \[1, 2\]"):
        default_collate([(1,), (1, 2)])
    for other in ({"b": 2}, {"a": 1, "b": 2}):
        with pytest.raises(ValueError, match=r"samples of a batch have the same keys, not \['a'\] and \["):
            default_collate([{"a": 1}, other])


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
    with pytest.raises(ValueError, match="can only be gone through excludes shuffle"):
        DataLoader(Stream(), 2, shuffle=True)
    assert len(list(Stream())) == 5


def test_iterable_data_sets_one_after_another() -> None:
    both = Stream() + Stream()
    assert isinstance(both, ChainDataset)
    assert [batch["x"].tolist() for batch in DataLoader(both, 4)] == [[0, 1, 2, 3], [4, 0, 1, 2], [3, 4]]
    with pytest.raises(TypeError, match="Stream has no length"):
        len(both)


def test_an_iterable_data_set_may_know_its_length() -> None:
    class Counted(Stream):
        def __len__(self) -> int:
            return 5

    assert len(DataLoader(Counted(), 2)) == 3
    assert len(DataLoader(Counted(), 2, drop_last=True)) == 2
    assert len(Counted() + Counted()) == 10


def test_samples_one_by_one_without_batches() -> None:
    assert [(x.shape, y) for x, y in DataLoader(Squares(), batch_size=None)] == [((1,), i * i) for i in range(5)]
    loader = DataLoader([np.arange(2), np.arange(3)], batch_size=None)
    assert [row.tolist() for row in loader] == [[0, 1], [0, 1, 2]]
    assert len(loader) == 2
    assert [batch["x"] for batch in DataLoader(Stream(), None)] == [0, 1, 2, 3, 4]


def test_data_sets_that_are_no_datasets() -> None:
    rows = [(tg.tensor([1.0]), 0), (tg.tensor([2.0]), 1), (tg.tensor([3.0]), 0)]
    assert [y.tolist() for _, y in DataLoader(rows, 2)] == [[0, 1], [0]]
    assert [x.tolist() for x in DataLoader(np.arange(6).reshape(3, 2), 2)] == [[[0, 1], [2, 3]], [[4, 5]]]
    assert [x.tolist() for x in DataLoader(tg.arange(3), 2)] == [[0, 1], [2]]
    assert [x.tolist() for x in DataLoader(Subset(range(9), [8, 3]), 2)] == [[8, 3]]


def test_subsets_and_splits() -> None:
    part = Subset(rows(), [7, 3, 5])
    assert [y.tolist() for _, y in DataLoader(part, 2)] == [[7, 3], [5]]
    assert part[1][1].item() == 3
    parts = random_split(rows(), [7, 3], generator=tg.Generator().manual_seed(0))
    assert sorted(n for one in parts for n in one.indices) == list(range(10))
    assert [len(one) for one in random_split(rows(), [0.5, 0.25, 0.25])] == [6, 2, 2]
    with pytest.raises(ValueError, match=r"lengths \[5, 6\] do not add up to the 10 samples"):
        random_split(rows(), [5, 6])
    with pytest.raises(ValueError, match=r"a length must not be negative, got \[-1, 11\]"):
        random_split(rows(), [-1, 11])


def test_concatenation() -> None:
    both = rows(3) + rows(2)
    assert isinstance(both, ConcatDataset)
    assert [y.item() for _, y in both] == [0, 1, 2, 0, 1]
    assert both[-1][1].item() == 1
    with pytest.raises(IndexError, match="5 samples, and none of number 5"):
        both[5]
    with pytest.raises(ValueError, match="needs at least one data set"):
        ConcatDataset([])


@pytest.mark.parametrize(
    "sampler",
    [
        RandomSampler(range(60_000), replacement=True, num_samples=10**12),
        RandomSampler(range(60_000), num_samples=10**12),
        WeightedRandomSampler(np.arange(60_000.0), 10**12),
    ],
    ids=["random", "permuted", "weighted"],
)
def test_endless_samples_are_drawn_as_they_are_needed(sampler: Sampler) -> None:
    tracemalloc.start()
    try:
        drawn = list(islice(sampler, 150_000))
        _, most = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert len(sampler) == 10**12
    assert most < 20e6
    assert len(drawn) == 150_000
    assert set(drawn) <= set(range(60_000))
    assert drawn[:75_000] != drawn[75_000:]


def test_numbers_drawn_in_parts_are_those_drawn_at_once() -> None:
    count, weights = 200_001, np.random.default_rng(0).random(50)
    parts = list(RandomSampler(range(50), True, count, tg.Generator().manual_seed(1)))
    assert parts == tg.randint(50, (count,), generator=tg.Generator().manual_seed(1)).tolist()
    parts = list(WeightedRandomSampler(weights, count, generator=tg.Generator().manual_seed(1)))
    at_once = np.random.Generator(np.random.PCG64(1)).choice(50, count, p=weights / weights.sum())
    assert parts == at_once.tolist()


def test_samplers() -> None:
    assert list(SequentialSampler(range(3))) == [0, 1, 2]
    assert sorted(RandomSampler(range(5))) == [0, 1, 2, 3, 4]
    assert len(list(RandomSampler(range(5), num_samples=12))) == 12
    assert set(RandomSampler(range(3), replacement=True, num_samples=100)) == {0, 1, 2}
    assert sorted(SubsetRandomSampler([4, 2])) == [2, 4]
    counts = np.bincount(list(WeightedRandomSampler(tg.tensor([0.0, 1.0, 3.0]), 4000)), minlength=3)
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
    with pytest.raises(ValueError, match="batch_sampler excludes batch_size, sampler and drop_last"):
        DataLoader(rows(), 4, batch_sampler=[[1], [2]])
    with pytest.raises(ValueError, match="drop_last needs batches, but batch_size is None"):
        DataLoader(rows(), None, drop_last=True)
    with pytest.raises(ValueError, match=r"equally many rows, got shapes \(3,\), \(2,\)"):
        TensorDataset(tg.zeros(3), tg.zeros(2))
    with pytest.raises(TypeError, match="cannot make a batch of NoneType; pass a collate_fn"):
        next(iter(DataLoader([None, None], 2)))
    with pytest.raises(ValueError, match="weights must not be negative"):
        WeightedRandomSampler([-1, 2], 1)
    with pytest.raises(ValueError, match="only 2 of the weights are not 0, too few to draw 3 samples without"):
        WeightedRandomSampler([0, 1, 2], 3, replacement=False)
