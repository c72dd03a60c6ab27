"""The board in a real browser: one night's call from ring to close by keyboard, seen live on a second screen, in both languages."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page

from tests.board.serving import first_run, press_stamps, serving
from tests.report.browsing import chromium, in_browser

pytestmark = [*in_browser, pytest.mark.slow]
WORDS = {
    "zh": {"send": "派警", "close": "办结这起警情", "none": "没有未结警情", "proposed": "建议"},
    "en": {
        "send": "Send",
        "close": "Close the call",
        "none": "No call is open",
        "proposed": "Proposed",
    },
}


@pytest.fixture(params=["zh", "en"])
def served(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[tuple[str, str]]:
    """Serve an empty board of the sample town; yield language and address."""
    with serving(tmp_path / "town", request.param) as address:
        yield request.param, address


def take_a_call(desk: Page, address: str) -> None:
    """Take a call by keyboard: the first class, the fourth place."""
    desk.goto(f"{address}/calls/new")
    for word in ("1", "4"):
        desk.keyboard.type(word)
        desk.keyboard.press("Enter")
    desk.wait_for_selector("#take:focus")
    desk.keyboard.press("Enter")


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
        first_run(desk, address)
        wall.goto(address)
        wall.wait_for_selector("#map[data-ready]")
        take_a_call(desk, address)
        desk.wait_for_selector(f"h2:has-text('{say['proposed']}')")
        number = desk.url.rsplit("/", 1)[1]
        wall.wait_for_selector(f".call:has-text('{number}')", timeout=10_000)
        waited = wall.locator(".call .waited > span")
        before = waited.inner_text()
        wall.wait_for_timeout(1500)
        assert before != waited.inner_text() != ""
        desk.click(f"button:has-text('{say['send']}')")
        desk.wait_for_selector("form[action*=stamp]")
        press_stamps(desk)
        desk.screenshot(path=tmp_path / f"call-{language}.png", full_page=True)
        desk.click(f"button:has-text('{say['close']}')")
        wall.wait_for_selector(f"text={say['none']}", timeout=10_000)
        wall.screenshot(path=tmp_path / f"board-{language}.png", full_page=True)
        assert complaints == []


def test_a_wall_says_how_many_lines_it_hides(tmp_path: Path) -> None:
    """Nobody scrolls a wall: a line is whole or not there, and what is not there is counted, also when the screen changes."""
    with serving(tmp_path / "town", "en") as address, chromium() as browser:
        page = browser.new_page(viewport={"width": 1440, "height": 900})
        first_run(page, address)
        page.route("**/events**", lambda route: route.abort())
        page.goto(f"{address}/wall")
        lines = "".join(
            f'<li class="call"><a href="#{n}"><span class="priority">2</span><b>Noise {n}</b></a></li>' for n in range(60)
        )
        page.evaluate("html => show(document.querySelector('.queue'), html)", f'<h2>Open calls</h2><ol data-all="75">{lines}</ol>')
        shown = page.locator(".queue li:not(.off-screen)").count()
        assert 0 < shown < 60
        said = page.locator(".queue + .beyond")
        assert said.inner_text() == f"and {75 - shown} more below"
        page.set_viewport_size({"width": 3840, "height": 2160})
        page.wait_for_timeout(300)
        shown = page.locator(".queue li:not(.off-screen)").count()
        assert said.inner_text() == f"and {75 - shown} more below"
        page.evaluate("html => show(document.querySelector('.queue'), html)", "<h2>Open calls</h2>")
        assert said.is_hidden()


def test_a_telephone_shows_the_page_before_the_menu(tmp_path: Path) -> None:
    """The menu is behind a button, opens without script and leads on; on a wide page it stands open."""
    with serving(tmp_path / "town", "en") as address, chromium() as browser:
        page = browser.new_page(viewport={"width": 390, "height": 844})
        first_run(page, address)
        page.goto(f"{address}/today")
        link = page.locator("#menu a[href='/bulletins']")
        assert link.is_hidden()
        page.click("button.menu")
        link.click()
        page.wait_for_url("**/bulletins")
        page.set_viewport_size({"width": 1440, "height": 900})
        assert link.is_visible()
        assert page.locator("button.menu").is_hidden()


def test_ten_pages_of_one_browser_all_load(tmp_path: Path) -> None:
    """A browser keeps six connections to one server: pages that nobody sees give theirs back and come up to date when seen."""
    with serving(tmp_path / "town", "en") as address, chromium() as browser:
        context = browser.new_context(viewport={"width": 1280, "height": 900})
        context.set_default_timeout(20_000)
        pages = [context.new_page()]
        first_run(pages[0], address)
        for _ in range(9):
            hide(pages[-1])
            pages.append(context.new_page())
            pages[-1].goto(address)
            pages[-1].wait_for_selector("#map[data-ready]")
        desk = pages[-1]
        take_a_call(desk, address)
        desk.wait_for_selector("h2:has-text('Proposed')")
        number = desk.url.rsplit("/", 1)[1]
        assert pages[0].locator(f".call:has-text('{number}')").count() == 0
        hide(pages[0], hidden=False)
        pages[0].wait_for_selector(f".call:has-text('{number}')")


def hide(page: Page, *, hidden: bool = True) -> None:
    """Let a page learn that its tab is behind another one, which a browser without a screen never says."""
    page.evaluate(
        "hidden => { Object.defineProperty(document, 'hidden', { value: hidden, configurable: true });"
        " document.dispatchEvent(new Event('visibilitychange')); }",
        hidden,
    )


def test_a_refused_form_is_not_sent_again_by_itself(tmp_path: Path) -> None:
    """Closing is refused while a crew is there; when the crew is free the page still says so, and the call is open."""
    with serving(tmp_path / "town", "en") as address, chromium() as browser:
        context = browser.new_context(viewport={"width": 1280, "height": 900})
        context.set_default_timeout(20_000)
        desk, other = context.new_page(), context.new_page()
        first_run(desk, address)
        take_a_call(desk, address)
        desk.click("form.proposal button")
        desk.wait_for_selector("form[action*=stamp]")
        call = desk.url
        desk.fill("[name=missing]", "radio was down")
        desk.click("form.closing button")
        desk.wait_for_selector("text=A crew is still on this call.")
        other.goto(call)
        press_stamps(other)
        desk.wait_for_timeout(3000)
        assert desk.locator("text=A crew is still on this call.").is_visible()
        desk.reload()
        assert desk.url == call
        assert desk.locator("text=Close the call").is_visible()
