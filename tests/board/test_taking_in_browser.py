"""Taking calls in a real browser: by keyboard alone, and while the server is away."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from playwright.sync_api import Page, Route

from tests.board.conftest import PASSWORD
from tests.board.serving import Server, first_run
from tests.report.browsing import chromium, in_browser

pytestmark = [*in_browser, pytest.mark.slow]
KEYS_A_MINUTE = 100
"""Keys in a minute of somebody who types slowly."""


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """Serve a board of the sample town with one account."""
    found = Server(tmp_path_factory.mktemp("taking") / "town", "en")
    found.start()
    try:
        with _page() as page:
            first_run(page, found.address)
        yield found
    finally:
        found.kill()


@contextmanager
def _page() -> Iterator[Page]:
    with chromium() as browser:
        page = browser.new_context(viewport={"width": 1280, "height": 900}).new_page()
        page.set_default_timeout(60_000)
        yield page


@contextmanager
def _desk(server: Server) -> Iterator[Page]:
    """Open the form of a new call, logged in."""
    with _page() as page:
        page.goto(f"{server.address}/login")
        _log_in(page)
        page.wait_for_selector(".board")
        page.goto(f"{server.address}/calls/new")
        yield page


def _log_in(page: Page) -> None:
    page.fill("[name=username]", "chief")
    page.fill("[name=password]", PASSWORD)
    page.keyboard.press("Enter")


def _press(page: Page, keys: str) -> int:
    """Press keys one after the other, a new line for Enter; return how many."""
    for key in keys:
        page.keyboard.press("Enter" if key == "\n" else key)
    return len(keys)


def _take(page: Page, keys: str) -> None:
    """Type class and place, and send the call as soon as the button has the focus."""
    _press(page, keys)
    page.wait_for_selector("#take:focus")
    _press(page, "\n")


def test_a_call_is_taken_with_ten_keys(server: Server) -> None:
    """Letters of the class, digits of the place, Enter after each and once more: no mouse, well within fifteen seconds."""
    with _desk(server) as page:
        began = time.monotonic()
        count = _press(page, "noise\n63")
        page.wait_for_selector("#places [role=option]")
        count += _press(page, "\n")
        page.wait_for_selector("#weighed:has-text('Priority 4')")
        page.wait_for_selector("#weighed:has-text('A063')")
        assert "Why this priority?" in page.inner_text("#weighed")
        page.wait_for_selector("#take:focus")
        count += _press(page, "\n")
        page.wait_for_url("**/calls/2*")
        assert "A063" in page.inner_text("h1")
        assert count == 10
        assert count / KEYS_A_MINUTE * 60.0 < 15.0
        assert time.monotonic() - began < 60.0


def test_keys_that_are_faster_than_the_server_are_not_lost(server: Server) -> None:
    """The same keys in one go, before any answer has come: the same call."""
    with _desk(server) as page:

        def late(route: Route) -> None:
            time.sleep(0.3)
            route.continue_()

        page.route("**/find*", late)
        _press(page, "noise\n64\n\n")
        page.wait_for_url("**/calls/2*")
        assert "A064" in page.inner_text("h1")


def test_a_list_is_chosen_from_with_arrows(server: Server) -> None:
    """A trade lists its venues; the second is chosen with one arrow."""
    with _desk(server) as page:
        _press(page, "1\nhotel")
        page.wait_for_selector("#places [role=option]:nth-child(2)")
        second = page.get_attribute("#places [role=option]:nth-child(2)", "data-value")
        page.keyboard.press("ArrowDown")
        page.keyboard.press("Enter")
        assert page.input_value("#atom") == second


def test_a_repeat_is_confirmed_with_one_key(server: Server) -> None:
    """The open call is named as soon as class and place are known; ``1`` keeps the new one as its repeat."""
    with _desk(server) as page:
        _take(page, "dispute\n12\n")
        page.wait_for_url("**/calls/2*")
        number = page.url.rsplit("/", 1)[1]
        page.goto(f"{server.address}/calls/new")
        _press(page, "dispute\n12\n")
        page.wait_for_selector(f"#weighed [name=same_as][value='{number}']")
        page.wait_for_selector("#take:focus")
        page.keyboard.press("1")
        page.wait_for_url(f"**/calls/{number}")


def test_a_call_that_is_kept_already_is_confirmed_as_a_repeat_with_one_key(server: Server) -> None:
    """On the page of the second of two calls alike ``1`` counts it as a repeat of the first; typed into a field it does not."""
    with _desk(server) as page:
        _take(page, "dispute\n14\n")
        page.wait_for_url("**/calls/2*")
        first = page.url.rsplit("/", 1)[1]
        page.goto(f"{server.address}/calls/new")
        _take(page, "dispute\n14\n")
        page.wait_for_url("**/calls/2*")
        page.wait_for_selector(f".near button:has-text('{first}')")
        second = page.url.rsplit("/", 1)[1]
        assert second != first
        page.fill("[name=reason]", "")
        page.press("[name=reason]", "1")
        assert page.url.endswith(second)
        page.locator("h1").click()
        page.keyboard.press("1")
        page.wait_for_url(f"**/calls/{first}")
        page.goto(f"{server.address}/calls/{second}")
        assert first in page.inner_text(".state")


def test_calls_taken_while_the_server_is_away_are_sent_once(server: Server) -> None:
    """Two calls without a server wait in the browser and are counted; with it they become two calls, and their numbers are told."""
    with _desk(server) as page:
        server.kill()
        try:
            page.fill("#class_word", "help")
            page.fill("#atom", "A020")
            page.click("#take")
            page.wait_for_selector("#unsent[data-count='1']")
            assert page.input_value("#atom") == ""
            page.fill("#class_word", "noise")
            page.fill("#atom", "A021")
            page.click("#take")
            page.wait_for_selector("#unsent[data-count='2']")
            assert "2 calls wait in this browser" in page.inner_text("#unsent")
        finally:
            server.start()
        page.wait_for_selector("#unsent[data-count='0']")
        told = page.locator("#unsent a").all_inner_texts()
        assert len(told) == 2
        assert all("is call 2" in line for line in told)
        assert page.evaluate("localStorage.getItem('qinwu-unsent')") == "[]"
        page.goto(f"{server.address}/")
        page.wait_for_selector(".call:has-text('A021')")
        assert page.locator(".call:has-text('A020')").count() == 1
        assert page.locator(".call:has-text('A021')").count() == 1


def test_an_entry_the_server_cannot_read_comes_back(server: Server) -> None:
    """A character that no text may hold is not sent again and again: the entry is in the form once more, with words, none waits."""
    with _desk(server) as page:
        page.fill("#class_word", "help")
        page.evaluate("document.querySelector('#atom').value = 'A0\\u000020'")
        page.click("#take")
        page.wait_for_selector("#wrongs li:has-text('The server cannot read it')")
        assert page.get_attribute("#unsent", "data-count") == "0"


def test_an_answer_that_is_lost_makes_no_second_call(server: Server) -> None:
    """The server keeps the call and its answer never arrives: the entry waits, is sent again, and is the same call."""
    with _desk(server) as page:
        lost: list[str] = []

        def lose(route: Route) -> None:
            if route.request.method == "POST" and not lost:
                lost.append(route.fetch().text())
                route.abort()
            else:
                route.continue_()

        page.route("**/calls/new", lose)
        page.fill("#class_word", "help")
        page.fill("#atom", "A030")
        page.click("#take")
        page.wait_for_selector("#unsent a")
        assert lost
        assert page.locator("#unsent a").inner_text().rsplit(" ", 1)[1] in lost[0]
        page.goto(f"{server.address}/")
        page.wait_for_selector(".call:has-text('A030')")
        assert page.locator(".call:has-text('A030')").count() == 1


def test_what_is_refused_comes_back_into_the_form(server: Server) -> None:
    """A place outside the area comes back with its problem and all that was typed; mended, it is one call."""
    with _desk(server) as page:
        page.fill("#class_word", "help")
        page.fill("#atom", "Z999")
        page.click("#take")
        page.wait_for_selector("#wrongs .wrong")
        assert "outside its area" in page.inner_text("#wrongs")
        assert page.input_value("#atom") == "Z999"
        page.fill("#atom", "A031")
        page.click("#take")
        page.wait_for_url("**/calls/2*")
        assert "A031" in page.inner_text("h1")


def test_a_session_that_ended_loses_no_call(server: Server) -> None:
    """Without a session the entry stays; after logging in again in the same window it is sent, and its number told."""
    with _desk(server) as page:
        page.context.clear_cookies()
        page.fill("#class_word", "help")
        page.fill("#atom", "A032")
        page.click("#take")
        page.wait_for_selector("#unsent:has-text('session has ended')")
        page.click("#unsent a")
        _log_in(page)
        page.wait_for_selector("#unsent a:has-text('is call 2')")
        assert page.get_attribute("#unsent", "data-count") == "0"
