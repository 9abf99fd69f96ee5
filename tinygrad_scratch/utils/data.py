"""`tinygrad_scratch.nn.data`, under PyTorch's name."""

from tinygrad_scratch.nn.data import *  # noqa: F403
