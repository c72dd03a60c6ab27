"""The page of claims in a real browser: no requests, no errors, no sideways scrolling, and answers to clicks."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path

import pytest
from playwright.sync_api import Page

from qinwu.judge.claims.checking import check
from qinwu.judge.claims.reading import shipped_claims
from qinwu.language import LANGUAGES
from qinwu.report.claims import ClaimsReport
from tests.report.browsing import chromium, in_browser, opened

pytestmark = in_browser


@pytest.fixture(scope="module", params=[(1280, "zh"), (390, "zh"), (1280, "en"), (390, "en")])
def shown(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Page]:
    """The claims of the articles at desktop and phone width; whatever the page asks for or complains of fails the test."""
    width, name = request.param
    path: Path = tmp_path_factory.mktemp("claims") / "claims.html"
    language = next(each for each in LANGUAGES if each == name)
    ClaimsReport(check(shipped_claims()), language).write_html(path)
    with chromium() as browser, opened(browser, path, width) as page:
        yield page


def test_nothing_scrolls_sideways(shown: Page) -> None:
    """The page is as wide as the screen."""
    assert shown.evaluate("document.documentElement.scrollWidth <= innerWidth")


def test_figures_explain_themselves(shown: Page) -> None:
    """A change, a dot, a grade, a weakness and a card show rule and source; Escape hides them."""
    card = shown.locator("#why")
    for what in (".how-much .big", ".dumbbell circle >> nth=0", ".claim-list .grade", ".chip", "#crossing .card", ".station .n"):
        shown.locator(what).first.click()
        assert card.is_visible(), what
        assert len(card.inner_text()) > 20
        shown.keyboard.press("Escape")
        assert card.is_hidden()


def test_bars_of_hours_do_not_overlap(shown: Page) -> None:
    """Each bar of hours stands below the one before it."""
    boxes = [each.bounding_box() for each in shown.locator(".station .supply svg").all()]
    places = [(box["y"], box["y"] + box["height"]) for box in boxes if box is not None]
    assert len(places) == 5
    assert all(above[1] <= below[0] for above, below in pairwise(places))
