"""`tinygrad_scratch.nn.optim.lr_scheduler`, under PyTorch's name."""

from tinygrad_scratch.nn.optim.lr_scheduler import *  # noqa: F403
