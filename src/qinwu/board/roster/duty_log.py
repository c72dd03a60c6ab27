"""Duty log 勤务日志 out of the board: what it knows of who was on duty, for what and on whose order.

Duties come from the roster in force with approved absences and swaps taken off; absences, campaigns and secondments as ordered;
time on a call beyond the end of a duty is overtime. What people wrote into the folder's own log holds where both speak.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from pathlib import Path
from typing import cast

from qinwu.board.in_force import InForce, in_force
from qinwu.board.models import Absence, Sending, SystemInForce, TrailEntry
from qinwu.board.roster.absences import between
from qinwu.board.roster.in_crew import Book
from qinwu.findings import Finding, Place, QinwuError
from qinwu.judge.officers.hours import counted_once
from qinwu.judge.officers.joining import free, joined, without
from qinwu.judge.officers.log import AWAY, DutyLog, Entry, Kind
from qinwu.judge.officers.log_file import find_log, read_log
from qinwu.judge.officers.log_writing import log_text
from qinwu.language import N_

SOURCE = "board"
MINUTE = timedelta(minutes=1)
BEFORE_ALL = datetime(1970, 1, 1, tzinfo=UTC)


def began() -> datetime | None:
    """Return when the board was first used, None for a board that was not."""
    return TrailEntry.objects.order_by("number").values_list("at", flat=True).first()


def kept(force: InForce, now: datetime) -> DutyLog:
    """Return what the board knows until now: duties from its first day on, absences from their own.

    Leave to come is in it, work to come is not.
    """
    since = began()
    if since is None:
        return DutyLog((), (), SOURCE)
    start, end = _to_minute(since), _to_minute(now)
    entries = of_span(force, start, end, now, absent_since=BEFORE_ALL)
    ordered = tuple(sorted(entries, key=lambda one: (one.officer, one.start)))
    return DutyLog(ordered, systems(force, start, end)[1], SOURCE)


def whole(force: InForce, now: datetime) -> DutyLog:
    """Return the log of the station's folder joined with what the board knows.

    Raises
    ------
    QinwuError
        The file cannot be read at all; rows that are wrong are left out and told.
    """
    known = kept(force, now)
    path = find_log(Path(force.station.folder))
    if path is None:
        return known
    return joined(read_log(path, force.station.force.by_id(), force.station.config.time_zone, now), known)


def as_file(force: InForce, now: datetime) -> str:
    """Return what the board knows as the text of a ``duty-log.csv``."""
    return log_text(kept(force, now).entries, force.zone)


def of_span(
    force: InForce,
    start: datetime,
    end: datetime,
    now: datetime,
    also_away: Sequence[Absence] = (),
    absent_since: datetime | None = None,
) -> list[Entry]:
    """Return duties, absences and overtime of a span.

    Parameters
    ----------
    force
        The duty system in force.
    start, end
        The span.
    now
        Absences without an end are open until then, or until `end` where that is later.
    also_away
        Absences that are not ordered yet, counted as if they were.
    absent_since
        From when on absences are returned; from `start` where None.
    """
    since = absent_since or start
    absences = [entry for each in [*between(since, end), *also_away] if (entry := _absence(each, since, end, now)) is not None]
    on = duties(force, start, end)
    away: dict[str, list[Entry]] = {}
    for entry in absences:
        away.setdefault(entry.officer, []).append(entry)
    worked = [part for duty in on for part in without(duty, away.get(duty.officer, ()))]
    return [*worked, *absences, *_overtime(force, [*worked, *absences], start, end)]


def duties(force: InForce, start: datetime, end: datetime) -> list[Entry]:
    """Return who has duty in a span by the roster, swaps carried out, absences not yet taken off; each hour of an officer once."""
    found = []
    for then, since, until in systems(force, start, end)[0]:
        book = Book.of(then, since, until)
        found += [Entry(one.officer, "duty", one.start, one.end) for one in book.duties(since, until)]
    return list(counted_once(found, SOURCE)[0])


def systems(force: InForce, start: datetime, end: datetime) -> tuple[list[tuple[InForce, datetime, datetime]], tuple[Finding, ...]]:
    """Return the duty systems that were in force in a span, each with its part of it, and what was said of those not readable now.

    Where the files of a system signed in the past can no longer be read, `force` stands in for it, and a warning says so.
    """
    changes = SystemInForce.objects.filter(valid_from__gt=start, valid_from__lt=end).order_by("valid_from")
    edges = [start, *(_to_minute(each.valid_from) for each in changes), end]
    found, told = [], []
    for since, until in pairwise(edges):
        try:
            then = in_force(since + MINUTE)
        except QinwuError:
            then = force
            message = N_("The duty system in force from {day} on can no longer be read; hours from then follow the present one.")
            told.append(Finding("old-system-gone", "warning", message, "", Place(SOURCE), {"day": f"{since:%Y-%m-%d}"}))
        if since < until:
            found.append((then, since, until))
    return found, tuple(told)


def _absence(each: Absence, start: datetime, end: datetime, now: datetime) -> Entry | None:
    """Return an absence as an entry cut to a span; leave goes on beyond it, because it may be written down before it is taken."""
    kind = cast("Kind", each.kind)
    until = each.end or max(now, end)
    if kind not in AWAY:
        until = min(until, end)
    since = _to_minute(max(each.start, start))
    if since >= until:
        return None
    order = each.ordered_by if kind not in AWAY else ""
    reason = each.campaign.title if each.campaign is not None else each.reason
    return Entry(each.officer, kind, since, _to_minute(until), 0, order, reason, open=each.end is None)


def _overtime(force: InForce, known: Sequence[Entry], start: datetime, end: datetime) -> Iterator[Entry]:
    """Yield time on calls of officers whose duty was over by then."""
    of_officer: dict[str, list[Entry]] = {}
    for entry in known:
        of_officer.setdefault(entry.officer, []).append(entry)
    for then, since, until in systems(force, start, end)[0]:
        book = Book.of(then, since, until)
        sent = Sending.objects.filter(dispatched__gte=since, dispatched__lt=until).exclude(over__lte=since).select_related("call")
        for sending in sent:
            crew = then.crew(sending.crew)
            if crew < 0 or sending.dispatched is None or then.plan.crew.external[crew]:
                continue
            for officer in book.assigned(crew, sending.dispatched):
                yield from _beyond(officer, sending, of_officer.setdefault(officer, []), end)


def _beyond(officer: str, sending: Sending, own: list[Entry], end: datetime) -> Iterator[Entry]:
    """Yield an officer's time on a call after the duty, adding it to `own`; nothing where the officer was not on duty when sent."""
    since, until = _to_minute(sending.dispatched or end), _to_minute(min(sending.over or end, end))
    if any(one.kind == "duty" and one.start <= since < one.end for one in own):
        for begin, stop in list(free(since, until, own)):
            made = Entry(officer, "overtime", begin, stop, reason=sending.call.number)
            own.append(made)
            yield made


def _to_minute(at: datetime) -> datetime:
    return at.replace(second=0, microsecond=0)
