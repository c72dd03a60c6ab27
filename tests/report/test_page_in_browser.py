"""The page in a real browser: no requests, no errors, no sideways scrolling, and answers to clicks."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, sync_playwright

from qinwu.report import write_html
from tests.report.reports import small_report

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")
pytestmark = [pytest.mark.browser, pytest.mark.skipif(CHROMIUM is None, reason="no Chromium is installed")]


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """A headless Chromium."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        yield browser
        browser.close()


@pytest.fixture(params=[1280, 390])
def page(browser: Browser, request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Page]:
    """The Chinese page at desktop and phone width; whatever it asks for or complains of fails the test."""
    write_html(tmp_path / "a.html", small_report(), "zh")
    page = browser.new_page(viewport={"width": request.param, "height": 844})
    asked: list[str] = []
    page.on("request", lambda each: asked.append(each.url))
    page.on("console", lambda each: asked.append(each.text))
    page.on("pageerror", lambda each: asked.append(str(each)))
    address = (tmp_path / "a.html").as_uri()
    page.goto(address)
    yield page
    assert asked == [address]
    page.close()


def test_nothing_scrolls_sideways(page: Page) -> None:
    """The page is as wide as the screen."""
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


def test_number_explains_itself(page: Page) -> None:
    """Touching a number shows its name, interval and how it is computed; Escape hides it."""
    page.locator(".keys .on .n").first.click()
    card = page.locator("#why")
    assert card.is_visible()
    assert "怎么算" in card.inner_text()
    assert "95% 区间" in card.inner_text()
    page.keyboard.press("Escape")
    assert card.is_hidden()


def test_closed_form_explains_itself(page: Page) -> None:
    """Touching a closed form shows what the simulation says, and that it comes from formulas; other systems open when asked."""
    page.locator("#closed-forms details[open] .n[data-c]").first.click()
    card = page.locator("#why").inner_text()
    assert "推演得" in card
    assert "排队公式" in card
    page.keyboard.press("Escape")
    closed = page.locator("#closed-forms .checks details").nth(1)
    assert closed.locator("table").is_hidden()
    closed.locator("summary").click()
    assert closed.locator("table").is_visible()
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


def test_choosing_a_system_moves_the_focus(page: Page) -> None:
    """Key numbers and curves follow the system chosen."""
    page.select_option("#focus", "1")
    assert page.locator(".keys .pick.on").get_attribute("data-s") == "1"
    assert set(page.eval_on_selector_all(".line.other.on", "lines => lines.map(line => line.dataset.s)")) == {"1"}
