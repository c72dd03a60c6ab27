"""Purging: what was over before a day is deleted for good, table by table; the trail stays whole and says that it was.

What still hangs on something that is not over stays with it: a call with a task that is open, a task that another follows.
Accounts, signatures under duty systems, comparisons, skills, equipment and the trail are not deleted here.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from datetime import UTC, date, datetime, time
from typing import Any
from zoneinfo import ZoneInfo

from axes.models import AccessAttempt, AccessFailureLog, AccessLog
from django.contrib.sessions.models import Session
from django.db import connection, models, transaction
from django.db.models import Q, QuerySet

from qinwu.board import models as kept
from qinwu.board import trail
from qinwu.board.clock import now
from qinwu.board.oversight.table_words import TITLES
from qinwu.findings import Finding, Place, QinwuError
from qinwu.language import N_, Language, translate

STAYS = frozenset({"equipment", "equipment_need", "job", "member", "second_factor_rule", "skill", "system_in_force", "trail_entry"})
"""Tables of which nothing is deleted here; any other, also one that is new, must say when its rows are over."""
AT_ONCE = 500
"""Rows deleted with one question to the database."""
OTHER_TITLES = {
    "logins": N_("Logins, also failed ones, with the address they came from"),
    "sessions": N_("Sessions that have ended"),
}
CALLS = "call_entries"
Along = tuple[tuple[str, QuerySet[Any], str], ...]
"""What goes with a row: the table it is counted in, all its rows, and the field that leads to the row."""


def title_of(name: str, language: Language) -> str:
    """Return what a table is called here."""
    return translate({**TITLES, **OTHER_TITLES}[name], language)


def purge(day: date, zone: ZoneInfo, by: str, *, really: bool) -> dict[str, int]:
    """Delete what was over before a day; return how many rows of which table, those with none left out.

    Parameters
    ----------
    day
        The first day of which everything is kept.
    zone
        The station's time zone, in which that day begins.
    by
        Who says so.
    really
        Whether to do it; else everything is as it was, and the numbers are what would go.

    Raises
    ------
    QinwuError
        The day is not over, or the chain of the trail is broken: nothing is deleted then.
    """
    before = datetime.combine(day, time.min, zone).astimezone(UTC)
    _check(day, zone)
    _overwrite()
    with transaction.atomic():
        trail.lock()
        found = Counter[str]()
        for name, count in _purged(before, day):
            found[name] += count
        gone = {name: count for name, count in found.items() if count}
        if really:
            trail.record(by, "board.purge", day.isoformat(), rows=gone)
        else:
            transaction.set_rollback(True)
    if really:
        _write_home()
    return gone


def _check(day: date, zone: ZoneInfo) -> None:
    today = now().astimezone(zone).date()
    if day >= today:
        message, remedy = N_("{day} is not over: nothing younger than yesterday is deleted."), N_("Give a day before {today}.")
        place, values = Place(key="--before"), {"day": day.isoformat(), "today": today.isoformat()}
        raise QinwuError([Finding("not-over", "error", message, remedy, place, values)])
    broken = trail.verify().broken_at
    if broken is not None:
        message = N_("The chain is broken at entry {number}: somebody changed the database by another way.")
        remedy, place = N_("Find out who did before you go on."), Place(key="--before")
        raise QinwuError([Finding("broken-trail", "error", message, remedy, place, {"number": broken})])


def tables(before: datetime, day: date) -> frozenset[str]:
    """Return the names of the tables from which rows are deleted."""
    along = {name for those in (_ALONG_A_CALL, *_ALONG.values()) for name, _rows, _field in those}
    return frozenset({"task", CALLS, *along, *_by_time(before, day), *OTHER_TITLES})


def _purged(before: datetime, day: date) -> Iterator[tuple[str, int]]:
    """Delete, and yield how many rows of which table: what hangs on others first."""
    yield from _with(_tasks(before), "task", (("feedback", kept.Feedback.objects.all(), "task"),))
    yield from _with(_calls(before), CALLS, _ALONG_A_CALL)
    for name, rows in _by_time(before, day).items():
        yield from _with(rows, name, _ALONG.get(name, ()))
    for rows in _logins(before):
        yield from _with(rows, "logins", ())


def _tasks(before: datetime) -> QuerySet[Any]:
    return kept.Task.objects.filter(done__lt=before, followed_by__isnull=True)


def _calls(before: datetime) -> QuerySet[Any]:
    over = Q(closed__lt=before) | Q(closed__isnull=True, received__lt=before, same_as__closed__lt=before)
    return kept.Call.objects.filter(over, repeats__isnull=True, tasks__isnull=True)


_ALONG_A_CALL: Along = (
    ("sending", kept.Sending.objects.all(), "call"),
    ("link", kept.Link.objects.all(), "one"),
    ("link", kept.Link.objects.all(), "two"),
    ("feedback", kept.Feedback.objects.all(), "call"),
)
_ALONG: Mapping[str, Along] = {"bulletin": (("bulletin_read", kept.BulletinRead.objects.all(), "bulletin"),)}


def _by_time(before: datetime, day: date) -> dict[str, QuerySet[Any]]:
    """Return what is over by itself, and then what nothing hangs on any more."""
    return {
        "absence": kept.Absence.objects.filter(end__lt=before),
        "campaign": kept.Campaign.objects.filter(end__lt=before, absences__isnull=True),
        "booking": kept.Booking.objects.filter(end__lt=before),
        "swap": kept.Swap.objects.filter(Q(other_end__isnull=True) | Q(other_end__lt=before), end__lt=before),
        "bulletin": kept.Bulletin.objects.filter(end__lt=before),
        "handover": kept.Handover.objects.filter(at__lt=before),
        "crew_report": kept.CrewReport.objects.filter(Q(off_until__isnull=True) | Q(off_until__lt=before), at__lt=before),
        "ticket": kept.Ticket.objects.filter(day__lt=day),
        "service_point": kept.ServicePoint.objects.filter(ended__lt=day, tickets__isnull=True),
        "task_template": kept.TaskTemplate.objects.filter(ended__lt=day, tasks__isnull=True),
        "objection": kept.Objection.objects.filter(answered_at__lt=before).exclude(state="open"),
        "score_record": kept.ScoreRecord.objects.filter(at__lt=before),
        "corrective_order": kept.CorrectiveOrder.objects.filter(closed_at__lt=before),
        "calendar_key": kept.CalendarKey.objects.filter(ended__lt=before),
        "token": kept.Token.objects.filter(ended__lt=before),
        "sessions": Session.objects.filter(expire_date__lt=before),
    }


def _logins(before: datetime) -> Iterator[QuerySet[Any]]:
    for kind in (AccessAttempt, AccessFailureLog, AccessLog):
        yield kind.objects.filter(attempt_time__lt=before)


def _with(rows: QuerySet[Any], name: str, along: Along) -> Iterator[tuple[str, int]]:
    """Delete rows with what goes along, until there are none: what hung on one deleted before may go, too."""
    model: type[models.Model] = rows.model
    while keys := list(rows.order_by("pk").values_list("pk", flat=True).distinct()[:AT_ONCE]):
        for other, others, field in along:
            yield other, _deleted(others.filter(**{f"{field}__in": keys}))
        yield name, _deleted(model._default_manager.filter(pk__in=keys))


def _deleted(rows: QuerySet[Any]) -> int:
    _all, by_model = rows.delete()
    return by_model.get(rows.model._meta.label, 0)


def _overwrite() -> None:
    """Have SQLite write zeros over what is deleted; PostgreSQL gives the room to new rows by itself."""
    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            cursor.execute("PRAGMA secure_delete = ON")


def _write_home() -> None:
    """Have SQLite bring what it wrote home, so that the file beside the database does not hold the old pages any longer."""
    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")
