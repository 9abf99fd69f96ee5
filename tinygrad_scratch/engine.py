"""The door through which nn reaches what is inside the engine: all that it uses beyond the public names."""

from tinygrad_scratch.atomic_write import atomic_write
from tinygrad_scratch.autograd.hooks import registered
from tinygrad_scratch.denormals import flushing_denormals
from tinygrad_scratch.dtypes import DType
from tinygrad_scratch.face import offered
from tinygrad_scratch.ops.checks import check_probability, floating_only
from tinygrad_scratch.ops.create.conversion import dtype_of_to
from tinygrad_scratch.ops.in_place import write
from tinygrad_scratch.ops.losses.loss import REDUCTIONS, check_reduction
from tinygrad_scratch.ops.random.generator import numpy_generator
from tinygrad_scratch.ops.sequence.recurrent import CELLS, recurrent_layers, recurrent_step
from tinygrad_scratch.ops.spatial.interpolation import Scales
from tinygrad_scratch.ops.spatial.pooling import OutputSize
from tinygrad_scratch.ops.spatial.windows import Sizes, per_dimension
from tinygrad_scratch.record.mode import OBSERVERS, SCOPE, Scope
from tinygrad_scratch.record.quiet import quietly
from tinygrad_scratch.record.source import compiled
from tinygrad_scratch.record.tensor import Array, make_tensor
from tinygrad_scratch.record.writes import note_write

__all__ = [
    "CELLS", "OBSERVERS", "REDUCTIONS", "SCOPE", "Array", "DType", "OutputSize", "Scales", "Scope", "Sizes",
    "atomic_write", "check_probability", "check_reduction", "compiled", "dtype_of_to", "floating_only",
    "flushing_denormals", "make_tensor", "note_write", "numpy_generator", "offered", "per_dimension", "quietly",
    "recurrent_layers", "recurrent_step", "registered", "write",
]  # fmt: skip
