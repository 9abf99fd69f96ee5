"""Learned vectors for numbers, such as those of words: one by one, or of a bag of them together."""

from __future__ import annotations

from typing import Any, Self

import tinygrad_scratch as tg
from tinygrad_scratch import Tensor, no_grad
from tinygrad_scratch.engine import DType
from tinygrad_scratch.nn import functional as F
from tinygrad_scratch.nn import init
from tinygrad_scratch.nn.layers.sizes import check_sizes
from tinygrad_scratch.nn.module import Module
from tinygrad_scratch.nn.parameter import Parameter


class Embedding(Module):
    """A learned vector of ``embedding_dim`` values for each integer below ``num_embeddings``: (\\*) to (\\*, size).

    ``weight`` (num_embeddings, embedding_dim) starts normal with variance 1. The vector of ``padding_idx`` starts as
    zeros and gets no gradient. Vectors longer than ``max_norm``, by the norm ``norm_type``, are shortened to it, in
    place, when they are used. ``scale_grad_by_freq`` divides the gradient of each vector by how often it was used.

    ValueError if ``padding_idx`` is out of range, and when ``sparse`` gradients are asked for, which there are not.

    >>> Embedding(10, 3)(tg.tensor([[1, 2], [4, 9]])).shape
    (2, 2, 3)
    """

    def __init__(
        self,
        num_embeddings: int,
        embedding_dim: int,
        padding_idx: int | None = None,
        max_norm: float | None = None,
        norm_type: float = 2.0,
        scale_grad_by_freq: bool = False,
        sparse: bool = False,
        device: Any = None,
        dtype: DType = None,
    ) -> None:
        super().__init__()
        check_sizes("Embedding", num_embeddings=num_embeddings, embedding_dim=embedding_dim)
        self.num_embeddings = num_embeddings
        self.embedding_dim = embedding_dim
        self.padding_idx = _checked_padding(padding_idx, num_embeddings, "Embedding")
        self.max_norm = max_norm
        self.norm_type = norm_type
        self.scale_grad_by_freq = scale_grad_by_freq
        self.sparse = sparse
        self.weight = Parameter(tg.empty(num_embeddings, embedding_dim, device=device, dtype=dtype))
        self.reset_parameters()

    @classmethod
    def from_pretrained(
        cls,
        embeddings: Tensor,
        freeze: bool = True,
        padding_idx: int | None = None,
        max_norm: float | None = None,
        norm_type: float = 2.0,
        scale_grad_by_freq: bool = False,
        sparse: bool = False,
    ) -> Self:
        """A layer whose weight is ``embeddings`` (num_embeddings, embedding_dim), and learned only if not ``freeze``.

        >>> Embedding.from_pretrained(tg.tensor([[1.0, 2.0], [3.0, 4.0]]))(tg.tensor(1))
        tensor([3., 4.])
        """
        count, size = _table(embeddings, "Embedding")
        layer = cls(count, size, padding_idx, max_norm, norm_type, scale_grad_by_freq, sparse)
        layer.weight = Parameter(embeddings, requires_grad=not freeze)
        return layer

    def reset_parameters(self) -> None:
        """Draw the weight anew."""
        _draw(self.weight, self.padding_idx)

    def forward(self, input: Tensor) -> Tensor:
        shortened = (self.max_norm, self.norm_type)
        return F.embedding(input, self.weight, self.padding_idx, *shortened, self.scale_grad_by_freq, self.sparse)

    def extra_repr(self) -> str:
        chosen = _other_than(self, padding_idx=None, max_norm=None, norm_type=2, scale_grad_by_freq=False, sparse=False)
        return f"{self.num_embeddings}, {self.embedding_dim}{chosen}"


class EmbeddingBag(Module):
    """The "mean", "sum" or "max" of the learned vectors of each bag of integers: (bags, N) to (bags, embedding_dim).

    Bags of several sizes are given as a vector of all their integers and ``offsets``, which say where each begins; with
    ``include_last_offset`` the last of these says where the last bag ends. The integer ``padding_idx`` does not count.
    ``weight`` and the other options are those of `Embedding`.

    ValueError if ``padding_idx`` is out of range.

    >>> EmbeddingBag(10, 3)(tg.tensor([1, 2, 4, 9]), offsets=tg.tensor([0, 3])).shape
    (2, 3)
    """

    def __init__(
        self,
        num_embeddings: int,
        embedding_dim: int,
        max_norm: float | None = None,
        norm_type: float = 2.0,
        scale_grad_by_freq: bool = False,
        mode: str = "mean",
        sparse: bool = False,
        include_last_offset: bool = False,
        padding_idx: int | None = None,
        device: Any = None,
        dtype: DType = None,
    ) -> None:
        super().__init__()
        check_sizes("EmbeddingBag", num_embeddings=num_embeddings, embedding_dim=embedding_dim)
        self.num_embeddings = num_embeddings
        self.embedding_dim = embedding_dim
        self.max_norm = max_norm
        self.norm_type = norm_type
        self.scale_grad_by_freq = scale_grad_by_freq
        self.sparse = sparse
        self.mode = mode
        self.include_last_offset = include_last_offset
        self.padding_idx = _checked_padding(padding_idx, num_embeddings, "EmbeddingBag")
        self.weight = Parameter(tg.empty(num_embeddings, embedding_dim, device=device, dtype=dtype))
        self.reset_parameters()

    @classmethod
    def from_pretrained(
        cls,
        embeddings: Tensor,
        freeze: bool = True,
        max_norm: float | None = None,
        norm_type: float = 2.0,
        scale_grad_by_freq: bool = False,
        mode: str = "mean",
        sparse: bool = False,
        include_last_offset: bool = False,
        padding_idx: int | None = None,
    ) -> Self:
        """A layer whose weight is ``embeddings`` (num_embeddings, embedding_dim), and learned only if not ``freeze``.

        >>> EmbeddingBag.from_pretrained(tg.tensor([[1.0, 2.0], [3.0, 4.0]]))(tg.tensor([[0, 1]]))
        tensor([[2., 3.]])
        """
        count, size = _table(embeddings, "EmbeddingBag")
        options = (max_norm, norm_type, scale_grad_by_freq, mode, sparse, include_last_offset, padding_idx)
        layer = cls(count, size, *options)
        layer.weight = Parameter(embeddings, requires_grad=not freeze)
        return layer

    def reset_parameters(self) -> None:
        """Draw the weight anew."""
        _draw(self.weight, self.padding_idx)

    def forward(self, input: Tensor, offsets: Tensor | None = None, per_sample_weights: Tensor | None = None) -> Tensor:
        return F.embedding_bag(
            input,
            self.weight,
            offsets,
            self.max_norm,
            self.norm_type,
            self.scale_grad_by_freq,
            self.mode,
            self.sparse,
            per_sample_weights,
            self.include_last_offset,
            self.padding_idx,
        )

    def extra_repr(self) -> str:
        chosen = _other_than(self, max_norm=None, norm_type=2, scale_grad_by_freq=False, sparse=False)
        padding = "" if self.padding_idx is None else f", padding_idx={self.padding_idx}"
        return f"{self.num_embeddings}, {self.embedding_dim}{chosen}, mode={self.mode!r}{padding}"


def _checked_padding(padding_idx: int | None, count: int, layer: str) -> int | None:
    """The row of the padding, counted from 0."""
    if padding_idx is not None and not -count <= padding_idx < count:
        raise ValueError(f"{layer}: padding_idx {padding_idx} is out of range for {count} embeddings")
    return None if padding_idx is None else padding_idx % count


def _table(embeddings: Tensor, layer: str) -> tuple[int, ...]:
    if embeddings.ndim != 2:
        raise ValueError(f"{layer}: the embeddings must have shape (count, size), not {embeddings.shape}")
    return embeddings.shape


def _draw(weight: Parameter, padding_idx: int | None) -> None:
    init.normal_(weight)
    if padding_idx is not None:
        with no_grad():
            weight[padding_idx] = 0


def _other_than(layer: Module, **defaults: Any) -> str:
    """The options of ``layer`` that are not what they are by default."""
    chosen = {name: getattr(layer, name) for name in defaults}
    return "".join(f", {name}={value}" for name, value in chosen.items() if value != defaults[name])
