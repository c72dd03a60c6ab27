"""One night shift in a real browser, from the first login to the report, by everybody who has a part in it, in both languages.

The pictures taken on the way are kept beside pytest's other output, or in the folder that ``QINWU_PICTURES`` names.
"""

from __future__ import annotations

import os
import subprocess
import sys
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Error, Page

from tests.board.conftest import PASSWORD
from tests.board.serving import first_run, press_stamps, serving
from tests.report.browsing import chromium, in_browser

pytestmark = [*in_browser, pytest.mark.slow]
NIGHT = datetime(2026, 3, 7, 14, 5, tzinfo=UTC)
"""Five past ten on a Saturday evening in Shanghai."""
PHONE, DESK = {"width": 390, "height": 844}, {"width": 1400, "height": 900}
AFFRAY = "3"
"""Number of the class of a fight in the list of the town."""
PATIENCE_MS, SHORT_MS = 120_000, 20_000


@dataclass
class Night:
    """A night: the browser, where the board is, where pictures go, and what any page complained of."""

    browser: Browser
    address: str
    language: str
    pictures: Path
    complaints: list[str] = field(default_factory=list)

    def seat(self, name: str, size: dict[str, int]) -> Page:
        """Return a browser of its own in which somebody has logged in, or nobody where there is no name."""
        page = self.browser.new_context(viewport=size, accept_downloads=True).new_page()  # type: ignore[arg-type]
        page.set_default_timeout(PATIENCE_MS)
        page.on("pageerror", lambda each: self.complaints.append(str(each)))
        page.on("console", lambda each: self.complaints.append(each.text) if each.type == "error" else None)
        page.on(
            "request",
            lambda each: (
                None if each.url.startswith((self.address, "data:", "blob:", "about:")) else self.complaints.append(each.url)
            ),
        )
        page.goto(self.address)
        if name:
            page.fill("[name=username]", name)
            page.fill("[name=password]", PASSWORD)
            page.click("main button")
            page.wait_for_selector(".board")
        return page

    def picture(self, page: Page, name: str) -> None:
        """Keep what a page looks like."""
        page.screenshot(path=self.pictures / f"{self.language}-{name}.png", full_page=True)


@pytest.mark.parametrize("language", ["zh", "en"])
def test_a_night_shift_from_login_to_report(language: str, tmp_path: Path) -> None:
    """Accounts, handover, a fight, phones, a bulletin, leave, the trail, the record back into the station, a comparison read."""
    pictures = Path(os.environ.get("QINWU_PICTURES", tmp_path))
    pictures.mkdir(exist_ok=True)
    folder = tmp_path / "town"
    with serving(folder, language, shown=NIGHT) as address, chromium() as browser:
        night = Night(browser, address, language, pictures)
        chief = night.seat("", DESK)
        first_run(chief, address)
        for name, role in (("desk", "dispatcher"), ("inspector", "inspector")):
            make_account(chief, address, name, role)
        leave_note(chief, address)
        desk = night.seat("desk", DESK)
        take_over(desk, address)
        number, sent = take_and_send(night, desk)
        make_account(chief, address, "wang", "officer", officer_of(chief, address, sent[0]))
        phone = night.seat("wang", PHONE)
        stamp_own(night, phone, number)
        finish(night, desk, number)
        bulletin(night, chief, phone)
        leave(night, chief, phone)
        own_beat(night, phone)
        verified(night)
        record = taken_out(night, chief, tmp_path)
        assert checked(folder, record), "the record of the night does not fit the station"
        compared(night, chief)
        assert night.complaints == []


def make_account(page: Page, address: str, name: str, role: str, officer: str = "") -> None:
    """Make an account as the administrator does."""
    page.goto(f"{address}/accounts")
    form = page.locator("form[action*='accounts/make']")
    form.locator("[name=username]").fill(name)
    form.locator("[name=password]").fill(PASSWORD)
    form.locator(f"[name=role][value={role}]").check()
    if officer:
        form.locator("[name=officer]").select_option(officer)
    form.locator("button").click()
    page.wait_for_selector(f"th:has-text('{name}')")


def leave_note(page: Page, address: str) -> None:
    """Leave a note to the night watch."""
    page.goto(f"{address}/today")
    form = page.locator("form[action*='hand-over']")
    form.locator("[name=note]").fill("V03 ⛽ → 22:30")
    form.locator("button").click()
    page.wait_for_selector(".note")


def take_over(page: Page, address: str) -> None:
    """Sign that the note was read."""
    page.goto(f"{address}/today")
    page.click("form[action*='take-over'] button")
    page.wait_for_selector(".note small:has-text('desk')")


def take_and_send(night: Night, page: Page) -> tuple[str, list[str]]:
    """Take a fight by keyboard, send who is proposed; return the call's number and the crews."""
    page.goto(f"{night.address}/calls/new")
    for word, following in ((AFFRAY, "#atom"), ("A063", "#take")):
        page.keyboard.type(word)
        page.keyboard.press("Enter")
        page.locator(f"{following}:focus").wait_for()
    night.picture(page, "1-taking")
    page.keyboard.press("Enter")
    page.wait_for_selector("form.proposal")
    night.picture(page, "2-proposal")
    number = page.url.rsplit("/", 1)[1]
    crews = page.eval_on_selector_all("[name=crew]:checked", "each => each.map(one => one.value)")
    assert crews, "nobody was proposed at night"
    page.click("form.proposal > button")
    page.wait_for_selector("form[action*=stamp]")
    return number, crews


def elsewhere(page: Page, address: str) -> None:
    """Go from the page of a call to another: where it loads itself anew at that moment, what the browser was told may be displaced.

    A click, as people leave a page, never is.
    """
    with suppress(Error):
        page.goto(address, timeout=SHORT_MS)
        return
    page.goto(address)


def officer_of(page: Page, address: str, crew: str) -> str:
    """Return the first officer of a crew, as the page of the day has it."""
    page.goto(f"{address}/today")
    return page.locator(f".bars tr[data-crew='{crew}'] td").first.inner_text().split()[0]


def stamp_own(night: Night, page: Page, number: str) -> None:
    """Find the own call on the board of a telephone and give all stamps."""
    page.goto(night.address)
    page.click(f".call a:has-text('{number}')")
    page.wait_for_selector("form[action*=stamp]")
    night.picture(page, "3-phone")
    press_stamps(page)


def finish(night: Night, page: Page, number: str) -> None:
    """Stamp the other crews for them, say why stamps are missing, and close."""
    elsewhere(page, f"{night.address}/calls/{number}")
    press_stamps(page)
    night.picture(page, "4-all-stamped")
    page.locator("form.closing [name=result]").select_option("case")
    page.click("form.closing button")
    page.wait_for_selector("#queue p.quiet")
    night.picture(page, "5-board")


def bulletin(night: Night, chief: Page, phone: Page) -> None:
    """Write a notice about the place; the officer reads it on the telephone."""
    chief.goto(f"{night.address}/bulletins")
    form = chief.locator("form[action*='bulletins/publish']")
    form.locator("[name=title]").fill("A001 ⚠")
    form.locator("[name=text]").fill("22:00–02:00")
    form.locator("[name=atom]").fill("A001")
    form.locator("button").click()
    chief.wait_for_selector(".bulletin")
    elsewhere(phone, f"{night.address}/bulletins")
    phone.click(".bulletin.unread")
    phone.wait_for_load_state()
    phone.goto(f"{night.address}/bulletins")
    assert phone.locator(".bulletin.unread").count() == 0
    night.picture(phone, "6-bulletins")


def leave(night: Night, chief: Page, phone: Page) -> None:
    """Ask for leave on the telephone; the chief approves."""
    phone.goto(f"{night.address}/today")
    form = phone.locator("form[action*='today/ask']")
    open_all(phone)
    form.locator("[name=start]").fill("2026-03-20T08:00")
    form.locator("[name=end]").fill("2026-03-21T20:00")
    form.locator("button").click()
    chief.goto(f"{night.address}/today")
    open_all(chief)
    chief.click("form[action*='today/answer'] button[value=yes]")
    chief.wait_for_load_state()
    assert chief.locator("form[action*='today/answer']").count() == 0
    night.picture(chief, "7-today")


def open_all(page: Page) -> None:
    """Open whatever is folded."""
    page.evaluate("document.querySelectorAll('main details').forEach(one => { one.open = true; })")


def own_beat(night: Night, phone: Page) -> None:
    """Look at the own beat on the telephone once everything on it is worked out."""
    phone.goto(f"{night.address}/my-beat")
    phone.wait_for_selector("h1")
    phone.wait_for_selector("progress", state="detached")
    night.picture(phone, "8-my-beat")


def verified(night: Night) -> None:
    """Verify the chain as the inspector."""
    page = night.seat("inspector", DESK)
    page.goto(f"{night.address}/trail")
    page.click("form[action*='trail/verify'] button")
    page.wait_for_selector("p.right")
    night.picture(page, "9-trail")


def taken_out(night: Night, page: Page, folder: Path) -> Path:
    """Take the record of calls out as a call file."""
    page.goto(f"{night.address}/tables")
    with page.expect_download() as got:
        page.click("a[href*='calls.csv']")
    got.value.save_as(folder / "night.csv")
    return folder / "night.csv"


def checked(folder: Path, record: Path) -> bool:
    """Return whether the station with the night's record beside its own passes ``qinwu check``."""
    (folder / "night.csv").write_bytes(record.read_bytes())
    settings = folder / "station.toml"
    settings.write_text(settings.read_text(encoding="utf-8").replace('calls = ["calls.csv"]', 'calls = ["calls.csv", "night.csv"]'))
    return subprocess.run([sys.executable, "-m", "qinwu.cli", "check", str(folder)], check=False).returncode == 0


def compared(night: Night, page: Page) -> None:
    """Compare two duty systems in the background and read the report in the page."""
    page.goto(f"{night.address}/comparisons")
    page.locator("[name=systems][value=sector]").check()
    page.locator("[name=effort]").first.check()
    page.click("form[action*='comparisons/ask'] button")
    page.wait_for_load_state()
    if not page.url.rsplit("/", 1)[1].isdecimal():
        page.locator(".job a").first.click()
    page.wait_for_selector(".right a[href*='/comparisons/'], iframe.report", timeout=900_000)
    page.reload()
    page.frame_locator("iframe.report").locator("h1").first.wait_for()
    night.picture(page, "10-report")
