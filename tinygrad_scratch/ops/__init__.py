"""The operation tables, by family. Importing them adds their operations to Tensor and to the package."""

from tinygrad_scratch.ops import (
    activation,
    arithmetic,
    conversion,
    creation,
    cumulative,
    diagonal,
    differences,
    elementwise,
    in_place,
    indexing,
    joining,
    linalg,
    linear_algebra,
    logic,
    loss,
    matrix_calculus,
    norm,
    numpy_door,
    random,
    rearrange,
    reduction,
    scatter,
    shape,
    sorting,
    special,
)

in_place.add_methods()
