"""The pages of analyse and staff in a real browser: no requests, no errors, no sideways scrolling, and answers to clicks."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page

from qinwu.report import analysis_page, staffing_page
from tests.report.answers import analysis_report, staffing_report
from tests.report.browsing import chromium, in_browser, opened

pytestmark = in_browser


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """A headless Chromium."""
    with chromium() as browser:
        yield browser


@pytest.fixture(params=[(1280, "analyse"), (390, "analyse"), (1280, "staff"), (390, "staff")])
def page(browser: Browser, request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Page]:
    """A Chinese page at desktop and phone width; whatever it asks for or complains of fails the test."""
    width, name = request.param
    if name == "analyse":
        analysis_page.write_html(tmp_path / "a.html", analysis_report("zh"))
    else:
        staffing_page.write_html(tmp_path / "a.html", staffing_report("zh"))
    with opened(browser, tmp_path / "a.html", width) as page:
        yield page


def test_nothing_scrolls_sideways(page: Page) -> None:
    """The page is as wide as the screen, its tables unfolded too."""
    page.evaluate("document.querySelectorAll('details').forEach(each => each.open = true)")
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


def test_numbers_explain_themselves(page: Page) -> None:
    """A number, an hour of the week and a cell of a table show how they are computed; Escape hides it."""
    page.evaluate("document.querySelectorAll('details').forEach(each => each.open = true)")
    card = page.locator("#why")
    for what in (".big", ".week g >> nth=20", ".ask td >> nth=2"):
        page.locator(what).first.click()
        assert card.is_visible()
        assert "怎么算" in card.inner_text()
        page.keyboard.press("Escape")
        assert card.is_hidden()


def test_paper(page: Page) -> None:
    """The answer to a staffing question takes one sheet of paper, an analysis few."""
    sheets = page.pdf(prefer_css_page_size=True).count(b"/Type /Page\n")
    assert 1 <= sheets <= (1 if page.locator("body.staff").count() else 3)
