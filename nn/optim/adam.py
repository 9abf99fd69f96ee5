"""Adam, which scales each gradient by its own recent size, and AdamW, with decoupled weight decay."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import numpy as np

from tinygrad_scratch import Tensor
from tinygrad_scratch.nn.optim.averages import average, average_of_squares
from tinygrad_scratch.nn.optim.optimizer import Group, Optimizer


class Adam(Optimizer):
    """parameter -= lr · mean / (√variance + eps), of running averages of the gradient and of its square.

    ``betas`` are the weights that the averages give to the past; both are corrected for having started from zero
    (Kingma and Ba, 2015, algorithm 1). ``amsgrad`` uses the largest variance so far (Reddi et al., 2018).
    ``weight_decay`` · parameter is added to the gradient first; with ``decoupled_weight_decay``, it shrinks the
    parameters instead, as in `AdamW`.

    >>> weight = Tensor([1.0], requires_grad=True)
    >>> (weight * 3).sum().backward()
    >>> Adam([weight], lr=0.1).step()
    >>> weight
    tensor([0.9000], requires_grad=True)
    """

    def __init__(
        self,
        params: Iterable[Tensor] | Iterable[Group],
        lr: float = 1e-3,
        betas: tuple[float, float] = (0.9, 0.999),
        eps: float = 1e-8,
        weight_decay: float = 0,
        amsgrad: bool = False,
        *,
        maximize: bool = False,
        decoupled_weight_decay: bool = False,
    ) -> None:
        options = dict(
            lr=lr,
            betas=betas,
            eps=eps,
            weight_decay=weight_decay,
            amsgrad=amsgrad,
            maximize=maximize,
            decoupled_weight_decay=decoupled_weight_decay,
        )
        super().__init__(params, options)

    @staticmethod
    def update(parameter: Any, gradient: Any, state: Any, step: Any, options: Any) -> Any:
        beta1, beta2 = options.betas
        mean = state.exp_avg = average(state.exp_avg, gradient, beta1)
        variance = state.exp_avg_sq = average_of_squares(state.exp_avg_sq, gradient, beta2)
        if options.amsgrad:
            variance = state.max_exp_avg_sq = np.maximum(state.max_exp_avg_sq, variance)
        # mean / (1 - β₁ᵗ) / (√(variance / (1 - β₂ᵗ)) + eps), with the corrections taken out of the arrays
        root = (1 - beta2**step) ** 0.5
        return parameter - mean / (np.sqrt(variance) + options.eps * root) * (options.lr * root / (1 - beta1**step))


class AdamW(Adam):
    """`Adam`, but weight decay shrinks the parameters, by lr · ``weight_decay`` (Loshchilov and Hutter, 2019)."""

    def __init__(
        self,
        params: Iterable[Tensor] | Iterable[Group],
        lr: float = 1e-3,
        betas: tuple[float, float] = (0.9, 0.999),
        eps: float = 1e-8,
        weight_decay: float = 1e-2,
        amsgrad: bool = False,
        *,
        maximize: bool = False,
    ) -> None:
        super().__init__(params, lr, betas, eps, weight_decay, amsgrad, maximize=maximize, decoupled_weight_decay=True)
