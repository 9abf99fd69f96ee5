"""Sample calls of every operation, by family; importing them fills `SAMPLES`."""

from tests.samples import (
    activation,
    added_products,
    classification_loss,
    conversion,
    cumulative,
    diagonal,
    differences,
    dropout,
    elementwise,
    embedding,
    in_place,
    indexing,
    joining,
    margin_loss,
    matrices,
    matrix_functions,
    norm,
    normalization,
    products,
    properties,
    quantile,
    rearrange,
    reduction,
    regression_loss,
    replacing,
    scatter,
    scatter_reduce,
    shape,
    softmax,
    sorting,
    special,
)
from tests.samples.sample import SAMPLES, Sample

__all__ = ["SAMPLES", "Sample"]
