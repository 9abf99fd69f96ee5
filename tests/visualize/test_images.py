"""Arrays as images: which of their values are seen, and as which pixels."""

from __future__ import annotations

import numpy as np
import pytest

import tinygrad_scratch as tg
from tests.visualize.browser import OpenPage
from tests.visualize.graphs import drawing_of, the_box
from tinygrad_scratch import visualize
from tinygrad_scratch.visualize.images import NOT_FINITE, Kind, images_of

# The array, which of it is seen, in how many columns, and the shape of the pixels.
ARRAYS = {
    "filters": (Kind.PARAMETER, (32, 12, 3, 3), "[:16]", 12, (192, 3, 3)),
    "filters of one channel": (Kind.PARAMETER, (9, 1, 5, 5), "[:, 0]", 3, (9, 5, 5)),
    "large filters": (Kind.PARAMETER, (64, 3, 40, 40), "[:2]", 3, (6, 40, 40)),
    "filters of one dimension": (Kind.PARAMETER, (6, 4, 5), "[:]", 3, (6, 4, 5)),
    "feature maps": (Kind.RESULT, (8, 32, 10, 14), "[0, :16]", 4, (16, 10, 14)),
    "large feature maps": (Kind.RESULT, (8, 32, 64, 60), "[0, :3]", 2, (3, 64, 60)),
    "larger than the page has room for": (Kind.RESULT, (2, 3, 224, 120), "[0, :, ::4, ::2]", 2, (3, 56, 60)),
    "grey images": (Kind.RESULT, (64, 1, 28, 28), "[:15, 0]", 4, (15, 28, 28)),
    "one image": (Kind.RESULT, (1, 1, 28, 28), "[0, 0]", 1, (1, 28, 28)),
    "attention": (Kind.RESULT, (16, 4, 32, 20), "[0]", 2, (4, 32, 20)),
    "voxels": (Kind.RESULT, (2, 3, 4, 10, 10), "[0, 0]", 2, (4, 10, 10)),
    "sequences": (Kind.RESULT, (16, 32, 50), "[0]", 1, (1, 32, 50)),
    "states": (Kind.STATES, (100, 16, 24), "[::2, 0]", 1, (1, 50, 24)),
    "states of one sample": (Kind.STATES, (20, 24), "[:]", 1, (1, 20, 24)),
}


@pytest.mark.parametrize(("kind", "shape", "index", "columns", "seen"), ARRAYS.values(), ids=ARRAYS)
def test_what_is_seen_of_an_array(
    kind: Kind, shape: tuple[int, ...], index: str, columns: int, seen: tuple[int, ...]
) -> None:
    array = np.random.default_rng(0).standard_normal(shape).astype(np.float32)
    images = images_of(array, kind)
    assert images is not None
    assert (images.index, images.columns, images.pixels.shape) == (index, columns, seen)
    expected = eval(f"array{index}", {"array": array}).reshape(seen)
    assert images.strongest == np.abs(expected).max()
    np.testing.assert_allclose(images.pixels / 127 * images.strongest, expected, atol=images.strongest / 127)


@pytest.mark.parametrize(
    ("kind", "shape"),
    [
        (Kind.PARAMETER, (10, 784)),
        (Kind.RESULT, (32, 10)),
        (Kind.RESULT, (8, 16, 1, 1)),
        (Kind.RESULT, (0, 3, 8, 8)),
        (Kind.RESULT, (2, 2, 2, 2, 2, 2)),
    ],
)
def test_what_is_not_drawn_as_images(kind: Kind, shape: tuple[int, ...]) -> None:
    assert images_of(np.ones(shape), kind) is None


def test_numbers_that_are_not_finite_leave_the_others_their_colours() -> None:
    images = images_of(np.array([[[1.0, -2.0, np.nan], [0.0, np.inf, -np.inf]]]), Kind.RESULT)
    assert images is not None
    assert images.strongest == 2
    assert images.pixels.tolist() == [[[64, -127, NOT_FINITE], [0, NOT_FINITE, NOT_FINITE]]]


def test_zeros_booleans_and_integers() -> None:
    for array in (np.zeros((1, 2, 2)), np.zeros((1, 2, 2), bool), np.full((1, 2, 2), -3)):
        images = images_of(array, Kind.RESULT)
        assert images is not None
        assert images.strongest == np.abs(array).max()
        assert images.pixels.tolist() == np.where(array, -127, 0).tolist()


# In the graph and on the page


def maps() -> tuple[tg.Tensor, dict[str, tg.Tensor]]:
    """Feature maps from weights that look like filters, after their backward pass, recorded."""
    filters = tg.linspace(-1, 1, 2 * 3 * 4 * 4).reshape(2, 3, 4, 4).requires_grad_()
    x = tg.ones(2, 3, 4, 4)
    with visualize.recording():
        y = (x * filters).relu()
        y.sum().backward()
    return y, {"filters": filters, "x": x}


def test_values_and_gradients_of_operations_parameters_and_inputs_have_images() -> None:
    y, names = maps()
    drawing = drawing_of(y, names)
    for title, index in (("filters", "[:]"), ("multiply", "[0]"), ("relu", "[0]")):
        box = the_box(drawing, title)
        assert box.value is not None
        assert box.gradient is not None
        assert [part.images and part.images.index for part in (box.value, box.gradient)] == [index, index]
    assert the_box(drawing, "x").value.images.index == "[0]"


def test_the_panel_shows_them_in_the_colours_of_the_page(open_page: OpenPage) -> None:
    y, names = maps()
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


def test_boxes_show_the_first_of_them(open_page: OpenPage) -> None:
    y, names = maps()
    tab = open_page(visualize.explore(y, names=names))
    assert tab.count(f"{tab.box('filters')} .glimpse.value image") == 6
    assert tab.count(f"{tab.box('relu')} .glimpse.gradient image") == 3
