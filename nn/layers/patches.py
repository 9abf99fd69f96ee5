"""Layers that cut images into patches, and put them together again."""

from __future__ import annotations

from tinygrad_scratch.engine import Sizes
from tinygrad_scratch.nn import functional as F
from tinygrad_scratch.nn.configured import Configured


class Unfold(Configured, function=F.unfold):
    kernel_size: Sizes
    dilation: Sizes = 1
    padding: Sizes = 0
    stride: Sizes = 1


class Fold(Configured, function=F.fold):
    output_size: Sizes
    kernel_size: Sizes
    dilation: Sizes = 1
    padding: Sizes = 0
    stride: Sizes = 1
