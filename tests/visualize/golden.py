"""Pictures whose DOT text is compared, letter by letter, with the files in the folder ``golden``.

After a change that is meant, write the files anew and look at what changed: ``python -m tests.visualize.golden``.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import nn
import tinygrad_scratch as tg
from tests.visualize.graphs import Loop, cubed, scalar_expression, small_cnn, small_mlp
from tinygrad_scratch import visualize

FOLDER = Path(__file__).parent / "golden"


def _scalar_values() -> visualize.Picture:
    y, names = scalar_expression()
    return visualize.draw(y, names=names, values=True)


def _scalar_backward() -> visualize.Picture:
    y, names = scalar_expression()
    return visualize.draw(y, names=names, backward=True, dark=True)


def _mlp() -> visualize.Picture:
    return visualize.draw(small_mlp())


def _mlp_by_module() -> visualize.Picture:
    return visualize.draw(small_mlp(), depth=3, left_to_right=True)


def _second_order() -> visualize.Picture:
    x, y, slope = cubed()
    return visualize.draw([y, slope], names={"x": x, "y": y, "slope": slope})


def _cnn() -> visualize.Picture:
    return visualize.draw(small_cnn())


def _lstm() -> visualize.Picture:
    return visualize.draw((nn.LSTM(3, 4, bidirectional=True), tg.ones(5, 2, 3)))


def _loop() -> visualize.Picture:
    return visualize.draw((Loop(), tg.ones(5, 2, 3)), fold_repeats=True)


PICTURES: dict[str, Callable[[], visualize.Picture]] = {
    "scalar_values": _scalar_values,
    "scalar_backward_dark": _scalar_backward,
    "mlp": _mlp,
    "mlp_by_module_left_to_right": _mlp_by_module,
    "second_order": _second_order,
    "cnn": _cnn,
    "lstm": _lstm,
    "loop": _loop,
}

_TOOLTIP = re.compile(r' (?:label)?tooltip=(?:"(?:[^"\\]|\\.)*"|\w+)', re.DOTALL)


def golden_text(name: str) -> str:
    """The DOT text without tooltips: they quote lines of source, which change for other reasons."""
    return _TOOLTIP.sub("", PICTURES[name]().source)


if __name__ == "__main__":
    for name in PICTURES:
        (FOLDER / f"{name}.dot").write_text(golden_text(name), encoding="utf-8")
