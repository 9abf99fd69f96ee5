"""Sample calls of every operation, by family; importing them fills `SAMPLES`."""

from tests.samples import (
    activation,
    conversion,
    cumulative,
    diagonal,
    differences,
    elementwise,
    in_place,
    indexing,
    joining,
    linalg,
    linear_algebra,
    loss,
    norm,
    rearrange,
    reduction,
    scatter,
    shape,
    sorting,
    special,
)
from tests.samples.sample import SAMPLES, Sample

__all__ = ["SAMPLES", "Sample"]
