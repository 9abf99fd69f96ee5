"""Who is compared: this project, NumPy by hand, and other libraries, each in a file of its own.

A peer's file has a class ``Trainer`` (see `benchmarks.peers.trainer`) and ``SETTINGS``, a line on how it is used.
"""

from __future__ import annotations

import importlib
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, version
from shutil import which
from types import ModuleType

THIS_PROJECT, NUMPY, TORCH = "tinygrad_scratch", "numpy", "torch"


@dataclass(frozen=True)
class Peer:
    """A peer: its name on the command line, how it is shown, its module, and what it needs.

    ``packages`` are the distributions whose versions are told, all of which must be installed, and ``program`` one that
    must be too.
    """

    name: str
    label: str
    module: str
    packages: tuple[str, ...]
    program: str | None = None

    @property
    def versions(self) -> dict[str, str]:
        """The installed versions."""
        return {package: version(package) for package in self.packages}

    @property
    def missing(self) -> str | None:
        """What is not installed, and how to get it; None if all is there."""
        for package in self.packages:
            try:
                version(package)
            except PackageNotFoundError:
                return f"not installed: pip install {package}"
        if self.program is not None and which(self.program) is None:
            return f"needs the program {self.program}, which is not installed"
        return None

    def load(self) -> ModuleType:
        """The peer's module."""
        return importlib.import_module(f"benchmarks.peers.{self.module}")


PEERS = {
    peer.name: peer
    for peer in (
        Peer(THIS_PROJECT, "tinygrad_scratch", "this_project", ("tinygrad-scratch", "numpy")),
        Peer(NUMPY, "NumPy by hand", "numpy_careful", ("numpy",)),
        Peer("numpy-naive", "NumPy by hand, naive, float64", "numpy_naive", ("numpy",)),
        Peer(TORCH, "PyTorch", "torch_eager", ("torch",)),
        Peer("torch-default", "PyTorch, default optimizer", "torch_default", ("torch",)),
        Peer("torch-compile", "torch.compile", "torch_compile", ("torch",), "g++"),
        Peer("jax", "JAX jit", "jax_jit", ("jax", "jaxlib")),
        Peer("sklearn", "scikit-learn", "scikit_learn", ("scikit-learn", "numpy")),
        Peer("autograd", "HIPS autograd", "hips_autograd", ("autograd", "numpy")),
        Peer("mygrad", "MyGrad", "my_grad", ("mygrad", "numpy")),
        Peer("tinygrad", "tinygrad JIT", "tinygrad_jit", ("tinygrad",), "clang"),
        Peer("micrograd", "micrograd", "micrograd_scalars", ("micrograd",)),
    )
}
