"""The functions behind the modules, under PyTorch's names: operations of the engine, all that are about networks."""

from tinygrad_scratch import bilinear as bilinear
from tinygrad_scratch import cosine_similarity as cosine_similarity
from tinygrad_scratch import linear as linear
from tinygrad_scratch import normalize as normalize
from tinygrad_scratch import one_hot as one_hot
from tinygrad_scratch import pad as pad
from tinygrad_scratch import pairwise_distance as pairwise_distance
from tinygrad_scratch import sigmoid as sigmoid
from tinygrad_scratch import tanh as tanh
from tinygrad_scratch.neural import *
