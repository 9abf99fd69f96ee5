"""nn: layers, losses, optimizers and data for models built on tinygrad_scratch, under PyTorch's names.

>>> import nn, tinygrad_scratch as tg
>>> model = nn.Sequential(nn.Linear(3, 2), nn.ReLU())
>>> model(tg.ones(4, 3)).shape
(4, 2)
"""

from tinygrad_scratch.nn import data, functional, init, optim, short_name, utils
from tinygrad_scratch.nn.containers import ModuleDict, ModuleList, ParameterDict, ParameterList, Sequential
from tinygrad_scratch.nn.layers.activation import (
    CELU,
    ELU,
    GELU,
    GLU,
    SELU,
    Hardshrink,
    Hardsigmoid,
    Hardswish,
    Hardtanh,
    LeakyReLU,
    LogSigmoid,
    LogSoftmax,
    Mish,
    PReLU,
    ReLU,
    ReLU6,
    RReLU,
    Sigmoid,
    SiLU,
    Softmax,
    Softmax2d,
    Softmin,
    Softplus,
    Softshrink,
    Softsign,
    Tanh,
    Tanhshrink,
    Threshold,
)
from tinygrad_scratch.nn.layers.distance import CosineSimilarity, PairwiseDistance
from tinygrad_scratch.nn.layers.dropout import AlphaDropout, Dropout, FeatureAlphaDropout
from tinygrad_scratch.nn.layers.embedding import Embedding
from tinygrad_scratch.nn.layers.linear import Bilinear, Identity, Linear
from tinygrad_scratch.nn.layers.mlp import MLP
from tinygrad_scratch.nn.layers.normalization import BatchNorm1d, GroupNorm, LayerNorm, RMSNorm
from tinygrad_scratch.nn.layers.shape import Flatten, Unflatten
from tinygrad_scratch.nn.losses.classification import BCELoss, BCEWithLogitsLoss, CrossEntropyLoss, NLLLoss
from tinygrad_scratch.nn.losses.margin import (
    CosineEmbeddingLoss,
    HingeEmbeddingLoss,
    MarginRankingLoss,
    MultiLabelMarginLoss,
    MultiLabelSoftMarginLoss,
    MultiMarginLoss,
    SoftMarginLoss,
    TripletMarginLoss,
    TripletMarginWithDistanceLoss,
)
from tinygrad_scratch.nn.losses.regression import (
    GaussianNLLLoss,
    HuberLoss,
    KLDivLoss,
    L1Loss,
    MSELoss,
    PoissonNLLLoss,
    SmoothL1Loss,
)
from tinygrad_scratch.nn.module import Module
from tinygrad_scratch.nn.parameter import Parameter
from tinygrad_scratch.nn.utils.summary import summary

if __name__ == "nn":
    short_name.install()

__all__ = [
    "CELU",
    "ELU",
    "GELU",
    "GLU",
    "MLP",
    "SELU",
    "AlphaDropout",
    "BCELoss",
    "BCEWithLogitsLoss",
    "BatchNorm1d",
    "Bilinear",
    "CosineEmbeddingLoss",
    "CosineSimilarity",
    "CrossEntropyLoss",
    "Dropout",
    "Embedding",
    "FeatureAlphaDropout",
    "Flatten",
    "GaussianNLLLoss",
    "GroupNorm",
    "Hardshrink",
    "Hardsigmoid",
    "Hardswish",
    "Hardtanh",
    "HingeEmbeddingLoss",
    "HuberLoss",
    "Identity",
    "KLDivLoss",
    "L1Loss",
    "LayerNorm",
    "LeakyReLU",
    "Linear",
    "LogSigmoid",
    "LogSoftmax",
    "MSELoss",
    "MarginRankingLoss",
    "Mish",
    "Module",
    "ModuleDict",
    "ModuleList",
    "MultiLabelMarginLoss",
    "MultiLabelSoftMarginLoss",
    "MultiMarginLoss",
    "NLLLoss",
    "PReLU",
    "PairwiseDistance",
    "Parameter",
    "ParameterDict",
    "ParameterList",
    "PoissonNLLLoss",
    "RMSNorm",
    "RReLU",
    "ReLU",
    "ReLU6",
    "Sequential",
    "SiLU",
    "Sigmoid",
    "SmoothL1Loss",
    "SoftMarginLoss",
    "Softmax",
    "Softmax2d",
    "Softmin",
    "Softplus",
    "Softshrink",
    "Softsign",
    "Tanh",
    "Tanhshrink",
    "Threshold",
    "TripletMarginLoss",
    "TripletMarginWithDistanceLoss",
    "Unflatten",
    "data",
    "functional",
    "init",
    "optim",
    "summary",
    "utils",
]
