"""Joining: what people wrote into the log of duty, and what a board knows besides; where both speak, what was written holds."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime
from math import fsum

from qinwu.findings import Finding, Place
from qinwu.judge.officers.log import DutyLog, Entry
from qinwu.language import N_


def joined(written: DutyLog, known: DutyLog) -> DutyLog:
    """Return one log of two.

    Parameters
    ----------
    written
        The log that people keep.
    known
        What a board knows from roster, orders and sendings. Its time that rows of `written` also have, for the same officer, is
        left out, and a note says how many hours that is.
    """
    by_officer: dict[str, list[Entry]] = {}
    for entry in written.entries:
        by_officer.setdefault(entry.officer, []).append(entry)
    kept = tuple(part for entry in known.entries for part in without(entry, by_officer.get(entry.officer, ())))
    twice = fsum(one.hours for one in known.entries) - fsum(one.hours for one in kept)
    notes = [_said_twice(twice, written, known)] if twice > 1e-6 else []
    entries = tuple(sorted((*written.entries, *kept), key=lambda one: (one.officer, one.start, one.row)))
    source = " + ".join(name for name in (written.source, known.source) if name)
    return DutyLog(entries, (*written.findings, *known.findings, *notes), source)


def without(entry: Entry, others: Sequence[Entry]) -> Iterator[Entry]:
    """Yield what is left of an entry when the time of others is taken off, in order."""
    for start, end in free(entry.start, entry.end, others):
        yield entry.between(start, end)


def free(start: datetime, end: datetime, others: Sequence[Entry]) -> Iterator[tuple[datetime, datetime]]:
    """Yield the parts of a span that no entry covers, in order."""
    since = start
    for other in sorted(others, key=lambda one: one.start):
        if other.end <= since or other.start >= end:
            continue
        if other.start > since:
            yield since, other.start
        since = max(since, other.end)
    if since < end:
        yield since, end


def _said_twice(hours: float, written: DutyLog, known: DutyLog) -> Finding:
    message = N_("{hours} hours of {known} are in {written} too; what was written holds.")
    values = {"hours": f"{hours:.4g}", "known": known.source, "written": written.source}
    return Finding("said-twice", "note", message, "", Place(written.source), values)
