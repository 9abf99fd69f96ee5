"""`tinygrad_scratch.nn.optim`, under PyTorch's name."""

from tinygrad_scratch.nn.optim import *  # noqa: F403
