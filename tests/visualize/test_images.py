"""Arrays as images: which of their values are seen, and as which pixels."""

from __future__ import annotations

import re

import numpy as np
import pytest

import nn
import tinygrad_scratch as tg
from tests.visualize.browser import CONTRAST, OpenPage
from tests.visualize.graphs import drawing_of, the_box
from tinygrad_scratch import visualize
from tinygrad_scratch.visualize.explorer import content
from tinygrad_scratch.visualize.images import NOT_FINITE, Imaging, filters, maps, states

# The array, which of it is seen, in how many columns, and the shape of the pixels.
ARRAYS = {
    "filters": (filters, (32, 12, 3, 3), "[:16]", 12, (192, 3, 3)),
    "filters of one channel": (filters, (9, 1, 5, 5), "[:, 0]", 3, (9, 5, 5)),
    "large filters": (filters, (64, 3, 40, 40), "[:2]", 3, (6, 40, 40)),
    "filters of one dimension": (filters, (6, 4, 5), "[:]", 3, (6, 4, 5)),
    "feature maps": (maps, (8, 32, 10, 14), "[0, :16]", 4, (16, 10, 14)),
    "large feature maps": (maps, (8, 32, 64, 60), "[0, :3]", 2, (3, 64, 60)),
    "larger than the page has room for": (maps, (2, 3, 224, 120), "[0, :, ::4, ::2]", 2, (3, 56, 60)),
    "grey images": (maps, (64, 1, 28, 28), "[:15, 0]", 4, (15, 28, 28)),
    "one image": (maps, (1, 1, 28, 28), "[0, 0]", 1, (1, 28, 28)),
    "attention": (maps, (16, 4, 32, 20), "[0]", 2, (4, 32, 20)),
    "voxels": (maps, (2, 3, 4, 10, 10), "[0, 0]", 2, (4, 10, 10)),
    "sequences": (maps, (16, 32, 50), "[0]", 1, (1, 32, 50)),
}


@pytest.mark.parametrize(("imaging", "shape", "index", "columns", "seen"), ARRAYS.values(), ids=ARRAYS)
def test_what_is_seen_of_an_array(
    imaging: Imaging, shape: tuple[int, ...], index: str, columns: int, seen: tuple[int, ...]
) -> None:
    array = np.random.default_rng(0).standard_normal(shape).astype(np.float32)
    images = imaging(array)
    assert images is not None
    assert (images.index, images.columns, images.pixels.shape) == (index, columns, seen)
    expected = eval(f"array{index}", {"array": array}).reshape(seen)
    assert images.strongest == np.abs(expected).max()
    np.testing.assert_allclose(images.pixels / 127 * images.strongest, expected, atol=images.strongest / 127)


@pytest.mark.parametrize(
    ("imaging", "shape"),
    [
        (filters, (10, 784)),
        (maps, (32, 10)),
        (maps, (8, 16, 1, 1)),
        (maps, (0, 3, 8, 8)),
        (maps, (2, 2, 2, 2, 2, 2)),
    ],
)
def test_what_is_not_drawn_as_images(imaging: Imaging, shape: tuple[int, ...]) -> None:
    assert imaging(np.ones(shape)) is None


def test_states_are_those_of_the_first_sequence_step_by_step() -> None:
    array = np.arange(24.0).reshape(6, 4)
    images = states(array, batch_sizes=(3, 2, 1))
    assert images is not None
    assert images.index == "first sequence"
    np.testing.assert_allclose(images.pixels[0] / 127 * images.strongest, array[[0, 3, 5]], atol=0.1)
    images = states(np.ones((600, 4)), batch_sizes=(6,) * 100)
    assert images is not None
    assert (images.index, images.pixels.shape) == ("first sequence[::2]", (1, 50, 4))
    assert states(np.ones((3, 4)), batch_sizes=(3, 2, 1)) is None, "those after the last step"


def test_numbers_that_are_not_finite_leave_the_others_their_colours() -> None:
    images = maps(np.array([[[1.0, -2.0, np.nan], [0.0, np.inf, -np.inf]]]))
    assert images is not None
    assert images.strongest == 2
    assert images.pixels.tolist() == [[[64, -127, NOT_FINITE], [0, NOT_FINITE, NOT_FINITE]]]


def test_zeros_booleans_and_integers() -> None:
    for array in (np.zeros((1, 2, 2)), np.zeros((1, 2, 2), bool), np.full((1, 2, 2), -3)):
        images = maps(array)
        assert images is not None
        assert images.strongest == np.abs(array).max()
        assert images.pixels.tolist() == np.where(array, -127, 0).tolist()


# In the graph and on the page


def recorded_maps() -> tuple[tg.Tensor, dict[str, tg.Tensor]]:
    """Feature maps from weights that look like filters, after their backward pass, recorded."""
    filters = tg.linspace(-1, 1, 2 * 3 * 4 * 4).reshape(2, 3, 4, 4).requires_grad_()
    x = tg.ones(2, 3, 4, 4)
    with visualize.recording():
        y = (x * filters).relu()
        y.sum().backward()
    return y, {"filters": filters, "x": x}


def test_values_and_gradients_of_operations_parameters_and_inputs_have_images() -> None:
    y, names = recorded_maps()
    drawing = drawing_of(y, names)
    for title, index in (("filters", "[:]"), ("multiply", "[0]"), ("relu", "[0]")):
        box = the_box(drawing, title)
        assert box.value is not None
        assert box.gradient is not None
        assert [part.images and part.images.index for part in (box.value, box.gradient)] == [index, index]
    assert the_box(drawing, "x").value.images.index == "[0]"


def test_a_page_has_room_for_so_many_images_and_keeps_grids_first(monkeypatch: pytest.MonkeyPatch) -> None:
    root = (lambda sequences, maps: sequences.exp().sum() + maps.exp().sum(), (tg.ones(2, 9, 9), tg.ones(2, 3, 9, 9)))
    assert visualize.explore(root).html.count('"pixels"') == 4
    monkeypatch.setattr(content, "_MOST_PIXELS", 6 * 9 * 9)
    page = visualize.explore(root).html
    assert re.findall(r'"index":"(.*?)","columns":(\d)', page) == [("[0]", "2")] * 2, "those of the maps"


# A layer, the shape of its input, and boxes of its graph with what their images show.
LAYERS = {
    "convolution": (nn.Conv2d(3, 8, 3), (2, 3, 9, 9), {"weight": "[:]", "convolution": "[0]", "input": "[0]"}),
    "normalization": (nn.BatchNorm2d(3), (2, 3, 9, 9), {"scale_and_shift": "[0]"}),
    "pooling": (nn.AvgPool2d(2), (2, 1, 99, 99), {"avg_pool": "[:, 0]"}),
    "attention": (
        lambda x: nn.functional.scaled_dot_product_attention(x, x, x),
        (2, 2, 9, 8),
        {"attention_weights": "[0]"},
    ),
}


@pytest.mark.parametrize(("layer", "shape", "shown"), LAYERS.values(), ids=LAYERS)
def test_the_images_of_layers(layer: object, shape: tuple[int, ...], shown: dict[str, str]) -> None:
    drawing = drawing_of((layer, tg.randn(shape)))
    for title, index in shown.items():
        summary = the_box(drawing, title).value
        assert summary is not None
        assert summary.images is not None
        assert summary.images.index == index


def test_a_recurrent_layer_shows_its_states() -> None:
    with visualize.recording():
        output, _ = nn.LSTM(3, 20)(tg.ones(5, 2, 3))
        output.sum().backward()
    box = next(box for box in drawing_of(output).boxes if box.title == "output 0")
    for summary in (box.value, box.gradient):
        assert summary is not None
        assert summary.images is not None
        assert (summary.images.index, summary.images.pixels.shape) == ("first sequence", (1, 5, 20))


def test_an_operation_of_the_users_own_may_be_called_like_a_recurrent_layer() -> None:
    gru = tg.primitive(lambda x: x * 2, name="gru", x=lambda g: g * 2)
    summary = the_box(drawing_of((gru, tg.ones(2, 9, 9))), "gru").value
    assert summary is not None
    assert summary.images is not None
    assert summary.images.index == "[0]"


def test_the_panel_shows_them_in_the_colours_of_the_page(open_page: OpenPage) -> None:
    y, names = recorded_maps()
    tab = open_page(visualize.explore(y, names=names))
    assert "[:]: 6 × 4 × 4; the strongest colour is ±1" in tab.details("filters")
    assert tab.count("#details .value canvas") == tab.count("#details .gradient canvas") == 6
    first = (
        "return [...document.querySelector('#details .value canvas').getContext('2d').getImageData(0, 0, 1, 1).data]"
    )
    light = tab.run(first)
    assert light == [183, 121, 31, 255], "the colour of parameters, for -1"
    tab.emulate(scheme="dark")
    tab.browser.execute_async_script("requestAnimationFrame(() => requestAnimationFrame(arguments[0]))")
    assert tab.run(first) == [224, 168, 60, 255]
    columns = (
        "return getComputedStyle(document.querySelector('#details .images div')).gridTemplateColumns.split(' ').length"
    )
    assert tab.run(columns) == 3


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_what_is_said_of_them_has_enough_contrast(open_page: OpenPage, scheme: str) -> None:
    y, names = recorded_maps()
    tab = open_page(visualize.explore(y, names=names))
    tab.emulate(scheme=scheme)
    tab.details("relu")
    assert tab.run(CONTRAST) == []


def test_boxes_show_the_first_of_them(open_page: OpenPage) -> None:
    y, names = recorded_maps()
    tab = open_page(visualize.explore(y, names=names))
    assert tab.count(f"{tab.box('filters')} .glimpse.value image") == 6
    assert tab.count(f"{tab.box('relu')} .glimpse.gradient image") == 3
