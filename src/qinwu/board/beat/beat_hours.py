"""Beat hours: where an officer's hours of the last weeks went: the own beat, calls elsewhere, orders from outside, meetings."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from pathlib import Path

from django.db.models import Q

from qinwu.board.beat.beat_work import books, today_at
from qinwu.board.clock import now
from qinwu.board.in_force import InForce
from qinwu.board.models import Call, Member, Sending, Task
from qinwu.board.roster.duty_log import whole
from qinwu.board.roster.in_crew import Book
from qinwu.board.roster.rostered import midnight
from qinwu.duty.organisation.norms import Norms
from qinwu.duty.system import Beat
from qinwu.duty.work import flexible_hours
from qinwu.judge.officers.days import kinds_of_days
from qinwu.judge.officers.diversion import TAKEN
from qinwu.judge.officers.hours import Piece, counted_once, pieces_of
from qinwu.judge.officers.in_beat import BeatHours, Handled, Spell, WeekWorked, handling_rate, hours_in_beat, weeks_worked
from qinwu.judge.officers.log import WORK, Entry, first_of, local_day, month_after
from qinwu.judge.officers.terms import read_terms
from qinwu.plan.rounds.people import PLANNED
from qinwu.plan.rounds.week import WEEK, monday_of
from qinwu.station.holidays import read_holidays

WEEKS = 6
ON_THE_SPOT = "handled"
"""How a call is closed that was dealt with on the spot."""


@dataclass(frozen=True, slots=True)
class BeatWeek:
    """One week: hours of the log, and hours the board saw in the own beat and in others."""

    worked: WeekWorked
    seen: BeatHours

    @property
    def monday(self) -> date:
        """Its first day."""
        return self.worked.monday


@dataclass(frozen=True)
class Hours:
    """An officer's hours of some weeks.

    Parameters
    ----------
    weeks
        In order.
    norm_h
        Hours a week that the duty system sets for the own beat (visits and inspections), 0 where it sets none.
    taken, taken_share
        Rows of the log that took the officer elsewhere in its last six weeks, latest first, with their hours; and which share of
        the hours worked then that is.
    since, until
        First and last day of those six weeks.
    norms
        What is held to be too much.
    """

    weeks: tuple[BeatWeek, ...]
    norm_h: float
    taken: tuple[tuple[Entry, float], ...]
    taken_share: float
    since: date
    until: date
    norms: Norms

    @property
    def silent(self) -> bool:
        """Whether the log has nothing of the weeks that are shown."""
        return self.until < self.weeks[0].monday

    @property
    def own_h(self) -> float:
        """Hours seen in the own beat."""
        return sum(week.seen.own_h for week in self.weeks)

    @property
    def taken_h(self) -> float:
        """Hours taken elsewhere."""
        return sum(spent for _entry, spent in self.taken)

    def elsewhere(self) -> dict[str, float]:
        """Return hours on calls and tasks in other beats, by beat, most first."""
        found: dict[str, float] = {}
        for week in self.weeks:
            for beat, hours in week.seen.elsewhere.items():
                found[beat] = found.get(beat, 0.0) + hours
        return dict(sorted(found.items(), key=lambda pair: (-pair[1], pair[0])))


def hours_of(force: InForce, officer: str, beats: frozenset[str]) -> Hours:
    """Return where the hours of an officer went in the last six weeks.

    Where neither log nor board knows anything of them, the last six weeks of the log are shown; what took the officer elsewhere is
    told of the log's last six weeks in any case.

    Parameters
    ----------
    force
        The duty system in force.
    officer
        Whose.
    beats
        The officer's own beats.
    """
    zone = force.zone
    own = tuple(entry for entry in whole(force, now()).entries if entry.officer == officer)
    # Work that nobody ended, such as an open secondment, goes on until now.
    known = [local_day(min(entry.end, now()), zone) for entry in own if entry.kind in WORK and entry.start <= now()]
    logged, shown = _mondays(max(known, default=today_at(force))), _mondays(today_at(force))
    spells = list(_spells(force, officer, beats, midnight(force, shown[0]), now()))
    shown = shown if spells or logged[-1] >= shown[0] else logged
    weeks = tuple(
        BeatWeek(worked, hours_in_beat(spells, beats, midnight(force, worked.monday), midnight(force, worked.monday + WEEK)))
        for worked in weeks_worked(_pieces(force, own, shown[0], shown[-1] + WEEK), shown)
    )
    pieces = _pieces(force, own, logged[0], logged[-1] + WEEK)
    taken, worked_h = _taken(pieces), sum(piece.hours for piece in pieces if piece.kind in WORK)
    share = sum(spent for _entry, spent in taken) / worked_h if worked_h else 0.0
    muster = books(force).people.muster
    norm = flexible_hours(muster).get(officer, 0.0) - flexible_hours(muster, PLANNED).get(officer, 0.0)
    return Hours(weeks, norm, taken, share, logged[0], logged[-1] + WEEK - timedelta(days=1), Norms())


def _mondays(day: date) -> list[date]:
    """Return the Mondays of the six weeks up to a day."""
    return [monday_of(day) - number * WEEK for number in reversed(range(WEEKS))]


def _pieces(force: InForce, entries: tuple[Entry, ...], since: date, until: date) -> tuple[Piece, ...]:
    """Return the parts by day of an officer's rows between two days, `until` excluded."""
    zone = force.zone
    months = [first_of(since)]
    while month_after(months[-1]) < until:
        months.append(month_after(months[-1]))
    kinds = kinds_of_days(months, read_holidays(Path(force.station.folder), force.station.config.time_zone))
    days = {day: kind for day, kind in kinds.items() if since <= day < until}
    return pieces_of(counted_once(entries, "")[0], zone, days, read_terms().norm.day_h)[0]


def _taken(pieces: tuple[Piece, ...]) -> tuple[tuple[Entry, float], ...]:
    hours: dict[Entry, float] = {}
    for piece in pieces:
        if piece.kind in TAKEN:
            hours[piece.entry] = hours.get(piece.entry, 0.0) + piece.hours
    return tuple(sorted(hours.items(), key=lambda pair: pair[0].start, reverse=True))


def _spells(force: InForce, officer: str, beats: frozenset[str], start: datetime, end: datetime) -> Iterator[Spell]:
    """Yield an officer's tasks and calls between two times, as they were done on the board."""
    accounts = list(Member.objects.filter(officer=officer).values_list("user__username", flat=True))
    done = Task.objects.filter(Q(done_by__in=accounts) | Q(officer=officer), done__gte=start, done__lte=end, spent__gt=0)
    for task in done:
        if task.done is not None and task.spent is not None:
            yield Spell("task", task.beat, task.done - timedelta(minutes=task.spent), task.done)
    book = Book.of(force, start, end)
    for sending in Sending.objects.filter(dispatched__gte=start, over__lte=end).select_related("call"):
        crew = force.crew(sending.crew)
        sent, over = sending.dispatched, sending.over
        if crew >= 0 and sent is not None and over is not None and officer in book.assigned(crew, sent):
            yield Spell("call", _beat_of(force, sending.call, beats), sending.arrived or sent, over)


def handling(force: InForce, beat: Beat) -> Handled | None:
    """Return the handling rate of a beat's calls that were closed in the last six weeks; None where nobody arrived at any."""
    since = midnight(force, _mondays(today_at(force))[0])
    met = Call.objects.filter(
        atom__in=beat.atoms, closed__gte=since, same_as__isnull=True, sendings__arrived__isnull=False
    ).distinct()
    return handling_rate(met.count(), met.filter(result=ON_THE_SPOT).count())


def _beat_of(force: InForce, call: Call, beats: frozenset[str]) -> str:
    """Return the beat a call counts for: a specialist's own where it is a call to venues, else the one it lies in."""
    if force.classes[call.call_class].kind == "venue":
        for beat in force.loaded.system.beat:
            if beat.id in beats and beat.kind == "functional" and (not beat.atoms or call.atom in beat.atoms):
                return beat.id
    return force.standing.beat_of_atom.get(call.atom, "")
