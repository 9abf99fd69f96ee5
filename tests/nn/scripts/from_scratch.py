"""No modules: tensors, functions, gradients by hand-called autograd, and updates under no_grad."""

import numpy as np
import torch
import torch.nn.functional as F

device = torch.accelerator.current_accelerator().type if torch.accelerator.is_available() else "cpu"
rng = np.random.default_rng(1)
x = torch.from_numpy(rng.standard_normal((100, 4)).astype("float32")).to(device)
true_weight = torch.tensor([[1.0, -2.0, 0.5, 0.0], [0.0, 1.0, 1.0, -1.0], [2.0, 0.0, -1.0, 1.0]])
classes = (x @ true_weight.T).argmax(1)
train_x, test_x = x[:80], x[80:]
train_y, test_y = classes[:80], classes[80:]


def parameter(*shape):
    return torch.tensor(rng.normal(0, 0.3, shape), dtype=torch.float32).requires_grad_()


w1, b1, w2, b2 = parameter(16, 4), parameter(16), parameter(3, 16), parameter(3)
params = [w1, b1, w2, b2]


def forward(x):
    hidden = F.leaky_relu(F.linear(x, w1, b1), negative_slope=0.1)
    return F.linear(hidden, w2, b2)


def accuracy(logits, target):
    return (torch.argmax(logits, dim=-1) == target).float().mean()


lr, momentum = 0.1, 0.9
velocity = [torch.zeros_like(p) for p in params]
for epoch in range(5):
    for start in range(0, len(train_x), 16):
        xb, yb = train_x[start : start + 16], train_y[start : start + 16]
        loss = F.nll_loss(F.log_softmax(forward(xb), dim=1), yb) + 1e-3 * sum((p**2).sum() for p in params)
        loss.backward()
        with torch.no_grad():
            for p, v in zip(params, velocity):  # noqa: B905
                v.mul_(momentum).add_(p.grad)
                p -= lr * v
                p.grad.zero_()
    with torch.no_grad():
        test_logits = forward(test_x)
        test_loss = F.cross_entropy(test_logits, test_y)
    print(epoch, f"{loss.item():.4f}", f"{test_loss:.4f}", f"{accuracy(test_logits, test_y).item():.2f}")

# Newton's method and a penalty on the gradient: derivatives of derivatives.
z = torch.tensor([2.0], requires_grad=True)
for _ in range(5):
    value = z**4 - 3 * z**2 + z
    (slope,) = torch.autograd.grad(value.sum(), z, create_graph=True)
    (curvature,) = torch.autograd.grad(slope.sum(), z)
    z = (z - slope / curvature).detach().requires_grad_(True)
print(f"minimum at {z.item():.5f}")

inputs = train_x[:8].clone().requires_grad_(True)
loss = F.cross_entropy(forward(inputs), train_y[:8])
(g,) = torch.autograd.grad(loss, inputs, create_graph=True)
penalty = g.norm(2, dim=1).pow(2).mean()
(loss + 10 * penalty).backward()
print(f"{penalty.item():.5f}", [f"{p.grad.norm().item():.4f}" for p in params])
print(
    torch.cat([p.detach().flatten() for p in params]).shape[0], torch.is_grad_enabled(), w1.is_leaf, loss.requires_grad
)
