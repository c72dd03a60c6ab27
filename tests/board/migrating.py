"""Load a written-down database of a released schema, migrate it to the newest, and say as JSON what became of its rows.

Run as a program with the file's path; ``DATABASE_URL`` names an empty database.
"""

from __future__ import annotations

import json
import os
import sqlite3
import sys
from pathlib import Path
from typing import Any

ANEW = ("django_migrations", "django_content_type", "auth_permission", "auth_group_permissions", "sqlite_sequence")
"""Tables that migrating itself writes into."""


def main(file: Path) -> None:
    """Load, migrate, compare, print."""
    import django

    django.setup()
    from django.core.management import call_command

    from qinwu.board import trail

    _load(file)
    before = _rows()
    call_command("migrate", verbosity=0)
    after = _rows()
    lost = [(table, key) for table, rows in before.items() for key, row in rows.items() if not _kept(row, after[table].get(key))]
    found = trail.verify()
    counted = {table: len(rows) for table, rows in before.items()}
    print(json.dumps({"before": counted, "lost": lost, "entries": found.entries, "broken_at": found.broken_at}))  # noqa: T201


def _load(file: Path) -> None:
    from django.db import connection

    orders = file.read_text(encoding="utf-8")
    if connection.vendor == "sqlite":
        # A connection of its own: the file names tables before it makes them.
        straight = sqlite3.connect(connection.settings_dict["NAME"])
        straight.executescript(orders)
        straight.close()
        return
    import psycopg

    # A connection of its own: the file sets a search path.
    with psycopg.connect(os.environ["DATABASE_URL"], autocommit=True) as other:
        other.execute(orders.encode())


def _rows() -> dict[str, dict[str, dict[str, Any]]]:
    """Return all rows of all tables, by table and first column."""
    from django.db import connection

    found: dict[str, dict[str, dict[str, Any]]] = {}
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names(cursor):
            if table in ANEW:
                continue
            cursor.execute(f'SELECT * FROM "{table}"')
            names = [column[0] for column in cursor.description]
            found[table] = {str(row[0]): dict(zip(names, row, strict=True)) for row in cursor.fetchall()}
    return found


def _kept(row: dict[str, Any], now: dict[str, Any] | None) -> bool:
    """Return whether a row is still there with everything it held in columns that are still there."""
    return now is not None and all(now[name] == value for name, value in row.items() if name in now)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
