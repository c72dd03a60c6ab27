"""Keeping: the whole board in one file, read back into an empty database and verified, whichever databases the two are."""

from __future__ import annotations

import gzip
import hashlib
import json
from io import StringIO
from pathlib import Path
from tempfile import NamedTemporaryFile

from django.contrib.auth import get_user_model
from django.core.management import call_command
from django.db import transaction

from qinwu.board import trail
from qinwu.board.models import TrailEntry
from qinwu.findings import Finding, Place, QinwuError
from qinwu.language import N_

KIND = "qinwu-board"
LEFT_OUT = ["contenttypes", "auth.permission", "sessions", "axes"]
"""Made anew by the database that reads the copy, or worth nothing the next day."""


def write_copy(path: Path) -> int:
    """Write everything the board keeps into a file, whole or not at all; return how many entries its trail has.

    Raises
    ------
    QinwuError
        The trail is broken: a copy would carry the break on unseen.
    """
    with transaction.atomic():
        trail.lock()
        _check_trail(path)
        told = StringIO()
        call_command("dumpdata", exclude=LEFT_OUT, use_natural_foreign_keys=True, stdout=told)
        entries = TrailEntry.objects.count()
    rows = told.getvalue()
    head = {"kind": KIND, "entries": entries, "sha256": hashlib.sha256(rows.encode()).hexdigest()}
    part = path.with_name(path.name + ".part")
    with gzip.open(part, "wt", encoding="utf-8") as file:
        file.write(json.dumps(head) + "\n" + rows)
    part.replace(path)
    return entries


def read_copy(path: Path) -> int:
    """Read a file that :func:`write_copy` wrote into this database, which must be empty; return the entries of its trail.

    Raises
    ------
    QinwuError
        The file is no copy or was changed, the database has accounts already, or the trail does not hold: nothing is read then.
    """
    head, rows = _opened(path)
    if get_user_model().objects.exists() or TrailEntry.objects.exists():
        message = N_("The database is not empty: it has accounts or entries already.")
        raise _refused("not-empty", path, message, N_("Give an empty database, or move the old one away."))
    with NamedTemporaryFile("w", suffix=".json", encoding="utf-8", delete=False) as file:
        file.write(rows)
    try:
        with transaction.atomic():
            call_command("loaddata", file.name, verbosity=0)
            _check_trail(path)
            if TrailEntry.objects.count() != head["entries"]:
                raise _refused(
                    "entries-missing", path, N_("The copy does not hold as many entries as it says."), N_("Take another copy.")
                )
    finally:
        Path(file.name).unlink()
    return int(head["entries"])


def _opened(path: Path) -> tuple[dict[str, object], str]:
    """Return head and rows of a copy."""
    try:
        with gzip.open(path, "rt", encoding="utf-8") as file:
            head, rows = json.loads(file.readline()), file.read()
        fits = head["kind"] == KIND and head["sha256"] == hashlib.sha256(rows.encode()).hexdigest()
    except (gzip.BadGzipFile, EOFError, UnicodeDecodeError, ValueError, KeyError, TypeError):
        fits = False
    if not fits:
        raise _refused("no-copy", path, N_("This is no copy of a board, or it was changed."), N_("Take another copy."))
    return head, rows


def _check_trail(path: Path) -> None:
    found = trail.verify()
    if found.broken_at is not None:
        message = N_("The chain is broken at entry {number}: somebody changed the database by another way.")
        raise _refused("broken-trail", path, message, N_("Find out who did before you go on."), number=found.broken_at)


def _refused(code: str, path: Path, message: str, remedy: str, **values: object) -> QinwuError:
    return QinwuError([Finding(code, "error", message, remedy, Place(path.name), values)])
