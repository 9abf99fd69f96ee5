"""tinygrad_scratch: a computation graph that differentiates itself, over NumPy arrays.

The operations, `tg.exp`, `tg.sum` and all the others, stand in the tables under ``ops/`` and come from there.

>>> import tinygrad_scratch as tg
>>> x = tg.tensor([1.0, 2.0], requires_grad=True)
>>> y = (x * x).sum()
>>> y.backward()
>>> x.grad
tensor([2., 4.])
"""

from __future__ import annotations

import importlib
from typing import Any

import numpy as np

from tinygrad_scratch import autograd, func, linalg, ops, special
from tinygrad_scratch.checkpoint import CheckpointError, load, save
from tinygrad_scratch.denormals import set_flush_denormal
from tinygrad_scratch.device import accelerator, backends, cuda, device, set_default_device
from tinygrad_scratch.dtypes import (
    bool_,
    finfo,
    float16,
    float32,
    float64,
    get_default_dtype,
    iinfo,
    int8,
    int16,
    int32,
    int64,
    set_default_dtype,
    uint8,
    uint16,
    uint32,
    uint64,
)
from tinygrad_scratch.face import offered
from tinygrad_scratch.freed_memory import keep_freed_memory
from tinygrad_scratch.func import vmap
from tinygrad_scratch.ops.random.generator import Generator, default_generator
from tinygrad_scratch.record.mode import enable_grad, is_grad_enabled, no_grad, set_grad_enabled
from tinygrad_scratch.record.operation import FUNCTIONS, IN_PLACE, primitive
from tinygrad_scratch.record.printing import set_printoptions
from tinygrad_scratch.record.tensor import Tensor

__version__ = "0.1.0"

keep_freed_memory()

globals().update({name: function for name, function in FUNCTIONS.items() if "." not in name})
# What writes in place is a method first, and in PyTorch a function of the package too.
METHODS_AS_FUNCTIONS = ("detach", "detach_", "zero_", "fill_", *IN_PLACE)
globals().update({name: getattr(Tensor, name) for name in METHODS_AS_FUNCTIONS})

inference_mode = no_grad
half, float, double = float16, float32, float64
short, int, long, bool = int16, int32, int64, bool_
Size = tuple
inf, nan, pi, e = np.inf, np.nan, np.pi, np.e

# What is loaded only when it is used: the parts of nn, which is built on this package, and pictures.
_LAZY = ("nn", "optim", "utils", "visualize")
# What PyTorch has for complex numbers, which tensors do not hold.
_COMPLEX = {
    "complex",
    "complex64",
    "complex128",
    "fft",
    "imag",
    "istft",
    "polar",
    "stft",
    "view_as_complex",
    "view_as_real",
}


def __getattr__(name: str) -> Any:
    if name in _LAZY:
        return importlib.import_module(f"tinygrad_scratch.{name}")
    if name in _COMPLEX:
        raise AttributeError(f"tinygrad_scratch has no {name!r}: complex numbers are not supported")
    raise AttributeError(f"tinygrad_scratch has no attribute {name!r}")


def __dir__() -> list[str]:
    return [*__all__, *_LAZY, "__version__"]


__all__ = [
    "CheckpointError",
    "Generator",
    "Size",
    "Tensor",
    "accelerator",
    "autograd",
    "backends",
    "bool",
    "bool_",
    "cuda",
    "default_generator",
    "device",
    "double",
    "e",
    "enable_grad",
    "float",
    "finfo",
    "float16",
    "float32",
    "float64",
    "func",
    "get_default_dtype",
    "half",
    "iinfo",
    "inf",
    "inference_mode",
    "int",
    "int8",
    "int16",
    "int32",
    "int64",
    "is_grad_enabled",
    "linalg",
    "load",
    "long",
    "nan",
    "no_grad",
    "ops",
    "pi",
    "primitive",
    "save",
    "set_default_device",
    "set_default_dtype",
    "set_flush_denormal",
    "set_grad_enabled",
    "set_printoptions",
    "short",
    "special",
    "uint8",
    "uint16",
    "uint32",
    "uint64",
    "vmap",
    *METHODS_AS_FUNCTIONS,
    *(name for name in FUNCTIONS if "." not in name),
]

offered(globals())
