"""Sequences of several lengths in one tensor: padded to the longest, or packed, without padding.

Packed, the first step of each sequence comes first, then the second step of each that has two, and so on, longer
sequences before shorter ones: a recurrent layer takes the rows of each step together.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, NamedTuple, Self

import numpy as np

import tinygrad_scratch as tg
from tinygrad_scratch import Tensor
from tinygrad_scratch.engine import Array


class _Packed(NamedTuple):
    data: Tensor
    batch_sizes: Tensor
    sorted_indices: Tensor | None
    unsorted_indices: Tensor | None


def _converted(name: str) -> Callable[[PackedSequence], PackedSequence]:
    def convert(self: PackedSequence) -> PackedSequence:
        return self._replace(data=getattr(self.data, name)())

    convert.__name__, convert.__qualname__ = name, f"PackedSequence.{name}"
    convert.__doc__ = f"The same with ``data.{name}()``."
    return convert


class PackedSequence(_Packed):
    """Sequences without padding: what `pack_padded_sequence` and `pack_sequence` return, and recurrent layers take.

    ``data`` (rows, \\*) holds the steps of all sequences, and ``batch_sizes`` says how many of them have a first step,
    a second one, and so on. ``sorted_indices`` names the sequence that comes first here, second, and so on, and
    ``unsorted_indices`` the place of each; they are None if the sequences were in that order.

    >>> pack_sequence([tg.tensor([1, 2, 3]), tg.tensor([4])])
    PackedSequence(data=tensor([1, 4, 2, 3]), batch_sizes=tensor([2, 1, 1]), sorted_indices=None, unsorted_indices=None)
    """

    __slots__ = ()

    def __new__(
        cls,
        data: Tensor,
        batch_sizes: Tensor,
        sorted_indices: Tensor | None = None,
        unsorted_indices: Tensor | None = None,
    ) -> Self:
        if unsorted_indices is None and sorted_indices is not None:
            unsorted_indices = sorted_indices.argsort()
        return super().__new__(cls, data, batch_sizes, sorted_indices, unsorted_indices)

    def to(self, *args: Any, **kwargs: Any) -> Self:
        """The same with ``data.to(...)``."""
        return self._replace(data=self.data.to(*args, **kwargs))

    cpu = _converted("cpu")
    double = _converted("double")
    float = _converted("float")
    half = _converted("half")
    long = _converted("long")
    int = _converted("int")
    short = _converted("short")
    char = _converted("char")
    byte = _converted("byte")


def pack_padded_sequence(
    input: Tensor, lengths: Tensor | Sequence[int], batch_first: bool = False, enforce_sorted: bool = True
) -> PackedSequence:
    """Sequences that were padded at the end, without their padding.

    ``input`` has shape (steps, batch, \\*), or (batch, steps, \\*) if ``batch_first``, and ``lengths`` are the steps of
    each sequence. With ``enforce_sorted`` the longest must come first; otherwise they are sorted here.

    ValueError if a length is not in 1 ... steps, if there are not as many as sequences, or if they are not sorted
    though they must be; TypeError if they are no integers.

    >>> pack_padded_sequence(tg.tensor([[1, 4], [2, 0], [3, 0]]), [3, 1]).data
    tensor([1, 4, 2, 3])
    """
    _, steps, found = _sizes("pack_padded_sequence", input, lengths, batch_first)
    order = np.argsort(-found, kind="stable")
    if enforce_sorted and (np.diff(found) > 0).any():
        raise ValueError(
            "pack_padded_sequence: with enforce_sorted, longer sequences come before shorter ones, but the lengths are "
            f"{found.tolist()}; sort them, or pass enforce_sorted=False"
        )
    step, place = np.nonzero(np.arange(steps)[:, None] < found[order])
    data = input[order[place], step] if batch_first else input[step, order[place]]
    batch_sizes = tg.tensor(np.bincount(step))
    return PackedSequence(data, batch_sizes) if enforce_sorted else PackedSequence(data, batch_sizes, tg.tensor(order))


def pad_packed_sequence(
    sequence: PackedSequence, batch_first: bool = False, padding_value: float = 0.0, total_length: int | None = None
) -> tuple[Tensor, Tensor]:
    """The sequences padded with ``padding_value`` to the longest, or to ``total_length``; and their lengths.

    The result has shape (steps, batch, \\*), or (batch, steps, \\*) if ``batch_first``. TypeError for what is not
    packed, ValueError if ``total_length`` is less than the longest.

    >>> padded, lengths = pad_packed_sequence(pack_sequence([tg.tensor([1, 2, 3]), tg.tensor([4])]), batch_first=True)
    >>> padded
    tensor([[1, 2, 3],
            [4, 0, 0]])
    >>> lengths
    tensor([3, 1])
    """
    if not isinstance(sequence, PackedSequence):
        raise TypeError(f"pad_packed_sequence: needs a PackedSequence, not {type(sequence).__name__}")
    data, batch_sizes, _, unsorted_indices = sequence
    sizes = batch_sizes.numpy()
    longest, batch = len(sizes), sizes[0]
    steps = longest if total_length is None else total_length
    if steps < longest:
        raise ValueError(
            f"pad_packed_sequence: total_length must be at least {longest}, the longest sequence, not {total_length}"
        )
    exists = np.arange(batch) < sizes[:, None]
    rows = np.full((steps, batch), len(data))  # of the data, which one more for padding follows
    rows[:longest][exists] = np.arange(len(data))
    lengths = exists.sum(0)
    if unsorted_indices is not None:
        rows, lengths = rows[:, unsorted_indices.numpy()], lengths[unsorted_indices.numpy()]
    padding = tg.full((1, *data.shape[1:]), padding_value, dtype=data.dtype)
    return tg.cat([data, padding])[rows.T if batch_first else rows], tg.tensor(lengths)


def pad_sequence(
    sequences: Sequence[Tensor], batch_first: bool = False, padding_value: float = 0.0, padding_side: str = "right"
) -> Tensor:
    """Sequences (steps, \\*) padded with ``padding_value`` to the longest, and stacked: (most steps, batch, \\*).

    ``batch_first`` gives (batch, most steps, \\*); ``padding_side`` "left" pads at the beginning. ValueError if there
    are no sequences or their steps have different shapes.

    >>> pad_sequence([tg.tensor([1, 2, 3]), tg.tensor([4])], batch_first=True)
    tensor([[1, 2, 3],
            [4, 0, 0]])
    """
    if padding_side not in ("left", "right"):
        raise ValueError(f"pad_sequence: padding_side must be 'left' or 'right', not {padding_side!r}")
    shapes = [sequence.shape for sequence in sequences]
    if not shapes or () in shapes or len({shape[1:] for shape in shapes}) > 1:
        raise ValueError(f"pad_sequence: needs sequences (steps, *) that differ in their steps only, not {shapes}")
    steps = max(shape[0] for shape in shapes)
    padded = []
    for sequence in sequences:
        missing = steps - len(sequence)
        ends = (missing, 0) if padding_side == "left" else (0, missing)
        padded.append(tg.pad(sequence, [0, 0] * (sequence.ndim - 1) + [*ends], value=padding_value))
    return tg.stack(padded, 0 if batch_first else 1)


def unpad_sequence(
    padded_sequences: Tensor, lengths: Tensor | Sequence[int], batch_first: bool = False
) -> list[Tensor]:
    """The first steps of each sequence, as many as ``lengths`` says: the inverse of `pad_sequence`.

    ``padded_sequences`` has shape (steps, batch, \\*), or (batch, steps, \\*) if ``batch_first``. ValueError if there
    are not as many lengths as sequences, or if one is not in 1 ... steps.

    >>> unpad_sequence(tg.tensor([[1, 4], [2, 0], [3, 0]]), [3, 1])
    [tensor([1, 2, 3]), tensor([4])]
    """
    batch, _, found = _sizes("unpad_sequence", padded_sequences, lengths, batch_first)
    dim = 0 if batch_first else 1
    return [padded_sequences.select(dim, k)[: found[k]] for k in range(batch)]


def pack_sequence(sequences: Sequence[Tensor], enforce_sorted: bool = True) -> PackedSequence:
    """Sequences (steps, \\*), packed: see `pack_padded_sequence`.

    >>> pack_sequence([tg.tensor([1, 2, 3]), tg.tensor([4])]).data
    tensor([1, 4, 2, 3])
    """
    lengths = [len(sequence) for sequence in sequences]
    return pack_padded_sequence(pad_sequence(sequences), lengths, enforce_sorted=enforce_sorted)


def unpack_sequence(packed_sequences: PackedSequence) -> list[Tensor]:
    """The sequences that were packed, in their order: the inverse of `pack_sequence`.

    >>> unpack_sequence(pack_sequence([tg.tensor([1, 2, 3]), tg.tensor([4])]))
    [tensor([1, 2, 3]), tensor([4])]
    """
    return unpad_sequence(*pad_packed_sequence(packed_sequences))


def _sizes(function: str, padded: Tensor, lengths: Tensor | Sequence[int], batch_first: bool) -> tuple[int, int, Array]:
    """How many sequences and steps there are, and the steps of each sequence.

    ValueError if these do not fit, TypeError if they are no integers.
    """
    if padded.ndim < 2:
        raise ValueError(f"{function}: needs sequences of at least 2 dimensions, not of shape {padded.shape}")
    batch, steps = padded.shape[:2] if batch_first else padded.shape[1::-1]
    found = lengths.numpy() if isinstance(lengths, Tensor) else np.asarray(lengths)
    if found.shape != (batch,) or not batch:
        order = "(batch, steps, *)" if batch_first else "(steps, batch, *)"
        raise ValueError(
            f"{function}: needs a length for each of {batch} sequences, at least one, in shape {padded.shape} {order}, "
            f"not lengths of shape {found.shape}"
        )
    if found.dtype.kind not in "iu":
        raise TypeError(f"{function}: lengths must be integers, not {found.dtype}")
    if found.min() < 1 or found.max() > steps:
        raise ValueError(f"{function}: lengths must be from 1 to {steps}, the steps there are, not {found.tolist()}")
    return batch, steps, found.astype(np.int64)
