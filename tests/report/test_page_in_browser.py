"""The page in a real browser: no requests, no errors, no sideways scrolling, and answers to clicks."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page

from qinwu.report import write_html
from tests.report.browsing import chromium, in_browser, opened
from tests.report.reports import small_report

pytestmark = in_browser


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """A headless Chromium."""
    with chromium() as browser:
        yield browser


@pytest.fixture(params=[1280, 390])
def page(browser: Browser, request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Page]:
    """The Chinese page at desktop and phone width; whatever it asks for or complains of fails the test."""
    write_html(tmp_path / "a.html", small_report(), "zh")
    with opened(browser, tmp_path / "a.html", request.param) as page:
        yield page


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
