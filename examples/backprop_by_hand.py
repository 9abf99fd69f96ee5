"""Backpropagation by hand: two small networks, calculated step by step as on paper, by a machine.

    python examples/backprop_by_hand.py
    python examples/backprop_by_hand.py --digits 4

Example 1 has two layers of sigmoids and squared errors, example 2 three layers and a softmax with cross entropy. The
formulas say what you would do with a pencil; the numbers are what the engine finds, and nothing is derived here. The
same two examples were once worked out with derivatives written by hand: one stopped with an error, one did not learn.
"""

from __future__ import annotations

from pathlib import Path
from typing import ClassVar

from tqdm import trange

import tinygrad_scratch as tg
from support.command_line import Options, positive_int, run
from support.plots import save_graph
from tinygrad_scratch import Tensor, nn, optim, visualize
from tinygrad_scratch.nn import functional as F


def given(values: object) -> Tensor:
    return tg.tensor(values, dtype=tg.float64)


class Example1(nn.Module):
    """Two inputs, two hidden neurons, two outputs; the neurons of a layer share one bias."""

    lr = 0.5
    inputs = ("x", "y")
    values: ClassVar = {
        "z1": "x·W1ᵀ + b1",
        "h": "σ(z1)",
        "z2": "h·W2ᵀ + b2",
        "o": "σ(z2)",
        "L": "½ Σ (y - o)²",
    }
    gradients: ClassVar = {
        "o": "o - y",
        "z2": "∂L/∂o · o(1 - o)",
        "W2": "(∂L/∂z2)ᵀ·h",
        "b2": "Σ ∂L/∂z2",
        "h": "∂L/∂z2·W2",
        "z1": "∂L/∂h · h(1 - h)",
        "W1": "(∂L/∂z1)ᵀ·x",
        "b1": "Σ ∂L/∂z1",
    }

    def __init__(self) -> None:
        super().__init__()
        self.x, self.y = given([0.05, 0.10]), given([0.01, 0.99])
        self.W1, self.b1 = nn.Parameter(given([[0.15, 0.20], [0.25, 0.30]])), nn.Parameter(given(0.35))
        self.W2, self.b2 = nn.Parameter(given([[0.40, 0.45], [0.50, 0.55]])), nn.Parameter(given(0.60))

    def forward(self) -> Tensor:
        self.z1 = F.linear(self.x, self.W1) + self.b1
        self.h = self.z1.sigmoid()
        self.z2 = F.linear(self.h, self.W2) + self.b2
        self.o = self.z2.sigmoid()
        self.L = 0.5 * ((self.y - self.o) ** 2).sum()
        return self.L


class Example2(nn.Module):
    """Three layers of three neurons, with relu, sigmoid and softmax; class 0 of the three is right."""

    lr = 0.01
    inputs = ("x",)
    values: ClassVar = {
        "z1": "x·W1ᵀ + b1",
        "h1": "relu(z1)",
        "z2": "h1·W2ᵀ + b2",
        "h2": "σ(z2)",
        "z3": "h2·W3ᵀ + b3",
        "p": "softmax(z3)",
        "L": "-log p[0]",
    }
    gradients: ClassVar = {
        "z3": "p - [1, 0, 0]",
        "W3": "(∂L/∂z3)ᵀ·h2",
        "b3": "∂L/∂z3",
        "h2": "∂L/∂z3·W3",
        "z2": "∂L/∂h2 · h2(1 - h2)",
        "W2": "(∂L/∂z2)ᵀ·h1",
        "b2": "∂L/∂z2",
        "h1": "∂L/∂z2·W2",
        "z1": "∂L/∂h1 where z1 > 0, else 0",
        "W1": "(∂L/∂z1)ᵀ·x",
        "b1": "∂L/∂z1",
    }

    def __init__(self) -> None:
        super().__init__()
        self.x = given([0.1, 0.2, 0.7])
        self.W1 = nn.Parameter(given([[0.1, 0.2, 0.3], [0.3, 0.2, 0.7], [0.4, 0.3, 0.9]]))
        self.W2 = nn.Parameter(given([[0.2, 0.3, 0.5], [0.3, 0.5, 0.7], [0.6, 0.4, 0.8]]))
        self.W3 = nn.Parameter(given([[0.1, 0.4, 0.8], [0.3, 0.7, 0.2], [0.5, 0.2, 0.9]]))
        self.b1, self.b2, self.b3 = (nn.Parameter(given([1.0, 1.0, 1.0])) for _ in range(3))

    def forward(self) -> Tensor:
        self.z1 = F.linear(self.x, self.W1, self.b1)
        self.h1 = self.z1.relu()
        self.z2 = F.linear(self.h1, self.W2, self.b2)
        self.h2 = self.z2.sigmoid()
        self.z3 = F.linear(self.h2, self.W3, self.b3)
        self.p = self.z3.softmax(0)
        self.L = F.cross_entropy(self.z3, tg.tensor(0))  # from z3, since log softmax is more exact in one go
        return self.L


Example = Example1 | Example2


def work_out(example: Example, digits: int, picture: Path) -> None:
    """Go forward and backward once and make a step, every number written down; and draw it."""
    with visualize.recording():
        loss = example()
        tensors = {name: getattr(example, name) for name in (*example.values, *example.gradients, *example.inputs)}
        for name in example.values:
            tensors[name].retain_grad()
        loss.backward()
    save_graph(picture, loss, values=True, **tensors)

    print("Forward")
    inputs = "x"
    for name, formula in example.values.items():
        write(f"{name} = {formula}", tensors[name], digits)
        if name.startswith("z"):
            write_first_neuron(name, tensors[inputs], tensors[f"W{name[1]}"], tensors[f"b{name[1]}"])
        inputs = name
    print("Backward, from the loss L to the first layer")
    for name, formula in example.gradients.items():
        write(f"∂L/∂{name} = {formula}", tensors[name].grad, digits)
    print(f"A step that changes the weights, with learning rate {example.lr}")
    weights = [name for name in example.gradients if name.startswith("W")]
    optim.SGD([tensors[name] for name in weights], lr=example.lr).step()
    for name in weights:
        write(f"{name} ← {name} - {example.lr} · ∂L/∂{name}", tensors[name], digits)


def write(equation: str, value: Tensor, digits: int) -> None:
    """``equation`` = ``value``; of a matrix, a row on each line."""
    start = f"  {equation} = "
    for row in value.reshape(-1, value.shape[-1] if value.ndim else 1).tolist():
        print(start + ", ".join(f"{number:.{digits}f}" for number in row))
        start = " " * len(start)


def write_first_neuron(name: str, inputs: Tensor, weights: Tensor, bias: Tensor) -> None:
    """How the first neuron of a layer gets its weighted sum."""
    products = zip(inputs.tolist(), weights[0].tolist(), strict=True)
    print(f"    {name}[0] = {' + '.join(f'{x:.5g}·{w:g}' for x, w in products)} + {bias.ravel()[0].item():g}")


def losses(example: Example, learned: list[nn.Parameter], steps: int) -> list[float]:
    """The loss before each of so many steps that change the parameters in ``learned``, and after the last."""
    optimizer = optim.SGD(learned, lr=example.lr)
    history = []
    for _ in trange(steps, leave=False):
        optimizer.zero_grad()
        loss = example()
        loss.backward()
        optimizer.step()
        history.append(loss.item())
    return [*history, example().item()]


def main(arguments: list[str] | None = None) -> None:
    options = Options("backprop_by_hand", __doc__)
    options.add_argument("--digits", type=positive_int, default=10, help="digits after the point")
    options.add_argument("--steps-1", type=positive_int, default=10_000, help="of training, in example 1")
    options.add_argument("--steps-2", type=positive_int, default=300, help="of training, in example 2")
    chosen = options.parse(arguments)

    print("EXAMPLE 1: two layers of sigmoids, squared errors")
    work_out(Example1(), chosen.digits, chosen.output / "example_1.svg")
    weights_only, everything = Example1(), Example1()
    history = losses(weights_only, [weights_only.W1, weights_only.W2], chosen.steps_1)
    history_with_biases = losses(everything, list(everything.parameters()), chosen.steps_1)
    print("Loss                   weights learned   biases, too   (the original: an error about shapes)")
    for step in (0, 1, chosen.steps_1):
        print(f"  after {step:6} steps   {history[step]:15.10g}   {history_with_biases[step]:13.10g}")

    print("\nEXAMPLE 2: relu, sigmoid, softmax with cross entropy")
    work_out(Example2(), chosen.digits, chosen.output / "example_2.svg")
    example = Example2()
    history = losses(example, list(example.parameters()), chosen.steps_2)
    print("Loss, weights and biases learned   (the original: 1.1651, however long)")
    for step in sorted({0, min(30, chosen.steps_2), chosen.steps_2}):
        print(f"  after {step:6} steps   {history[step]:.10f}")
    print(f"\nBoth graphs, with values and gradients, are drawn in {chosen.output}")


if __name__ == "__main__":
    run(main)
