"""Chromium, driven by Playwright, for the tests of what readers open."""

import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

CHROMIUM = next(filter(None, map(shutil.which, ("chromium", "chromium-browser"))), None)


@dataclass
class Opened:
    """A page in the browser, and what it said and asked for."""

    page: Any
    told: list[str] = field(default_factory=list)
    asked: list[str] = field(default_factory=list)

    def seen(self, width: int, scheme: str = "light", media: str = "screen") -> Any:
        """The page as it is on a screen of that width, or on paper."""
        self.page.set_viewport_size({"width": width, "height": 900})
        self.page.emulate_media(color_scheme=scheme, media=media)
        return self.page


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    """One for a module: an event loop runs as long as it does, which other tests do not stand."""
    api = pytest.importorskip("playwright.sync_api", reason="playwright is not installed")
    if CHROMIUM is None:
        pytest.skip("no Chromium is installed: apt install chromium")
    with api.sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM)
        yield browser
        browser.close()


@pytest.fixture(scope="module")
def open_page(browser) -> Iterator[Callable[[Path], Opened]]:
    """What opens a file, without a network."""
    context = browser.new_context(offline=True)

    def open_page(path: Path) -> Opened:
        opened = Opened(context.new_page())
        opened.page.on("console", lambda said: opened.told.append(said.text))
        opened.page.on("pageerror", lambda error: opened.told.append(str(error)))
        opened.page.on("request", lambda request: opened.asked.append(request.url))
        opened.page.goto(path.resolve().as_uri())
        return opened

    yield open_page
    context.close()
