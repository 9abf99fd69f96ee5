"""`tinygrad_scratch.utils.data`, under PyTorch's name."""

from tinygrad_scratch.utils import data

__all__ = ["data"]
