"""nn: layers, losses, optimizers and data for models built on tinygrad_scratch, under PyTorch's names.

>>> import nn, tinygrad_scratch as tg
>>> model = nn.Sequential(nn.Linear(3, 2), nn.ReLU())
>>> model(tg.ones(4, 3)).shape
(4, 2)
"""

from nn import functional, init
from nn.activation import LogSoftmax, ReLU, Sigmoid, Softmax, Tanh
from nn.containers import Sequential
from nn.layers import Dropout, Flatten, Identity, Linear
from nn.loss import BCELoss, BCEWithLogitsLoss, CrossEntropyLoss, MSELoss, NLLLoss
from nn.mlp import MLP
from nn.module import Module, Parameter

__all__ = [
    "MLP",
    "BCELoss",
    "BCEWithLogitsLoss",
    "CrossEntropyLoss",
    "Dropout",
    "Flatten",
    "Identity",
    "Linear",
    "LogSoftmax",
    "MSELoss",
    "Module",
    "NLLLoss",
    "Parameter",
    "ReLU",
    "Sequential",
    "Sigmoid",
    "Softmax",
    "Tanh",
    "functional",
    "init",
]
