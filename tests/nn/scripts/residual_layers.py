"""A model of one's own making: a list of layers, a dict of heads, buffers, parameters, and hooks that watch it."""

import math

import torch
from torch import nn, optim
from torch.nn.parameter import Parameter


class Standardize(nn.Module):
    """Bring features to mean 0 and variance 1, with statistics of the training data, which are not learned."""

    def __init__(self, features):
        super().__init__()
        self.register_buffer("mean", torch.zeros(features))
        self.register_buffer("std", torch.ones(features))
        self.register_buffer("cache", None, persistent=False)

    def fit(self, x):
        self.mean.copy_(x.mean(dim=0))
        self.std = x.std(dim=0, unbiased=False)

    def forward(self, x):
        return (x - self.mean) / self.std


class Block(nn.Module):
    def __init__(self, width):
        super().__init__()
        self.norm = nn.LayerNorm(width)
        self.linear = nn.Linear(width, width)
        self.scale = Parameter(torch.tensor(0.5))

    def forward(self, x):
        return x + self.scale * nn.functional.gelu(self.linear(self.norm(x)))


class Model(nn.Module):
    def __init__(self, features, width, depth):
        super().__init__()
        self.standardize = Standardize(features)
        self.embed = nn.Linear(features, width)
        self.blocks = nn.ModuleList([Block(width) for _ in range(depth)])
        self.heads = nn.ModuleDict({"value": nn.Linear(width, 1), "sign": nn.Linear(width, 2)})
        self.biases = nn.ParameterList([Parameter(torch.zeros(width)) for _ in range(depth)])

    def forward(self, x):
        x = self.embed(self.standardize(x))
        for i, block in enumerate(self.blocks):
            x = block(x) + self.biases[i]
        return {name: head(x) for name, head in self.heads.items()}


x = torch.linspace(-3, 3, 64).reshape(-1, 1).repeat(1, 2)
x[:, 1] = torch.cos(2 * x[:, 1]) * 10 + 4
y = torch.sin(x[:, 0:1]) + 0.1 * x[:, 1:2]
sign = (y.squeeze(1) > 0).long()

model = Model(2, 8, depth=3)
model.standardize.fit(x)
with torch.no_grad():
    for number, (_name, p) in enumerate(model.named_parameters()):
        if p.dim() == 2:
            p.copy_(torch.cos(torch.arange(p.numel()).float() + number).view_as(p) / math.sqrt(p.size(1)))
        elif p.dim() == 1 and "norm" not in _name:
            p.zero_()

print([name for name in model.state_dict()])
print(len(list(model.buffers())), len(list(model.children())), model.blocks[1].linear, len(model.blocks))

norms = {}
handles = [
    block.register_forward_hook(lambda module, args, output, i=i: norms.__setitem__(i, output.detach().norm().item()))
    for i, block in enumerate(model.blocks)
]
gradients = []
model.embed.weight.register_hook(lambda grad: gradients.append(grad.abs().max().item()))
model.blocks[0].register_full_backward_hook(lambda module, inputs, outputs: gradients.append(outputs[0].norm().item()))

model.heads["sign"].requires_grad_(False)
optimizer = optim.SGD((p for p in model.parameters() if p.requires_grad), lr=0.02, momentum=0.9, nesterov=True)
scheduler = optim.lr_scheduler.CosineAnnealingLR(optimizer, T_max=60)
mse, ce = nn.MSELoss(), nn.CrossEntropyLoss(label_smoothing=0.1)
for step in range(60):
    out = model(x)
    loss = mse(out["value"], y) + 0.1 * ce(out["sign"], sign)
    optimizer.zero_grad(set_to_none=True)
    loss.backward()
    optimizer.step()
    scheduler.step()
    if step % 10 == 0:
        shown = " ".join(f"{norms[i]:.3f}" for i in sorted(norms))
        print(f"{step} loss {loss.item():.4f} norms {shown} gradients {gradients[-2]:.4f} {gradients[-1]:.4f}")
for handle in handles:
    handle.remove()
print(model.heads["sign"].weight.grad is None, loss.requires_grad)
