"""Operations of neural networks, as `nn.functional` shows them: every public one of four shelves of ``ops/``, but
for recurrent cells, which PyTorch has elsewhere."""

from inspect import unwrap

from tinygrad_scratch.ops.losses.classification import *
from tinygrad_scratch.ops.losses.ctc import *
from tinygrad_scratch.ops.losses.margin import *
from tinygrad_scratch.ops.losses.regression import *
from tinygrad_scratch.ops.neural.activation import *
from tinygrad_scratch.ops.neural.dropout import *
from tinygrad_scratch.ops.neural.embedding import *
from tinygrad_scratch.ops.neural.normalization import *
from tinygrad_scratch.ops.neural.softmax import *
from tinygrad_scratch.ops.sequence.attention import *
from tinygrad_scratch.ops.sequence.multi_head_attention import *
from tinygrad_scratch.ops.spatial.average_pooling import *
from tinygrad_scratch.ops.spatial.convolution import *
from tinygrad_scratch.ops.spatial.grid import *
from tinygrad_scratch.ops.spatial.interpolation import *
from tinygrad_scratch.ops.spatial.max_pooling import *
from tinygrad_scratch.ops.spatial.patches import *
from tinygrad_scratch.ops.spatial.pixel_shuffle import *
from tinygrad_scratch.record.operation import FUNCTIONS

_ATTENTION = ("sequence.attention", "sequence.multi_head_attention")
_SHELVES = tuple(f"tinygrad_scratch.ops.{shelf}" for shelf in ("losses.", "neural.", *_ATTENTION, "spatial."))

# Worked out, so that a new operation needs no line here. Type checkers, which take no notice of names that the modules
# above have only imported, see the same without it.
globals()["__all__"] = [
    name for name, operation in FUNCTIONS.items() if unwrap(operation).__globals__["__name__"].startswith(_SHELVES)
]
