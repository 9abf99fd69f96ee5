"""Layers that bring values to mean 0 and variance 1, then to a mean and variance that they learn."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import tinygrad_scratch as tg
from tinygrad_scratch import Tensor
from tinygrad_scratch.engine import DType
from tinygrad_scratch.nn import functional as F
from tinygrad_scratch.nn import init
from tinygrad_scratch.nn.configured import Configured
from tinygrad_scratch.nn.layers.sizes import check_sizes
from tinygrad_scratch.nn.module import Module
from tinygrad_scratch.nn.parameter import Parameter


class _Affine(Module):
    """The base of layers that end with · ``weight`` + ``bias``, which start as ones and zeros and may be missing."""

    weight: Parameter | None
    bias: Parameter | None

    def __init__(self, shape: tuple[int, ...], has_weight: bool, has_bias: bool, device: Any, dtype: DType) -> None:
        super().__init__()
        self.weight = Parameter(tg.ones(shape, device=device, dtype=dtype)) if has_weight else None
        self.bias = Parameter(tg.zeros(shape, device=device, dtype=dtype)) if has_bias else None

    def reset_parameters(self) -> None:
        """Make the weight ones and the bias zeros."""
        if self.weight is not None:
            init.ones_(self.weight)
        if self.bias is not None:
            init.zeros_(self.bias)


class LayerNorm(_Affine):
    """Normalizes each sample over its last dimensions, of shape ``normalized_shape``: (N, \\*) to (N, \\*).

    ``weight`` and ``bias`` have shape ``normalized_shape``; without ``elementwise_affine`` there are none.

    >>> LayerNorm(2)(tg.tensor([[1.0, 3.0], [0.0, 8.0]])).detach()
    tensor([[-1.0000,  1.0000],
            [-1.0000,  1.0000]])
    """

    def __init__(
        self,
        normalized_shape: int | Sequence[int],
        eps: float = 1e-5,
        elementwise_affine: bool = True,
        bias: bool = True,
        device: Any = None,
        dtype: DType = None,
    ) -> None:
        shape = _as_shape(normalized_shape, "LayerNorm")
        super().__init__(shape, elementwise_affine, elementwise_affine and bias, device, dtype)
        self.normalized_shape = shape
        self.eps = eps
        self.elementwise_affine = elementwise_affine

    def forward(self, input: Tensor) -> Tensor:
        return F.layer_norm(input, self.normalized_shape, self.weight, self.bias, self.eps)

    def extra_repr(self) -> str:
        return (
            f"{self.normalized_shape}, eps={self.eps}, elementwise_affine={self.elementwise_affine}, "
            f"bias={self.bias is not None}"
        )


class RMSNorm(_Affine):
    """Divides each sample by its root mean square over the last dimensions, of shape ``normalized_shape``.

    ``weight`` has shape ``normalized_shape``; without ``elementwise_affine`` there is none. ``eps`` is by default the
    dtype's.

    >>> RMSNorm(2)(tg.tensor([[1.0, 7.0]])).detach()
    tensor([[0.2000, 1.4000]])
    """

    def __init__(
        self,
        normalized_shape: int | Sequence[int],
        eps: float | None = None,
        elementwise_affine: bool = True,
        device: Any = None,
        dtype: DType = None,
    ) -> None:
        shape = _as_shape(normalized_shape, "RMSNorm")
        super().__init__(shape, elementwise_affine, False, device, dtype)
        self.normalized_shape = shape
        self.eps = eps
        self.elementwise_affine = elementwise_affine

    def forward(self, input: Tensor) -> Tensor:
        return F.rms_norm(input, self.normalized_shape, self.weight, self.eps)

    def extra_repr(self) -> str:
        return f"{self.normalized_shape}, eps={self.eps}, elementwise_affine={self.elementwise_affine}"


class GroupNorm(_Affine):
    """Normalizes each sample over each of ``num_groups`` groups of channels: (N, C, \\*) to (N, C, \\*).

    ``weight`` and ``bias`` have shape (num_channels,); without ``affine`` there are none. ValueError unless the
    channels can be divided into so many groups.

    >>> GroupNorm(2, 4)(tg.tensor([[1.0, 3.0, 0.0, 8.0]])).detach()
    tensor([[-1.0000,  1.0000, -1.0000,  1.0000]])
    """

    def __init__(
        self,
        num_groups: int,
        num_channels: int,
        eps: float = 1e-5,
        affine: bool = True,
        device: Any = None,
        dtype: DType = None,
        *,
        bias: bool = True,
    ) -> None:
        check_sizes("GroupNorm", 1, num_groups=num_groups, num_channels=num_channels)
        if num_channels % num_groups:
            raise ValueError(f"GroupNorm: {num_channels} channels cannot be divided into {num_groups} groups")
        super().__init__((num_channels,), affine, affine and bias, device, dtype)
        self.num_groups = num_groups
        self.num_channels = num_channels
        self.eps = eps
        self.affine = affine

    def forward(self, input: Tensor) -> Tensor:
        return F.group_norm(input, self.num_groups, self.weight, self.bias, self.eps)

    def extra_repr(self) -> str:
        return (
            f"{self.num_groups}, {self.num_channels}, eps={self.eps}, affine={self.affine}, "
            f"bias={self.bias is not None}"
        )


class _FeatureNorm(_Affine):
    """The base of layers that normalize each of ``num_features`` features, and may keep running statistics of them."""

    running_mean: Tensor | None
    running_var: Tensor | None
    num_batches_tracked: Tensor | None
    _layouts: tuple[str, ...]  # the dimensions that an input may have, a letter each: N samples, C features, and places

    def __init__(
        self,
        num_features: int,
        eps: float = 1e-5,
        momentum: float | None = 0.1,
        affine: bool = True,
        track_running_stats: bool = True,
        device: Any = None,
        dtype: DType = None,
        *,
        bias: bool = True,
    ) -> None:
        check_sizes(type(self).__name__, num_features=num_features)
        super().__init__((num_features,), affine, affine and bias, device, dtype)
        self.num_features = num_features
        self.eps = eps
        self.momentum = momentum
        self.affine = affine
        self.track_running_stats = track_running_stats
        tracks = track_running_stats
        self.register_buffer("running_mean", tg.zeros(num_features, device=device, dtype=dtype) if tracks else None)
        self.register_buffer("running_var", tg.ones(num_features, device=device, dtype=dtype) if tracks else None)
        self.register_buffer("num_batches_tracked", tg.tensor(0) if tracks else None)

    def reset_running_stats(self) -> None:
        """Forget the batches seen so far."""
        if self.running_mean is not None and self.running_var is not None and self.num_batches_tracked is not None:
            self.running_mean.zero_()
            self.running_var.fill_(1)
            self.num_batches_tracked.zero_()

    def reset_parameters(self) -> None:
        """Make the weight ones and the bias zeros, and forget the batches seen so far."""
        self.reset_running_stats()
        super().reset_parameters()

    def _check_input(self, input: Tensor) -> None:
        features = (input.shape[layout.index("C")] for layout in self._layouts if len(layout) == input.ndim)
        if next(features, None) != self.num_features:
            wanted = " or ".join(f"({', '.join(layout)})" for layout in self._layouts)
            raise ValueError(
                f"{type(self).__name__}: needs an input of shape {wanted.replace('C', str(self.num_features))}, "
                f"not {input.shape}"
            )

    def extra_repr(self) -> str:
        return (
            f"{self.num_features}, eps={self.eps}, momentum={self.momentum}, affine={self.affine}, "
            f"bias={self.bias is not None}, track_running_stats={self.track_running_stats}"
        )


class _BatchNorm(_FeatureNorm):
    """The base of layers that normalize each feature over all samples and places."""

    def forward(self, input: Tensor) -> Tensor:
        self._check_input(input)
        uses_running = not self.training and self.running_mean is not None
        updates_running = self.training and self.track_running_stats
        mean, variance = (self.running_mean, self.running_var) if uses_running or updates_running else (None, None)
        return F.batch_norm(
            input,
            mean,
            variance,
            self.weight,
            self.bias,
            training=not uses_running,
            momentum=self._count_batch() if updates_running else 0.0,
            eps=self.eps,
        )

    def _count_batch(self) -> float | Tensor:
        """Note that there is one batch more; returns how far the running statistics move towards its."""
        assert self.num_batches_tracked is not None
        assert self.running_mean is not None
        self.num_batches_tracked += 1
        return 1 / self.num_batches_tracked.to(self.running_mean.dtype) if self.momentum is None else self.momentum


class BatchNorm1d(_BatchNorm):
    """Normalizes each feature over the samples: (N, C) or (N, C, L), with C = ``num_features``, to the same shape.

    In training mode the mean and variance are those of the batch, and with ``track_running_stats`` the buffers
    ``running_mean`` and ``running_var`` move towards them by ``momentum`` (None: so that they are the averages over all
    batches), to be used in evaluation mode. ``weight`` and ``bias`` have shape (C,); without ``affine`` there are none.

    ValueError for an input of another shape, or in training of one value for each feature.

    >>> BatchNorm1d(2)(tg.tensor([[1.0, 0.0], [3.0, 8.0]])).detach()
    tensor([[-1.0000, -1.0000],
            [ 1.0000,  1.0000]])
    """

    _layouts = ("NC", "NCL")


class BatchNorm2d(_BatchNorm):
    """Normalizes each channel of images over all samples and places: (N, C, H, W) to the same shape; see `BatchNorm1d`.

    >>> BatchNorm2d(3)(tg.rand(2, 3, 5, 5)).mean((0, 2, 3)).abs() < 1e-6
    tensor([ True,  True,  True])
    """

    _layouts = ("NCHW",)


class BatchNorm3d(_BatchNorm):
    """Normalizes each channel of volumes over all samples and places: (N, C, D, H, W) to the same; see `BatchNorm1d`.

    >>> BatchNorm3d(3)(tg.rand(2, 3, 4, 5, 5)).mean((0, 2, 3, 4)).abs() < 1e-6
    tensor([ True,  True,  True])
    """

    _layouts = ("NCDHW",)


class _InstanceNorm(_FeatureNorm):
    """The base of layers that normalize each feature of each sample."""

    def __init__(
        self,
        num_features: int,
        eps: float = 1e-5,
        momentum: float | None = 0.1,
        affine: bool = False,
        track_running_stats: bool = False,
        device: Any = None,
        dtype: DType = None,
        *,
        bias: bool = True,
    ) -> None:
        super().__init__(num_features, eps, momentum, affine, track_running_stats, device, dtype, bias=bias)

    def forward(self, input: Tensor) -> Tensor:
        self._check_input(input)
        is_one = input.ndim == min(map(len, self._layouts))
        result = F.instance_norm(
            input.unsqueeze(0) if is_one else input,
            self.running_mean,
            self.running_var,
            self.weight,
            self.bias,
            use_input_stats=self.training or not self.track_running_stats,
            momentum=self.momentum or 0.0,
            eps=self.eps,
        )
        return result.squeeze(0) if is_one else result


class InstanceNorm1d(_InstanceNorm):
    """Normalizes each feature of each sample: (N, C, L), or (C, L) for one, with C = ``num_features``, to the same.

    With ``affine``, ``weight`` and ``bias`` of shape (C,) follow. With ``track_running_stats``, the buffers
    ``running_mean`` and ``running_var`` move, in training, towards the averages over the samples by ``momentum``, to be
    used in evaluation mode.

    ValueError for an input of another shape, or of one value for each feature of a sample.

    >>> InstanceNorm1d(1)(tg.tensor([[[1.0, 3.0]], [[0.0, 8.0]]]))
    tensor([[[-1.0000,  1.0000]],
    <BLANKLINE>
            [[-1.0000,  1.0000]]])
    """

    _layouts = ("CL", "NCL")


class InstanceNorm2d(_InstanceNorm):
    """Normalizes each channel of each image: (N, C, H, W), or (C, H, W) for one, to the same; see `InstanceNorm1d`.

    >>> InstanceNorm2d(1)(tg.tensor([[[1.0, 3.0]]]))
    tensor([[[-1.0000,  1.0000]]])
    """

    _layouts = ("CHW", "NCHW")


class InstanceNorm3d(_InstanceNorm):
    """Normalizes each channel of each volume: (N, C, D, H, W), or (C, D, H, W) for one; see `InstanceNorm1d`.

    >>> InstanceNorm3d(1)(tg.tensor([[[[1.0, 3.0]]]]))
    tensor([[[[-1.0000,  1.0000]]]])
    """

    _layouts = ("CDHW", "NCDHW")


class LocalResponseNorm(Configured, function=F.local_response_norm):
    size: int
    alpha: float = 0.0001
    beta: float = 0.75
    k: float = 1.0

    def extra_repr(self) -> str:
        return f"{self.size}, alpha={self.alpha}, beta={self.beta}, k={self.k}"


def _as_shape(normalized_shape: int | Sequence[int], layer: str) -> tuple[int, ...]:
    shape = tuple(normalized_shape) if isinstance(normalized_shape, Sequence) else (normalized_shape,)
    for size in shape:
        check_sizes(layer, normalized_shape=size)
    return shape
