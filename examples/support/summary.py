"""A model as a table."""

from __future__ import annotations

import nn
import tinygrad_scratch as tg


def summary(model: nn.MLP, input: tg.Tensor) -> str:
    """The layers of ``model`` with the shapes of their results, given ``input``, and their numbers of parameters."""
    rows = [("layer", "output shape", "parameters")]
    value = model.flatten(input)
    for name, layer in model.layers.named_children():
        value = layer(value)
        count = sum(parameter.numel() for parameter in layer.parameters())
        rows.append((f"layers.{name} {layer!r}", str(value.shape), f"{count:,}"))
    rows.append(("total", "", f"{sum(parameter.numel() for parameter in model.parameters()):,}"))
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    return "\n".join(f"{a:<{widths[0]}}  {b:<{widths[1]}}  {c:>{widths[2]}}" for a, b, c in rows)
