"""Tools for training and keeping models: limits on gradients, parameters as one vector or computed from others, packed
sequences, weights in files."""

from tinygrad_scratch.engine import offered
from tinygrad_scratch.nn.utils import parametrizations as parametrizations
from tinygrad_scratch.nn.utils import parametrize as parametrize
from tinygrad_scratch.nn.utils import rnn as rnn
from tinygrad_scratch.nn.utils.clip_grad import clip_grad_norm_, clip_grad_value_, clip_grads_with_norm_, get_total_norm
from tinygrad_scratch.nn.utils.convert_parameters import parameters_to_vector, vector_to_parameters
from tinygrad_scratch.nn.utils.hooked_norms import (
    remove_spectral_norm,
    remove_weight_norm,
    spectral_norm,
    weight_norm,
)
from tinygrad_scratch.nn.utils.weights import load_safetensors, save_safetensors

__all__ = [
    "clip_grad_norm_",
    "clip_grad_value_",
    "clip_grads_with_norm_",
    "get_total_norm",
    "load_safetensors",
    "parameters_to_vector",
    "parametrizations",
    "parametrize",
    "remove_spectral_norm",
    "remove_weight_norm",
    "rnn",
    "save_safetensors",
    "spectral_norm",
    "vector_to_parameters",
    "weight_norm",
]

offered(globals())
