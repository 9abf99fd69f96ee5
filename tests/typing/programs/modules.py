"""Modules, optimizers and data, under the names that PyTorch's scripts use."""

from typing import assert_type

import nn as short_name
import tinygrad_scratch as torch
import tinygrad_scratch.nn as nn
import tinygrad_scratch.nn.functional as F
import tinygrad_scratch.optim as optim
from tinygrad_scratch import Tensor
from tinygrad_scratch.nn import Parameter, functional
from tinygrad_scratch.optim import Adam
from tinygrad_scratch.optim.lr_scheduler import StepLR
from tinygrad_scratch.utils.data import DataLoader, TensorDataset


class Model(nn.Module):
    def __init__(self, size: int) -> None:
        super().__init__()
        self.linear = nn.Linear(size, 2)

    def forward(self, x: Tensor, scale: float = 1.0) -> tuple[Tensor, float]:
        return F.relu(self.linear(x)) * scale, scale


x = torch.ones(4, 2)

# A call takes and gives what forward does
model = Model(2)
assert_type(model(x), tuple[Tensor, float])
assert_type(model(x, scale=2.0)[0], Tensor)
model(x, scale="hello")  # error
model()  # error

assert_type(nn.Linear(2, 3)(x), Tensor)
assert_type(nn.Sequential(nn.Linear(2, 3), nn.ReLU())(x), Tensor)
assert_type(nn.ReLU()(x), Tensor)
assert_type(nn.MSELoss()(x, x), Tensor)
assert_type(nn.Linear(2, 3).weight, Parameter)
nn.Linear(2)  # error
nn.Linear("2", 3)  # error
nn.Linear(2, 3)("hello")  # error
nn.NoSuchLayer()  # error

assert_type(F.relu(x), Tensor)
assert_type(functional.cross_entropy(x, x, reduction="sum"), Tensor)
assert_type(torch.nn.functional.mse_loss(x, x), Tensor)
F.relu("hello")  # error
F.no_such_function(x)  # error

# The short name leads to the same classes
assert_type(short_name.Linear(2, 3), nn.Linear)
assert_type(short_name.optim.Adam([x]), Adam)

optimizer = Adam(model.parameters(), lr=1e-3)
assert_type(optimizer, optim.Adam)
assert_type(torch.optim.SGD([x], lr=0.1), optim.SGD)
StepLR(optimizer, step_size=2).step()
StepLR(model, step_size=2)  # error
optim.NoSuchOptimizer()  # error

torch.nn.utils.clip_grad_norm_(model.parameters(), 1.0)
nn.init.zeros_(model.linear.weight)
for inputs, targets in DataLoader(TensorDataset(x, x), batch_size=2):
    pass
