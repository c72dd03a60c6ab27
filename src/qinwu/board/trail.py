"""Trail: entries of the audit log, written one after the other and verified by hash.

Writing takes a lock that all writers of this database share, so that the chain has no gap and no fork on SQLite and PostgreSQL
alike; whoever writes an entry in a transaction holds it to the end, so that what was done and its entry stand or fall together.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import connection, transaction

from qinwu.board.clock import now
from qinwu.board.models import TrailEntry

FIRST = "begin"
NOTHING_BEFORE = "0" * 64


@dataclass(frozen=True, slots=True)
class Verified:
    """What checking the chain found: how many entries hold, and the number of the first that does not (None: all hold)."""

    entries: int
    broken_at: int | None


def record(actor: str, action: str, subject: str, **detail: Any) -> TrailEntry:
    """Write one entry: who, did what, to which thing, with which values.

    Parameters
    ----------
    actor
        Name of the account, or ``system``.
    action
        A word such as ``call.take``, ``call.view``, ``sending.stamp``.
    subject
        What it was done to, such as the number of a call.
    detail
        Values before and after; anything JSON can hold.
    """
    with transaction.atomic():
        lock()
        last = TrailEntry.objects.order_by("-number").first() or _begin()
        before, number = last.hash, last.number + 1
        at, words = _moment(), json.dumps(detail, ensure_ascii=False, sort_keys=True, default=str)
        fields = (number, at.isoformat(), actor, action, subject, words, before)
        return TrailEntry.objects.create(
            number=number, at=at, actor=actor, action=action, subject=subject, content=words, before=before, hash=hash_of(fields)
        )


def last_number() -> int:
    """Return the number of the last entry, which is how many there are: numbers have no gap. One step into an index."""
    return TrailEntry.objects.order_by("-number").values_list("number", flat=True).first() or 0


def lock() -> None:
    """Wait for all who are writing: the first entry of the chain is the lock, made where there is none.

    On SQLite the transaction itself, begun as immediate, is the lock.
    """
    if connection.features.has_select_for_update and TrailEntry.objects.select_for_update().filter(number=1).first() is None:
        _begin()
        TrailEntry.objects.select_for_update().get(number=1)


def _begin() -> TrailEntry:
    """Make the first entry, unless somebody else was quicker."""
    at, actor, content = _moment(), "system", "{}"
    hashed = hash_of((1, at.isoformat(), actor, FIRST, "", content, NOTHING_BEFORE))
    entry = TrailEntry(number=1, at=at, actor=actor, action=FIRST, content=content, before=NOTHING_BEFORE, hash=hashed)
    TrailEntry.objects.bulk_create([entry], ignore_conflicts=True)
    return TrailEntry.objects.get(number=1)


def _moment() -> datetime:
    """Return the time to the millisecond: as fine as every database and every copy keeps it."""
    at = now()
    return at.replace(microsecond=at.microsecond // 1000 * 1000)


def hash_of(fields: Iterable[Any]) -> str:
    """Return the SHA-256 of the fields of an entry, written as JSON so that no two lists of fields look alike."""
    return hashlib.sha256(json.dumps(list(fields), ensure_ascii=False).encode()).hexdigest()


def verify() -> Verified:
    """Check every entry against its own hash and the one before it."""
    before, expected = NOTHING_BEFORE, 1
    for entry in TrailEntry.objects.order_by("number").iterator():
        fields = (entry.number, _text(entry.at), entry.actor, entry.action, entry.subject, entry.content, entry.before)
        if entry.number != expected or entry.before != before or entry.hash != hash_of(fields):
            return Verified(expected - 1, expected)
        before, expected = entry.hash, expected + 1
    return Verified(expected - 1, None)


def _text(at: datetime) -> str:
    return at.isoformat()
