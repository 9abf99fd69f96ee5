"""The graphs that the tests of pictures and of the explorer look at."""

from __future__ import annotations

from typing import Any

import nn
import tinygrad_scratch as tg
from tinygrad_scratch import visualize
from tinygrad_scratch.visualize.drawing import Box, Drawing, Role
from tinygrad_scratch.visualize.roots import roots_of
from tinygrad_scratch.visualize.tracing import traced


def scalar_expression() -> tuple[tg.Tensor, dict[str, tg.Tensor]]:
    """tanh((a·b + c)·a) after its backward pass, recorded, and the names of its tensors: ``a`` is used twice."""
    a = tg.tensor(0.5, requires_grad=True)
    b = tg.tensor(-3.0, requires_grad=True)
    c = tg.tensor(2.0, requires_grad=True)
    with visualize.recording():
        d = a * b + c
        y = (d * a).tanh()
        y.backward()
    return y, {"a": a, "b": b, "c": c, "d": d, "y": y}


def small_mlp() -> tuple[nn.Module, tg.Tensor]:
    """A model of two Linear layers with a ReLU between them, and an input for it."""
    tg.manual_seed(0)
    return nn.MLP(4, [3], 2), tg.tensor([[1.0, 2.0, 3.0, 4.0]])


def small_cnn() -> tuple[nn.Module, tg.Tensor]:
    """A convolutional network and an image for it."""
    tg.manual_seed(0)
    model = nn.Sequential(
        nn.Conv2d(1, 4, 3, stride=2, padding=1),
        nn.BatchNorm2d(4),
        nn.ReLU(),
        nn.MaxPool2d(2),
        nn.Flatten(),
        nn.Linear(16, 3),
    )
    return model, tg.rand(2, 1, 8, 8)


def explored_mlp() -> visualize.Explorer:
    """The explorer of a small classifier, which it runs on a batch of four."""
    tg.manual_seed(0)
    model = nn.MLP(6, [5], 3)
    targets = tg.tensor([0, 1, 2, 0])
    return visualize.explore((lambda x: nn.functional.cross_entropy(model(x), targets), tg.randn(4, 6)))


def xor() -> tuple[tg.Tensor, dict[str, Any]]:
    """The loss of a small model on XOR after its backward pass, recorded, and the names of what it was made of."""
    x = tg.tensor([[0.0, 0.0], [0.0, 1.0], [1.0, 0.0], [1.0, 1.0]])
    t = tg.tensor([[0.0], [1.0], [1.0], [0.0]])
    tg.manual_seed(0)
    model = nn.MLP(2, [3], 1, activation=nn.Tanh)
    with visualize.recording():
        loss = nn.BCEWithLogitsLoss()(model(x), t)
        loss.backward()
    return loss, {"model": model, "x": x, "t": t, "loss": loss}


def cubed(create_graph: bool = True) -> tuple[tg.Tensor, tg.Tensor, tg.Tensor]:
    """x, x³ and its derivative, which is a graph of its own."""
    x = tg.tensor(2.0, requires_grad=True)
    y = x * x * x
    (slope,) = tg.autograd.grad(y, x, create_graph=create_graph)
    return x, y, slope


class Loop(nn.Module):
    """A recurrent layer written by hand: a cell that runs on one step of a sequence after the other."""

    class Cell(nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.input = nn.Linear(3, 4)
            self.state = nn.Linear(4, 4)

        def forward(self, step: tg.Tensor, state: tg.Tensor) -> tg.Tensor:
            return (self.input(step) + self.state(state)).tanh()

    def __init__(self) -> None:
        super().__init__()
        self.cell = self.Cell()

    def forward(self, x: tg.Tensor) -> tuple[tg.Tensor, tg.Tensor]:
        state = tg.zeros(x.shape[1], 4)
        states = []
        for step in x:
            state = self.cell(step, state)
            states.append(state)
        return tg.stack(states), state


def chain(length: int) -> tg.Tensor:
    """The sine of the sine of …: a graph with ``length`` operations, each after the other."""
    y = tg.tensor([1.0, 2.0], requires_grad=True)
    for _ in range(length):
        y = y.sin()
    return y


def drawing_of(root: Any, names: dict[str, Any] | None = None) -> Drawing:
    """The whole graph behind ``root`` as plain data."""
    return traced(roots_of(root, names))


def titles(drawing: Drawing, role: Role) -> list[str]:
    """The titles of the boxes of one role, in the order in which they ran."""
    return [box.title for box in drawing.boxes if box.role is role]


def the_box(drawing: Drawing, title: str) -> Box:
    """The one box with that title."""
    (found,) = (box for box in drawing.boxes if box.title == title)
    return found
