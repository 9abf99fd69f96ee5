"""Tools for training and keeping models: limits on gradients, parameters as one vector, packed sequences, weights in
files."""

from tinygrad_scratch.engine import offered
from tinygrad_scratch.nn.utils import rnn as rnn
from tinygrad_scratch.nn.utils.clip_grad import clip_grad_norm_, clip_grad_value_, clip_grads_with_norm_, get_total_norm
from tinygrad_scratch.nn.utils.convert_parameters import parameters_to_vector, vector_to_parameters
from tinygrad_scratch.nn.utils.weights import load_safetensors, save_safetensors

__all__ = [
    "clip_grad_norm_",
    "clip_grad_value_",
    "clip_grads_with_norm_",
    "get_total_norm",
    "load_safetensors",
    "parameters_to_vector",
    "rnn",
    "save_safetensors",
    "vector_to_parameters",
]

offered(globals())
