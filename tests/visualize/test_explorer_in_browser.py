"""The explorer in a real browser, Chromium without a window: what is seen, searched and collapsed."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest

import tinygrad_scratch as tg
from tests.visualize.browser import CONTRAST, Keys, OpenPage, Tab, not_overlapping
from tests.visualize.graphs import chain, explored_mlp, scalar_expression, xor
from tinygrad_scratch import visualize

# What is seen


def test_the_values_are_the_tensors_own(open_page: OpenPage) -> None:
    loss, names = xor()
    tab = open_page(visualize.explore(loss, names=names))
    for path, parameter in names["model"].named_parameters():
        assert np.array(tab.table(path, "value"), np.float32).tolist() == parameter.detach().numpy().ravel().tolist()
        assert np.array(tab.table(path, "gradient"), np.float32).tolist() == parameter.grad.numpy().ravel().tolist()
    assert tab.table("x", "value") == names["x"].detach().numpy().ravel().tolist()
    assert np.float32(tab.table("loss", "value")[0]) == loss.detach().numpy()


def test_the_panel_says_what_is_known(open_page: OpenPage) -> None:
    tab = open_page(explored_mlp())
    details = tab.details("relu")
    for text in ("MLP › layers: Sequential › layers.1: ReLU", "(4, 5)", "float32", "y (4, 5), 80 B", "g * (y != 0)"):
        assert text in details
    assert "graphs.py:" in tab.text("#details dd.line")
    tab.click("#details .rules .link")
    assert tab.text("#details h2") == "linear", "the input is one click away"
    tab.click("#details .close")
    assert not tab.find("#details").is_displayed()


def test_statistics_and_histograms(open_page: OpenPage) -> None:
    small, large = tg.tensor([3.0, 1.0, 1.0, -1.0]), tg.arange(100.0)
    tab = open_page(visualize.explore((lambda small, large: small.sum() + large.sum(), (small, large))))
    names = ["min", "mean", "std", "max"]
    for title, numbers in (("small", ["-1", "1", "1.414", "3"]), ("large", ["0", "49.5", "28.87", "99"])):
        tab.details(title)
        texts = tab.run(
            "return [...document.querySelectorAll('#details .distribution dl > *')].map((e) => e.textContent)"
        )
        assert texts[0::2] == names
        assert texts[1::2] == numbers
        assert tab.count("#details .histogram") == 1


def test_nan_and_infinity_are_flagged(open_page: OpenPage) -> None:
    x = tg.tensor([np.nan, np.inf, 1.0, -np.inf], requires_grad=True)
    with np.errstate(all="ignore"), visualize.recording():
        y = x.sum()
    tab = open_page(visualize.explore(y, names={"x": x, "y": y}))
    assert "⚠ 1 NaN, 2 infinite" in tab.details("x")
    assert tab.count("#details .not-finite") == 3
    assert tab.count(f"{tab.box('x')} .glimpse.alarm") == 1
    assert tab.count(f"{tab.box('y')} .amount.alarm") == 1
    assert "no grad yet" in tab.details("x")


def test_every_role_has_its_own_shape(open_page: OpenPage) -> None:
    weight = tg.tensor([2.0], requires_grad=True)
    tab = open_page(visualize.explore((lambda x: x * weight + 1, tg.ones(1)), names={"weight": weight}))
    assert [tab.count(f".box.{role}") for role in ("parameter", "input", "constant", "operation", "output")] == [
        1,
        1,
        1,
        2,
        1,
    ]


def test_names_are_text_and_never_markup(open_page: OpenPage) -> None:
    hostile = "</script><img src=x onerror=alert(1)><!--"
    x = tg.tensor([1.0], requires_grad=True)
    tab = open_page(visualize.explore(x.exp(), names={hostile: x}, title=hostile))
    assert tab.text("h1") == hostile
    assert hostile in tab.details(hostile)
    assert tab.count("img") == 0


# Finding


def test_search_by_name_operation_and_module(open_page: OpenPage) -> None:
    tab = open_page(explored_mlp())
    for words, count in (("layers.0", 3), ("linear", 6), ("layers.2 bias", 1), ("relu", 1), ("nowhere", 0)):
        tab.find("#search").clear()
        tab.find("#search").send_keys(words)
        assert tab.count("#matches [role=option]") == count
        assert tab.count(".box.match") == count
    tab.find("#search").send_keys(Keys.ESCAPE)
    assert tab.count(".searching") == 0


def test_what_is_found_by_keyboard_is_opened_and_shown(open_page: OpenPage) -> None:
    tab = open_page(explored_mlp())
    tab.click("#close-all")
    assert tab.count(".box") == 5  # the input, the model, the targets, cross_entropy and the output
    tab.find("#search").send_keys("layers.2.weight", Keys.ENTER)
    assert tab.text("#details h2") == "layers.2.weight"
    assert tab.count(".box.picked") == 1


# Collapsing


def test_modules_close_and_open_by_click_and_by_keyboard(open_page: OpenPage) -> None:
    tab = open_page(explored_mlp())
    whole = tab.count(".box")
    handle = ".handle[data-key=cluster-0]"
    tab.click(handle)
    assert "MLP" in tab.text(".box.module")
    assert "53 parameters" in tab.text(".box.module")
    assert tab.count(".box.parameter") == 0
    tab.press(Keys.ENTER)
    assert tab.count(".box") == whole, "the focus stays on the module, so Enter opens it again"
    tab.press(Keys.ENTER)
    assert tab.count(".box.module") == 1
    tab.click("#open-all")
    assert tab.count(".box") == whole


def test_a_graph_of_two_thousand_nodes(open_page: OpenPage) -> None:
    with visualize.recording():
        y = chain(2000).sum()
        y.backward()
    tab = open_page(visualize.explore(y))
    assert tab.count(".box") <= 60
    tab.click("#open-all")
    assert tab.count(".box") == 2003
    assert not_overlapping(tab)
    tab.click("#close-all")
    assert tab.count(".box") <= 60


# Everywhere


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_text_has_enough_contrast(open_page: OpenPage, scheme: str) -> None:
    tab = open_page(explored_mlp())
    tab.emulate(scheme=scheme)
    tab.details("relu")
    assert tab.run(CONTRAST) == []


def test_everything_that_can_be_pressed_has_a_name(open_page: OpenPage) -> None:
    tab = open_page(explored_mlp())
    script = """
        return [...document.querySelectorAll("button, input, [role=button], [role=group], aside, ul")].filter(
            (e) => !(e.getAttribute("aria-label") || e.textContent.trim())).map((e) => e.outerHTML)"""
    assert tab.run(script) == []
    focusable = tab.run("return [...document.querySelectorAll('.box, .handle')].every((e) => e.tabIndex === 0)")
    assert focusable
    assert tab.run("return document.documentElement.lang") == "en"


def test_boxes_are_chosen_by_keyboard(open_page: OpenPage) -> None:
    tab = open_page(explored_mlp())
    tab.run("document.querySelector(arguments[0]).focus()", tab.box("relu"))
    tab.press(Keys.ENTER)
    assert tab.text("#details h2") == "relu"


@pytest.mark.parametrize("width", [320, 390, 1200])
def test_nothing_is_wider_than_the_screen(open_page: OpenPage, width: int) -> None:
    tab = open_page(explored_mlp())
    tab.emulate(width, 700)
    tab.details("relu")
    assert tab.run("return document.documentElement.scrollWidth") == width
    assert tab.run("return document.documentElement.scrollHeight") == 700
    outside = """
        return [...document.querySelectorAll("header *, #replay *, #details")].map((e) => e.getBoundingClientRect())
            .filter((place) => place.right > innerWidth || place.left < 0).length"""
    assert tab.run(outside) == 0


def test_a_deep_model_opens_as_far_as_it_can_be_read(open_page: OpenPage) -> None:
    blocks = [tg.nn.MLP(4, [4, 4], 4, activation=tg.nn.Tanh) for _ in range(5)]
    tab = open_page(visualize.explore((tg.nn.Sequential(*blocks), tg.ones(2, 4))))
    assert tab.run("return window.explorer.canvas.viewport.scale") >= 0.45
    boxes = "return [...window.explorer.canvas.boxes.values()].length"
    at_first = tab.run(boxes)
    assert 5 <= at_first < 30
    tab.click("#open-all")
    assert tab.run(boxes) > at_first


def test_panning_and_zooming(open_page: OpenPage) -> None:
    tab = open_page(explored_mlp())
    scale = "return window.explorer.canvas.viewport.scale"
    fitted = tab.run(scale)
    tab.click("#closer")
    assert tab.run(scale) > fitted
    tab.run("document.querySelector('#canvas').dispatchEvent(new WheelEvent('wheel', {deltaY: 400, cancelable: true}))")
    assert tab.run(scale) < fitted
    place = tab.run("return window.explorer.canvas.viewport.x")
    tab.drag((600, 700), (680, 700))
    assert tab.run("return window.explorer.canvas.viewport.x") == pytest.approx(place + 80, abs=1)
    tab.click("#fit")
    assert tab.run(scale) == pytest.approx(fitted)


def test_it_works_inside_a_notebook(open_page: OpenPage, browser: Any, tmp_path: Path) -> None:
    y, names = scalar_expression()
    explorer = visualize.explore(y, names=names)
    open_page(explorer)
    notebook = tmp_path / "notebook.html"
    notebook.write_text(f"<!doctype html><meta charset=utf-8>{explorer._repr_html_()}", encoding="utf-8")
    browser.get(notebook.as_uri())
    browser.switch_to.frame(0)
    assert Tab(browser).shown("y", "value") == "0.2449"
    browser.switch_to.default_content()
