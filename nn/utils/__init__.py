"""Tools for training and keeping models: limits on gradients, parameters as one vector, weights in files.

`data` is here as well because PyTorch's scripts look for it in ``utils``.
"""

from nn import data
from nn.utils.clip_grad import clip_grad_norm_, clip_grad_value_, clip_grads_with_norm_, get_total_norm
from nn.utils.convert_parameters import parameters_to_vector, vector_to_parameters
from nn.utils.weights import load_safetensors, save_safetensors

__all__ = [
    "clip_grad_norm_",
    "clip_grad_value_",
    "clip_grads_with_norm_",
    "data",
    "get_total_norm",
    "load_safetensors",
    "parameters_to_vector",
    "save_safetensors",
    "vector_to_parameters",
]
