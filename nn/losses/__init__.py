"""Losses as modules: each is the function of `nn.functional` that it names, with its options fixed."""

from tinygrad_scratch.nn.losses.classification import *
from tinygrad_scratch.nn.losses.ctc import *
from tinygrad_scratch.nn.losses.margin import *
from tinygrad_scratch.nn.losses.regression import *

# The classes that are defined here and not what their modules import; type checkers leave that out by themselves.
globals()["__all__"] = [
    name for name, value in vars().items() if name[0] != "_" and getattr(value, "__module__", "").startswith(__name__)
]
