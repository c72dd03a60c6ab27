"""Training: hours that the duty system sets aside and courses that were approved; held, lost, still to come, against the norm."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from math import fsum

from django.db.models import Q

from qinwu.board.in_force import InForce
from qinwu.board.models import Absence, Sending, TrailEntry
from qinwu.board.roster.in_crew import Book
from qinwu.board.roster.rostered import fixed_work
from qinwu.board.roster.skills import day_at
from qinwu.judge.officers.training import Span, TrainingHours, hours, training_hours, weekly_norms

BACK, AHEAD = timedelta(weeks=12), timedelta(weeks=4)
WEEK = timedelta(weeks=1)


@dataclass(frozen=True, slots=True)
class Training:
    """Training of all officers with a norm or a course, from `since` on; what is to come until `until`.

    `moved_h` are hours of approved training that an order wanted and that were protected: they were put on another day.
    """

    lines: tuple[TrainingHours, ...]
    since: datetime
    until: datetime
    moved_h: float = 0.0

    @property
    def lost_h(self) -> float:
        """Hours that all officers lost."""
        return sum(one.lost_h for one in self.lines)


def training_of(force: InForce, at: datetime) -> Training:
    """Return the training of twelve weeks back, or since the board knows of any, and of the four weeks to come."""
    until = at + AHEAD
    since = max(at - BACK, min(_known_since(at), at))
    book = Book.of(force, since, until)
    planned: dict[str, list[Span]] = {}
    lost: dict[str, list[Span]] = {}
    for crew, start, end in fixed_work(force, "training", since, until):
        for officer in book.assigned(crew, start):
            planned.setdefault(officer, []).append((start, end))
    for officer, start, end in _on_calls(force, book, since, at):
        lost.setdefault(officer, []).append((start, end))
    overlapping = Absence.objects.filter(Q(end__isnull=True) | Q(end__gt=since), start__lt=until, state__in=("approved", "lost"))
    for each in overlapping:
        span = max(each.start, since), min(each.end or until, until)
        if each.kind == "training":
            planned.setdefault(each.officer, []).append(span)
        if each.kind != "training" or each.state == "lost":
            lost.setdefault(each.officer, []).append(span)
    norms = weekly_norms(force.station, force.loaded.system, day_at(force, at))
    weeks = (at - since) / WEEK
    names = sorted({*planned, *(name for name, norm in norms.items() if norm)})
    lines = (training_hours(name, planned.get(name, ()), lost.get(name, ()), at, norms.get(name, 0.0) * weeks) for name in names)
    moved = Absence.objects.filter(kind="training", state="lost", start__gte=since, start__lt=until)
    spans = [(one.start, one.end) for one in moved if one.end is not None]
    return Training(tuple(lines), since, until, fsum(hours(span) for span in spans))


def _known_since(at: datetime) -> datetime:
    """Return the moment since which the board knows of training: its first entry, or the first course that was written into it."""
    entry = TrailEntry.objects.order_by("number").values_list("at", flat=True).first()
    course = Absence.objects.filter(kind="training", state__in=("approved", "lost")).values_list("start", flat=True).first()
    return min((each for each in (entry, course) if each is not None), default=at)


def _on_calls(force: InForce, book: Book, since: datetime, at: datetime) -> Iterator[tuple[str, datetime, datetime]]:
    """Yield the time of officers on calls."""
    for sending in Sending.objects.filter(dispatched__lt=at).exclude(over__lte=since):
        crew = force.crew(sending.crew)
        if crew >= 0 and sending.dispatched is not None:
            for officer in book.assigned(crew, sending.dispatched):
                yield officer, sending.dispatched, sending.over or at
