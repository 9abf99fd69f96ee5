"""Weight and spectral norm by way of hooks, as PyTorch had them before parametrizations.

Before each call of the module, its weight is computed from other parameters: ``weight_g`` and ``weight_v``, or
``weight_orig`` with the buffers ``weight_u`` and ``weight_v``. New models are better off with
`tinygrad_scratch.nn.utils.parametrizations`.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, TypeVar

from tinygrad_scratch import Tensor, no_grad
from tinygrad_scratch.nn import functional as F
from tinygrad_scratch.nn.module import Module
from tinygrad_scratch.nn.parameter import Parameter
from tinygrad_scratch.nn.utils.parametrizations import (
    as_matrix,
    default_dim,
    norm_except_dim,
    random_direction,
    with_norm,
)

M = TypeVar("M", bound=Module)


def weight_norm(module: M, name: str = "weight", dim: int | None = 0) -> M:
    """Have the norms ``weight_g`` of ``module``'s weight and its direction ``weight_v`` learned apart.

    The norms are those of the slices along ``dim`` or, if it is None, that of all of the weight (Salimans and Kingma,
    2016). Returns the module. RuntimeError if its weight has been normalized so already.

    >>> import nn
    >>> layer = weight_norm(nn.Linear(3, 2))
    >>> {name: p.shape for name, p in layer.named_parameters()}
    {'bias': (2,), 'weight_g': (2, 1), 'weight_v': (2, 3)}
    """
    _WeightNorm(name, -1 if dim is None else dim).attach(module)
    return module


def spectral_norm(
    module: M, name: str = "weight", n_power_iterations: int = 1, eps: float = 1e-12, dim: int | None = None
) -> M:
    """Divide ``module``'s weight, which is learned as ``weight_orig``, by its largest singular value.

    That of the matrix with the rows of dimension ``dim`` (0, or by default 1 for transposed convolutions) is found by
    the power method, which goes on by ``n_power_iterations`` at each call in training (Miyato et al., 2018). Returns
    the module. RuntimeError if its weight has been normalized so already.

    >>> import nn
    >>> layer = spectral_norm(nn.Linear(3, 2))
    >>> {name: value.shape for name, value in layer.state_dict().items()}
    {'bias': (2,), 'weight_orig': (2, 3), 'weight_u': (2,), 'weight_v': (3,)}
    """
    if n_power_iterations <= 0:
        raise ValueError(f"spectral_norm: n_power_iterations must be positive, not {n_power_iterations}")
    _SpectralNorm(name, default_dim(module) if dim is None else dim, n_power_iterations, eps).attach(module)
    return module


def remove_weight_norm(module: M, name: str = "weight") -> M:
    """Make the weight an ordinary parameter again, of the same value; ValueError if it was not normalized."""
    return _removed(module, name, _WeightNorm)


def remove_spectral_norm(module: M, name: str = "weight") -> M:
    """Make the weight an ordinary parameter again, of the value it has; ValueError if it was not normalized."""
    return _removed(module, name, _SpectralNorm)


@dataclass(frozen=True)
class _Norm:
    """A hook that computes the tensor ``name`` of a module from others before each of its calls."""

    name: str
    dim: int

    def attach(self, module: Module) -> None:
        owner = f"{type(module).__name__}.{self.name}"
        if _attached(module, self.name, type(self)):
            raise RuntimeError(f"{owner} has been normalized so already")
        weight = vars(module).get(self.name)
        if not isinstance(weight, Parameter):
            raise ValueError(f"{owner} is no parameter, and cannot be normalized")
        delattr(module, self.name)
        self.divide(module, weight)
        setattr(module, self.name, weight.detach())
        module.register_forward_pre_hook(self)

    def divide(self, module: Module, weight: Parameter) -> None:
        """Give the module what the weight is computed from."""
        raise NotImplementedError

    def computed(self, module: Module, training: bool) -> Tensor:
        """The weight."""
        raise NotImplementedError

    def __call__(self, module: Module, _: Any) -> None:
        setattr(module, self.name, self.computed(module, module.training))


@dataclass(frozen=True)
class _WeightNorm(_Norm):
    parts = ("g", "v")

    def divide(self, module: Module, weight: Parameter) -> None:
        with no_grad():
            norms = norm_except_dim(weight, self.dim)
        module.register_parameter(f"{self.name}_g", Parameter(norms))
        module.register_parameter(f"{self.name}_v", Parameter(weight))

    def computed(self, module: Module, training: bool) -> Tensor:  # noqa: ARG002
        return with_norm(getattr(module, f"{self.name}_v"), getattr(module, f"{self.name}_g"), self.dim)


@dataclass(frozen=True)
class _SpectralNorm(_Norm):
    n_power_iterations: int
    eps: float
    parts = ("orig", "u", "v")

    def divide(self, module: Module, weight: Parameter) -> None:
        module.register_parameter(f"{self.name}_orig", weight)
        for suffix, size in zip("uv", as_matrix(weight.detach(), self.dim).shape, strict=True):
            module.register_buffer(f"{self.name}_{suffix}", random_direction(size, weight, self.eps))

    def computed(self, module: Module, training: bool) -> Tensor:
        parts: list[Tensor] = [getattr(module, f"{self.name}_{part}") for part in self.parts]
        weight, u, v = parts
        matrix = as_matrix(weight, self.dim)
        if training:
            with no_grad():
                for _ in range(self.n_power_iterations):
                    v.copy_(F.normalize(matrix.mT @ u, dim=0, eps=self.eps))
                    u.copy_(F.normalize(matrix @ v, dim=0, eps=self.eps))
        # As they are now: they may have been iterated further when backward comes.
        return weight / (u.clone() @ (matrix @ v.clone()))


def _attached(module: Module, name: str, kind: type[_Norm]) -> list[int]:
    """The keys of the module's hooks that are such a norm of its tensor ``name``."""
    return [
        key for key, hook in module._hooks.items() if isinstance(hook.function, kind) and hook.function.name == name
    ]


def _removed(module: M, name: str, kind: type[_WeightNorm | _SpectralNorm]) -> M:
    keys = _attached(module, name, kind)
    if not keys:
        raise ValueError(f"{type(module).__name__}.{name} has not been normalized so")
    norm: Any = module._hooks[keys[0]].function
    with no_grad():
        weight = norm.computed(module, training=False)
    for attribute in (name, *(f"{name}_{part}" for part in kind.parts)):
        delattr(module, attribute)
    module.register_parameter(name, Parameter(weight))
    module._hooks = {key: hook for key, hook in module._hooks.items() if key not in keys}
    return module
