"""Layers that add values at the edges of the spatial dimensions or, for negative numbers, take them away there."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

from tinygrad_scratch import Tensor
from tinygrad_scratch.engine import Sizes
from tinygrad_scratch.nn import functional as F
from tinygrad_scratch.nn.configured import Configured


class _Pad(Configured):
    """The base of layers that pad so many ``dims`` in a ``mode`` of `functional.pad`."""

    padding: Sizes
    mode: ClassVar[str]
    dims: ClassVar[int]

    def __init_subclass__(cls, mode: str, dims: int = 0) -> None:
        cls.__doc__ = (
            f"Pads the last {dims} of the dimensions by `functional.pad` in mode {mode!r}.\n\n"
            "``padding`` holds, from the last one on, how many values come before and after; or one number for all."
        )
        super().__init_subclass__()
        cls.mode, cls.dims = mode, dims

    def __post_init__(self) -> None:
        given = self.padding
        self.padding = tuple(given) if isinstance(given, Sequence) else (given,) * (2 * self.dims)

    def forward(self, input: Tensor) -> Tensor:
        return F.pad(input, self.padding, self.mode)  # type: ignore[arg-type]

    def extra_repr(self) -> str:
        return str(self.padding)


class _ConstantPad(_Pad, mode="constant"):
    value: float

    def forward(self, input: Tensor) -> Tensor:
        return F.pad(input, self.padding, self.mode, self.value)  # type: ignore[arg-type]

    def extra_repr(self) -> str:
        return f"padding={self.padding}, value={self.value}"


class _ZeroPad(_Pad, mode="constant"):
    value = 0.0


class ConstantPad1d(_ConstantPad, mode="constant", dims=1):
    pass


class ConstantPad2d(_ConstantPad, mode="constant", dims=2):
    pass


class ConstantPad3d(_ConstantPad, mode="constant", dims=3):
    pass


class ZeroPad1d(_ZeroPad, mode="constant", dims=1):
    pass


class ZeroPad2d(_ZeroPad, mode="constant", dims=2):
    pass


class ZeroPad3d(_ZeroPad, mode="constant", dims=3):
    pass


class ReflectionPad1d(_Pad, mode="reflect", dims=1):
    pass


class ReflectionPad2d(_Pad, mode="reflect", dims=2):
    pass


class ReflectionPad3d(_Pad, mode="reflect", dims=3):
    pass


class ReplicationPad1d(_Pad, mode="replicate", dims=1):
    pass


class ReplicationPad2d(_Pad, mode="replicate", dims=2):
    pass


class ReplicationPad3d(_Pad, mode="replicate", dims=3):
    pass


class CircularPad1d(_Pad, mode="circular", dims=1):
    pass


class CircularPad2d(_Pad, mode="circular", dims=2):
    pass


class CircularPad3d(_Pad, mode="circular", dims=3):
    pass
