"""How long it takes to draw graphs of 10 to 10,000 operations, and how large the files become.

    python benchmarks/pictures.py

Each graph is the loss of an MLP with as many layers as it takes. What is too large to be read is closed by itself; the
last column is the picture with nothing closed.
"""

from __future__ import annotations

import math
import tempfile
import time
from pathlib import Path

import tinygrad_scratch as tg
from tinygrad_scratch import nn, visualize

SIZES = (10, 100, 1_000, 10_000)
WIDTH = 16
COLUMNS = ("operations", "DOT text", "SVG file", "page", "size of page", "DOT text, depth=inf")


def loss_of(operations: int) -> tuple[tg.Tensor, dict[str, nn.Module]]:
    """A loss that takes this many operations: a Linear and a ReLU for each two."""
    model = nn.MLP(WIDTH, [WIDTH] * ((operations - 2) // 2), WIDTH)
    targets = tg.randint(0, WIDTH, (32,))
    return nn.functional.cross_entropy(model(tg.randn(32, WIDTH)), targets), {"model": model}


def main() -> None:
    print(" | ".join(COLUMNS))
    with tempfile.TemporaryDirectory() as folder:
        for size in SIZES:
            loss, names = loss_of(size)
            start = time.perf_counter()
            picture = visualize.draw(loss, names=names)
            drawn = time.perf_counter()
            picture.save(Path(folder) / "graph.svg")
            saved = time.perf_counter()
            page = visualize.explore(loss, names=names)
            explored = time.perf_counter()
            visualize.draw(loss, names=names, depth=math.inf)
            opened = time.perf_counter()
            seconds = [drawn - start, saved - drawn, explored - saved]
            times = " | ".join(f"{part:.3f} s" for part in seconds)
            print(f"{size:,} | {times} | {len(page.html.encode()) / 1000:,.0f} kB | {opened - explored:.3f} s")


if __name__ == "__main__":
    main()
