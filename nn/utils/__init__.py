"""Tools around modules."""

from nn.utils.weights import load_safetensors, save_safetensors

__all__ = ["load_safetensors", "save_safetensors"]
