"""NAdam with a warm-up and a cosine, gradients clipped, and batches of a part of the data."""

import torch
import torch.nn as nn
from torch.nn.utils import clip_grad_norm_, parameters_to_vector
from torch.optim.lr_scheduler import CosineAnnealingLR, LinearLR, SequentialLR
from torch.utils.data import DataLoader, Subset, TensorDataset


class Net(nn.Module):
    def __init__(self, features, classes):
        super().__init__()
        self.hidden = nn.Linear(features, 8)
        self.out = nn.Linear(8, classes)

    def forward(self, x):
        return self.out(torch.relu(self.hidden(x)))


x = torch.sin(torch.arange(120.0).reshape(40, 3))
y = (x.sum(dim=1) > 0).long()
train = Subset(TensorDataset(x, y), range(32))
loader = DataLoader(train, batch_size=8, shuffle=False, num_workers=0, pin_memory=False)

model = Net(3, 2)
with torch.no_grad():
    for i, parameter in enumerate(model.parameters()):
        parameter.copy_(torch.cos(torch.arange(float(parameter.numel())) * (i + 1)).view_as(parameter))
optimizer = torch.optim.NAdam(model.parameters(), lr=0.05, weight_decay=1e-3)
parts = [LinearLR(optimizer, 0.1, total_iters=3), CosineAnnealingLR(optimizer, T_max=7)]
scheduler = SequentialLR(optimizer, parts, milestones=[3])
criterion = nn.CrossEntropyLoss()
for epoch in range(10):
    model.train()
    total = 0.0
    for inputs, targets in loader:
        optimizer.zero_grad()
        loss = criterion(model(inputs), targets)
        loss.backward()
        norm = clip_grad_norm_(model.parameters(), max_norm=1.0)
        optimizer.step()
        total += loss.item() * len(inputs)
    scheduler.step()
    model.eval()
    with torch.no_grad():
        accuracy = (model(x).argmax(dim=1) == y).float().mean()
    rate = scheduler.get_last_lr()[0]
    print(f"{epoch} loss {total / len(loader.dataset):.6f} norm {norm:.5f} accuracy {accuracy:.3f} rate {rate:.6f}")
print(f"length of all parameters {parameters_to_vector(model.parameters()).norm().item():.6f}")
