"""Checkpoints: a nested state in a file, complete or not at all, with nothing in it that could be executed."""

from tinygrad_scratch.checkpoint.errors import CheckpointError
from tinygrad_scratch.checkpoint.files import load, save
from tinygrad_scratch.face import offered

__all__ = ["CheckpointError", "load", "save"]

offered(globals())
