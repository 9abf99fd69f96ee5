"""The words for settings that stand in the boxes of operations."""

from __future__ import annotations

import pytest

import tinygrad_scratch as tg
from tests.visualize.graphs import drawing_of, the_box
from tinygrad_scratch import visualize

F = tg.nn.functional
IMAGES = tg.ones(2, 4, 9, 9)

# A function of an input, its operation, and the words in its box.
WORDS = {
    "pooling": (lambda x: F.max_pool2d(x, 3), "max_pool", ("kernel 3×3, stride 3",)),
    "windows that differ": (
        lambda x: F.max_pool2d(x, (3, 2), stride=1, padding=(1, 0), dilation=2),
        "max_pool",
        ("kernel 3×2, padding 1×0, dilation 2",),
    ),
    "indexing": (lambda x: x[:, 1, ..., 2:6:3, None], "getitem", ("[:, 1, ..., 2:6:3, None]",)),
    "indexing by an array": (lambda x: x[:, tg.tensor([0, 2])], "getitem", ("[:, array]",)),
    "recurrent": (lambda x: tg.nn.LSTM(9, 5)(x[0])[0], "lstm", ("hidden size 5, 4 steps",)),
    "a single step": (lambda x: tg.nn.GRUCell(9, 5)(x[0, 0]), "gru", ("hidden size 5",)),
    "attention": (lambda x: F.scaled_dot_product_attention(x, x, x), "attention_weights", ()),
    "causal": (
        lambda x: F.scaled_dot_product_attention(x, x, x, is_causal=True),
        "attention_weights",
        ("causal",),
    ),
}


@pytest.mark.parametrize(("function", "title", "notes"), WORDS.values(), ids=WORDS)
def test_the_words_in_a_box(function: object, title: str, notes: tuple[str, ...]) -> None:
    assert the_box(drawing_of((function, IMAGES)), title).notes == notes


def test_the_direction_of_a_recurrent_layer() -> None:
    drawing = drawing_of((tg.nn.LSTM(9, 5, bidirectional=True), IMAGES[0]))
    assert [box.notes for box in drawing.boxes if box.title == "lstm"] == [
        ("hidden size 5, 4 steps",),
        ("hidden size 5, 4 steps, backwards",),
    ]


def test_pictures_and_the_explorer_show_them() -> None:
    root = (lambda x: F.max_pool2d(x, 3), IMAGES)
    assert "kernel 3×3, stride 3" in visualize.draw(root).source
    assert '"lines":["(2, 4, 3, 3) float32","kernel 3×3, stride 3"]' in visualize.explore(root).html
    assert the_box(drawing_of(root), "max_pool").settings == "kernel 3×3, stride 3"


def test_settings_of_the_same_names_may_mean_anything_in_operations_of_the_users_own() -> None:
    divide = tg.primitive(lambda x, *, groups, windows: x / groups / windows, name="divide", x=lambda g: g)
    box = the_box(drawing_of((lambda x: divide(x, groups=2, windows=3), IMAGES)), "divide")
    assert (box.notes, box.settings) == ((), "groups=2, windows=3")
