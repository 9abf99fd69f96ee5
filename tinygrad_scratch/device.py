"""The one device there is. PyTorch scripts choose and name it; asking for another is an error."""

from __future__ import annotations

from dataclasses import dataclass

_ELSEWHERE = ("cuda", "mps", "xpu", "meta")


@dataclass(frozen=True)
class device:
    """Where a tensor lives: ``device("cpu")``. ValueError for any other.

    >>> device("cpu")
    device(type='cpu')
    """

    type: str

    def __post_init__(self) -> None:
        if self.type.partition(":")[0] != "cpu":
            raise ValueError(f"device {self.type!r} is not available: tensors live on the CPU")
        object.__setattr__(self, "type", "cpu")

    def __str__(self) -> str:
        return self.type


Device = device | str | None
CPU = device("cpu")


def is_device(value: object) -> bool:
    """Whether ``value`` is or names a device, available or not."""
    return isinstance(value, device) or (isinstance(value, str) and value.partition(":")[0] in ("cpu", *_ELSEWHERE))


def check_device(wanted: Device) -> None:
    """ValueError unless ``wanted`` is the CPU, or None."""
    if isinstance(wanted, str):
        device(wanted)


def set_default_device(device: Device) -> None:
    """Nothing, for the CPU, or None; ValueError for any other device."""
    check_device(device)


# What scripts ask before they choose a device, and seed or switch along with the rest.


class cuda:
    """PyTorch's name for NVIDIA's processors."""

    @staticmethod
    def is_available() -> bool:
        """False: tensors live on the CPU."""
        return False

    @staticmethod
    def device_count() -> int:
        """0: tensors live on the CPU."""
        return 0

    @staticmethod
    def manual_seed_all(seed: int) -> None:
        """Nothing: as in PyTorch, what is not there is not seeded."""

    manual_seed = manual_seed_all


class accelerator:
    """PyTorch's name for whatever is faster than the CPU."""

    @staticmethod
    def is_available() -> bool:
        """False: tensors live on the CPU."""
        return False

    @staticmethod
    def current_accelerator() -> None:
        """None: tensors live on the CPU."""


class backends:
    """What is not there: Apple's processors (``mps``) and NVIDIA's library (``cudnn``), whose switches do nothing."""

    class mps:
        @staticmethod
        def is_available() -> bool:
            """False: tensors live on the CPU."""
            return False

    class cudnn:
        deterministic = True
        benchmark = False
