"""Train a multilayer perceptron on two spirals with mini-batches and Adam; keep the best, and load it again."""

import copy
import io

import numpy as np
import torch
import torch.nn as nn
import torch.nn.functional as F
import torch.optim as optim
from torch.utils.data import DataLoader, TensorDataset, random_split

device = torch.device("cuda" if torch.cuda.is_available() else "cpu")
torch.manual_seed(0)
torch.cuda.manual_seed_all(0)
torch.backends.cudnn.deterministic = True
torch.backends.cudnn.benchmark = False

rng = np.random.default_rng(0)
angles = rng.uniform(0.5, 1.5 * np.pi, 300)
labels = rng.integers(0, 2, 300)
points = np.stack([np.cos(angles + np.pi * labels), np.sin(angles + np.pi * labels)], axis=1) * angles[:, None] / 5
data = TensorDataset(torch.from_numpy(points).float(), torch.from_numpy(labels).long())
train_data = torch.utils.data.Subset(data, range(240))
valid_data = torch.utils.data.Subset(data, range(240, 300))
train_loader = DataLoader(train_data, batch_size=32, shuffle=False, num_workers=0)
valid_loader = DataLoader(valid_data, batch_size=60)
assert sum(len(part) for part in random_split(data, [240, 60])) == len(data)


class Net(nn.Module):
    def __init__(self, hidden=32, classes=2):
        super().__init__()
        self.fc1 = nn.Linear(2, hidden, bias=False)
        self.norm = nn.BatchNorm1d(hidden)
        self.fc2 = nn.Linear(hidden, hidden)
        self.out = nn.Linear(hidden, classes)
        self.dropout = nn.Dropout(p=0.0)

    def forward(self, x):
        x = F.relu(self.norm(self.fc1(x)))
        x = self.dropout(torch.tanh(self.fc2(x)))
        return self.out(x)


def init_weights(module):
    if isinstance(module, nn.Linear):
        with torch.no_grad():
            module.weight.copy_(torch.from_numpy(rng.normal(0, 0.4, tuple(module.weight.size())).astype(np.float32)))
        if module.bias is not None:
            nn.init.zeros_(module.bias)


def train_one_epoch(model, loader, criterion, optimizer):
    model.train()
    running_loss = 0.0
    for inputs, targets in loader:
        inputs, targets = inputs.to(device), targets.to(device)
        optimizer.zero_grad()
        loss = criterion(model(inputs), targets)
        loss.backward()
        torch.nn.utils.clip_grad_norm_(model.parameters(), max_norm=1.0)
        optimizer.step()
        running_loss += loss.item() * inputs.size(0)
    return running_loss / len(loader.dataset)


@torch.no_grad()
def evaluate(model, loader):
    model.eval()
    correct = 0
    for inputs, targets in loader:
        predicted = model(inputs.to(device)).argmax(dim=1)
        correct += (predicted == targets.to(device)).sum().item()
    return 100.0 * correct / len(loader.dataset)


model = Net().to(device)
model.apply(init_weights)
print(sum(p.numel() for p in model.parameters() if p.requires_grad), "parameters")
criterion = nn.CrossEntropyLoss()
decay, no_decay = [], []
for _name, parameter in model.named_parameters():
    (no_decay if parameter.ndim <= 1 else decay).append(parameter)
optimizer = optim.Adam([{"params": decay, "weight_decay": 1e-3}, {"params": no_decay}], lr=0.005)
scheduler = optim.lr_scheduler.StepLR(optimizer, step_size=4, gamma=0.5)

best, best_state = 0.0, None
for epoch in range(12):
    loss = train_one_epoch(model, train_loader, criterion, optimizer)
    accuracy = evaluate(model, valid_loader)
    scheduler.step()
    print(f"epoch {epoch + 1:2d}  loss {loss:.4f}  accuracy {accuracy:.1f}  lr {scheduler.get_last_lr()[0]:.5f}")
    if accuracy >= best:
        best, best_state = accuracy, copy.deepcopy(model.state_dict())

buffer = io.BytesIO()
torch.save({"epoch": 12, "model_state_dict": best_state, "optimizer_state_dict": optimizer.state_dict()}, buffer)
buffer.seek(0)
checkpoint = torch.load(buffer, map_location=device, weights_only=True)
restored = Net().to(device)
restored.load_state_dict(checkpoint["model_state_dict"])
print(f"best {best:.1f}, restored {evaluate(restored, valid_loader):.1f} after {checkpoint['epoch']} epochs")
