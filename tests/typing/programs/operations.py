"""Operations, as functions and as methods."""

from typing import assert_type

import numpy as np

import tinygrad_scratch as tg
from tinygrad_scratch import Tensor

t = tg.tensor([[1.0, 2.0], [3.0, 4.0]])

# Of one tensor
assert_type(tg.exp(t), Tensor)
assert_type(t.exp(), Tensor)
assert_type(t.exp_(), Tensor)
tg.exp("hello")  # error
tg.exp(t, bogus=3)  # error
tg.exp(t, t)  # error
tg.exp()  # error
t.exp(1)  # error

# Of two
assert_type(tg.multiply(t, 2), Tensor)
assert_type(tg.mul(2, t), Tensor)
assert_type(t.mul(np.ones(2)), Tensor)
tg.multiply(t)  # error
tg.multiply(t, "hello")  # error
t.mul(t, t)  # error

# With options
assert_type(tg.add(t, 1, alpha=2), Tensor)
assert_type(t.add_(1, alpha=2), Tensor)
assert_type(t.clamp(0, 1), Tensor)
t.add_(1, 2, 3, 4)  # error
tg.add(t, 1, beta=2)  # error
t.div(2, rounding_mode=1)  # error

# Operators
assert_type(t + 1, Tensor)
assert_type(1 - t, Tensor)
assert_type(t * t @ t, Tensor)
assert_type(-t, Tensor)
assert_type(t == t, Tensor)
assert_type(t != 1, Tensor)
assert_type(t < 1, Tensor)
assert_type(t[0, :], Tensor)
assert_type(~(t > 1) & (t > 2), Tensor)
t += 1
t + "hello"  # error

# Reductions, in PyTorch's words and in NumPy's
assert_type(tg.sum(t), Tensor)
assert_type(tg.sum(t, 0, keepdim=True), Tensor)
assert_type(tg.sum(t, axis=0, keepdims=True), Tensor)
assert_type(t.sum(dim=(0, 1)), Tensor)
assert_type(t.mean(axis=0, keepdims=True), Tensor)
tg.sum("hello")  # error
tg.sum(t, bogus=1)  # error
t.sum(bogus=1)  # error
t.sum(dim="hello")  # error

# What they give depends on what they are given
assert_type(t.max(), Tensor)
assert_type(t.max(dim=0).values, Tensor)
assert_type(t.max(axis=0).indices, Tensor)
assert_type(tg.max(t, 0).values, Tensor)
assert_type(tg.max(t, t), Tensor)
assert_type(tg.min(t), Tensor)
assert_type(t.median(0).values, Tensor)
assert_type(t.nonzero(), Tensor)
assert_type(t.nonzero(as_tuple=True), tuple[Tensor, ...])
assert_type(t.unique(), Tensor)
assert_type(tg.where(t > 0, t, 0), Tensor)
assert_type(tg.where(t > 0), tuple[Tensor, ...])
t.max().values  # error

# Shapes and properties
assert_type(t.T, Tensor)
assert_type(t.mT, Tensor)
assert_type(t.shape, tuple[int, ...])
assert_type(t.size(), tuple[int, ...])
assert_type(t.size(0), int)
assert_type(t.is_cuda, bool)
assert_type(t.reshape(2, -1), Tensor)
assert_type(t.reshape((2, -1)), Tensor)
assert_type(tg.permute(t, dims=(1, 0)), Tensor)
assert_type(t.view(4), Tensor)
assert_type(tg.cat([t, t], dim=0), Tensor)
assert_type(tg.stack((t, t), axis=1), Tensor)
t.reshape("hello")  # error
tg.cat(t, bogus=1)  # error

# Making tensors
assert_type(tg.zeros(2, 3), Tensor)
assert_type(tg.zeros((2, 3), dtype=tg.float64, requires_grad=True), Tensor)
assert_type(tg.ones(size=(2, 3)), Tensor)
assert_type(tg.rand(2), Tensor)
assert_type(tg.arange(0, 1, 0.1), Tensor)
tg.zeros(2, bogus=3)  # error

# Other parts of the package
assert_type(tg.linalg.norm(t), Tensor)
assert_type(tg.special.entr(t), Tensor)
assert_type(tg.softmax(t, dim=0), Tensor)
tg.special.entr("hello")  # error
tg.linalg.inv()  # error
tg.linalg.nrom(t)  # error
tg.exq(t)  # error
t.exq()  # error

# Gradients
assert_type(t.backward(), None)
assert_type(t.grad, Tensor | None)
assert_type(t.detach().numpy().shape, tuple[int, ...])
with tg.no_grad():
    t.zero_()
