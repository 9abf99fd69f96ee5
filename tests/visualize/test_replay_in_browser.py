"""The replay in a real browser: every step of the forward and the backward pass, by keyboard."""

from __future__ import annotations

from tests.visualize.browser import Keys, OpenPage, Tab
from tests.visualize.graphs import explored_mlp


def test_replay_by_keyboard_to_the_end(scalar: Tab) -> None:
    tab = scalar
    tab.press(Keys.HOME)
    assert tab.text("#step-title") == "Inputs and parameters are there; nothing has run yet"
    assert tab.count(".box.waiting") == 5
    seen = []
    for _ in range(4 + 8):  # operations; the output and the rules of two inputs each, but of tanh one
        tab.press(Keys.RIGHT)
        seen.append((tab.text("#step-phase"), tab.text("#step-title")))
        assert tab.count(".box.now") == 1
    assert [phase for phase, _ in seen] == ["forward"] * 4 + ["backward"] * 8
    assert [title for _, title in seen[:5]] == [
        "multiply runs",
        "add runs",
        "multiply runs",
        "tanh runs",
        "The backward pass starts at y",
    ]
    tab.press(Keys.RIGHT)
    assert tab.text("#step-title") == "The forward pass and the backward pass are done"
    tab.press(Keys.LEFT)
    assert tab.text("#step-phase") == "backward"
    tab.press(Keys.END)
    assert tab.text("#step-phase") == "done"


def test_replay_shows_the_rule_and_adds_up_what_fans_out(scalar: Tab) -> None:
    tab = scalar
    tab.press(Keys.HOME)
    parts = []
    for _ in range(12):
        tab.press(Keys.RIGHT)
        if "back to a" in tab.text("#step-title"):
            assert tab.count(".way.backward") == 1
            parts.append(
                (tab.text("#canvas .rule"), tab.text("#step-result"), tab.shown("a", "gradient"), tab.text(".badge"))
            )
    assert parts == [
        ("g * a", "→ 0.47", "0.47", "1/2"),
        ("g * b", "→ -1.41, together -0.94", "-0.94", "2/2"),
    ]


def test_before_the_backward_pass_there_is_no_gradient(scalar: Tab) -> None:
    tab = scalar
    tab.press(Keys.HOME, Keys.RIGHT)
    assert tab.shown("a", "gradient") == "–"
    assert tab.shown("y", "value") == "–"
    assert tab.count(".way.forward") == 2
    tab.press(Keys.END)
    assert tab.shown("y", "value") == "0.2449"


def test_play_runs_to_the_end_by_itself(scalar: Tab) -> None:
    tab = scalar
    tab.run("Object.defineProperty(window.explorer.player, 'pace', { value: 5 })")
    pressed = "const play = document.querySelector('#play'); play.click(); return play.getAttribute('aria-pressed')"
    assert tab.run(pressed) == "true"
    script = """
        const done = arguments[0];
        const look = () => (window.explorer.player.timer === null ? done(true) : setTimeout(look, 5));
        look();"""
    assert tab.browser.execute_async_script(script)
    assert tab.text("#step-phase") == "done"
    assert tab.find("#play").get_attribute("aria-label") == "Play"


def test_space_pauses(scalar: Tab) -> None:
    tab = scalar
    tab.press(Keys.SPACE)
    tab.press(Keys.SPACE)
    assert tab.find("#play").get_attribute("aria-pressed") == "false"
    assert tab.run("return window.explorer.player.timer") is None


def test_keys_in_the_search_field_are_text(scalar: Tab) -> None:
    scalar.find("#search").send_keys("a b", Keys.HOME)
    assert scalar.text("#step-phase") == "done"


def test_the_replay_of_what_is_closed_lights_up_the_module(open_page: OpenPage) -> None:
    tab = open_page(explored_mlp())
    tab.click("#close-all")
    tab.press(Keys.HOME, Keys.RIGHT)
    assert tab.count(".box.module.now") == 1
