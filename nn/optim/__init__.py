"""Optimizers: each takes the parameters (or groups of them) and changes them by their gradients with ``step()``."""

from nn.optim.adam import Adam, AdamW
from nn.optim.optimizer import Optimizer
from nn.optim.sgd import SGD

__all__ = ["SGD", "Adam", "AdamW", "Optimizer"]
