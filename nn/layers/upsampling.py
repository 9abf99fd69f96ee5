"""Layers that change the size of images: the options of each, in PyTorch's order, and the function that takes them.

What a layer computes, its function says.
"""

from __future__ import annotations

from dataclasses import field

from tinygrad_scratch.engine import Scales, Sizes
from tinygrad_scratch.nn import functional as F
from tinygrad_scratch.nn.configured import Configured


class Upsample(Configured, function=F.interpolate):
    size: Sizes | None = None
    scale_factor: Scales | None = None
    mode: str = "nearest"
    align_corners: bool | None = None
    recompute_scale_factor: bool | None = None

    def __post_init__(self) -> None:
        if self.scale_factor is not None:
            given = self.scale_factor
            self.scale_factor = float(given) if isinstance(given, int | float) else tuple(map(float, given))

    def extra_repr(self) -> str:
        chosen = f"size={self.size!r}" if self.scale_factor is None else f"scale_factor={self.scale_factor!r}"
        return f"{chosen}, mode={self.mode!r}"


class UpsamplingNearest2d(Upsample):
    """`Upsample` in mode "nearest".

    >>> UpsamplingNearest2d(scale_factor=2)(tg.tensor([[[[1.0, 2.0]]]]))
    tensor([[[[1., 1., 2., 2.],
              [1., 1., 2., 2.]]]])
    """

    mode: str = field(default="nearest", init=False)
    align_corners: bool | None = field(default=None, init=False)
    recompute_scale_factor: bool | None = field(default=None, init=False)


class UpsamplingBilinear2d(Upsample):
    """`Upsample` in mode "bilinear", with the corners aligned.

    >>> UpsamplingBilinear2d(size=(1, 3))(tg.tensor([[[[0.0, 2.0]]]]))
    tensor([[[[0., 1., 2.]]]])
    """

    mode: str = field(default="bilinear", init=False)
    align_corners: bool | None = field(default=True, init=False)
    recompute_scale_factor: bool | None = field(default=None, init=False)


class PixelShuffle(Configured, function=F.pixel_shuffle):
    upscale_factor: int


class PixelUnshuffle(Configured, function=F.pixel_unshuffle):
    downscale_factor: int


class ChannelShuffle(Configured, function=F.channel_shuffle):
    groups: int
