"""Initial values for parameters: each function fills the tensor it is given, records nothing, and returns the tensor.

The names of fans: a weight of shape (out, in) has ``fan_in`` = in and ``fan_out`` = out.
"""

from __future__ import annotations

from math import erf, prod, sqrt
from typing import Any

import numpy as np

from tinygrad_scratch import Generator, Tensor, no_grad
from tinygrad_scratch.engine import Array, floating_only, numpy_generator

_LINEAR = ("linear", "conv1d", "conv2d", "conv3d", "conv_transpose1d", "conv_transpose2d", "conv_transpose3d")
_GAINS = {**dict.fromkeys(_LINEAR, 1.0), "sigmoid": 1.0, "tanh": 5 / 3, "relu": sqrt(2), "selu": 3 / 4}


def calculate_gain(nonlinearity: str, param: float | None = None) -> float:
    """The factor that keeps variance through a layer followed by ``nonlinearity``; ``param`` is leaky_relu's slope.

    ValueError for a name that is not known, or a slope that is not a number.

    >>> calculate_gain("tanh")
    1.6666666666666667
    """
    if nonlinearity == "leaky_relu":
        if isinstance(param, bool) or not isinstance(param, int | float | None):
            raise ValueError(f"calculate_gain: the slope of leaky_relu must be a number, got {param!r}")
        return sqrt(2 / (1 + (0.01 if param is None else param) ** 2))
    if nonlinearity not in _GAINS:
        raise ValueError(f"calculate_gain: {nonlinearity!r} is not one of {', '.join(_GAINS)}, leaky_relu")
    return _GAINS[nonlinearity]


def _fill(tensor: Tensor, values: Any) -> Tensor:
    with no_grad():
        return tensor.copy_(values)


def uniform_(tensor: Tensor, a: float = 0.0, b: float = 1.0, generator: Generator | None = None) -> Tensor:
    """Random numbers, uniform over [a, b)."""
    with no_grad():
        return tensor.uniform_(a, b, generator=generator)


def normal_(tensor: Tensor, mean: float = 0.0, std: float = 1.0, generator: Generator | None = None) -> Tensor:
    """Random numbers from the normal distribution with the given mean and standard deviation."""
    with no_grad():
        return tensor.normal_(mean, std, generator=generator)


def trunc_normal_(
    tensor: Tensor,
    mean: float = 0.0,
    std: float = 1.0,
    a: float = -2.0,
    b: float = 2.0,
    generator: Generator | None = None,
) -> Tensor:
    """As `normal_`, but what falls outside of [a, b] is drawn again. ValueError unless a < b and std > 0.

    >>> bool((trunc_normal_(Tensor(9), mean=5.0, a=-1.0, b=1.0).abs() <= 1).all())
    True
    """
    if not (a < b and std > 0):
        raise ValueError(f"trunc_normal_: needs a < b and std > 0, got a={a}, b={b} and std={std}")
    floating_only(tensor, "trunc_normal_")
    values = np.empty(tensor.numel())
    missing = np.arange(values.size)
    while missing.size:
        candidates, is_accepted = _truncated_normal_candidates(
            missing.size, mean, std, a, b, numpy_generator(generator)
        )
        values[missing[is_accepted]] = candidates[is_accepted]
        missing = missing[~is_accepted]
    return _fill(tensor, values.reshape(tensor.shape))


def _truncated_normal_candidates(
    count: int, mean: float, std: float, a: float, b: float, random: np.random.Generator
) -> tuple[Array, Array]:
    """Random numbers, and which of them to accept."""
    inside = (erf((b - mean) / std / sqrt(2)) - erf((a - mean) / std / sqrt(2))) / 2
    if inside > 0.3:
        candidates = random.normal(mean, std, count)
        return candidates, (candidates >= a) & (candidates <= b)
    # So few fall inside that uniform ones are better, accepted with the chance that the density has there, relative
    # to its peak. Where that is next to nothing, they need not be drawn.
    peak = min(max(mean, a), b)
    candidates = random.uniform(max(a, peak - 12 * std), min(b, peak + 12 * std), count)
    log_chance = (((peak - mean) / std) ** 2 - ((candidates - mean) / std) ** 2) / 2
    return candidates, np.log1p(-random.random(count)) <= log_chance


def constant_(tensor: Tensor, val: float) -> Tensor:
    """The same value everywhere."""
    return _fill(tensor, val)


def ones_(tensor: Tensor) -> Tensor:
    """Ones."""
    return _fill(tensor, 1)


def zeros_(tensor: Tensor) -> Tensor:
    """Zeros."""
    return _fill(tensor, 0)


def eye_(tensor: Tensor) -> Tensor:
    """The identity matrix. ValueError unless the tensor has 2 dimensions."""
    _check_matrix(tensor, "eye_", tensor.ndim == 2)
    rows, columns = tensor.shape
    return _fill(tensor, np.eye(rows, columns))


def dirac_(tensor: Tensor, groups: int = 1) -> Tensor:
    """The weight of a convolution that gives back its input, as many channels of it as there are, in each group.

    ValueError unless the tensor has 3, 4 or 5 dimensions, and channels for all groups.

    >>> dirac_(Tensor(1, 2, 3))
    tensor([[[0., 1., 0.],
             [0., 0., 0.]]])
    """
    if tensor.ndim not in (3, 4, 5):
        raise ValueError(f"dirac_: needs the weight of a convolution, of 3 to 5 dimensions, got shape {tensor.shape}")
    if groups < 1 or tensor.shape[0] % groups:
        raise ValueError(f"dirac_: {tensor.shape[0]} output channels cannot be divided into {groups} groups")
    values = np.zeros(tensor.shape)
    outputs = tensor.shape[0] // groups
    channels = np.arange(min(outputs, tensor.shape[1]))
    middle = tuple(size // 2 for size in tensor.shape[2:])
    for group in range(groups):
        place: Any = (group * outputs + channels, channels, *middle)
        values[place] = 1
    return _fill(tensor, values)


def xavier_uniform_(tensor: Tensor, gain: float = 1.0, generator: Generator | None = None) -> Tensor:
    """Uniform within ± gain · √(6 / (fan_in + fan_out)): Glorot and Bengio, 2010.

    >>> import tinygrad_scratch as tg
    >>> bool((xavier_uniform_(tg.empty(3, 3)).abs() <= 1).all())
    True
    """
    bound = gain * sqrt(6 / max(sum(_fans(tensor, "xavier_uniform_")), 1))
    return uniform_(tensor, -bound, bound, generator)


def xavier_normal_(tensor: Tensor, gain: float = 1.0, generator: Generator | None = None) -> Tensor:
    """Normal with deviation gain · √(2 / (fan_in + fan_out)): Glorot and Bengio, 2010."""
    return normal_(tensor, 0.0, gain * sqrt(2 / max(sum(_fans(tensor, "xavier_normal_")), 1)), generator)


def kaiming_uniform_(
    tensor: Tensor,
    a: float = 0,
    mode: str = "fan_in",
    nonlinearity: str = "leaky_relu",
    generator: Generator | None = None,
) -> Tensor:
    """Uniform within ± gain · √(3 / fan), for the gain of ``nonlinearity`` (of slope ``a``): He et al., 2015."""
    bound = sqrt(3) * _kaiming_deviation(tensor, a, mode, nonlinearity, "kaiming_uniform_")
    return uniform_(tensor, -bound, bound, generator)


def kaiming_normal_(
    tensor: Tensor,
    a: float = 0,
    mode: str = "fan_in",
    nonlinearity: str = "leaky_relu",
    generator: Generator | None = None,
) -> Tensor:
    """Normal with deviation gain / √fan, for the gain of ``nonlinearity`` (of slope ``a``): He et al., 2015."""
    return normal_(tensor, 0.0, _kaiming_deviation(tensor, a, mode, nonlinearity, "kaiming_normal_"), generator)


def orthogonal_(tensor: Tensor, gain: float = 1, generator: Generator | None = None) -> Tensor:
    """A random matrix of orthogonal rows or columns (whichever are fewer) of length ``gain``: Saxe et al., 2014.

    Further dimensions count as columns.
    """
    _check_matrix(tensor, "orthogonal_", tensor.ndim >= 2)
    floating_only(tensor, "orthogonal_")
    rows, columns = tensor.shape[0], prod(tensor.shape[1:])
    q, r = np.linalg.qr(numpy_generator(generator).standard_normal((max(rows, columns), min(rows, columns))))
    q *= np.sign(np.diag(r))  # makes the distribution uniform
    return _fill(tensor, gain * (q if rows >= columns else q.T).reshape(tensor.shape))


def sparse_(tensor: Tensor, sparsity: float, std: float = 0.01, generator: Generator | None = None) -> Tensor:
    """Normal with deviation ``std``, but zeros in a fraction ``sparsity`` of each column: Martens, 2010.

    >>> sparse_(Tensor(4, 3), sparsity=0.5).count_nonzero(dim=0)
    tensor([2, 2, 2])
    """
    _check_matrix(tensor, "sparse_", tensor.ndim == 2)
    floating_only(tensor, "sparse_")
    if not 0 <= sparsity <= 1:
        raise ValueError(f"sparse_: sparsity must lie in [0, 1], got {sparsity}")
    rows, columns = tensor.shape
    random = numpy_generator(generator)
    values = random.normal(0, std, (rows, columns))
    zeros = random.permuted(np.tile(np.arange(rows)[:, None] < np.ceil(sparsity * rows), columns), axis=0)
    return _fill(tensor, np.where(zeros, 0, values))


def _kaiming_deviation(tensor: Tensor, a: float, mode: str, nonlinearity: str, name: str) -> float:
    fans = dict(zip(("fan_in", "fan_out"), _fans(tensor, name), strict=True))
    if mode not in fans:
        raise ValueError(f"{name}: mode must be 'fan_in' or 'fan_out', not {mode!r}")
    return calculate_gain(nonlinearity, a) / sqrt(max(fans[mode], 1))


def _fans(tensor: Tensor, name: str) -> tuple[int, int]:
    _check_matrix(tensor, name, tensor.ndim >= 2)
    inside = prod(tensor.shape[2:])
    return tensor.shape[1] * inside, tensor.shape[0] * inside


def _check_matrix(tensor: Tensor, name: str, is_one: bool) -> None:
    if not is_one:
        raise ValueError(f"{name}: needs a matrix (2 dimensions), got shape {tensor.shape}")
