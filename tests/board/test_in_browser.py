"""The board in a real browser: one night's call from ring to close by keyboard, seen live on a second screen, in both languages."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from urllib.error import URLError
from urllib.request import urlopen

import pytest
from playwright.sync_api import Page

from qinwu.station.sample import write_sample
from tests.board.conftest import PASSWORD
from tests.report.browsing import chromium, in_browser

pytestmark = [*in_browser, pytest.mark.slow]
WORDS = {
    "zh": {"make": "建立账号", "send": "派警", "close": "办结这起警情", "none": "没有未结警情", "proposed": "建议"},
    "en": {
        "make": "Make the account",
        "send": "Send",
        "close": "Close the call",
        "none": "No call is open",
        "proposed": "Proposed",
    },
}


@pytest.fixture(params=["zh", "en"])
def served(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[tuple[str, str]]:
    """Serve an empty board of the sample town; yield language and address."""
    folder = tmp_path / "town"
    write_sample(folder, "town", 2024)
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    words = ["-m", "qinwu.cli", "serve", str(folder), "--port", str(port), "--no-open", "--lang", request.param]
    environment = {name: value for name, value in os.environ.items() if name not in ("DATABASE_URL", "QINWU_CLOCK")}
    server = subprocess.Popen([sys.executable, *words], env=environment)
    address = f"http://127.0.0.1:{port}"
    try:
        _wait_for(address)
        yield request.param, address
    finally:
        server.terminate()
        server.wait(20)


def _wait_for(address: str) -> None:
    for _ in range(240):
        try:
            with urlopen(f"{address}/healthz", timeout=5):
                return
        except (URLError, ConnectionError, TimeoutError):
            time.sleep(0.5)
    pytest.fail("the board did not answer")


def test_a_call_from_ring_to_close(served: tuple[str, str], tmp_path: Path) -> None:
    """First run, a call typed, the proposal sent, five stamps, closed: a second screen follows without being touched."""
    language, address = served
    say = WORDS[language]
    with chromium() as browser:
        context = browser.new_context(viewport={"width": 1280, "height": 900})
        context.set_default_timeout(60_000)
        desk, wall = context.new_page(), context.new_page()
        complaints: list[str] = []
        for page in (desk, wall):
            page.on("pageerror", lambda each: complaints.append(str(each)))
            page.on("console", lambda each: complaints.append(each.text) if each.type == "error" else None)
            page.on(
                "request",
                lambda each: complaints.append(each.url) if not each.url.startswith((address, "data:", "blob:")) else None,
            )
        _first_run(desk, address, say)
        wall.goto(address)
        wall.wait_for_selector("#map[data-ready]")
        desk.goto(f"{address}/calls/new")
        for word in ("1", "4"):
            desk.keyboard.type(word)
            desk.keyboard.press("Enter")
        desk.wait_for_selector("#take:focus")
        desk.keyboard.press("Enter")
        desk.wait_for_selector(f"h2:has-text('{say['proposed']}')")
        number = desk.url.rsplit("/", 1)[1]
        wall.wait_for_selector(f".call:has-text('{number}')", timeout=10_000)
        desk.click(f"button:has-text('{say['send']}')")
        desk.wait_for_selector("form[action*=stamp]")
        _stamp_all(desk)
        desk.screenshot(path=tmp_path / f"call-{language}.png", full_page=True)
        desk.click(f"button:has-text('{say['close']}')")
        wall.wait_for_selector(f"text={say['none']}", timeout=10_000)
        wall.screenshot(path=tmp_path / f"board-{language}.png", full_page=True)
        assert complaints == []


def _first_run(page: Page, address: str, say: dict[str, str]) -> None:
    page.goto(address)
    page.fill("[name=username]", "chief")
    page.fill("[name=password]", PASSWORD)
    page.fill("[name=again]", PASSWORD)
    page.click(f"button:has-text('{say['make']}')")
    page.wait_for_selector(".board")


def _stamp_all(page: Page) -> None:
    """Press the first stamp button that is left until no crew is on the call."""
    while page.locator("form[action*=stamp] button").count():
        left = page.locator("form[action*=stamp] button").count()
        page.locator("form[action*=stamp] button").first.click()
        page.wait_for_function(f"document.querySelectorAll('form[action*=stamp] button').length < {left}")
