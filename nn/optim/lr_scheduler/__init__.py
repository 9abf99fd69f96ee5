"""Schedulers: each changes the learning rates of an optimizer's groups from epoch to epoch, with ``step()``."""

from tinygrad_scratch.nn.optim.lr_scheduler.combined import ChainedScheduler, SequentialLR
from tinygrad_scratch.nn.optim.lr_scheduler.cosine import CosineAnnealingLR, CosineAnnealingWarmRestarts
from tinygrad_scratch.nn.optim.lr_scheduler.cycle import CyclicLR, OneCycleLR
from tinygrad_scratch.nn.optim.lr_scheduler.decay import ExponentialLR, MultiStepLR, PolynomialLR, StepLR
from tinygrad_scratch.nn.optim.lr_scheduler.function import LambdaLR, MultiplicativeLR
from tinygrad_scratch.nn.optim.lr_scheduler.plateau import ReduceLROnPlateau
from tinygrad_scratch.nn.optim.lr_scheduler.scheduler import LRScheduler
from tinygrad_scratch.nn.optim.lr_scheduler.warmup import ConstantLR, LinearLR

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
