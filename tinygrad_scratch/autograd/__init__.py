"""Reverse-mode differentiation, and checking it."""

from tinygrad_scratch.autograd.backward import backward, grad
from tinygrad_scratch.autograd.gradcheck import gradcheck, gradgradcheck

__all__ = ["backward", "grad", "gradcheck", "gradgradcheck"]
