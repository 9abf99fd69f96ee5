"""Layers: modules between the input and the loss."""

from tinygrad_scratch.nn.layers.activation import *
from tinygrad_scratch.nn.layers.attention import *
from tinygrad_scratch.nn.layers.convolution import *
from tinygrad_scratch.nn.layers.distance import *
from tinygrad_scratch.nn.layers.dropout import *
from tinygrad_scratch.nn.layers.embedding import *
from tinygrad_scratch.nn.layers.linear import *
from tinygrad_scratch.nn.layers.mlp import *
from tinygrad_scratch.nn.layers.normalization import *
from tinygrad_scratch.nn.layers.padding import *
from tinygrad_scratch.nn.layers.patches import *
from tinygrad_scratch.nn.layers.pooling import *
from tinygrad_scratch.nn.layers.recurrent import *
from tinygrad_scratch.nn.layers.shape import *
from tinygrad_scratch.nn.layers.transformer import *
from tinygrad_scratch.nn.layers.upsampling import *

# The classes that are defined here and not what their modules import; type checkers leave that out by themselves.
globals()["__all__"] = [
    name for name, value in vars().items() if name[0] != "_" and getattr(value, "__module__", "").startswith(__name__)
]
