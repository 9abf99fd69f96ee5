"""Optimizers: each takes the parameters (or groups of them) and changes them by their gradients with ``step()``."""

from tinygrad_scratch.nn.optim import lr_scheduler
from tinygrad_scratch.nn.optim.adadelta import Adadelta
from tinygrad_scratch.nn.optim.adagrad import Adagrad
from tinygrad_scratch.nn.optim.adam import Adam, AdamW
from tinygrad_scratch.nn.optim.adamax import Adamax
from tinygrad_scratch.nn.optim.nadam import NAdam
from tinygrad_scratch.nn.optim.optimizer import Optimizer
from tinygrad_scratch.nn.optim.radam import RAdam
from tinygrad_scratch.nn.optim.rmsprop import RMSprop
from tinygrad_scratch.nn.optim.sgd import SGD

__all__ = [
    "SGD",
    "Adadelta",
    "Adagrad",
    "Adam",
    "AdamW",
    "Adamax",
    "NAdam",
    "Optimizer",
    "RAdam",
    "RMSprop",
    "lr_scheduler",
]
