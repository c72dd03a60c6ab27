"""Every page of every role, looked at by axe-core in a real browser at two widths: nothing serious, nothing critical."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Error, Page

from tests.board.serving import serving
from tests.report.browsing import chromium, in_browser

pytestmark = [*in_browser, pytest.mark.slow]
ROLES = ("call_taker", "dispatcher", "officer", "sergeant", "chief", "planner", "inspector", "administrator")
PASSWORD = "demo-qinwu-2025"
WORKED_OUT_MS = 240_000
"""How long a page may say that its numbers are being worked out."""
GRAVE = {"serious", "critical"}
MORE = ("/account", "/account/second-factor", "/calls/new")
"""Pages that the menu does not name."""


@pytest.fixture(params=["zh", "en"])
def demonstrated(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """Serve the demonstration of the town in a language; yield its address."""
    with serving(tmp_path / "town", request.param, "--demo") as address:
        yield address


@pytest.mark.parametrize("width", [1400, 390])
def test_nothing_keeps_anybody_out(demonstrated: str, width: int) -> None:
    """Names, contrast, order, labels: axe-core finds no serious and no critical violation on any page of any role."""
    found = []
    with chromium() as browser:
        for role in ROLES:
            found += grave_of(browser.new_page(viewport={"width": width, "height": 900}), demonstrated, role)
    assert found == []


def grave_of(page: Page, address: str, role: str) -> list[str]:
    """Log in, open every page the menu leads to and the first call, and return what is serious on them."""
    found = grave_on(page, f"{address}/login", role)
    page.fill("[name=username]", role)
    page.fill("[name=password]", PASSWORD)
    page.click("main button")
    page.wait_for_load_state()
    led = page.eval_on_selector_all("nav a, main a", "each => each.map(a => a.href)")
    calls = [link for link in led if "/calls/" in link][:2]
    links = {link for link in led if link.startswith(address) and "/calls/" not in link} | {address + more for more in MORE}
    for link in sorted({link.split("#")[0] for link in (*links, *calls)}):
        found += grave_on(page, link, role)
    page.context.clear_cookies()
    page.close()
    return found


def grave_on(page: Page, link: str, role: str) -> list[str]:
    """Return the serious violations of a page, each with the first element that has it."""
    page.goto(link)
    page.wait_for_selector("meta[data-look-again]", state="detached", timeout=WORKED_OUT_MS)
    results = violations(page)
    return [
        f"{role} {link}: {one['id']} {one['nodes'][0]['html'][:160]} ({len(one['nodes'])})"
        for one in results
        if one["impact"] in GRAVE
    ]


def violations(page: Page, times: int = 3) -> list[Any]:
    """Return what axe-core finds, once more where the page loaded itself anew meanwhile because something happened on the board."""
    try:
        found: list[Any] = Axe().run(page).response["violations"]
    except Error:
        if times == 1:
            raise
        page.wait_for_load_state()
        return violations(page, times - 1)
    return found
