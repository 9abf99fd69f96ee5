"""Makes a gallery of computation graphs: pictures, pages to explore, and one page that shows them all.

    python examples/graphs.py

Then open runs/graphs/index.html in a browser. The pictures need Graphviz (pip install 'tinygrad-scratch[viz]'); the
pages to explore do not.
"""

from __future__ import annotations

import html
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import tinygrad_scratch as tg
from support.command_line import Options, run
from tinygrad_scratch import nn, optim, visualize


@dataclass(frozen=True)
class Exhibit:
    """A picture in the gallery: what it shows, how it is drawn, and the page to explore it, if there is one."""

    name: str
    title: str
    text: str
    draw: Callable[..., visualize.Picture]
    explore: Callable[[Path], visualize.Explorer] | None = None


def scalar_expression() -> Exhibit:
    a = tg.tensor(0.5, requires_grad=True)
    b = tg.tensor(-3.0, requires_grad=True)
    c = tg.tensor(2.0, requires_grad=True)
    with visualize.recording():
        d = a * b + c
        y = (d * a).tanh()
        y.backward()
    names = {"a": a, "b": b, "c": c, "d": d, "y": y}
    return Exhibit(
        "scalar",
        "A scalar expression",
        "y = tanh((a·b + c)·a), with every value and, after y.backward(), every gradient. "
        "The gradient of a has two parts: a is used twice.",
        lambda **style: visualize.draw(y, names=names, values=True, **style),
        lambda path: visualize.explore(y, path, names=names, title="A scalar expression"),
    )


def xor() -> Exhibit:
    x = tg.tensor([[0.0, 0.0], [0.0, 1.0], [1.0, 0.0], [1.0, 1.0]])
    t = tg.tensor([[0.0], [1.0], [1.0], [0.0]])
    model = nn.MLP(2, [3], 1, activation=nn.Tanh)
    optimizer = optim.Adam(model.parameters(), lr=0.05)
    criterion = nn.BCEWithLogitsLoss()
    for _ in range(300):
        optimizer.zero_grad()
        criterion(model(x), t).backward()
        optimizer.step()
    optimizer.zero_grad()
    with visualize.recording():
        loss = criterion(model(x), t)
        loss.backward()
    names = {"model": model, "x": x, "t": t, "loss": loss}
    return Exhibit(
        "xor",
        "XOR",
        "Two layers that have learned XOR: the four points, the weights, and what is left of the gradients.",
        lambda **style: visualize.draw(loss, names=names, values=True, **style),
        lambda path: visualize.explore(loss, path, names=names, title="XOR"),
    )


def mnist() -> list[Exhibit]:
    model = nn.MLP(784, [128, 64], 10)
    images, labels = tg.rand(32, 1, 28, 28), tg.randint(0, 10, (32,))

    def loss(images: tg.Tensor, labels: tg.Tensor) -> tg.Tensor:
        return nn.functional.cross_entropy(model(images), labels)

    def picture(**options: Any) -> Callable[..., visualize.Picture]:
        return lambda **style: visualize.draw((loss, (images, labels)), **options, **style)

    return [
        Exhibit(
            "mnist-modules",
            "An MLP for MNIST, by module",
            "Each layer is one box, with the shapes of what goes in and comes out and the number of its parameters.",
            picture(depth=3),
        ),
        Exhibit(
            "mnist",
            "The same in full",
            "Every operation and every parameter, in the modules that they belong to.",
            picture(),
            lambda path: visualize.explore((loss, (images, labels)), path, title="An MLP for MNIST"),
        ),
        Exhibit(
            "mnist-backward",
            "Forward and backward",
            "On the right the backward pass, with the rule that gives each gradient from the one before it.",
            picture(backward=True),
        ),
    ]


def convolutions() -> Exhibit:
    model = nn.Sequential(
        nn.Conv2d(1, 8, 3, padding=1),
        nn.BatchNorm2d(8),
        nn.ReLU(),
        nn.MaxPool2d(2),
        nn.Conv2d(8, 16, 3, stride=2),
        nn.ReLU(),
        nn.Flatten(),
        nn.Linear(16 * 6 * 6, 10),
    )
    # Rings of ten sizes, on which it is trained a little.
    along = tg.linspace(-1, 1, 28)
    sizes = tg.rand(64, 1, 1, 1)
    images, labels = ((tg.hypot(along, along[:, None]) - sizes).abs() < 0.15).float(), (sizes.flatten() * 10).long()

    def loss(images: tg.Tensor, labels: tg.Tensor) -> tg.Tensor:
        return nn.functional.cross_entropy(model(images), labels)

    optimizer = optim.Adam(model.parameters(), lr=0.01)
    for _ in range(50):
        optimizer.zero_grad()
        loss(images, labels).backward()
        optimizer.step()
    return Exhibit(
        "convolutions",
        "A convolutional network",
        "It tells rings by their size. Boxes say what shapes do not: kernels, strides, padding. "
        "In the page, filters and feature maps are images.",
        lambda **style: visualize.draw((loss, (images, labels)), **style),
        lambda path: visualize.explore((loss, (images, labels)), path, title="A convolutional network"),
    )


class Reader(nn.Module):
    """Reads a text forwards and backwards, and says something of each character."""

    def __init__(self) -> None:
        super().__init__()
        self.embedding = nn.Embedding(64, 16)
        self.lstm = nn.LSTM(16, 32, batch_first=True, bidirectional=True)
        self.head = nn.Linear(64, 64)

    def forward(self, text: tg.Tensor) -> tg.Tensor:
        states, _ = self.lstm(self.embedding(text))
        return self.head(states)


def recurrent_layer() -> Exhibit:
    root = (Reader(), tg.randint(0, 64, (8, 40)))
    return Exhibit(
        "lstm",
        "A recurrent layer",
        "An LSTM is one operation in each direction, for any number of steps. In the page, its states are an image.",
        lambda **style: visualize.draw(root, **style),
        lambda path: visualize.explore(root, path, title="An LSTM in both directions"),
    )


class Loop(nn.Module):
    """A recurrent layer written by hand."""

    def __init__(self) -> None:
        super().__init__()
        self.cell = nn.GRUCell(8, 16)

    def forward(self, sequence: tg.Tensor) -> tg.Tensor:
        state = tg.zeros(sequence.shape[1], 16)
        states = []
        for step in sequence:
            state = self.cell(step, state)
            states.append(state)
        return tg.stack(states)


def loop() -> Exhibit:
    root = (Loop(), tg.randn(50, 4, 8))
    return Exhibit(
        "loop",
        "A loop",
        "What repeats is drawn once: here, the step of a loop over a sequence of fifty.",
        lambda **style: visualize.draw(root, fold_repeats=True, **style),
        lambda path: visualize.explore(root, path, title="A loop over a sequence"),
    )


def transformer() -> Exhibit:
    layer = nn.TransformerEncoderLayer(32, 4, dim_feedforward=64, batch_first=True)
    root = (nn.TransformerEncoder(layer, 4).eval(), tg.randn(2, 16, 32))
    return Exhibit(
        "transformer",
        "A Transformer",
        "Four layers that are alike, drawn as one. In the page, what each head attends to is an image.",
        lambda **style: visualize.draw(root, fold_repeats=True, **style),
        lambda path: visualize.explore(root, path, title="A Transformer of four layers"),
    )


def second_order() -> Exhibit:
    x = tg.tensor(2.0, requires_grad=True)
    with visualize.recording():
        y = x**3
        (slope,) = tg.autograd.grad(y, x, create_graph=True)
        (curvature,) = tg.autograd.grad(slope, x, create_graph=True)
    names = {"x": x, "y": y, "slope": slope, "curvature": curvature}
    return Exhibit(
        "second-order",
        "A graph of second order",
        "y = x³, its derivative 3x² and the derivative of that, 6x. With create_graph=True the backward pass is "
        "recorded, and so is a graph like any other.",
        lambda **style: visualize.draw([y, slope, curvature], names=names, values=True, **style),
        lambda path: visualize.explore(slope, path, names=names, title="The derivative of x³, and back through it"),
    )


PAGE = """<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>Computation graphs</title>
<style>
  :root {{ --paper: #ffffff; --ink: #1e293b; --muted: #526077; --line: #c3ccd9; --link: #1d4ed8; }}
  @media (prefers-color-scheme: dark) {{
    :root {{ --paper: #10151f; --ink: #e6ebf2; --muted: #a3b0c2; --line: #3c4a60; --link: #8ab4ff; }}
  }}
  body {{ margin: 0 auto; max-width: 1080px; padding: 32px 20px 80px; background: var(--paper); color: var(--ink);
         font: 16px/1.55 system-ui, -apple-system, "Segoe UI", Roboto, sans-serif; }}
  h1 {{ font-size: 30px; }}
  h2 {{ font-size: 21px; margin: 56px 0 4px; }}
  p {{ color: var(--muted); margin: 0 0 14px; max-width: 68ch; }}
  a {{ color: var(--link); }}
  figure {{ margin: 0; padding: 12px; border: 1px solid var(--line); border-radius: 12px; text-align: center; }}
  img {{ max-width: 100%; height: auto; }}
</style>
<h1>Computation graphs</h1>
<p>Drawn by tinygrad_scratch. Pages to explore replay the forward and the backward pass: press space.</p>
{sections}
</html>
"""
SECTION = """<h2>{title}</h2>
<p>{text} {link}</p>
<figure><picture>
  <source media="(prefers-color-scheme: dark)" srcset="{name}-dark.svg"><img src="{name}.svg" alt="{title}">
</picture></figure>
"""


def section(exhibit: Exhibit) -> str:
    link = f'<a href="{exhibit.name}.html">Explore it</a>' if exhibit.explore else ""
    title, text = html.escape(exhibit.title), html.escape(exhibit.text)
    return SECTION.format(name=exhibit.name, title=title, text=text, link=link)


def main(arguments: list[str] | None = None) -> None:
    folder = Options("graphs", __doc__).parse(arguments).output
    exhibits = [scalar_expression(), xor(), *mnist(), second_order()]
    exhibits += [convolutions(), recurrent_layer(), loop(), transformer()]
    for exhibit in exhibits:
        start = time.perf_counter()
        written = [exhibit.draw().save(folder / f"{exhibit.name}.svg")]
        written.append(exhibit.draw(dark=True).save(folder / f"{exhibit.name}-dark.svg"))
        if exhibit.explore:
            page = folder / f"{exhibit.name}.html"
            exhibit.explore(page)
            written.append(page)
        sizes = ", ".join(f"{path.name} {path.stat().st_size / 1000:.0f} kB" for path in written)
        print(f"{exhibit.title}: {sizes} ({time.perf_counter() - start:.2f} s)")
    index = folder / "index.html"
    index.write_text(PAGE.format(sections="\n".join(map(section, exhibits))), encoding="utf-8")
    print(f"open {index}")


if __name__ == "__main__":
    run(main)
