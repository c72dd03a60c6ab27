"""Databases of every released schema come forward with every row; a released migration is never edited."""

from __future__ import annotations

import hashlib
import json
import os
import subprocess
import sys
import uuid
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from qinwu.board.in_force import InForce

HERE = Path(__file__).parent
MIGRATIONS = HERE.parents[1] / "src" / "qinwu" / "board" / "migrations"
RELEASED = {
    "0001_initial.py": "419edf9cfe238acc6ce470639144e0db2c7dfe7c59a598d3af654fb96a74a2fc",
    "0002_the_whole_duty.py": "7dd6984f983a27cdb30ddec75acb7fbe07be2e860dd354e517bd7f95e01f7dfa",
    "0003_rooms_booked.py": "68ce7b6311b87d8e860054ba3819c06d1ec41dc0f09f3cf8eec3a61ff726c1e0",
    "0004_where_seconded.py": "c0de92f003a41826d42da0eeaed8def6b459db90d2d78d0c5303c11078f38087",
}
"""SHA-256 of every released migration. Change none: write a new one, and its line here when it is released."""


def schemas(kind: str) -> list[Path]:
    """Return what is written down of released schemas for a kind of database."""
    return sorted((HERE / "schemas").glob(f"*.{kind}.sql"))


def test_models_and_migrations_agree(force: InForce) -> None:
    """No model differs from what the migrations make."""
    from django.core.management import call_command

    call_command("makemigrations", check=True, dry_run=True, verbosity=0)


def test_released_migrations_are_as_they_were(force: InForce) -> None:
    """Somebody's database was made by these files: an edit would leave it in a state that no file describes."""
    found = {name: hashlib.sha256((MIGRATIONS / name).read_bytes()).hexdigest() for name in RELEASED}
    assert found == RELEASED


def test_every_released_schema_is_written_down() -> None:
    """For each released migration there is a database of each kind to begin from."""
    numbers = {name.split("_")[0] for name in RELEASED}
    for kind in ("sqlite", "postgresql"):
        assert {path.name.split(".")[0] for path in schemas(kind)} == numbers


@pytest.fixture
def empty_database(tmp_path: Path) -> Iterator[tuple[str, str]]:
    """Make an empty database of the kind the tests run on; yield kind and address."""
    import psycopg

    address = os.environ.get("DATABASE_URL", "")
    if not address.startswith("postgres"):
        yield "sqlite", f"sqlite:///{tmp_path / 'old.sqlite3'}"
        return
    server, name = f"{address.rsplit('/', 1)[0]}/postgres", f"qinwu_{uuid.uuid4().hex}"
    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name}".encode())
    yield "postgresql", f"{address.rsplit('/', 1)[0]}/{name}"
    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute(f"DROP DATABASE {name} WITH (FORCE)".encode())


@pytest.mark.parametrize("number", [name.split("_")[0] for name in RELEASED])
def test_a_released_schema_comes_forward(number: str, empty_database: tuple[str, str], station_folder: Path) -> None:
    """Migrated to the newest, every row of every table is there as it was, and the trail verifies."""
    kind, address = empty_database
    file = HERE / "schemas" / f"{number}.{kind}.sql"
    ran = subprocess.run(
        [sys.executable, str(HERE / "migrating.py"), str(file)],
        env={**os.environ, "DATABASE_URL": address},
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )
    assert ran.returncode == 0, ran.stderr[-3000:]
    told: dict[str, Any] = json.loads(ran.stdout)
    assert told["lost"] == []
    assert (told["entries"], told["broken_at"]) == (3, None)
    assert all(rows >= 2 for table, rows in told["before"].items() if table.startswith("board_"))
    assert told["before"]["board_call"] == told["before"]["auth_user"] == 2
