"""`Embedding`: learned vectors for numbers, such as those of words."""

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

    ValueError if ``padding_idx`` is out of range.

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
        device: Any = None,
        dtype: DType = None,
    ) -> None:
        super().__init__()
        check_sizes("Embedding", num_embeddings=num_embeddings, embedding_dim=embedding_dim)
        if padding_idx is not None and not -num_embeddings <= padding_idx < num_embeddings:
            raise ValueError(f"Embedding: padding_idx {padding_idx} is out of range for {num_embeddings} embeddings")
        self.num_embeddings = num_embeddings
        self.embedding_dim = embedding_dim
        self.padding_idx = None if padding_idx is None else padding_idx % num_embeddings
        self.max_norm = max_norm
        self.norm_type = norm_type
        self.scale_grad_by_freq = scale_grad_by_freq
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
    ) -> Self:
        """A layer whose weight is ``embeddings`` (num_embeddings, embedding_dim), and learned only if not ``freeze``.

        >>> Embedding.from_pretrained(tg.tensor([[1.0, 2.0], [3.0, 4.0]]))(tg.tensor(1))
        tensor([3., 4.])
        """
        if embeddings.ndim != 2:
            raise ValueError(f"Embedding: the embeddings must have shape (count, size), not {embeddings.shape}")
        count, size = embeddings.shape
        layer = cls(count, size, padding_idx, max_norm, norm_type, scale_grad_by_freq)
        layer.weight = Parameter(embeddings, requires_grad=not freeze)
        return layer

    def reset_parameters(self) -> None:
        """Draw the weight anew."""
        init.normal_(self.weight)
        if self.padding_idx is not None:
            with no_grad():
                self.weight[self.padding_idx] = 0

    def forward(self, input: Tensor) -> Tensor:
        return F.embedding(input, self.weight, self.padding_idx, self.max_norm, self.norm_type, self.scale_grad_by_freq)

    def extra_repr(self) -> str:
        defaults = {"padding_idx": None, "max_norm": None, "norm_type": 2, "scale_grad_by_freq": False}
        chosen = [f", {name}={getattr(self, name)}" for name in defaults if getattr(self, name) != defaults[name]]
        return f"{self.num_embeddings}, {self.embedding_dim}" + "".join(chosen)
