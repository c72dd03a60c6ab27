"""Secondments 抽调: who is away on whose order and until when, what beats lose by it, and who is not back yet."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from math import fsum

from django.db import transaction
from django.db.models import F

from qinwu.board import trail
from qinwu.board.access.reach import beats_by_officer
from qinwu.board.clock import now
from qinwu.board.in_force import InForce
from qinwu.board.models import Absence
from qinwu.board.roster import absences
from qinwu.board.roster.absences import Wanted
from qinwu.board.roster.cost import Cost, cost_of
from qinwu.board.roster.duty_log import duties
from qinwu.board.typed import form_finding
from qinwu.findings import Finding, QinwuError, raise_on_errors
from qinwu.judge.officers.displaced import Displaced, displaced
from qinwu.judge.officers.log import Entry
from qinwu.language import N_
from qinwu.station.guards import masked

LONGEST = timedelta(days=366)
OPEN_LOOK = timedelta(days=28)
"""How far the cost of a secondment is worked out of which nobody says when it ends."""


@dataclass(frozen=True, slots=True)
class Seconded:
    """A secondment: `state` is ``late`` (past its return date, nobody saw the officer back), ``open``, ``away`` or ``to_come``."""

    absence: Absence
    state: str
    beats: tuple[Displaced, ...]

    @property
    def beat_hours(self) -> float:
        """Duty hours that beats lost until now."""
        return fsum(one.hours for one in self.beats)


def secondments(force: InForce, at: datetime) -> list[Seconded]:
    """Return secondments whose officers are not known to be back: those past their return date first, then those without one."""
    found = Absence.objects.filter(kind="secondment", state="approved", returned__isnull=True)
    rank = {"late": 0, "open": 1, "away": 2, "to_come": 3}
    lines = [_seconded(force, each, at) for each in found]
    return sorted(lines, key=lambda one: (rank[one.state], one.absence.end or one.absence.start))


def _seconded(force: InForce, each: Absence, at: datetime) -> Seconded:
    late = each.end is not None and each.end <= at
    state = "late" if late else "to_come" if each.start > at else "open" if each.end is None else "away"
    until = min(each.end or at, at)
    if each.start >= until:
        return Seconded(each, state, ())
    entry = Entry(each.officer, "secondment", each.start, until, ordered_by=each.ordered_by, open=each.end is None)
    return Seconded(each, state, displaced(duties(force, each.start, until), [entry], beats_by_officer(force)))


def problems(force: InForce, wanted: Wanted) -> Iterator[Finding]:
    """Yield everything that is wrong with a secondment that might be ordered."""
    yield from absences.problems(force, wanted, ("secondment",), ordered=True)
    if wanted.end is not None and wanted.end > wanted.start + LONGEST:
        message, remedy = N_("The secondment lasts longer than {days} days."), N_("Order it again when it is over.")
        yield form_finding("too-long", "end", message, remedy, days=LONGEST.days)


def looked_ahead(wanted: Wanted) -> datetime:
    """Return until when the cost of a secondment is worked out: its return date, or four weeks where nobody said one."""
    return wanted.end or wanted.start + OPEN_LOOK


def cost(force: InForce, wanted: Wanted) -> Cost:
    """Return what a secondment would take from beats, cover, weeks and squads (M49).

    Raises
    ------
    QinwuError
        With everything that is wrong with it.
    """
    raise_on_errors(list(problems(force, wanted)))
    until = looked_ahead(wanted)
    also = Absence(
        officer=wanted.officer, kind="secondment", start=wanted.start, end=until, ordered_by=wanted.ordered_by, state="approved"
    )
    return cost_of(force, wanted.start, until, [also])


def seen(wanted: Wanted) -> str:
    """Return a word for all of it, by which an order names the cost that was looked at."""
    training = wanted.training_on.isoformat() if wanted.training_on else ""
    until = wanted.end.isoformat() if wanted.end else ""
    parts = (wanted.officer, wanted.to_unit, wanted.start.isoformat(), until, wanted.ordered_by, wanted.reason, training)
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()[:16]


def returned(absence: Absence, by: str) -> None:
    """Keep that an officer is back; a secondment still running ends now.

    Raises
    ------
    QinwuError
        Somebody said so already, or the secondment has not begun.
    """
    with transaction.atomic():
        trail.lock()
        absence.refresh_from_db()
        at = now()
        if absence.kind != "secondment" or absence.returned is not None or absence.start >= at:
            raise QinwuError(
                [form_finding("not-away", "", N_("This officer is not away on a secondment."), N_("Load the page again."))]
            )
        absence.returned = at
        absence.end = min(absence.end, at) if absence.end else at
        absence.save(update_fields=["returned", "end"])
        trail.record(by, "secondment.returned", absence.officer, end=absence.end.isoformat())


@dataclass(frozen=True, slots=True)
class Later:
    """A later return date of a secondment that might be ordered, by an order of its own."""

    absence: Absence
    until: datetime
    ordered_by: str

    @property
    def start(self) -> datetime:
        """From when on the officer is away longer."""
        return max(now(), self.absence.end or now())

    @property
    def seen(self) -> str:
        """A word for all of it, by which an order names the cost that was looked at."""
        parts = (str(self.absence.pk), str(self.absence.end), self.until.isoformat(), self.ordered_by)
        return hashlib.sha256("\n".join(parts).encode()).hexdigest()[:16]

    def problems(self) -> Iterator[Finding]:
        """Yield everything that is wrong with it."""
        away = self.absence
        if away.kind != "secondment" or away.returned is not None:
            yield form_finding("not-away", "", N_("This officer is not away on a secondment."), N_("Load the page again."))
        if self.until <= self.start or self.until <= away.start:
            message = N_("The new return date is past, or no later than the old one.")
            yield form_finding("past", "end", message, N_("Give a later day; who comes back earlier is kept with “Is back”."))
        if self.until > away.start + LONGEST:
            message, remedy = N_("The secondment lasts longer than {days} days."), N_("Order it again when it is over.")
            yield form_finding("too-long", "end", message, remedy, days=LONGEST.days)
        if not self.ordered_by.strip():
            message, remedy = N_("Who ordered it is missing."), N_("Give the unit and the number of the order.")
            yield form_finding("no-order", "ordered_by", message, remedy)

    def cost(self, force: InForce) -> Cost:
        """Return what the time until the later date would take, as :func:`cost` does for a new secondment.

        Raises
        ------
        QinwuError
            With everything that is wrong with it.
        """
        raise_on_errors(list(self.problems()))
        more = Absence(
            officer=self.absence.officer, kind="secondment", start=self.start, end=self.until, ordered_by=self.ordered_by,
            state="approved",
        )  # fmt: skip
        return cost_of(force, self.start, self.until, [more])


def extend(later: Later, by: str) -> None:
    """Give a secondment a later return date; the time in between counts as away.

    Raises
    ------
    QinwuError
        With everything that is wrong: a date that is past or no later, no order.
    """
    with transaction.atomic():
        trail.lock()
        absence = later.absence
        absence.refresh_from_db()
        raise_on_errors(list(later.problems()))
        before = absence.end.isoformat() if absence.end else None
        absence.end, absence.ordered_by = later.until, masked(later.ordered_by)[:80]
        absence.save(update_fields=["end", "ordered_by"])
        trail.record(by, "secondment.extend", absence.officer, before=before, end=later.until.isoformat())
        absences.taken_back(by)


def not_back(at: datetime) -> int:
    """Return how many officers are past the return date of a secondment and were not seen back."""
    past = Absence.objects.filter(kind="secondment", state="approved", end__lte=at, end__gt=F("start"))
    return past.filter(returned__isnull=True).count()
