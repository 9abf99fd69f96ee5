"""The browser and the pages that tests open in it; without a browser these tests are skipped."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.visualize.browser import CHROMEDRIVER, CHROMIUM, OpenPage, Tab
from tests.visualize.graphs import scalar_expression
from tinygrad_scratch import visualize


@pytest.fixture(scope="session")
def browser() -> Iterator[Any]:
    """Chromium, which finds no host by any name."""
    webdriver = pytest.importorskip("selenium.webdriver", reason="no selenium: pip install 'tinygrad-scratch[browser]'")
    if CHROMIUM is None or CHROMEDRIVER is None:
        pytest.skip("no Chromium with its chromedriver on this machine")
    options = webdriver.ChromeOptions()
    options.binary_location = CHROMIUM
    for argument in (
        "headless=new",
        "no-sandbox",
        "disable-dev-shm-usage",
        "disable-gpu",
        "host-rules=MAP * ~NOTFOUND",
    ):
        options.add_argument(f"--{argument}")
    options.set_capability("goog:loggingPrefs", {"browser": "ALL"})
    driver = webdriver.Chrome(options=options, service=webdriver.ChromeService(CHROMEDRIVER))
    yield driver
    driver.quit()


@pytest.fixture
def open_page(browser: Any, tmp_path: Path) -> Iterator[OpenPage]:
    """Opens explorers from files; by the end of the test nothing may have been written to the console."""

    def opened(explorer: visualize.Explorer) -> Tab:
        tab = Tab(browser)
        tab.emulate()
        browser.get(explorer.save(tmp_path / "graph.html").as_uri())
        return tab

    yield opened
    assert browser.get_log("browser") == []


@pytest.fixture
def scalar(open_page: OpenPage) -> Tab:
    """The page of tanh((a·b + c)·a), whose backward pass was recorded."""
    y, names = scalar_expression()
    return open_page(visualize.explore(y, names=names))
