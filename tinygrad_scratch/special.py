"""Special functions under PyTorch's names.

>>> import tinygrad_scratch as tg
>>> tg.special.expit(tg.tensor([0.0]))
tensor([0.5000])
"""

from tinygrad_scratch.ops.math.arithmetic import round
from tinygrad_scratch.ops.math.elementwise import exp2, expm1, log1p
from tinygrad_scratch.ops.math.special import (
    digamma,
    entr,
    erf,
    erfc,
    erfcx,
    erfinv,
    i0,
    i0e,
    i1,
    i1e,
    lgamma,
    log_ndtr,
    logit,
    mvlgamma,
    ndtr,
    ndtri,
    polygamma,
    sigmoid,
    sinc,
    xlog1py,
    xlogy,
)
from tinygrad_scratch.ops.neural.softmax import log_softmax, softmax
from tinygrad_scratch.ops.reduce.reduction import logsumexp

expit, gammaln, psi, multigammaln = sigmoid, lgamma, digamma, mvlgamma

__all__ = [
    "digamma", "entr", "erf", "erfc", "erfcx", "erfinv", "exp2", "expit", "expm1", "gammaln", "i0", "i0e", "i1", "i1e",
    "log1p", "log_ndtr", "log_softmax", "logit", "logsumexp", "multigammaln", "ndtr", "ndtri", "polygamma", "psi",
    "round", "sinc", "softmax", "xlog1py", "xlogy",
]  # fmt: skip
