"""Parametrizations of weights: of a norm apart from the direction, of spectral norm 1, and orthogonal ones."""

from __future__ import annotations

from typing import Literal, TypeVar, get_args

import numpy as np

import tinygrad_scratch as tg
from tinygrad_scratch import Tensor, no_grad
from tinygrad_scratch.nn import functional as F
from tinygrad_scratch.nn.module import Module
from tinygrad_scratch.nn.utils.parametrize import register_parametrization

M = TypeVar("M", bound=Module)

OrthogonalMap = Literal["matrix_exp", "cayley", "householder"]


def weight_norm(module: M, name: str = "weight", dim: int | None = 0) -> M:
    """Have the norm of ``module``'s weight and its direction learned apart (Salimans and Kingma, 2016).

    The norms ``original0`` are those of the slices along ``dim`` or, if it is None, that of all of the weight; with
    ``original1`` the weight is original0 · original1 / ‖original1‖. Returns the module.

    >>> import nn
    >>> layer = weight_norm(nn.Linear(3, 2))
    >>> [tuple(p.shape) for p in layer.parametrizations.weight.parameters()]
    [(2, 1), (2, 3)]
    """
    register_parametrization(module, name, _WeightNorm(dim), unsafe=True)
    return module


def spectral_norm(
    module: M, name: str = "weight", n_power_iterations: int = 1, eps: float = 1e-12, dim: int | None = None
) -> M:
    """Divide ``module``'s weight by its largest singular value (Miyato et al., 2018).

    The weight is taken for a matrix with the rows of dimension ``dim``: 0, or by default 1 for transposed convolutions.
    Its singular vectors are found by the power method, which goes on by ``n_power_iterations`` each time that the
    weight is looked at in training. Returns the module.

    >>> import nn
    >>> layer = spectral_norm(nn.Linear(3, 2))
    >>> bool(abs(tg.linalg.matrix_norm(layer.weight, 2) - 1) < 0.01)
    True
    """
    weight = _weight_of(module, name, "spectral_norm")
    dim = default_dim(module) if dim is None else dim
    register_parametrization(module, name, _SpectralNorm(weight, n_power_iterations, dim, eps))
    return module


def orthogonal(
    module: M, name: str = "weight", orthogonal_map: OrthogonalMap | None = None, *, use_trivialization: bool = True
) -> M:
    """Keep the rows or columns of ``module``'s weight, whichever are fewer, of length 1 and orthogonal to each other.

    ``orthogonal_map`` makes such a matrix of any: "matrix_exp", the default for a square one, and "cayley" of the skew
    part of it, "householder", the default otherwise, of a product of reflections. With ``use_trivialization`` the
    result is multiplied by a matrix ``base``, so that it is near the weight that is assigned (Lezcano-Casado, 2019).
    Returns the module.

    >>> import nn
    >>> layer = orthogonal(nn.Linear(2, 4))
    >>> bool(((layer.weight.mT @ layer.weight - tg.eye(2)).abs() < 1e-5).all())
    True
    """
    weight = _weight_of(module, name, "orthogonal")
    if weight.ndim < 2:
        raise ValueError(f"orthogonal: needs a matrix or a batch of matrices, not shape {weight.shape}")
    if orthogonal_map is None:
        orthogonal_map = "matrix_exp" if weight.shape[-2] == weight.shape[-1] else "householder"
    if orthogonal_map not in get_args(OrthogonalMap):
        known = ", ".join(map(repr, get_args(OrthogonalMap)))
        raise ValueError(f"orthogonal: orthogonal_map must be one of {known}, not {orthogonal_map!r}")
    register_parametrization(module, name, _Orthogonal(weight, orthogonal_map, use_trivialization), unsafe=True)
    return module


def _weight_of(module: Module, name: str, operation: str) -> Tensor:
    weight = getattr(module, name, None)
    if not isinstance(weight, Tensor):
        raise ValueError(f"{operation}: {type(module).__name__} has no parameter or buffer {name!r}")
    return weight


def default_dim(module: Module) -> int:
    """The dimension of a weight that its output features or channels are along."""
    return 1 if any(kind.__name__.startswith("ConvTranspose") for kind in type(module).__mro__) else 0


# Weight norm


class _WeightNorm(Module):
    def __init__(self, dim: int | None) -> None:
        super().__init__()
        self.dim = -1 if dim is None else dim

    def forward(self, weight_g: Tensor, weight_v: Tensor) -> Tensor:
        return with_norm(weight_v, weight_g, self.dim)

    def right_inverse(self, weight: Tensor) -> tuple[Tensor, Tensor]:
        return norm_except_dim(weight, self.dim), weight


def norm_except_dim(weight: Tensor, dim: int) -> Tensor:
    """The norms of the slices along ``dim``, which broadcast against the weight; that of all of it if ``dim`` is -1."""
    if dim == -1:
        return tg.linalg.vector_norm(weight)
    others = [i for i in range(weight.ndim) if i != dim % weight.ndim]
    return tg.linalg.vector_norm(weight, dim=others, keepdim=True) if others else weight.abs()


def with_norm(v: Tensor, g: Tensor, dim: int) -> Tensor:
    """``v`` with the norms ``g``."""
    return v * (g / norm_except_dim(v, dim))


# Spectral norm


def as_matrix(weight: Tensor, dim: int) -> Tensor:
    """``weight`` with its dimension ``dim`` as rows."""
    return weight.movedim(dim, 0).flatten(1)


def random_direction(size: int, like: Tensor, eps: float) -> Tensor:
    return F.normalize(tg.randn(size, dtype=like.dtype), dim=0, eps=eps)


class _SpectralNorm(Module):
    _u: Tensor
    _v: Tensor

    def __init__(self, weight: Tensor, n_power_iterations: int, dim: int, eps: float) -> None:
        super().__init__()
        if not -weight.ndim <= dim < weight.ndim:
            raise IndexError(f"spectral_norm: dim {dim} is out of range for a weight of {weight.ndim} dimensions")
        if n_power_iterations <= 0:
            raise ValueError(f"spectral_norm: n_power_iterations must be positive, not {n_power_iterations}")
        self.dim = dim % weight.ndim
        self.eps = eps
        self.n_power_iterations = n_power_iterations
        if weight.ndim > 1:
            with no_grad():
                matrix = as_matrix(weight, self.dim)
                self.register_buffer("_u", random_direction(matrix.shape[0], weight, eps))
                self.register_buffer("_v", random_direction(matrix.shape[1], weight, eps))
                self._iterate(matrix, 15)

    @no_grad
    def _iterate(self, matrix: Tensor, count: int) -> None:
        for _ in range(count):
            self._u.copy_(F.normalize(matrix @ self._v, dim=0, eps=self.eps))
            self._v.copy_(F.normalize(matrix.mT @ self._u, dim=0, eps=self.eps))

    def forward(self, weight: Tensor) -> Tensor:
        if weight.ndim == 1:
            return F.normalize(weight, dim=0, eps=self.eps)
        matrix = as_matrix(weight, self.dim)
        if self.training:
            self._iterate(matrix, self.n_power_iterations)
        # As they are now: they may have been iterated further when backward comes.
        u, v = self._u.clone(), self._v.clone()
        return weight / (u @ (matrix @ v))

    def right_inverse(self, value: Tensor) -> Tensor:
        return value


# Orthogonal weights


class _Orthogonal(Module):
    base: Tensor | None = None

    def __init__(self, weight: Tensor, orthogonal_map: OrthogonalMap, use_trivialization: bool) -> None:
        super().__init__()
        self.shape = weight.shape
        self.orthogonal_map = orthogonal_map
        self.use_trivialization = use_trivialization
        if use_trivialization:
            self.register_buffer("base", None)

    def forward(self, x: Tensor) -> Tensor:
        is_wide = x.shape[-2] < x.shape[-1]
        x = x.mT if is_wide else x
        q = _from_reflections(x) if self.orthogonal_map == "householder" else self._from_skew_part(x)
        q = q if self.base is None else self.base @ q
        return q.mT if is_wide else q

    def _from_skew_part(self, x: Tensor) -> Tensor:
        """Of the skew-symmetric matrix with the lower triangle of x (…, n, k), as many columns as x has."""
        n, k = x.shape[-2:]
        x = x.tril()
        if n > k:
            x = tg.cat([x, x.new_zeros(*x.shape[:-1], n - k)], dim=-1)
        skew = x - x.mT
        if self.orthogonal_map == "matrix_exp":
            return tg.linalg.matrix_exp(skew)[..., :k]
        identity = tg.eye(n, dtype=x.dtype)
        return tg.linalg.solve(identity - skew / 2, identity + skew / 2)[..., :k]

    @no_grad
    def right_inverse(self, value: Tensor) -> Tensor:
        if value.shape != self.shape:
            raise ValueError(f"orthogonal: the weight must have shape {self.shape}, not {value.shape}")
        is_wide = value.shape[-2] < value.shape[-1]
        q = value.mT if is_wide else value
        n, k = q.shape[-2:]
        if self.use_trivialization:
            if n > k:
                q = tg.cat([q, tg.randn(*q.shape[:-1], n - k, dtype=q.dtype)], dim=-1)
            self.base = q.clone() if _is_orthogonal(q) else _nearby_orthogonal(q)
            # For which both maps give the identity: that of reflections takes its signs from the diagonal.
            return -tg.eye(*value.shape[-2:], dtype=q.dtype).expand(value.shape).clone()
        if self.orthogonal_map != "householder":
            raise NotImplementedError(
                f"orthogonal: there is no inverse of {self.orthogonal_map} without trivialization"
            )
        x = _as_reflections(q)
        return x.mT if is_wide else x


def _from_reflections(x: Tensor) -> Tensor:
    """The product of reflections at the columns v of the lower triangle of x (…, n, k), whose diagonal gives signs.

    It is I - V T Vᵀ; the inverse of T is the upper triangle of VᵀV, with half of its diagonal (Joffrain et al., 2006).
    """
    n, k = x.shape[-2:]
    identity = tg.eye(n, k, dtype=x.dtype)
    v = x.tril(-1) + identity
    products = v.mT @ v
    halved = products.triu() - tg.diag_embed(products.diagonal(dim1=-2, dim2=-1)) / 2
    q = identity - v @ tg.linalg.solve_triangular(halved, v[..., :k, :].mT, upper=True)
    return q * x.detach().diagonal(dim1=-2, dim2=-1).trunc().unsqueeze(-2)


def _as_reflections(q: Tensor) -> Tensor:
    """Reflections whose product has the columns of ``q``, made orthogonal; see `_from_reflections`."""
    reflections, tau = np.linalg.qr(q.detach().numpy(), mode="raw")
    x = np.swapaxes(reflections, -1, -2).copy()
    i = np.arange(q.shape[-1])
    # Where LAPACK has nothing to reflect, its factor is 0; here there is a reflection all the same.
    x[..., i, i] = np.sign(x[..., i, i]) * np.where(tau == 0, -1, 1)
    return tg.from_numpy(x)


def _is_orthogonal(q: Tensor) -> bool:
    n, k = q.shape[-2:]
    eps = 10 * n * float(np.finfo(q.dtype).eps)
    return bool(((q.mT @ q - tg.eye(k, dtype=q.dtype)).abs() <= eps).all())


def _nearby_orthogonal(matrix: Tensor) -> Tensor:
    q, r = tg.linalg.qr(matrix)
    return q * r.diagonal(dim1=-2, dim2=-1).sign().unsqueeze(-2)
