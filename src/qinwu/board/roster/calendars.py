"""Calendars: an officer's duties of the next weeks under a secret address, for the calendar of a telephone.

The address is shown once and kept as its hash only; a new one ends the one before. Duties are those of the duty system in force on
each day, swaps that were approved carried out, absences taken off.
"""

from __future__ import annotations

import hashlib
import hmac
import secrets
from collections.abc import Iterator
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from django.db import transaction

from qinwu.board import trail
from qinwu.board.clock import now
from qinwu.board.in_force import InForce
from qinwu.board.models import CalendarKey, TrailEntry
from qinwu.board.roster.absences import between
from qinwu.board.roster.duty_log import systems
from qinwu.board.roster.in_crew import Book, Duty
from qinwu.board.roster.rostered import midnight
from qinwu.judge.officers.joining import free
from qinwu.judge.officers.log import Entry
from qinwu.language import N_, Language, translate
from qinwu.plan.calendar_file import Event, calendar

WEEKS = 8
BYTES = 32
SUFFIX = ".ics"
PRODUCT = "board"


def make_address(officer: str, by: str) -> str:
    """Return a new secret for an officer's calendar, which cannot be asked for again; the one before ends."""
    secret = secrets.token_urlsafe(BYTES)
    with transaction.atomic():
        trail.lock()
        ended = CalendarKey.objects.filter(officer=officer, ended__isnull=True).update(ended=now())
        CalendarKey.objects.create(officer=officer, digest=_digest(secret), made=now(), made_by=by)
        trail.record(by, "calendar.make", officer, ended_before=ended)
    return secret


def end_address(officer: str, by: str) -> None:
    """End an officer's calendar address; where there is none nothing happens."""
    with transaction.atomic():
        trail.lock()
        if CalendarKey.objects.filter(officer=officer, ended__isnull=True).update(ended=now()):
            trail.record(by, "calendar.end", officer)


def has_address(officer: str) -> bool:
    """Return whether an officer has an address now."""
    return bool(officer) and CalendarKey.objects.filter(officer=officer, ended__isnull=True).exists()


def officer_of(secret: str) -> str:
    """Return whose calendar a secret opens, empty for nobody's.

    The secret is found by its hash, so that how long the search takes tells nothing about it.
    """
    digest = _digest(secret.removesuffix(SUFFIX))
    found = CalendarKey.objects.filter(digest=digest, ended__isnull=True).first()
    return found.officer if found is not None and hmac.compare_digest(found.digest, digest) else ""


def _digest(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()


def duties(force: InForce, officer: str, start: datetime, end: datetime) -> list[Duty]:
    """Return when an officer is on duty in a span: roster, swaps, and absences taken off."""
    away = [Entry(officer, "leave", each.start, each.end or end) for each in between(start, end) if each.officer == officer]
    found = []
    for then, since, until in systems(force, start, end)[0]:
        for duty in Book.of(then, since, until).duties_of(officer, since, until):
            found += [duty._replace(start=begin, end=stop) for begin, stop in free(duty.start, duty.end, away)]
    return found


def file_of(force: InForce, officer: str, language: Language) -> bytes:
    """Return the calendar file of an officer for the next weeks, and keep in the trail, once a day, that it was read."""
    zone = force.zone
    start = midnight(force, now().astimezone(zone).date())
    seen = TrailEntry.objects.filter(action="calendar.view", subject=officer, at__gte=start)
    if not seen.exists():
        trail.record("calendar", "calendar.view", officer)
    events = _events(force, officer, start, zone, language)
    title = translate(N_("Duty of {officer}"), language).format(officer=officer)
    return calendar(title, PRODUCT, events, now())


def _events(force: InForce, officer: str, start: datetime, zone: ZoneInfo, language: Language) -> Iterator[Event]:
    said = translate(N_("Duty {crew}"), language)
    for duty in duties(force, officer, start, start + timedelta(weeks=WEEKS)):
        begin, end = duty.start.astimezone(zone), duty.end.astimezone(zone)
        yield Event(f"{officer}-{duty.crew}-{begin:%Y%m%dT%H%M}", begin, end, said.format(crew=duty.crew))
