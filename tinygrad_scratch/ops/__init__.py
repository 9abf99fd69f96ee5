"""The operation tables, by family. Importing them adds their operations to Tensor and to the package."""

from tinygrad_scratch.ops import (
    activation,
    conversion,
    creation,
    elementwise,
    in_place,
    indexing,
    linear_algebra,
    logic,
    loss,
    numpy_door,
    random,
    reduction,
    shape,
)

__all__ = [
    "activation",
    "conversion",
    "creation",
    "elementwise",
    "in_place",
    "indexing",
    "linear_algebra",
    "logic",
    "loss",
    "numpy_door",
    "random",
    "reduction",
    "shape",
]
