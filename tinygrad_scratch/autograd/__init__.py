"""Reverse-mode differentiation: computing gradients, checking them, watching them, and writing one's own."""

from tinygrad_scratch.autograd.anomaly import AnomalyError, detect_anomaly, set_detect_anomaly
from tinygrad_scratch.autograd.backward import backward, grad
from tinygrad_scratch.autograd.function import Function, once_differentiable
from tinygrad_scratch.autograd.gradcheck import GradcheckError, gradcheck, gradgradcheck
from tinygrad_scratch.autograd.hooks import RemovableHandle
from tinygrad_scratch.face import offered
from tinygrad_scratch.record.mode import enable_grad, no_grad, set_grad_enabled

__all__ = [
    "AnomalyError",
    "Function",
    "GradcheckError",
    "RemovableHandle",
    "backward",
    "detect_anomaly",
    "enable_grad",
    "grad",
    "gradcheck",
    "gradgradcheck",
    "no_grad",
    "once_differentiable",
    "set_detect_anomaly",
    "set_grad_enabled",
]

offered(globals())
