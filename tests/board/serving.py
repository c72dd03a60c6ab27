"""Serving: a board in a process of its own, as a user starts it, for tests with a real browser."""

from __future__ import annotations

import os
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

from qinwu.board.clock import ENVIRONMENT, Pace
from qinwu.station.sample import write_sample


@contextmanager
def serving(folder: Path, language: str, *more: str, shown: datetime | None = None) -> Iterator[str]:
    """Serve the sample town from a folder until the end of the block; yield the address.

    Parameters
    ----------
    folder
        Where the station is written if it is not there.
    language
        Of the program and of new accounts.
    more
        Further options of ``qinwu serve``.
    shown
        What the board's clock shows at the beginning; the real time where None.
    """
    if not folder.exists():
        write_sample(folder, "town", 2024)
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    environment = {name: value for name, value in os.environ.items() if name not in ("DATABASE_URL", ENVIRONMENT)}
    if shown is not None:
        environment[ENVIRONMENT] = Pace(datetime.now(UTC), shown, 1.0).words()
    words = ["-m", "qinwu.cli", "serve", str(folder), "--port", str(port), "--no-open", "--lang", language, *more]
    server = subprocess.Popen([sys.executable, *words], env=environment)
    try:
        _wait_for(f"http://127.0.0.1:{port}")
        yield f"http://127.0.0.1:{port}"
    finally:
        server.terminate()
        server.wait(20)


def _wait_for(address: str) -> None:
    for _ in range(360):
        try:
            with urlopen(f"{address}/healthz", timeout=5):
                return
        except (URLError, ConnectionError, TimeoutError):
            time.sleep(0.5)
    pytest.fail("the board did not answer")
