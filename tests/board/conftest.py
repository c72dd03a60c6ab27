"""A board of the 13-person station for tests: its folder, its database, a browser without a screen for each role.

`DATABASE_URL` decides the database, as it does for users; without it each worker has a SQLite file of its own.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from qinwu.board.clock import Pace
from qinwu.station.sample import write_sample

if TYPE_CHECKING:
    from django.test import Client

    from qinwu.board.in_force import InForce

PASSWORD = "correct-horse-battery"
START = datetime(2026, 3, 4, 2, 0, tzinfo=UTC)
"""Ten in the morning of a Wednesday in Shanghai."""


@pytest.fixture(scope="session")
def station_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder with the 13-person station, and set Django up for it, once."""
    folder = tmp_path_factory.mktemp("board") / "station13"
    write_sample(folder, "station13", 2024)
    os.environ["DJANGO_SETTINGS_MODULE"] = "qinwu.board.settings"
    os.environ["QINWU_STATION"] = str(folder)
    os.environ["QINWU_LANG"] = "en"
    import django
    from django.core.management import call_command
    from django.test.utils import setup_test_environment

    django.setup()
    setup_test_environment()
    call_command("migrate", verbosity=0)
    return folder


@pytest.fixture
def force(station_folder: Path) -> Iterator[InForce]:
    """Return the duty system in force on an empty board at ten in the morning; what was before is gone."""
    from django.core.cache import caches
    from django.core.management import call_command

    from qinwu.board.in_force import in_force
    from qinwu.board.oversight import screening
    from qinwu.board.roster import accounts_of_hours

    with clock(START):
        call_command("flush", verbosity=0, interactive=False)
        for desk in (screening.DESK, accounts_of_hours.DESK):
            desk.forget()
        caches["limits"].clear()
        yield in_force()


@contextmanager
def clock(shown: datetime) -> Iterator[None]:
    """Let the board's clock show a time that hardly runs."""
    before = os.environ.get("QINWU_CLOCK", "")
    os.environ["QINWU_CLOCK"] = Pace(datetime.now(UTC), shown, 1e-6).words()
    try:
        yield
    finally:
        os.environ["QINWU_CLOCK"] = before


@pytest.fixture
def seat(force: InForce) -> Callable[..., Client]:
    """Return what gives a logged-in client with a role: ``seat("dispatcher")``."""
    from django.test import Client

    from qinwu.board.views.account import make_account

    def sit(role: str, officer: str = "") -> Any:
        user = make_account(role, PASSWORD, [role], officer=officer, language="en")
        client = Client()
        client.force_login(user, backend="qinwu.board.access.backend.RoleBackend")
        return client

    return sit
