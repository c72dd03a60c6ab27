"""Searching the trail, and taking it out: as JSON lines or CSV, so that whoever has the file can verify it without this program.

Each line of an export holds all fields of an entry. Its hash is the SHA-256 of a JSON list of the seven fields before it, in this
order, written by ``json.dumps`` with ``ensure_ascii=False``; ``before`` is the hash of the entry with the number before.
"""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime

from django.db.models import QuerySet

from qinwu.board.models import TrailEntry

FIELDS = ("number", "at", "actor", "action", "subject", "content", "before", "hash")
PAGE = 100
LONGEST = 150
VERIFY = """import hashlib, json, sys

before = None
for line in open(sys.argv[1], encoding="utf-8"):
    entry = json.loads(line)
    fields = [entry[name] for name in ("number", "at", "actor", "action", "subject", "content", "before")]
    words = json.dumps(fields, ensure_ascii=False)
    if entry["hash"] != hashlib.sha256(words.encode()).hexdigest():
        sys.exit(f"entry {entry['number']} was changed")
    if before and entry["number"] == before["number"] + 1 and entry["before"] != before["hash"]:
        sys.exit(f"entry {entry['number']} does not follow from the one before")
    before = entry
print("every entry holds")
"""
"""A program that verifies an export in JSON lines, shown on the page and in the handbook."""


@dataclass(frozen=True, slots=True)
class Asked:
    """What is looked for: a subject, an actor, an action or its first word, a span; empty for all."""

    subject: str = ""
    actor: str = ""
    action: str = ""
    since: datetime | None = None
    until: datetime | None = None

    @property
    def words(self) -> dict[str, str]:
        """What was asked, for the trail itself; nothing for what is empty."""
        said = {"subject": self.subject, "actor": self.actor, "action": self.action}
        spans = {"since": self.since.isoformat() if self.since else "", "until": self.until.isoformat() if self.until else ""}
        return {name: text[:LONGEST] for name, text in (said | spans).items() if text}


def find(asked: Asked) -> QuerySet[TrailEntry]:
    """Return the entries asked for, in the order in which they were written."""
    found = TrailEntry.objects.order_by("number")
    if asked.subject:
        found = found.filter(subject=asked.subject)
    if asked.actor:
        found = found.filter(actor=asked.actor)
    if asked.action:
        whole = "." in asked.action
        found = found.filter(action=asked.action) if whole else found.filter(action__startswith=f"{asked.action}.")
    if asked.since:
        found = found.filter(at__gte=asked.since)
    if asked.until:
        found = found.filter(at__lt=asked.until)
    return found


@dataclass(frozen=True, slots=True)
class Page:
    """A page of entries, the newest first; `older` and `newer` are the numbers its neighbours begin beside, 0 for none."""

    entries: tuple[TrailEntry, ...]
    older: int
    newer: int
    count: int


def page(asked: Asked, below: int = 0, above: int = 0) -> Page:
    """Return a page: the newest entries, those before `below`, or those right after `above`."""
    found = find(asked)
    if above:
        entries = list(found.filter(number__gt=above)[:PAGE])[::-1]
    else:
        newest = found.order_by("-number")
        entries = list((newest.filter(number__lt=below) if below else newest)[:PAGE])
    older = entries[-1].number if entries and found.filter(number__lt=entries[-1].number).exists() else 0
    newer = entries[0].number if entries and found.filter(number__gt=entries[0].number).exists() else 0
    return Page(tuple(entries), older, newer, found.count())


def actions() -> list[str]:
    """Return every action that is in the trail, and before those of one kind their first word."""
    found = sorted(TrailEntry.objects.order_by().values_list("action", flat=True).distinct())
    kinds = sorted({action.split(".")[0] for action in found if "." in action})
    return [*kinds, *found]


def _line(entry: TrailEntry) -> Mapping[str, object]:
    return {name: entry.at.isoformat() if name == "at" else getattr(entry, name) for name in FIELDS}


def as_json_lines(entries: Iterable[TrailEntry]) -> Iterator[str]:
    """Yield entries as lines of JSON."""
    for entry in entries:
        yield json.dumps(_line(entry), ensure_ascii=False) + "\n"


def as_csv(entries: Iterable[TrailEntry]) -> Iterator[str]:
    """Yield entries as lines of CSV, header first; text is in quotes and as it is, because a changed cell would break its hash."""
    text = io.StringIO()
    writer = csv.writer(text, quoting=csv.QUOTE_NONNUMERIC, lineterminator="\n")
    writer.writerow(FIELDS)
    yield text.getvalue()
    for entry in entries:
        text.seek(0)
        text.truncate()
        writer.writerow(list(_line(entry).values()))
        yield text.getvalue()
