"""Operations of neural networks: every public one of ``ops/neural/``, as `nn.functional` shows them."""

from inspect import unwrap

from tinygrad_scratch.ops.neural.activation import *
from tinygrad_scratch.ops.neural.classification_loss import *
from tinygrad_scratch.ops.neural.dropout import *
from tinygrad_scratch.ops.neural.embedding import *
from tinygrad_scratch.ops.neural.margin_loss import *
from tinygrad_scratch.ops.neural.normalization import *
from tinygrad_scratch.ops.neural.regression_loss import *
from tinygrad_scratch.ops.neural.softmax import *
from tinygrad_scratch.record.operation import FUNCTIONS

# Worked out, so that a new operation needs no line here. Type checkers, which take no notice of names that the modules
# above have only imported, see the same without it.
globals()["__all__"] = [
    name
    for name, operation in FUNCTIONS.items()
    if unwrap(operation).__globals__["__name__"].startswith("tinygrad_scratch.ops.neural.")
]
