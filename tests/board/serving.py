"""Serving: a board of the sample town in a process of its own, as a user starts it, for tests with a real browser."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from urllib.error import URLError
from urllib.request import urlopen

import pytest
from playwright.sync_api import Page

from qinwu.board.clock import ENVIRONMENT, Pace
from qinwu.station.sample import write_sample
from tests.board.conftest import PASSWORD


class Server:
    """A board that can be stopped and started again at one address.

    Parameters
    ----------
    folder
        Where the sample town is written if it is not there.
    language
        Of the program and of new accounts.
    more
        Further options of ``qinwu serve``.
    shown
        What the board's clock shows when it starts; the real time where None.
    """

    def __init__(self, folder: Path, language: str, *more: str, shown: datetime | None = None) -> None:
        if not folder.exists():
            write_sample(folder, "town", 2024)
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            port = free.getsockname()[1]
        self.address = f"http://127.0.0.1:{port}"
        self._words = ["-m", "qinwu.cli", "serve", str(folder), "--port", str(port), "--no-open", "--lang", language, *more]
        self._shown = shown
        self._process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Start it, and wait until it answers."""
        environment = {name: value for name, value in os.environ.items() if name not in ("DATABASE_URL", ENVIRONMENT)}
        if self._shown is not None:
            environment[ENVIRONMENT] = Pace(datetime.now(UTC), self._shown, 1.0).words()
        self._process = subprocess.Popen([sys.executable, *self._words], env=environment)
        _wait_for(self.address)

    def kill(self) -> None:
        """End it without warning."""
        self._end(signal.SIGKILL)

    def stop(self) -> None:
        """End it as a user does."""
        self._end(signal.SIGTERM)

    def _end(self, how: signal.Signals) -> None:
        if self._process is not None:
            self._process.send_signal(how)
            self._process.wait(20)
            self._process = None


@contextmanager
def serving(folder: Path, language: str, *more: str, shown: datetime | None = None) -> Iterator[str]:
    """Serve the sample town until the end of the block; yield the address."""
    server = Server(folder, language, *more, shown=shown)
    server.start()
    try:
        yield server.address
    finally:
        server.stop()


def first_run(page: Page, address: str) -> None:
    """Make the first account, chief and administrator, on the page that a new board shows."""
    page.goto(address)
    page.fill("[name=username]", "chief")
    page.fill("[name=password]", PASSWORD)
    page.fill("[name=again]", PASSWORD)
    page.click("main button")
    page.wait_for_selector(".board")


def press_stamps(page: Page) -> None:
    """Press the first stamp that is left until there is none."""
    buttons = page.locator("form[action*=stamp] button")
    while left := buttons.count():
        buttons.first.click()
        buttons.nth(left - 1).wait_for(state="detached")


def _wait_for(address: str) -> None:
    for _ in range(360):
        try:
            with urlopen(f"{address}/healthz", timeout=5):
                return
        except (URLError, ConnectionError, TimeoutError):
            time.sleep(0.5)
    pytest.fail("the board did not answer")
