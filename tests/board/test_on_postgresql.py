"""The same tests of the board on PostgreSQL, in a database made for them and dropped afterwards."""

from __future__ import annotations

import os
import subprocess
import sys
import uuid
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

SERVER = os.environ.get("QINWU_TEST_POSTGRES", "postgres://postgres@127.0.0.1/postgres")
ROOT = Path(__file__).parents[2]


def administer(order: str) -> None:
    """Run one order on the server, outside a transaction."""
    with psycopg.connect(SERVER, autocommit=True, connect_timeout=3) as connection:
        connection.execute(order)


@pytest.fixture
def database() -> Iterator[str]:
    """Make an empty database and yield its address; skip where no server answers."""
    name = f"qinwu_{uuid.uuid4().hex}"
    try:
        administer(f"CREATE DATABASE {name}")
    except psycopg.OperationalError as error:
        pytest.skip(f"no PostgreSQL answers: {error}")
    yield f"{SERVER.rsplit('/', 1)[0]}/{name}"
    administer(f"DROP DATABASE {name} WITH (FORCE)")


@pytest.mark.slow
def test_every_test_of_the_board_holds_on_postgresql(database: str) -> None:
    """All tests of the board, the power cut included, pass with the other database."""
    tests = [str(ROOT / "tests" / "board"), "-m", "not browser", "-n", "0", "-q"]
    ignored = ["--ignore", __file__]
    ran = subprocess.run(
        [sys.executable, "-m", "pytest", *tests, *ignored],
        env={**os.environ, "DATABASE_URL": database},
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=3600,
        check=False,
    )
    assert ran.returncode == 0, ran.stdout[-4000:]
