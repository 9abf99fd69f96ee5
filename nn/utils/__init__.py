"""Tools around modules. PyTorch scripts also look for the data sets here, as ``torch.utils.data``."""

from nn import data
from nn.utils.weights import load_safetensors, save_safetensors

__all__ = ["data", "load_safetensors", "save_safetensors"]
