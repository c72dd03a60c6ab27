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

MADE_BY_MIGRATING = ("django_migrations", "django_content_type", "auth_permission", "auth_group", "auth_group_permissions")
"""Tables that every test finds as the migrations left them: the roles and their rights, which no page of the board changes."""
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
    from django.conf import settings

    settings.PASSWORD_HASHERS = ["tests.board.hashing.QuickHasher"]
    setup_test_environment()
    call_command("migrate", verbosity=0)
    return folder


@pytest.fixture
def force(station_folder: Path) -> Iterator[InForce]:
    """Return the duty system in force on an empty board at ten in the morning; what was before is gone."""
    from django.core.cache import caches

    from qinwu.board.in_force import in_force
    from qinwu.board.oversight import screening
    from qinwu.board.roster import accounts_of_hours

    with clock(START):
        empty()
        for desk in (screening.DESK, accounts_of_hours.DESK):
            desk.forget()
        caches["limits"].clear()
        yield in_force()


def empty() -> None:
    """Empty every table but those that migrating fills, as the command ``flush`` does in fifty times the time."""
    from django.core.management.color import no_style
    from django.db import connection

    tables = [table for table in connection.introspection.django_table_names() if table not in MADE_BY_MIGRATING]
    orders = connection.ops.sql_flush(no_style(), tables, reset_sequences=True)
    connection.ops.execute_sql_flush(orders)


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
