"""Pages in a real browser that ask for nothing and complain of nothing."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, sync_playwright

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")
in_browser = [pytest.mark.browser, pytest.mark.skipif(CHROMIUM is None, reason="no Chromium is installed")]


@contextmanager
def chromium() -> Iterator[Browser]:
    """Open a headless Chromium."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        yield browser
        browser.close()


@contextmanager
def opened(browser: Browser, path: Path, width: int) -> Iterator[Page]:
    """Open a page at a width; whatever it asks for or complains of fails the test."""
    page = browser.new_page(viewport={"width": width, "height": 844})
    asked: list[str] = []
    page.on("request", lambda each: asked.append(each.url))
    page.on("console", lambda each: asked.append(each.text))
    page.on("pageerror", lambda each: asked.append(str(each)))
    address = path.as_uri()
    page.goto(address)
    yield page
    assert asked == [address]
    page.close()
