"""Channels rearranged: among themselves, or into space and back."""

from __future__ import annotations

from tinygrad_scratch.ops.shape.shape import permute, reshape
from tinygrad_scratch.record.operation import public
from tinygrad_scratch.record.tensor import Tensor


@public(is_method=False)
def pixel_shuffle(input: Tensor, upscale_factor: int) -> Tensor:
    """Each r² channels made one of r times the height and width: (\\*, C · r², H, W) to (\\*, C, H · r, W · r).

    r is ``upscale_factor`` (Shi et al., 2016). ValueError unless the channels can be divided so.

    >>> tg.pixel_shuffle(tg.arange(4.0).reshape(4, 1, 1), 2)
    tensor([[[0., 1.],
             [2., 3.]]])
    """
    _check(input, upscale_factor, "pixel_shuffle")
    *lead, channels, height, width = input.shape
    r, n = upscale_factor, len(lead)
    if channels % (r * r):
        raise ValueError(f"pixel_shuffle: {channels} channels of shape {input.shape} are no multiple of {r} · {r}")
    parts = reshape(input, (*lead, channels // (r * r), r, r, height, width))
    ordered = permute(parts, (*range(n), n, n + 3, n + 1, n + 4, n + 2))
    return reshape(ordered, (*lead, channels // (r * r), height * r, width * r))


@public(is_method=False)
def pixel_unshuffle(input: Tensor, downscale_factor: int) -> Tensor:
    """The way back from `pixel_shuffle`: (\\*, C, H · r, W · r) to (\\*, C · r², H, W), r being ``downscale_factor``.

    ValueError unless height and width are multiples of r.

    >>> tg.pixel_unshuffle(tg.arange(4.0).reshape(1, 2, 2), 2).shape
    (4, 1, 1)
    """
    _check(input, downscale_factor, "pixel_unshuffle")
    *lead, channels, height, width = input.shape
    r, n = downscale_factor, len(lead)
    if height % r or width % r:
        raise ValueError(f"pixel_unshuffle: height and width of shape {input.shape} are no multiples of {r}")
    parts = reshape(input, (*lead, channels, height // r, r, width // r, r))
    ordered = permute(parts, (*range(n), n, n + 2, n + 4, n + 1, n + 3))
    return reshape(ordered, (*lead, channels * r * r, height // r, width // r))


def _check(input: Tensor, factor: int, operation: str) -> None:
    if input.ndim < 3:
        raise ValueError(f"{operation}: needs an input (*, C, H, W), not one of shape {input.shape}")
    if factor < 1:
        raise ValueError(f"{operation}: the factor must be at least 1, not {factor}")


@public(is_method=False)
def channel_shuffle(input: Tensor, groups: int) -> Tensor:
    """The channels of an input (N, C, \\*), one of each of so many ``groups`` in turn (Zhang et al., 2018).

    ValueError unless the channels can be divided into so many groups.

    >>> tg.channel_shuffle(tg.arange(4.0).reshape(1, 4, 1, 1), 2).flatten()
    tensor([0., 2., 1., 3.])
    """
    if input.ndim < 3 or groups < 1 or input.shape[1] % groups:
        raise ValueError(
            f"channel_shuffle: an input (N, C, *) of shape {input.shape} has no {groups} groups of channels"
        )
    samples, channels, *sizes = input.shape
    parts = reshape(input, (samples, groups, channels // groups, *sizes))
    return reshape(permute(parts, (0, 2, 1, *range(3, parts.ndim))), input.shape)
