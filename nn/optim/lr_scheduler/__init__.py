"""Schedulers: each changes the learning rates of an optimizer's groups from epoch to epoch, with ``step()``."""

from nn.optim.lr_scheduler.combined import ChainedScheduler, SequentialLR
from nn.optim.lr_scheduler.cosine import CosineAnnealingLR, CosineAnnealingWarmRestarts
from nn.optim.lr_scheduler.cycle import CyclicLR, OneCycleLR
from nn.optim.lr_scheduler.decay import ExponentialLR, MultiStepLR, PolynomialLR, StepLR
from nn.optim.lr_scheduler.function import LambdaLR, MultiplicativeLR
from nn.optim.lr_scheduler.plateau import ReduceLROnPlateau
from nn.optim.lr_scheduler.scheduler import LRScheduler
from nn.optim.lr_scheduler.warmup import ConstantLR, LinearLR

__all__ = [
    "ChainedScheduler",
    "ConstantLR",
    "CosineAnnealingLR",
    "CosineAnnealingWarmRestarts",
    "CyclicLR",
    "ExponentialLR",
    "LRScheduler",
    "LambdaLR",
    "LinearLR",
    "MultiStepLR",
    "MultiplicativeLR",
    "OneCycleLR",
    "PolynomialLR",
    "ReduceLROnPlateau",
    "SequentialLR",
    "StepLR",
]
