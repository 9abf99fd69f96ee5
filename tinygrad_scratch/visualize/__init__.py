"""Pictures of computation graphs, and an explorer that replays the backward pass."""
from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

from tinygrad_scratch.visualize.collapsing import at_depth, collapsed
from tinygrad_scratch.visualize.fitting import fitted
from tinygrad_scratch.visualize.mirror import with_backward_pass
from tinygrad_scratch.visualize.picture import Picture, picture_of
from tinygrad_scratch.visualize.recording import recording
from tinygrad_scratch.visualize.repeats import with_repeats_folded
from tinygrad_scratch.visualize.roots import roots_of
from tinygrad_scratch.visualize.theme import DARK, LIGHT
from tinygrad_scratch.visualize.tracing import traced
from dataclasses import replace

def draw(root, *, names=None, values=False, depth=None, fold_repeats=False, backward=False, left_to_right=False, dark=False):
    drawing = traced(roots_of(root, names))
    if fold_repeats: drawing = with_repeats_folded(drawing)
    if depth is None:
        whole = len(drawing.boxes)
        drawing, closed = fitted(drawing, 60) if whole>200 else (drawing,[])
        drawing = collapsed(drawing, closed)
        if closed: drawing = replace(drawing, caption=f"{len(drawing.boxes)} of {whole:,} boxes: ")
    else:
        drawing = collapsed(drawing, at_depth(drawing, depth))
    if backward: drawing = with_backward_pass(drawing)
    return picture_of(drawing, DARK if dark else LIGHT, values, left_to_right)
