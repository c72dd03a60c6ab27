"""Write down the board's database as a released schema has it, with a few rows in every table, for SQLite and PostgreSQL.

``python tools/board_schema.py 0001_initial`` migrates an empty database of each kind up to that migration, fills it through the
models as they were then, and writes ``tests/board/schemas/0001.sqlite.sql`` and ``0001.postgresql.sql``. To be run once, when a
schema is released; the tests migrate what is written here.
"""

from __future__ import annotations

import os
import sqlite3
import subprocess
import sys
import uuid
from datetime import UTC, datetime, time, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

SCHEMAS = Path(__file__).parents[1] / "tests" / "board" / "schemas"
SERVER = os.environ.get("QINWU_TEST_POSTGRES", "postgres://postgres@127.0.0.1/postgres")
OTHERS = ("auth", "contenttypes", "sessions", "axes")
WHEN = datetime(2026, 3, 4, 2, 0, tzinfo=UTC)
ROWS = 2
LAST = ("end", "other_end", "until", "due", "closes")
"""Fields that come after others of their row."""


def main(migration: str) -> None:
    """Write both files of a migration, each in a process of its own: Django is set up for one database only."""
    name = migration.split("_")[0]
    with TemporaryDirectory() as folder:
        file = Path(folder) / "board.sqlite3"
        _fill_in_a_process(f"sqlite:///{file}", folder, migration)
        with sqlite3.connect(file) as database:
            (SCHEMAS / f"{name}.sqlite.sql").write_text("\n".join(database.iterdump()) + "\n", encoding="utf-8")
        made = f"qinwu_{uuid.uuid4().hex}"
        _administer(f"CREATE DATABASE {made}")
        address = f"{SERVER.rsplit('/', 1)[0]}/{made}"
        try:
            _fill_in_a_process(address, folder, migration)
            told = subprocess.run(
                ["pg_dump", "--inserts", "--no-owner", "--no-privileges", address], capture_output=True, text=True, check=True
            ).stdout
        finally:
            _administer(f"DROP DATABASE {made} WITH (FORCE)")
        lines = [line for line in told.splitlines() if line and not line.startswith(("--", "\\"))]
        (SCHEMAS / f"{name}.postgresql.sql").write_text("\n".join(lines) + "\n", encoding="utf-8")


def _administer(order: str) -> None:
    import psycopg

    with psycopg.connect(SERVER, autocommit=True) as connection:
        connection.execute(order.encode())


def _fill_in_a_process(address: str, folder: str, migration: str) -> None:
    settings = {"DATABASE_URL": address, "QINWU_STATION": folder, "DJANGO_SETTINGS_MODULE": "qinwu.board.settings"}
    subprocess.run([sys.executable, __file__, migration, "--fill"], env={**os.environ, **settings}, check=True)


def fill(migration: str) -> None:
    """Migrate the database of the settings up to a migration and put rows into every table of it."""
    import django
    from django.core.management import call_command
    from django.db import connection
    from django.db.migrations.executor import MigrationExecutor

    django.setup()
    for app in OTHERS:
        call_command("migrate", app, verbosity=0)
    call_command("migrate", "board", migration, verbosity=0)
    apps = MigrationExecutor(connection).loader.project_state([("board", migration)]).apps
    models = list(apps.get_app_config("board").get_models())
    made: dict[Any, list[Any]] = {}
    user = apps.get_model("auth", "User")
    made[user] = [user.objects.create(username=f"user-{n}", password="!") for n in range(ROWS)]
    while models:
        ready = [model for model in models if all(other in made or other is model for other in _needed(model))]
        for model in ready:
            made[model] = _chain(model) if model.__name__ == "TrailEntry" else [_row(model, n, made) for n in range(ROWS)]
            models.remove(model)


def _needed(model: Any) -> list[Any]:
    return [field.related_model for field in model._meta.fields if field.is_relation and not field.null]


def _row(model: Any, n: int, made: dict[Any, list[Any]]) -> Any:
    values = {field.name: _value(field, n, made) for field in model._meta.fields if not field.primary_key}
    return model.objects.create(**values)


def _value(field: Any, n: int, made: dict[Any, list[Any]]) -> Any:
    """Return something that a field can hold, another for each row."""
    if field.is_relation:
        return made[field.related_model][n] if field.related_model in made else None
    kind = field.get_internal_type()
    if kind in ("CharField", "TextField"):
        words = field.choices[0][0] if field.choices else f"{field.name} {n} 第{n}行"
        return words[: field.max_length] if field.max_length else words
    kinds: dict[str, Any] = {
        "DateTimeField": WHEN + timedelta(hours=n, days=field.name in LAST),
        "DateField": WHEN.date() + timedelta(days=n + (field.name in LAST)),
        "TimeField": time(8 + n),
        "UUIDField": uuid.uuid5(uuid.NAMESPACE_URL, f"{field.name}{n}"),
        "BooleanField": n == 0,
        "FloatField": 0.5 + n,
        "JSONField": [n],
    }
    return kinds.get(kind, n + 1)


def _chain(model: Any) -> list[Any]:
    """Return entries of a trail that holds."""
    from qinwu.board.trail import NOTHING_BEFORE, hash_of

    before, made = NOTHING_BEFORE, []
    for number in (1, 2, 3):
        at = WHEN + timedelta(minutes=number, milliseconds=250)
        fields = (number, at.isoformat(), "user-0", "call.view", f"2026030{number}-0001", '{"何事": 1}', before)
        keys = ("number", "actor", "action", "subject", "content", "before")
        values = dict(zip(keys, (fields[0], *fields[2:]), strict=True))
        made.append(model.objects.create(at=at, hash=hash_of(fields), **values))
        before = made[-1].hash
    return made


if __name__ == "__main__":
    if "--fill" in sys.argv:
        fill(sys.argv[1])
    else:
        main(sys.argv[1])
