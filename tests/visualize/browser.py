"""A browser that the tests drive: Chromium without a window, through selenium."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from enum import StrEnum
from typing import Any

from tinygrad_scratch import visualize

CHROMIUM = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
CHROMEDRIVER = shutil.which("chromedriver")


class Keys(StrEnum):
    """Keys, as the WebDriver standard writes them."""

    ENTER = "\ue007"
    ESCAPE = "\ue00c"
    SPACE = " "
    END = "\ue010"
    HOME = "\ue011"
    LEFT = "\ue012"
    RIGHT = "\ue014"


class Tab:
    """A page in the browser, asked and driven as a user would."""

    def __init__(self, browser: Any) -> None:
        self.browser = browser

    def run(self, script: str, *arguments: Any) -> Any:
        return self.browser.execute_script(script, *arguments)

    def find(self, selector: str) -> Any:
        return self.browser.find_element("css selector", selector)

    def count(self, selector: str) -> int:
        return len(self.browser.find_elements("css selector", selector))

    def text(self, selector: str) -> str:
        return str(self.run("return document.querySelector(arguments[0]).textContent", selector))

    def press(self, *keys: str) -> None:
        self.browser.switch_to.active_element.send_keys(*keys)

    def click(self, selector: str) -> None:
        script = "document.querySelector(arguments[0]).dispatchEvent(new MouseEvent('click', {bubbles: true}))"
        self.run(script, selector)

    def box(self, title: str) -> str:
        """The selector of the box or closed module with that title."""
        script = """
            for (const box of document.querySelectorAll(".box"))
                if (box.querySelector(".title").textContent === arguments[0]) return box.dataset.key"""
        key = self.run(script, title)
        assert key is not None, f"no box is titled {title}"
        return f".box[data-key={key}]"

    def shown(self, title: str, kind: str) -> str:
        """The number that stands in a box: its "value" or "gradient"."""
        return self.text(f"{self.box(title)} .number.{kind} .amount")

    def details(self, title: str) -> str:
        self.click(self.box(title))
        return self.text("#details")

    def table(self, title: str, kind: str) -> list[float]:
        """The values, all digits, in the panel of a box."""
        self.click(self.box(title))
        cells = self.browser.find_elements("css selector", f"#details .{kind} [data-value]")
        return [float(cell.get_attribute("data-value")) for cell in cells]

    def drag(self, start: tuple[int, int], end: tuple[int, int]) -> None:
        for kind, (x, y) in (("mousePressed", start), ("mouseMoved", end), ("mouseReleased", end)):
            event = {"type": kind, "x": x, "y": y, "button": "left", "buttons": 1, "clickCount": 1}
            self.browser.execute_cdp_cmd("Input.dispatchMouseEvent", event)

    def emulate(self, width: int = 1200, height: int = 800, scheme: str = "light") -> None:
        size = {"width": width, "height": height, "deviceScaleFactor": 1, "mobile": width < 600}
        self.browser.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", size)
        features = [{"name": "prefers-color-scheme", "value": scheme}]
        self.browser.execute_cdp_cmd("Emulation.setEmulatedMedia", {"features": features})


OpenPage = Callable[[visualize.Explorer], Tab]


def not_overlapping(tab: Tab) -> bool:
    script = """
        const places = [...window.explorer.canvas.layout.places];
        const boxes = places.filter(([key]) => key.startsWith("box")).map(([, place]) => place);
        boxes.sort((a, b) => a.x - b.x);
        return boxes.every((a, i) => {
            for (let j = i + 1; j < boxes.length && boxes[j].x < a.x + a.width; j++)
                if (boxes[j].y < a.y + a.height && a.y < boxes[j].y + boxes[j].height) return false;
            return true;
        });"""
    return bool(tab.run(script))


CONTRAST = """
    const parsed = (colour) => (colour.match(/[0-9.]+/g) ?? []).map(Number);
    const linear = (v) => (v <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4);
    const light = ([r, g, b]) => 0.2126 * linear(r / 255) + 0.7152 * linear(g / 255) + 0.0722 * linear(b / 255);
    const ratio = (a, b) => (Math.max(light(a), light(b)) + 0.05) / (Math.min(light(a), light(b)) + 0.05);
    const behind = (element) => {
        const outline = element.closest(".box")?.querySelector(".outline");
        if (outline) return parsed(getComputedStyle(outline).fill);
        for (let at = element; at; at = at.parentElement) {
            const colour = parsed(getComputedStyle(at).backgroundColor);
            if (colour.length === 3) return colour;
        }
        return parsed(getComputedStyle(document.body).backgroundColor);
    };
    const failures = [];
    for (const element of document.querySelectorAll("#canvas text, header h1, #details *, #replay span, #legend li")) {
        const text = [...element.childNodes].some((node) => node.nodeType === 3 && node.textContent.trim());
        if (!text || element.closest(".values")) continue;
        const style = getComputedStyle(element);
        const colour = parsed(element instanceof SVGElement ? style.fill : style.color);
        const found = ratio(colour, behind(element));
        if (found < 4.5) failures.push(`${element.textContent}: ${found.toFixed(2)}`);
    }
    return failures;"""
