"""A PyTorch script runs after nothing but its imports has changed, and computes the same."""

from __future__ import annotations

import contextlib
import io
import subprocess
import sys

import numpy as np
import pytest

pytest.importorskip("torch", reason="needs PyTorch: pip install -e .[peers]")

SCRIPT = """
import torch
import torch.nn as nn
import torch.nn.functional as F
import torch.optim as optim
from torch import Tensor
from torch.nn.utils import clip_grad_norm_, parameters_to_vector
from torch.optim.lr_scheduler import CosineAnnealingLR, LinearLR, SequentialLR
from torch.utils.data import DataLoader, Subset, TensorDataset


class Net(nn.Module):
    def __init__(self, features: int, classes: int) -> None:
        super().__init__()
        self.hidden = nn.Linear(features, 8)
        self.out = nn.Linear(8, classes)

    def forward(self, x: Tensor) -> Tensor:
        return self.out(F.relu(self.hidden(x)))


device = torch.device("cpu")
x = torch.sin(torch.arange(120.0).reshape(40, 3))
y = (x.sum(dim=1) > 0).long()
train = Subset(TensorDataset(x, y), range(32))
loader = DataLoader(train, batch_size=8, shuffle=False, num_workers=0, pin_memory=False)

model = Net(3, 2).to(device)
with torch.no_grad():
    for i, parameter in enumerate(model.parameters()):
        parameter.copy_(torch.cos(torch.arange(float(parameter.numel())) * (i + 1)).view_as(parameter))
optimizer = optim.NAdam(model.parameters(), lr=0.05, weight_decay=1e-3)
parts = [LinearLR(optimizer, 0.1, total_iters=3), CosineAnnealingLR(optimizer, T_max=7)]
scheduler = SequentialLR(optimizer, parts, milestones=[3])
criterion = nn.CrossEntropyLoss()
for epoch in range(10):
    model.train()
    total = 0.0
    for inputs, targets in loader:
        inputs, targets = inputs.to(device), targets.to(device)
        optimizer.zero_grad()
        loss = criterion(model(inputs), targets)
        loss.backward()
        clip_grad_norm_(model.parameters(), max_norm=1.0)
        optimizer.step()
        total += loss.item() * len(inputs)
    scheduler.step()
    model.eval()
    with torch.no_grad():
        accuracy = (model(x).argmax(dim=1) == y).float().mean()
    print(epoch, total / len(loader.dataset), accuracy.item(), scheduler.get_last_lr()[0])
print(parameters_to_vector(model.parameters()).norm().item())
"""


def test_a_script_with_its_imports_changed() -> None:
    theirs = io.StringIO()
    with contextlib.redirect_stdout(theirs):
        exec(SCRIPT, {})
    changed = SCRIPT.replace("import torch\n", "import tinygrad_scratch as torch\n")
    changed = changed.replace("import torch.", "import tinygrad_scratch.").replace(
        "from torch", "from tinygrad_scratch"
    )
    command = [sys.executable, "-W", "error", "-c", changed]
    ours = subprocess.run(command, capture_output=True, text=True, check=False)
    assert not ours.stderr
    mine, other = ([float(word) for word in text.split()] for text in (ours.stdout, theirs.getvalue()))
    assert len(mine) == 41
    np.testing.assert_allclose(mine, other, rtol=1e-5)
